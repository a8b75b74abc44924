"""The officials' pages and files: every number opens to its cases, masked, of the own region, small ones hidden."""

import csv
import io
import re
import zipfile
from html import unescape

import pytest
from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from tests.fixtures.city import CityVisit
from tests.fixtures.people import new_person

Row = dict[str, str]


def rows_of(visit: CityVisit, cases: str = "demo") -> list[Row]:
    answer = visit.send("matching.export", "POST", query={"cases": cases}, form={"format": "csv"})
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def values(rows: list[Row], *, of: str, dimension: str, figure: str) -> dict[str, str]:
    return {
        row["code"]: row["value"]
        for row in rows
        if (row["of"], row["dimension"], row["figure"]) == (of, dimension, figure)
    }


def count(query: str) -> int:
    with unit_of_work(readonly=True):
        return int(session().execute(text(query)).scalar_one())


def test_each_figure_opens_to_exactly_its_cases(visit: CityVisit) -> None:
    visit.enter("official")
    html = visit.send("matching.overview", query={"cases": "demo"}).get_data(as_text=True)
    links = re.findall(r'<a href="(/official/(?:demands|applications)/by/[^"]+)">([\d,]+)</a>', html)
    assert len(links) > 30
    for address, value in links[:: len(links) // 15]:
        page = visit.client.get(unescape(address)).get_data(as_text=True)
        shown = page.count('<th scope="row">')
        assert shown == min(int(value.replace(",", "")), 30), address


def test_officials_see_demands_masked(visit: CityVisit) -> None:
    visit.enter("official")
    with unit_of_work(readonly=True):
        names = session().execute(text("SELECT display_name FROM subject")).scalars().all()
    for stage in ("demands", "unanswered"):
        page = visit.send("matching.official_demands", values={"stage": stage}, query={"cases": "demo"})
        html = page.get_data(as_text=True)
        assert not [name for name in names if name in html]


def test_a_mask_is_lifted_for_a_reason_and_the_look_is_recorded(visit: CityVisit) -> None:
    visit.enter("official")
    with unit_of_work(readonly=True):
        demand, name = (
            session()
            .execute(
                text(
                    "SELECT demand.public_id, organisation.name_zh FROM demand JOIN organisation "
                    "ON organisation.id = demand.organisation_id WHERE demand.published_at IS NOT NULL LIMIT 1"
                )
            )
            .one()
        )
    address = {"public_id": demand}
    assert name not in visit.send("matching.official_demand", values=address).get_data(as_text=True)
    refused = visit.send("matching.official_demand", "POST", values=address)
    assert refused.status_code == 422
    assert name not in refused.get_data(as_text=True)
    shown = visit.send("matching.official_demand", "POST", values=address, form={"reason": "complaint"})
    assert name in shown.get_data(as_text=True)
    assert count(f"SELECT count(*) FROM audit_row WHERE name = 'demand.unmasked' AND target = '{demand}'") == 1  # noqa: S608


def test_demands_add_up_over_every_dimension_and_over_their_outcomes(visit: CityVisit) -> None:
    visit.enter("official")
    rows = rows_of(visit)
    total = count("SELECT count(*) FROM demand WHERE published_at IS NOT NULL AND demonstration")
    assert values(rows, of="demands", dimension="whole", figure="demands") == {"": str(total)}
    for dimension in ("district", "industry", "size", "kind"):
        figures = values(rows, of="demands", dimension=dimension, figure="demands")
        assert sum(map(int, figures.values())) == total
    outcomes = ("open", "funded", "declined", "withdrawn", "expired")
    stands = [values(rows, of="demands", dimension="whole", figure=outcome)[""] for outcome in outcomes]
    assert sum(map(int, stands)) == total


def test_a_districts_official_sees_that_district_alone(visit: CityVisit) -> None:
    visit.people["official"] = new_person("official", region="360113")
    visit.enter("official")
    rows = rows_of(visit)
    own = count("SELECT count(*) FROM demand WHERE published_at IS NOT NULL AND region LIKE '360113%'")
    assert values(rows, of="demands", dimension="district", figure="demands") == {"360113": str(own)}
    html = visit.send("matching.overview", query={"cases": "demo"}).get_data(as_text=True)
    assert "这里只统计红谷滩区。" in html
    elsewhere = visit.send(
        "matching.official_demands", values={"stage": "demands"}, query={"cases": "demo", "district": "360124"}
    )
    assert "这一格是零" in elsewhere.get_data(as_text=True)


def test_a_demand_of_another_district_does_not_exist_for_its_neighbour(visit: CityVisit) -> None:
    visit.people["official"] = new_person("official", region="360113")
    visit.enter("official")
    with unit_of_work(readonly=True):
        query = text("SELECT public_id FROM insight_demand WHERE district = '360124' LIMIT 1")
        foreign = session().execute(query).scalar_one()
    for method in ("GET", "POST"):
        answer = visit.send(
            "matching.official_demand", method, values={"public_id": foreign}, form={"reason": "complaint"}
        )
        assert answer.status_code == 404


@pytest.mark.parametrize("real", [1, 2])
def test_a_small_number_of_real_demands_is_neither_told_nor_opened(visit: CityVisit, real: int) -> None:
    with unit_of_work():
        few = f"(SELECT id FROM insight_demand WHERE district = '360113' ORDER BY id LIMIT {real})"  # noqa: S608
        session().execute(text(f"UPDATE insight_demand SET demonstration = false WHERE id IN {few}"))  # noqa: S608
    visit.enter("official")
    shown = values(rows_of(visit, "real"), of="demands", dimension="district", figure="demands")
    assert shown == {"360113": "*"}
    page = visit.send(
        "matching.official_demands", values={"stage": "demands"}, query={"cases": "real", "district": "360113"}
    )
    assert page.status_code == 404


def test_the_workbook_says_what_the_file_says_and_holds_no_formula(visit: CityVisit) -> None:
    visit.enter("official")
    answer = visit.send("matching.export", "POST", query={"cases": "demo"}, form={"format": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
        words = book.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 3
    assert "演示数据" in words
    assert "demonstration" not in words
    assert "机构登记已放款；金额为放款金额" in words, "the last sheet says what each figure counts"
    assert not [sheet for sheet in sheets if "<f>" in sheet]
    assert sum(sheet.count("<row ") - 1 for sheet in sheets[:2]) == len(rows_of(visit))


def test_cases_open_from_the_figures_of_the_pages_and_from_no_others(visit: CityVisit) -> None:
    visit.enter("official")
    one_more = [{one: "nobody"} for one in ("institution", "product_type", "reason")]
    for narrowed in (*one_more, {"district": "360113", "industry": "E"}):
        query = {"cases": "demo", **narrowed}
        assert visit.send("matching.overview", query=query).status_code == 200
        listed = visit.send("matching.official_demands", values={"stage": "demands"}, query=query)
        assert listed.status_code == 404


def test_a_period_is_told_in_months_and_kept_on_the_way(visit: CityVisit) -> None:
    visit.enter("official")
    asked = {"cases": "demo", "since": "2999-04-17", "until": "2026-02"}
    html = visit.send("matching.overview", query=asked).get_data(as_text=True)
    assert re.search(r'<option selected value="2026-02">', html)
    assert re.search(r'<option selected value="2999-04">', html)
    listed = visit.send("matching.official_demands", values={"stage": "demands"}, query=asked).get_data(as_text=True)
    assert "发布月份：2026年2月–2999年4月" in listed
    assert "cases=demo&amp;since=2026-02&amp;until=2999-04" in listed
    empty = visit.send("matching.overview", query={"cases": "demo", "since": "2999-04"}).get_data(as_text=True)
    assert "这段时间没有需求" in empty
    assert "查看演示数据" not in empty
