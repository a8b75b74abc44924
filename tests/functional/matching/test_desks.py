"""The institution's, the official's and the operator's pages say exactly what is stored."""

import csv
import io
import re

import pytest
from sqlalchemy import text

from finmart.matching.service.prospects import who_would_this_admit
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.fixtures.city import CityVisit
from tests.fixtures.people import new_person


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


def test_each_figure_opens_to_exactly_its_cases(visit: CityVisit) -> None:
    visit.enter("official")
    html = visit.send("matching.overview").get_data(as_text=True)
    links = re.findall(
        r'<a href="(/official/figures/[^"]+)">[^<]*</a></span>\s*<span class="ranked__value">([\d,]+)', html
    )
    assert len(links) > 20
    for address, value in links[:: max(1, len(links) // 12)]:
        page = visit.client.get(address).get_data(as_text=True)
        assert page.count('<th scope="row">') == int(value.replace(",", "")), address


def test_officials_see_demands_masked(visit: CityVisit) -> None:
    visit.enter("official")
    code = scalar("SELECT code FROM insight_cell WHERE measure = 'demands' AND dimension = 'district' LIMIT 1")
    values = {"measure": "demands", "dimension": "district", "code": code}
    html = visit.send("matching.figure", values=values).get_data(as_text=True)
    with unit_of_work(readonly=True):
        names = session().execute(text("SELECT display_name FROM subject")).scalars().all()
        numbers = session().execute(text("SELECT public_id FROM demand")).scalars().all()
    assert not [name for name in names if name in html]
    assert not [number for number in numbers if number in html]


def test_demands_add_up_over_districts_and_over_industries(visit: CityVisit) -> None:
    visit.enter("official")
    answer = visit.send("matching.export", "POST")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    total = int(scalar("SELECT count(*) FROM demand WHERE state = 'published'"))
    for dimension in ("district", "industry"):
        of = {
            m: sum(int(r["value"]) for r in rows if r["measure"] == m and r["dimension"] == dimension)
            for m in ("demands", "matched", "unanswered")
        }
        assert of["demands"] == of["matched"] + of["unanswered"] == total


@pytest.mark.usefixtures("visit")
def test_who_would_this_admit_leaves_nobody_out() -> None:
    actor = Actor(name="test", permissions=frozenset({Permission.SAMPLE_PROSPECTS_READ}))
    with unit_of_work():
        admission = who_would_this_admit(actor, "psbc_xwyd_tax")
    assert admission.subjects == admission.admitted + admission.undecided + admission.refused == 300
    assert admission.refused
    assert admission.reasons[0].not_met >= admission.reasons[-1].not_met


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


def test_a_districts_official_sees_that_district_alone(visit: CityVisit) -> None:
    visit.people["official"] = new_person("official", region="360113")
    visit.enter("official")
    answer = visit.send("matching.export", "POST").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(answer.removeprefix("\ufeff"))))
    assert {row["code"] for row in rows if row["dimension"] == "district"} == {"360113"}
    own = int(scalar("SELECT count(*) FROM demand WHERE state = 'published' AND region LIKE '360113%'"))
    counted = {
        dimension: sum(int(r["value"]) for r in rows if r["measure"] == "demands" and r["dimension"] == dimension)
        for dimension in ("district", "industry")
    }
    assert counted["district"] == counted["industry"] >= own > 0
    values = {"measure": "demands", "dimension": "district"}
    assert visit.send("matching.figure", values={**values, "code": "360113"}).status_code == 200
    assert visit.send("matching.figure", values={**values, "code": "360124"}).status_code == 404
    assert "这里只统计红谷滩区。" in visit.send("matching.overview").get_data(as_text=True)


def test_a_small_number_of_real_demands_is_not_told(visit: CityVisit) -> None:
    code = scalar(
        "SELECT code FROM insight_cell WHERE measure = 'demands' AND dimension = 'district' AND value > 3 LIMIT 1"
    )
    with unit_of_work():
        copy = """
            INSERT INTO insight_cell (count_id, measure, dimension, code, demonstration, value, members)
            SELECT count_id, measure, dimension, code, false, 2, :members FROM insight_cell
            WHERE measure = 'demands' AND dimension = 'district' AND code = :code
        """
        session().execute(text(copy), {"code": code, "members": '["one", "two"]'})
    visit.enter("official")
    answer = visit.send("matching.export", "POST").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(answer.removeprefix("\ufeff"))))
    assert [
        r["value"] for r in rows if r["code"] == code and r["measure"] == "demands" and r["demonstration"] == "no"
    ] == ["<3"]
    assert "另有真实需求 &lt;3" in visit.send("matching.overview").get_data(as_text=True)
    page = visit.send("matching.figure", values={"measure": "demands", "dimension": "district", "code": code})
    assert "少于 3 条的真实需求" in page.get_data(as_text=True)
