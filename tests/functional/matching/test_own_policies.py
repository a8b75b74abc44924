"""An applicant beside the policies in force: its own facts alone, counted like products, and the line of a match."""

import re
from collections.abc import Mapping

from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from tests.fixtures.city import CityVisit

QUALIFIES = {
    "fact__private_ownership": "yes",
    "fact__demand__fund_uses": "fixed_assets",
    "fact__demand__in_key_chain": "yes",
    "fact__demand__other_central_subsidy": "no",
}
SHOWN = "您符合的贴息政策"
NEED = {
    "amount": "80",
    "term_months": "12",
    "purpose": "equipment",
    "guarantees": ["credit", "joint", "mortgage"],
    "region": "360113",
    "urgency": "month",
}


def _own(visit: CityVisit) -> str:
    response = visit.send("matching.own_policies_page")
    assert response.status_code == 200, visit.told(response)
    return response.get_data(as_text=True)


def _declare(visit: CityVisit, answers: Mapping[str, str]) -> None:
    response = visit.send("matching.own_policies_page", "POST", form={**answers, "commitment": "y"})
    assert response.status_code == 302, visit.told(response)


def _clause(html: str, code: str) -> str:
    return next(part for part in html.split('<li class="policy-clause">')[1:] if f"<span>{code}</span>" in part)


def _result(visit: CityVisit) -> str:
    response = visit.send("matching.new_demand", "POST", form=NEED)
    assert response.status_code == 302, visit.told(response)
    answer = visit.client.get(response.headers["Location"])
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_clauses_in_force_are_met_or_unknown_with_the_facts_seen(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    html = _own(visit)
    assert "HF7" not in html, "an ended document is judged on nobody"
    assert "NP-02-2" not in html, "what is for guarantors is nothing an applicant could meet"
    assert "缺：" in _clause(html, "NP-01-1")
    _declare(visit, QUALIFIES)
    met = _clause(_own(visit), "NP-01-1")
    assert "badge-state--met" in met
    assert "自报" in met


def test_an_answer_can_speak_against_a_clause(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    _declare(visit, {**QUALIFIES, "fact__demand__other_central_subsidy": "yes"})
    assert "badge-state--not-met" in _clause(_own(visit), "NP-01-1")


def test_nothing_answered_is_refused_on_the_form(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    for form in ({"commitment": "y"}, QUALIFIES, {"commitment": "y", "fact__private_ownership": "maybe"}):
        response = visit.send("matching.own_policies_page", "POST", form=form)
        assert response.status_code == 422
        assert "error-summary" in response.get_data(as_text=True)


def test_counts_are_of_what_is_listed(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    html = _own(visit)
    listed = len(re.findall(r'<li class="policy-clause">', html))
    figures = [int(number) for number in re.findall(r'class="stat__value[^"]*">\s*(\d+)', html)]
    assert sum(figures) == listed > 0


def test_reading_the_own_profile_is_noted(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    query = text("SELECT count(*) FROM credit_profile_access")
    with unit_of_work(readonly=True):
        before = session().execute(query).scalar_one()
    _own(visit)
    with unit_of_work(readonly=True):
        assert session().execute(query).scalar_one() == before + 1


def test_a_match_shows_the_line_only_to_whoever_meets_everything(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    assert SHOWN not in _result(visit)
    _declare(visit, QUALIFIES)
    html = _result(visit)
    assert html.count(f"<h3>{SHOWN}</h3>") == 1, "beside the best product that it goes with"
    line = html.split(f"<h3>{SHOWN}</h3>", 1)[1].split("</table>", 1)[0]
    without, with_it = (float(number) for number in re.findall(r">(\d+\.\d\d)%", line))
    assert "NP-01-1" in line
    assert with_it < without
    product = next(part for part in html.split('<li class="result">') if SHOWN in part)
    cost = re.search(r"综合年化成本</dt>\s*<dd>\s*(\d+\.\d+)%", product)
    assert cost is not None
    assert abs(float(cost.group(1)) - without) < 0.006, "the cost of the match itself is without the subsidy"


def test_a_match_shows_no_line_to_whoever_misses_one_condition(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    _declare(visit, {**QUALIFIES, "fact__demand__in_key_chain": "no"})
    assert SHOWN not in _result(visit)
