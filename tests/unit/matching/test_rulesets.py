"""The shipped rule: whole, worded in both languages, and never changed under the same version."""

import copy

import pytest

from finmart.matching.rulesets.service import fingerprint, in_words, ruleset_of, shipped, tie_of
from finmart.matching.rulesets.types import Json, RuleFault

#: A version that has ranked is frozen: whoever needs another text or order writes the next one.
VERSION_1 = "6dda4df0629db3cef5ad70db24472cc588cd4afb412aa5dc9b4514ddfa83be07"
VERSION_2 = "eae3e635adcd8866607896f80d648b84d82bffdcfacfc484bde5e3136854e650"
VERSION_3 = "988d56c48dbb94452a1ea94d850e1f4a1274f75a38d1870e9ac01a32ae49f450"


@pytest.mark.parametrize(("version", "says"), [(1, VERSION_1), (2, VERSION_2), (3, VERSION_3)])
def test_a_version_says_what_it_has_always_said(version: int, says: str) -> None:
    assert (shipped(version).version, shipped(version).fingerprint) == (version, says)


def test_every_criterion_is_worded_in_both_languages() -> None:
    rule = shipped()
    assert [text.key for text in rule.texts] == [criterion.key for criterion in rule.rule.criteria]
    assert all(text.text_zh and text.text_en for text in rule.texts)


def _sum(**weights: float) -> dict[str, object]:
    return {"key": "sum", "weights": weights, "text_zh": "合计", "text_en": "sum"}


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda d: d["criteria"].append(d["criteria"][1]), "twice"),
        (lambda d: d["criteria"].pop(0), "verdict comes first"),
        (lambda d: d["criteria"][0]["codes"].update(met=-1), "of 0 to 1000"),
        (lambda d: d["criteria"][0]["codes"].update(met=float("nan")), "whole number"),
        (lambda d: d["criteria"][0]["codes"].update(met=True), "whole number"),
        (lambda d: d["criteria"][0]["codes"].pop("open"), "no code for open"),
        (lambda d: d["criteria"].append({"key": "paid_place", "codes": {}, "text_zh": "", "text_en": ""}), "no such"),
        (lambda d: d["criteria"].append(d["criteria"].pop(1)), "turns come last"),
        (lambda d: d["criteria"].insert(1, _sum(cost=-1)), "whole number"),
        (lambda d: d["criteria"].insert(1, _sum(cost=float("nan"))), "whole number"),
        (lambda d: d["criteria"].insert(1, _sum(cost=0.5)), "whole number"),
        (lambda d: d["criteria"].insert(1, _sum(cost=True)), "whole number"),
        (lambda d: d["criteria"].insert(1, _sum(cost=10**9)), "whole number"),
        (lambda d: d["criteria"].insert(1, _sum(cost=0)), "nothing is added"),
        (lambda d: d["criteria"].insert(1, _sum(paid_place=1)), "no later criterion"),
        (lambda d: d["criteria"].insert(1, _sum(verdict=1)), "no later criterion"),
        (lambda d: d["criteria"].insert(1, _sum(turn=1)), "no later criterion"),
        (lambda d: d["criteria"][1].update(weights={"cost": 1}), "only a sum"),
        (lambda d: d["criteria"][0]["codes"].update(not_met=0), "behind what does not"),
        (lambda d: d["criteria"][0]["codes"].update(not_met=2), "behind what does not"),
        (lambda d: d["criteria"][0]["codes"].update(met=4), "behind what does not"),
        (lambda d: d.update(limits="guess"), "no way to read"),
        (lambda d: d.update(limits=["interval"]), "no way to read"),
        (lambda d: d.update(criteria=[]), "verdict comes first"),
        (lambda d: d.update(criteria={"verdict": 1}), "is no rule"),
        (lambda d: d.update(criteria=["verdict"]), "is no rule"),
        (lambda d: d.pop("criteria"), "is no rule"),
        (lambda d: d.pop("version"), "is no rule"),
        (lambda d: d.update(version="2"), "is no rule"),
        (lambda d: d.update(version=float("nan")), "is no rule"),
        (lambda d: d.update(version=True), "is no rule"),
        (lambda d: d["criteria"][0].pop("key"), "is no rule"),
        (lambda d: d["criteria"][0].update(key=["verdict"]), "is no rule"),
        (lambda d: d["criteria"][0].update(codes=[0, 1]), "is no rule"),
        (lambda d: d["criteria"].insert(1, {"key": "sum", "weights": None}), "is no rule"),
    ],
)
def test_a_faulty_rule_is_refused(spoil, why: str) -> None:  # type: ignore[no-untyped-def]
    document = copy.deepcopy(shipped().document)
    spoil(document)
    with pytest.raises(RuleFault, match=why):
        ruleset_of(document)


def test_a_refusal_names_the_criterion() -> None:
    for key, name in {"cost": "综合年化成本", "speed": "审批天数", "evidence": "来源可靠程度"}.items():
        document = copy.deepcopy(shipped().document)
        document["criteria"].insert(1, _sum(**{key: -1}))
        with pytest.raises(RuleFault) as refused:
            ruleset_of(document)
        assert str(refused.value.told) == f"“{name}”的权重必须是 0 到 1000000 之间的整数，请改正。"


def test_a_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    document = shipped().document
    assert fingerprint(dict(reversed(document.items()))) == shipped().fingerprint


def _texts(criteria: list[Json]) -> dict[str, str]:
    return {entry["key"]: entry["text_zh"] for entry in in_words(criteria)}


def test_a_rule_in_the_shipped_order_keeps_the_shipped_sentences() -> None:
    criteria = shipped().document["criteria"]
    assert in_words(criteria) == criteria
    assert tie_of(criteria)["tie_zh"] == shipped().tie_zh


def test_a_reason_that_names_an_order_stands_only_in_that_order() -> None:
    by_key = {entry["key"]: entry for entry in shipped().document["criteria"]}
    before, after = (
        [by_key[key] for key in order] for order in (("verdict", "words", "cost"), ("verdict", "cost", "words"))
    )
    assert "排在成本之前" in _texts(before)["words"]
    assert "成本" not in _texts(after)["words"]


def test_changed_codes_are_read_out_in_their_order() -> None:
    fit = {"key": "fit", "codes": {"full": 0, "open": 0, "partial": 3, "none": 2}}
    said = "依次为：金额、期限、担保和用途都合适、没有不合适、但有的未说明；有不合适的；只能满足一部分。"
    assert _texts([shipped().document["criteria"][0], fit])["fit"] == said


def test_without_turns_the_codes_part_what_is_equal() -> None:
    criteria = [entry for entry in shipped().document["criteria"] if entry["key"] != "turn"]
    assert "产品编号" in tie_of(criteria)["tie_zh"]
    assert "轮到" not in tie_of(criteria)["tie_zh"]
