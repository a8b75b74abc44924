"""The institution's and the operator's pages say exactly what is stored."""

import re

import pytest
from sqlalchemy import text

from finmart.matching.service.prospects import sample, who_would_this_admit
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.fixtures.city import CityVisit


def scalar(query: str) -> str:
    with unit_of_work(readonly=True):
        return str(session().execute(text(query)).scalar_one())


def test_the_operator_sees_a_run_in_its_own_order_and_replays_it(visit: CityVisit) -> None:
    visit.enter("operator")
    run = scalar("SELECT public_id FROM match_run ORDER BY id LIMIT 1")
    html = visit.send("matching.stored_run", values={"public_id": run}).get_data(as_text=True)
    assert [int(p) for p in re.findall(r'<td class="number">(\d+)</td>\s*<th scope="row">', html)] == list(range(1, 51))
    answer = visit.send("matching.replay", "POST", values={"public_id": run})
    assert answer.status_code == 302
    told = visit.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "重算结果与存档完全一致：196 行逐行相同。" in told


def test_the_operators_page_shows_no_fact_of_the_applicant(visit: CityVisit) -> None:
    visit.enter("operator")
    run = scalar("SELECT public_id FROM match_run WHERE kind = 'demand' ORDER BY id LIMIT 1")
    html = visit.send("matching.stored_run", values={"public_id": run}).get_data(as_text=True)
    assert "由共享数据" not in html
    assert "自报，" not in html


def test_a_run_that_was_tampered_with_is_found_out(visit: CityVisit) -> None:
    visit.enter("operator")
    run = scalar("SELECT public_id FROM match_run ORDER BY id LIMIT 1")
    with unit_of_work():
        session().execute(
            text("UPDATE match_run SET inputs_hash = :hash WHERE public_id = :run"), {"hash": "0" * 64, "run": run}
        )
    answer = visit.send("matching.replay", "POST", values={"public_id": run})
    assert "不一致" in visit.client.get(answer.headers["Location"]).get_data(as_text=True)


@pytest.mark.usefixtures("visit")
def test_who_would_this_admit_leaves_nobody_out() -> None:
    actor = Actor(name="test", permissions=frozenset({Permission.SAMPLE_PROSPECTS_READ}))
    with unit_of_work():
        admission = who_would_this_admit(actor, "psbc_xwyd_tax")
    assert admission.subjects == admission.admitted + admission.undecided + admission.refused == 300
    assert admission.refused
    assert admission.reasons[0].not_met >= admission.reasons[-1].not_met


@pytest.mark.usefixtures("visit")
def test_the_sample_knows_what_its_people_have_declared_and_shared_data_wins() -> None:
    actor = Actor(name="test", permissions=frozenset({Permission.SAMPLE_PROSPECTS_READ}))
    keys = frozenset({"controller.age", "years_established"})
    with unit_of_work():
        people = [facts.values for _kind, facts in sample(actor, keys)]
    declared = int(
        scalar("SELECT count(DISTINCT organisation_id) FROM credit_declared_fact WHERE key = 'controller.age'")
    )
    assert sum("controller.age" in facts for facts in people) == declared > 0
    assert {facts["controller.age"].origin for facts in people if "controller.age" in facts} == {"declared"}
    # Farmers say how long they have been in business; of firms the register says it.
    assert {facts["years_established"].origin for facts in people if "years_established" in facts} > {"declared"}


def test_an_institution_chooses_among_its_own_products(visit: CityVisit) -> None:
    person = visit.enter("institution_admin")
    assert person is not None
    html = visit.send("matching.prospects_page").get_data(as_text=True)
    offered = re.findall(r'<option value="(\w+)"', html)
    with unit_of_work(readonly=True):
        own = session().execute(
            text("SELECT code FROM product WHERE organisation_id = :own"), {"own": person.organisation_id}
        )
        assert sorted(offered) == sorted(own.scalars().all())
    foreign = visit.send("matching.prospects_page", query={"product": "not_ours"})
    assert foreign.status_code == 200
