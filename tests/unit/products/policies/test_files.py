"""The policy files: whole, in their own words, with conditions that give all three answers."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from finmart.conditions.evaluate import evaluate
from finmart.conditions.json_form import dump_condition, parse_condition
from finmart.conditions.sentence import sentence
from finmart.conditions.types import State
from finmart.conditions.walk import keys_of
from finmart.products.policies.service.files import DATA, PolicyFault, read_policies
from finmart.products.policies.types import document
from finmart.products.policies.types.labels import GIVES, KINDS, LEVELS
from finmart.products.policies.types.values import Policy, Standing, last_day, standing
from finmart.reference.facts import facts

POLICIES = read_policies()
CLAUSES = [(policy, clause) for policy in POLICIES for clause in policy.clauses]


def _policy(code: str) -> Policy:
    return next(policy for policy in POLICIES if policy.code == code)


def test_everything_is_there() -> None:
    assert len(POLICIES) == 11
    assert len(_policy("HF7").clauses) == 62
    assert len({clause.code for _policy, clause in CLAUSES}) == len(CLAUSES)
    for policy, clause in CLAUSES:
        assert set(policy.levels) <= set(LEVELS)
        assert clause.kinds
        assert set(clause.kinds) <= set(KINDS)
        assert clause.gives in GIVES
        assert clause.condition is not None or clause.words


def test_what_is_said_of_applying_stands_in_the_source() -> None:
    text = (DATA / "active_policies_2026.csv").read_text(encoding="utf-8")
    for policy in POLICIES:
        assert policy.apply_zh in text
        assert all(name in text for name in policy.departments)


def test_an_award_keeps_the_words_of_its_row() -> None:
    clause = _policy("HF7").clause("HF7-01-1")
    assert clause is not None
    assert clause.rule_zh == "min(实缴注册资本×3%, 5000万)"
    assert clause.trigger_zh == "新落户南昌"
    assert clause.cap == 5_000_000_000
    assert "市金融办" in clause.departments


@pytest.mark.parametrize("policy", POLICIES, ids=[policy.code for policy in POLICIES])
def test_a_document_loses_nothing(policy: Policy) -> None:
    dumped = json.loads(json.dumps(document.dump(policy)))
    assert document.load(dumped, 3) == replace(policy, version=3)


def test_a_document_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="form 9"):
        document.load({**document.dump(POLICIES[0]), "form": 9}, 1)


ENCODED = [clause for _policy, clause in CLAUSES if clause.condition is not None]


@pytest.mark.parametrize("clause", ENCODED, ids=[clause.code for clause in ENCODED])
def test_a_condition_is_a_sentence_and_unknown_without_facts(clause) -> None:  # type: ignore[no-untyped-def]
    condition = parse_condition(clause.condition)
    assert dump_condition(condition) == clause.condition
    assert sentence(condition, "zh")
    assert sentence(condition, "en")
    assert evaluate(condition, {}).state is State.UNKNOWN
    assert set(keys_of(condition)) <= facts().keys()


def test_days_belong_to_a_policy_at_both_ends() -> None:
    city, renewal = _policy("HF7"), _policy("NP-03")
    assert standing(city, date(2023, 3, 17)) is Standing.UPCOMING
    assert standing(city, date(2023, 3, 18)) is Standing.IN_FORCE
    assert standing(city, date(2025, 12, 31)) is Standing.IN_FORCE
    assert standing(city, date(2026, 1, 1)) is Standing.EXPIRED
    small, medium = renewal.clauses
    assert last_day(renewal, small) is None
    assert standing(renewal, date(2027, 10, 1), medium) is Standing.EXPIRED
    assert standing(renewal, date(2027, 10, 1), small) is Standing.IN_FORCE


def _copy(folder: Path, old: str, new: str) -> Path:
    shutil.copytree(DATA, folder / "policies")
    path = folder / "policies" / "encoding.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    return path.parent


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("贴息=贴息本金×1.5%", "贴息=贴息本金×9%", "no part of NP-01"),
        ('"fact": "firm_size"', '"fact": "firm_sizes"', "NP-01-1"),
        ('"version": 1', '"version": 7', "line 1"),
        ('"clause": "HF7-01-1"', '"clause": "HF7-99-9"', "do not agree"),
    ],
)
def test_files_that_cannot_be_used_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(PolicyFault, match=said):
        read_policies(_copy(tmp_path, old, new))
