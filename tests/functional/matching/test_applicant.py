"""An applicant states a need, sees why, answers questions, and withdraws, in the demonstration city."""

import re

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from finmart.platform.db.session import session, unit_of_work
from tests.fixtures.city import CityVisit

NEED = {
    "amount": "80",
    "term_months": "12",
    "purpose": "working_capital",
    "guarantees": ["credit", "joint"],
    "region": "360113",
    "urgency": "month",
}


def ask(visit: CityVisit, **changes: object) -> TestResponse:
    return visit.send("matching.new_demand", "POST", form={**NEED, **changes})


def new_demand(visit: CityVisit) -> str:
    visit.enter("applicant_owner")
    response = ask(visit)
    assert response.status_code == 302, visit.told(response)
    return response.headers["Location"].rsplit("/", 1)[-1]


def page(visit: CityVisit, public_id: str, **query: str) -> str:
    response = visit.send("matching.demand", values={"public_id": public_id}, query=query)
    assert response.status_code == 200, visit.told(response)
    return response.get_data(as_text=True)


def runs_of(public_id: str) -> int:
    with unit_of_work(readonly=True):
        query = "SELECT count(*) FROM match_run JOIN demand ON demand.id = demand_id WHERE demand.public_id = :id"
        return int(session().execute(text(query), {"id": public_id}).scalar_one())


def test_a_need_is_matched_at_once_and_shows_its_reasons(visit: CityVisit) -> None:
    html = page(visit, new_demand(visit))
    assert "共比较 196 个产品" in html
    places = [int(place) for place in re.findall(r'aria-label="第 (\d+) 位"', html)]
    assert places == list(range(1, 11))
    assert "由共享数据" in html, "a condition shows the value it saw and where it comes from"
    assert "排序规则第 1 版" in html


def test_each_tab_shows_its_own_verdicts(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    assert "badge-state--met" in page(visit, public_id, show="met")
    failing = page(visit, public_id, show="not_met", page="2")
    assert "有条件不符合" in failing
    assert "已核对的条件符合" not in failing
    assert page(visit, public_id, show="nonsense").count('class="result"') == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "1000000000"},
        {"amount": "很多"},
        {"term_months": "0"},
        {"term_months": "361"},
        {"guarantees": []},
        {"guarantees": ["house"]},
        {"purpose": "gambling"},
        {"region": "999999"},
        {"urgency": "yesterday"},
    ],
)
def test_what_cannot_be_asked_for_is_refused_on_the_form(visit: CityVisit, changes: dict[str, object]) -> None:
    visit.enter("applicant_owner")
    response = ask(visit, **changes)
    assert response.status_code in (400, 422)
    assert "error-summary" in response.get_data(as_text=True)


def test_answers_are_kept_and_the_demand_is_matched_again(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    form = visit.send("matching.answer", values={"public_id": public_id}).get_data(as_text=True)
    asked = set(re.findall(r'name="(fact__\w+)"', form))
    assert 1 <= len(asked) <= 8
    # Of every kind of question one answer fits: a code, several codes, a class, or a number.
    given = {"fact__tax_grade": "B", "fact__qualifications": "none", "fact__industry": "5292"}
    form_data = {name: given.get(name, "5") for name in asked if "flag" not in name and "overdue" not in name}
    response = visit.send(
        "matching.answer", "POST", values={"public_id": public_id}, form={**form_data, "commitment": "y"}
    )
    assert response.status_code == 302, visit.told(response)
    assert runs_of(public_id) == 2


def test_answers_without_the_commitment_are_not_kept(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    response = visit.send(
        "matching.answer", "POST", values={"public_id": public_id}, form={"fact__controller__age": "40"}
    )
    assert response.status_code == 422
    assert runs_of(public_id) == 1


def test_an_earlier_result_stays_as_it_was(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    visit.send("matching.match_again", "POST", values={"public_id": public_id})
    earlier = re.search(r'href="/runs/(\w{12})"', page(visit, public_id))
    assert earlier is not None
    response = visit.send("matching.run", values={"public_id": earlier.group(1)})
    assert response.status_code == 200


def test_publish_then_withdraw_then_nothing_more(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    values = {"public_id": public_id}
    assert visit.send("matching.publish", "POST", values=values).status_code == 302
    assert visit.send("matching.publish", "POST", values=values).status_code == 409
    assert visit.send("matching.withdraw", "POST", values=values, form={"reason": "funded"}).status_code == 302
    assert visit.send("matching.match_again", "POST", values=values).status_code == 409
    assert "已撤回" in page(visit, public_id)


def test_a_demand_is_its_organisations_alone(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    visit.people.clear()
    visit.enter("applicant_member")
    with unit_of_work(readonly=True):
        query = "SELECT public_id FROM demand WHERE organisation_id <> :own LIMIT 1"
        person = visit.person("applicant_member")
        assert person is not None
        other = session().execute(text(query), {"own": person.organisation_id}).scalar_one()
    for endpoint in ("matching.demand", "matching.answer"):
        assert visit.send(endpoint, values={"public_id": other}).status_code == 404
    assert (
        visit.send("matching.withdraw", "POST", values={"public_id": other}, form={"reason": "other"}).status_code
        == 404
    )
    assert public_id
