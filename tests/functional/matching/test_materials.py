"""A result says what to bring to each product, what the platform has of it already, and where a source says nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import text

from finmart.matching import repository, snapshots
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.json_form import load_offer
from finmart.matching.routes.bringing import ShownMaterials, shown_materials
from finmart.platform.db.session import session, unit_of_work
from finmart.products.catalogue import read_catalogue
from tests.factories.matching import fact, offer
from tests.fixtures.city import CityVisit
from tests.functional.matching.test_applicant import new_demand
from tests.functional.matching.walking import words

TWO, LICENCE, SILENT = "shicheng_zhengcaidai", "webank_weiyedai", "cmb_zhaoqidai"


def _brings(visit: CityVisit, public_id: str, code: str) -> str:
    """What the result says of the materials of one product."""
    response = visit.send("matching.demand", values={"public_id": public_id}, query={"product": code})
    html = response.get_data(as_text=True)
    came_for = html[html.index('id="came-for"') :]
    part = came_for[came_for.index("要带的材料") :]
    return words(part[: part.index("</details>")])


def test_what_to_bring_is_what_the_source_states(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    two = _brings(visit, public_id, TWO)
    assert two.startswith("要带的材料 您带 2 项")
    assert "您带 中标通知书" in two
    assert "您带 采购合同" in two
    silent = _brings(visit, public_id, SILENT)
    assert silent.startswith("要带的材料 来源没有写明")
    assert "来源没有写明要带哪些材料，以机构的要求为准。" in silent
    assert "平台已有共享数据的：" in silent


def test_what_shared_data_say_is_told_with_value_and_day(visit: CityVisit) -> None:
    offered = _offer(LICENCE)
    known = ApplicantFacts({"has_business_licence": fact(True, origin="imported")})
    with visit.app.test_request_context("/"):
        shown = shown_materials(offered, (), known)
        none = shown_materials(offered, (), ApplicantFacts())
    assert isinstance(shown, ShownMaterials)
    assert shown.note == "平台已有 1 项"
    assert [(one.name, one.held) for one in shown.stated] == [("营业执照", "营业执照 是（截至 2020年2月21日）")]
    assert none is not None
    assert [one.held for one in none.stated] == [""]


def test_a_paper_that_is_wanted_sometimes_is_not_counted_as_brought_by_all(visit: CityVisit) -> None:
    above, either = _offer("icbc_zhuanjingtexindai"), _offer("equip_leasing_2026")
    with visit.app.test_request_context("/"):
        further = shown_materials(above, (), ApplicantFacts())
        papers = shown_materials(either, (), ApplicantFacts())
    assert further is not None
    assert further.note == "视情况 1 项"
    assert [(one.name, one.sometimes) for one in further.stated] == [("补件（超50万）", True)]
    assert papers is not None
    assert papers.note == "视情况 2 项"


def test_papers_are_called_in_english_where_everything_is(visit: CityVisit) -> None:
    page = visit.client.get(f"/products/{TWO}", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "notice of award, purchase contract" in words(page)
    assert "中标通知书、采购合同" in words(visit.client.get(f"/products/{TWO}").get_data(as_text=True))


def test_a_run_from_before_materials_were_kept_says_nothing_of_them(visit: CityVisit) -> None:
    with visit.app.test_request_context("/"):
        assert shown_materials(offer("a"), (), ApplicantFacts()) is None
        assert shown_materials(None, (), ApplicantFacts()) is None


def test_a_stored_run_keeps_the_materials_it_was_shown_with(visit: CityVisit) -> None:
    new_demand(visit)
    with unit_of_work(readonly=True):
        plan_id = session().execute(text("SELECT plan_id FROM match_run ORDER BY id DESC LIMIT 1")).scalar_one()
        documents = repository.documents_of(repository.plan_by_id(plan_id))
    stored: dict[str, Any] = {one.code: one.materials for one in map(load_offer, documents)}
    assert [material.name for material in stored[TWO]] == ["中标通知书", "采购合同"]
    assert stored[SILENT] == ()


def _offer(code: str) -> ProductOffer:
    product = next(one for one in read_catalogue().products if one.code == code)
    return snapshots.product_offer(replace(product, recorded_on=date(2026, 11, 1)))
