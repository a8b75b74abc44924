"""The fact dictionary: whole, worded in both languages, and complete for what the catalogue's columns ask."""

import re

import pytest

from finmart.reference.facts import ABOUT, KINDS, ORIGINS, FactDefinition, fact, facts, unit_of

ALL = tuple(facts().values())
CHINESE = re.compile(r"[一-鿿]")


@pytest.mark.parametrize("known", ALL, ids=[known.key for known in ALL])
def test_a_row_is_whole(known: FactDefinition) -> None:
    assert known.kind in KINDS
    assert known.about in ABOUT
    assert set(known.origins) <= ORIGINS
    assert known.version >= 1
    assert known.freshness_days is None or known.freshness_days > 0
    assert known.source
    for text in (known.label_zh, known.definition_zh):
        assert CHINESE.search(text)
    assert known.definition_en
    assert known.label_en
    assert not CHINESE.search(known.label_en)
    assert not known.label_zh.endswith(("。", " "))
    assert known.definition_zh.endswith("。")


@pytest.mark.parametrize("known", ALL, ids=[known.key for known in ALL])
def test_the_prefix_says_whom_a_fact_is_about(known: FactDefinition) -> None:
    prefix = known.key.partition(".")[0] if "." in known.key else None
    assert re.fullmatch(r"([a-z]+(_[a-z]+)*\.)?[a-z0-9]+(_[a-z0-9]+)*", known.key)
    assert (prefix or "subject") == known.about


@pytest.mark.parametrize("known", [each for each in ALL if each.is_declarable], ids=lambda known: known.key)
def test_whoever_may_declare_is_asked_in_both_languages(known: FactDefinition) -> None:
    assert known.kind != "series"
    assert known.question_zh
    assert known.question_en
    assert known.choices or known.kind not in {"code", "codes"}


@pytest.mark.parametrize("known", [each for each in ALL if each.choices], ids=lambda known: known.key)
def test_choices_are_different_and_worded(known: FactDefinition) -> None:
    codes = [choice.code for choice in known.choices]
    assert len(set(codes)) == len(codes)
    assert all(choice.label_zh and choice.label_en for choice in known.choices)


def test_what_others_rely_on_is_there() -> None:
    assert {
        "subject_kind",
        "industry",
        "employees",
        "firm_size",
        "years_established",
        "tax_grade",
        "annual_tax",
        "annual_revenue",
        "qualifications",
        "demand.region",
        "demand.amount",
        "demand.term_months",
        "demand.purpose",
        "demand.guarantees",
        "demand.as_of",
        "sales_12m",
        "purchases_12m",
        "sales_monthly",
        "purchases_monthly",
        "sales_span_months",
    } <= facts().keys()


def test_series_say_the_unit_of_their_months() -> None:
    assert {unit_of(known.key) for known in ALL if known.kind == "series"} == {"money"}


def test_units_fit_kinds() -> None:
    for known in ALL:
        if known.kind in {"money", "ratio", "years", "months", "days"}:
            assert known.unit == known.kind, known.key


def test_what_only_one_institution_knows_is_asked_of_nobody() -> None:
    relation = [known for known in ALL if known.about == "institution_relation"]
    assert relation
    # An applicant's answer would count for every institution at once.
    assert [known.key for known in relation if known.origins != ("imported",)] == []


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(KeyError, match="nothing_of_the_kind"):
        fact("nothing_of_the_kind")
    assert unit_of("nothing_of_the_kind") == ""
