"""Drafts of the ranking rule: two people, tried on stored demands, frozen, and no paid place."""

import json
from dataclasses import replace

import pytest

from finmart.cli import main
from finmart.config import Settings
from finmart.matching.rulesets import drafts
from finmart.matching.rulesets import service as rulesets
from finmart.matching.rulesets.models import RankingRuleset
from finmart.matching.rulesets.types import (
    RuleFrozen,
    RuleOfOnesOwn,
    RuleOutdated,
    RuleRefused,
    RuleTriedAlone,
    RuleUnknown,
    RuleUntried,
    RuleWithoutReason,
)
from finmart.matching.service import dry_runs
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import Actor, system_actor

MANAGE = frozenset({Permission.ALL_RULES_MANAGE})
WRITER, CHECKER, THIRD = (Actor(name=f"user {n}", user_id=n, permissions=MANAGE) for n in (1, 2, 3))
COMMAND = system_actor("command", "a test", MANAGE)
CODES = {
    "verdict": {"met": 0, "met_checked": 0, "open": 1, "unchecked": 2, "not_met": 3},
    "fit": {"full": 0, "open": 1, "partial": 2, "none": 3},
}
SAID = drafts.Wording(("verdict", "sum", "fit", "cost", "words", "turn"), CODES, {"cost": 1, "words": 10}, "看成本")


@pytest.fixture
def draft(database: object) -> int:
    assert database is not None
    with unit_of_work():
        version = drafts.new_draft(WRITER, rulesets.NEWEST).version
        drafts.write_draft(WRITER, version, SAID)
    return version


def test_whoever_wrote_it_may_not_commit_it_and_it_is_frozen_after(draft: int) -> None:
    with pytest.raises(RuleOfOnesOwn), unit_of_work():
        drafts.commit_draft(WRITER, draft)
    with unit_of_work(readonly=True):
        assert rulesets.active().version == rulesets.NEWEST
    with unit_of_work():
        dry_runs.dry_run(CHECKER, draft)
        drafts.commit_draft(CHECKER, draft)
    with unit_of_work(readonly=True):
        ranking = rulesets.active()
        assert (ranking.version, ranking.rule.criteria[1].weights) == (draft, {"cost": 1, "words": 10})
        assert [one.version for one in rulesets.versions()] == [draft, 3, 2, 1]
    with pytest.raises(RuleFrozen), unit_of_work():
        drafts.write_draft(WRITER, draft, SAID)
    with pytest.raises(RuntimeError, match="committed"), unit_of_work():
        session().get_one(RankingRuleset, draft).document = {}


def test_changing_a_draft_makes_one_its_author(draft: int) -> None:
    with unit_of_work():
        drafts.write_draft(CHECKER, draft, SAID)
    with pytest.raises(RuleOfOnesOwn), unit_of_work():
        drafts.commit_draft(CHECKER, draft)


def test_only_a_trial_of_these_very_words_by_another_person_opens_the_way(draft: int) -> None:
    with unit_of_work():
        dry_runs.dry_run(WRITER, draft)
        dry_runs.dry_run(COMMAND, draft)
    with pytest.raises(RuleUntried), unit_of_work():
        drafts.commit_draft(CHECKER, draft)
    with unit_of_work():
        dry_runs.dry_run(CHECKER, draft)
        dry_runs.dry_run(CHECKER, draft)
        drafts.write_draft(WRITER, draft, replace(SAID, weights={"cost": 2, "words": 10}))
    with pytest.raises(RuleUntried), unit_of_work():
        drafts.commit_draft(CHECKER, draft)
    with unit_of_work():
        drafts.write_draft(WRITER, draft, SAID)  # The same words again are the ones that were tried.
        drafts.commit_draft(THIRD, draft)


def test_whoever_rewrites_a_draft_does_not_count_as_having_tried_it(draft: int) -> None:
    with unit_of_work():
        dry_runs.dry_run(CHECKER, draft)
        drafts.write_draft(CHECKER, draft, SAID)
    with pytest.raises(RuleUntried), unit_of_work():
        drafts.commit_draft(WRITER, draft)


@pytest.mark.usefixtures("database")
def test_what_a_command_learned_needs_two_people() -> None:
    with unit_of_work():
        learned = rulesets.keep_learned_draft({"fit": 0.1, "unknown": 0.9}, {}, author_id=None)["version"]
    for actor, refusal in ((CHECKER, RuleUntried), (COMMAND, RuleOfOnesOwn)):
        with pytest.raises(refusal), unit_of_work():
            drafts.commit_draft(actor, learned)
    with unit_of_work():
        dry_runs.dry_run(CHECKER, learned)
    with pytest.raises(RuleTriedAlone), unit_of_work():
        drafts.commit_draft(CHECKER, learned)
    with unit_of_work():
        drafts.commit_draft(THIRD, learned)
        assert rulesets.active().version == learned


@pytest.mark.usefixtures("database")
def test_whoever_trained_a_rule_is_its_author() -> None:
    with unit_of_work():
        learned = rulesets.keep_learned_draft({"fit": 0.1}, {}, author_id=WRITER.user_id)["version"]
        assert drafts.draft_of(CHECKER, learned).author_id == WRITER.user_id
        dry_runs.dry_run(CHECKER, learned)
    with pytest.raises(RuleOfOnesOwn), unit_of_work():
        drafts.commit_draft(WRITER, learned)


def test_a_draft_older_than_what_ranks_is_refused(draft: int) -> None:
    with unit_of_work():
        later = drafts.new_draft(WRITER, rulesets.NEWEST).version
        drafts.write_draft(WRITER, later, SAID)
        dry_runs.dry_run(CHECKER, later)
        drafts.commit_draft(CHECKER, later)
    with pytest.raises(RuleOutdated), unit_of_work():
        drafts.commit_draft(CHECKER, draft)


@pytest.mark.parametrize(
    "said",
    [
        drafts.Wording(("verdict", "paid_place"), CODES, {}, "x"),
        drafts.Wording(("cost", "verdict"), CODES, {}, "x"),
        drafts.Wording(("verdict", "sum", "cost"), CODES, {"cost": -1}, "x"),
        drafts.Wording(("verdict", "sum", "cost"), CODES, {"cost": float("nan")}, "x"),
        drafts.Wording(("verdict", "fit"), {"verdict": CODES["verdict"]}, {}, "x"),
    ],
)
def test_what_the_engine_cannot_use_is_refused_and_nothing_changes(draft: int, said: drafts.Wording) -> None:
    with pytest.raises(RuleRefused), unit_of_work():
        drafts.write_draft(WRITER, draft, said)
    with unit_of_work(readonly=True):
        assert drafts.draft_of(WRITER, draft).document["reason_zh"] == "看成本"


def test_no_criterion_is_about_payment() -> None:
    words = ("paid", "fee", "sponsor", "promot", "bid", "price")
    assert not [key for key in drafts.usable_criteria() if any(word in key for word in words)]


def test_a_reason_is_needed_and_a_withdrawn_draft_is_gone(draft: int) -> None:
    with unit_of_work():
        drafts.write_draft(WRITER, draft, drafts.Wording(SAID.order, CODES, SAID.weights, ""))
    with pytest.raises(RuleWithoutReason), unit_of_work():
        drafts.commit_draft(CHECKER, draft)
    with unit_of_work():
        drafts.withdraw_draft(WRITER, draft)
    with pytest.raises(RuleUnknown), unit_of_work():
        drafts.draft_of(WRITER, draft)


def test_nobody_else_comes_near(draft: int) -> None:
    nobody = Actor(name="nobody", user_id=3, permissions=frozenset())
    for call in (drafts.draft_of, drafts.commit_draft, drafts.withdraw_draft, dry_runs.dry_run):
        with pytest.raises(PermissionMissing), unit_of_work():
            call(nobody, draft)


def test_a_trial_without_demands_finds_nothing(draft: int) -> None:
    with unit_of_work():
        found = dry_runs.dry_run(WRITER, draft)
    assert (found.demands, found.changed, found.against) == (0, (), rulesets.NEWEST)


@pytest.fixture
def commands(own_database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> int:
    """A draft in a database that commands read."""
    monkeypatch.setenv("FINMART_DATABASE_URL", own_database.engine.url.render_as_string(hide_password=False))
    assert settings.data.exists()
    with unit_of_work():
        return drafts.new_draft(WRITER, rulesets.NEWEST).version


def test_the_commands_list_and_try(commands: int, capsys: pytest.CaptureFixture[str]) -> None:
    main(["match", "rules", "list", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert [(one["version"], one["state"]) for one in listed] == [
        (commands, "draft"),
        (3, "ranks"),
        (2, "ranked"),
        (1, "ranked"),
    ]
    main(["match", "rules", "dry-run", str(commands), "--json"])
    assert json.loads(capsys.readouterr().out)["against"] == 3


@pytest.mark.usefixtures("commands")
def test_a_number_that_no_draft_bears_is_one_sentence() -> None:
    for version in ("77", "0", str(2**31), "9" * 20):
        with pytest.raises(SystemExit, match=f"^Error: 没有第{version}版排序规则。$"):
            main(["match", "rules", "dry-run", version])
    with pytest.raises(SystemExit, match=r"^Error: 排序规则第1版已经生效，不能再改；请另立新版。$"):
        main(["match", "rules", "dry-run", "1"])
