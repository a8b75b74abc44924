"""Remedies that change facts: only those on the allow-list, and pairs where nothing single helps."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from finmart.matching.engine.actions import authorised_by, changeable, open_changes
from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed, ProductOffer
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.plain import Case, match
from finmart.matching.engine.remedies import Remedy, changed_facts, changed_together, data_to_authorise
from finmart.matching.engine.results import Outcome
from finmart.reference.facts import facts as dictionary
from tests.factories.matching import WAN, case, condition, facts, need, offer, variant

FIT: dict[str, Any] = {"amount_max": 500 * WAN, "term_max_days": 1080, "guarantee_modes": ("credit",)}
#: What an applicant cannot change, or must not be told to: words in keys of people, places, times and records.
IMMUTABLE = {
    "age",
    "established",
    "founded",
    "industry",
    "region",
    "record",
    "judgment",
    "criminal",
    "violation",
    "_12m",
}


def _flag(key: str, *, wanted: bool) -> Any:
    return condition({"is": [{"fact": key}, wanted]}, key=key)


def _answer_for(shelf: Sequence[ProductOffer]) -> Any:
    def answer(known: ApplicantFacts, asked: DemandNeed) -> Sequence[Outcome]:
        one = case(known, asked)
        return match(Case(with_need(known, asked), asked, one.rule), shelf)

    return answer


def _lost_for(shelf: Sequence[ProductOffer], before: Sequence[Outcome]) -> Any:
    covered, answer = {one.code for one in before if one.covers}, _answer_for(shelf)
    return lambda known, asked: len(covered - {one.code for one in answer(known, asked) if one.covers})


def _settled(shelf: Sequence[ProductOffer], **known: object) -> tuple[Remedy, ...]:
    answer, of = _answer_for(shelf), facts(**known)
    before = answer(of, need())
    return changed_facts(of, need(), before, answer, _lost_for(shelf, before))


def test_settling_a_tax_debt_opens_what_asks_for_none() -> None:
    shelf = [offer(code, variant(_flag("tax_arrears", wanted=False), **FIT)) for code in "ab"]
    found = _settled(shelf, tax_arrears=True)
    assert [(r.kind, r.key, sorted(r.opens)) for r in found] == [("settle", "tax_arrears", ["a", "b"])]
    assert _settled(shelf, tax_arrears=False) == ()
    assert _settled(shelf) == ()


@pytest.mark.parametrize("key", sorted(key for key, known in dictionary().items() if known.kind == "flag"))
def test_no_other_fact_is_ever_advised(key: str) -> None:
    for wanted in (True, False):
        shelf = [offer("a", variant(_flag(key, wanted=wanted), **FIT))]
        advised = {(remedy.kind, remedy.key) for remedy in _settled(shelf, **{key: not wanted})}
        listed = changeable().get(key)
        assert advised == ({(listed[0], key)} if listed is not None and listed[1] is wanted else set())


def test_the_list_names_known_flags_and_nothing_immutable() -> None:
    for key, (action, _value) in changeable().items():
        assert dictionary()[key].kind == "flag"
        assert action in {"settle", "open"}
        assert not IMMUTABLE & set(re.split(r"[._]", key))
        assert dictionary()[key].about in {"subject", "controller", "legal_representative", "institution_relation"}
    assert {"settle", "open"} == {action for action, _value in changeable().values()}
    assert not open_changes(facts())


def test_a_data_set_opens_what_waits_for_it_alone() -> None:
    invoices = [key for key, name in authorised_by().items() if name == "invoices" and "." not in key][:1]
    sales = condition({"ge": [{"fact": "sales_12m"}, {"value": 1}]})
    years = condition({"ge": [{"fact": "employees"}, {"value": 1}]}, key="staff")
    shelf = [offer("a", variant(sales, **FIT)), offer("b", variant(sales, years, **FIT))]
    found = data_to_authorise(facts(), match(case(facts()), shelf))
    assert invoices
    assert [(r.kind, r.key, r.opens) for r in found] == [("authorise", "invoices", ("a",))]


def test_two_changes_together_where_neither_helps_alone() -> None:
    both = variant(_flag("tax_arrears", wanted=False), **{**FIT, "guarantee_modes": ("mortgage",)})
    shelf = [offer("a", both)]
    answer, of = _answer_for(shelf), facts(tax_arrears=True)
    before = answer(of, need())
    lost = _lost_for(shelf, before)
    assert changed_facts(of, need(), before, answer, lost) == ()
    found = changed_together(of, need(), shelf, before, answer, lost)
    assert [(r.kind, r.key, r.also, r.opens) for r in found] == [
        ("settle", "tax_arrears", ("guarantee", "mortgage", None), ("a",))
    ]
