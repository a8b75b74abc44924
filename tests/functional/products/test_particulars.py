"""What only some types of product state: typed in, kept, compared, sent as a file, and said by institutions."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finmart.config import Settings
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.files.inspection.sheets import SheetOut, as_xlsx
from finmart.platform.kernel.clock import today
from finmart.products import service
from finmart.products.editing.table import NAMES, WORDS_OF
from finmart.products.particulars.kinds import Equity, Factoring, Particulars, columns
from finmart.products.search import index
from finmart.products.search.index import FACETS
from tests.fixtures.databases import rolled_back
from tests.fixtures.people import enter, new_person
from tests.fixtures.stock import Stock

NEW, FIGURES = "/institution/products/new", "/institution/figures"
GUARANTEE = {
    "name_zh": "工业企业流贷担保",
    "product_type": "guarantee",
    "rate_kind": "interest",
    "ways-0-rate_max_pct": "3",
    "fees-0-per": "year",
    "fees-1-per": "year",
    "guarantee_fee_rate_pct": "1",
    "guarantee_share_bank_pct": "20",
    "guarantee_partner_banks": "九江银行\r\n江西银行",
}


@pytest.fixture
def database(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue and its index."""
    stock.copy_index(settings.data)
    with rolled_back(stock.engine) as current:
        yield current


def _as(app: Flask, role: str, code: str) -> FlaskClient:
    with unit_of_work(readonly=True):
        organisation_id = service.institution(code).organisation_id
    client = app.test_client()
    enter(client, new_person(role, organisation_id=organisation_id).token)
    return client


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[-1]).split())


def _page(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return _words(response.get_data(as_text=True))


def test_the_fields_of_a_type_come_without_scripts_and_keep_what_was_typed(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", "jx_agri_guarantee")
    blank = clerk.get(NEW).get_data(as_text=True)
    assert "guarantee_fee_rate_pct" not in blank
    asked = clerk.post(NEW, data={"name_zh": "工业企业流贷担保", "product_type": "guarantee", "step": "type"})
    page = asked.get_data(as_text=True)
    assert asked.status_code == 200
    assert 'name="guarantee_fee_rate_pct"' in page
    assert "工业企业流贷担保" in page
    assert "工业企业流贷担保" not in _page(clerk, "/institution/products")


def test_a_fee_reaches_the_preview_with_who_receives_it_and_the_difference_in_words(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", "jx_agri_guarantee")
    saved = clerk.post(NEW, data=GUARANTEE)
    assert saved.status_code == 302
    version = _page(clerk, f"{saved.location}/versions/1")
    assert "银行分担风险 20%" in version
    assert "九江银行、江西银行" in version
    assert "由担保机构收取" in version
    assert "4.98%" in version
    shown = clerk.get(f"{saved.location}/edit").get_data(as_text=True)
    assert 'value="20"' in shown


def test_a_fault_stands_at_its_field_and_nothing_is_saved(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", "jx_agri_guarantee")
    wrong = {**GUARANTEE, "name_zh": "分担过头的担保", "guarantee_share_guarantor_pct": "90"}
    refused = clerk.post(NEW, data=wrong)
    assert refused.status_code == 422
    assert "各方比例加起来超过了 100%" in refused.get_data(as_text=True)
    assert "分担过头的担保" not in _page(clerk, "/institution/products")


def test_what_one_type_states_stands_beside_another_in_the_comparison(app: Flask) -> None:
    client = app.test_client()
    page = _page(client, "/products/compare?code=sc_shudankuaidai&code=equip_leasing_2026")
    assert "银行分担风险 20% 不适用于这类产品" in page
    assert "租赁方式 不适用于这类产品 直接租赁、售后回租" in page


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sc_shudankuaidai", "代偿率上限 3%"),
        ("zyb_zhengyinbao", "赔付率达到多少暂停 150%"),
        ("nc_shangyebaoli", "须付款方确权 是"),
        ("equip_leasing_2026", "租赁方式 直接租赁、售后回租"),
        ("nc_xiandaichanye", "基金规模 200亿元"),
        ("donghai_zhuandai", "不超过续贷额的比例 95%"),
    ],
)
def test_a_products_page_shows_what_its_source_states(app: Flask, code: str, said: str) -> None:
    assert said in _page(app.test_client(), f"/products/{code}")


def test_equity_has_no_annual_cost_and_asks_for_none(app: Flask) -> None:
    page = _page(app.test_client(), "/products/nc_xiandaichanye")
    assert "没有年化成本 股权融资不是借款" in page
    assert "计算成本" not in page


def test_rounds_stages_and_recourse_are_filters_of_those_who_state_them(app: Flask) -> None:
    client = app.test_client()
    assert "投资轮次" not in _page(client, "/products")
    stated: dict[str, Particulars] = {
        "nc_xiandaichanye": Equity(rounds=("a", "b"), stages=("growth",)),
        "jx_kechuangjijin": Equity(rounds=("a",)),
        "nc_shangyebaoli": Factoring(recourse="either"),
    }
    with unit_of_work():
        products = [
            replace(one, particulars=stated.get(one.code, one.particulars))
            for one in service.published_catalogue().products
        ]
        index.rebuild(products, note=service.stamp())
    page = _page(client, "/products?sort=-term_max")  # In another order: the page above is kept.
    for shown in ("投资轮次 A轮 2 B轮 1 未说明 1", "企业阶段 成长期 1 未说明 2", "追索权 有追索权 1 无追索权 1"):
        assert shown in page, shown
    assert "共 1 个产品" in _page(client, "/products?stage=growth&round=a")
    assert "共 1 个产品" in _page(client, "/products?recourse=without")
    # Nothing is found under both at once, so that is no choice.
    assert "有、无追索权" not in _page(client, "/products?recourse=either")


def test_what_no_product_could_be_is_no_filter(app: Flask) -> None:
    client = app.test_client()
    for facet in FACETS:
        page = _page(client, f"/products?{facet}=nowhere&{facet}=%00")
        assert "nowhere" not in page
        assert "共 196 个产品" in page
    assert "共 0 个产品" in _page(client, "/products?product_type=pawn")


def test_a_workbook_makes_a_draft_with_its_words_and_gives_it_back(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", "jx_agri_guarantee")
    row = {
        "name_zh": "专利权典当",
        "product_type": "pawn",
        "pawn_monthly_fee_pct": "2.4",
        "pawn_forfeited": WORDS_OF["pawn_forfeited"]()["auctioned"][0],
        "pawn_item_kinds": "专利权;设备",
    }
    content = as_xlsx([SheetOut("产品", list(NAMES), [[row.get(name, "") for name in NAMES]])])
    sent = clerk.post("/institution/products/import", data={"file": (io.BytesIO(content), "a.xlsx"), "step": "import"})
    assert sent.status_code == 302
    code = re.findall(r"/institution/products/(jx_agri_guarantee_\w+)", clerk.get(sent.location).get_data(as_text=True))
    version = _page(clerk, f"/institution/products/{code[0]}/versions/1")
    assert "月综合费率 2.40%" in version
    assert "绝当后怎样处理 委托拍卖，扣除欠款后余额退还" in version
    assert "由典当行收取" in version


def test_a_column_of_another_type_is_named_with_its_row(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", "jx_agri_guarantee")
    content = "name_zh,product_type,pawn_loan_to_value_pct\r\n一个担保,guarantee,50".encode()
    sent = clerk.post("/institution/products/import", data={"file": (io.BytesIO(content), "a.csv"), "step": "import"})
    assert sent.status_code == 400
    assert "这一项只用于“典当”类产品" in sent.get_data(as_text=True)


def test_the_template_offers_every_column_with_its_choices() -> None:
    chosen = {column for column, (_type, spec) in columns().items() if spec.choices}
    assert set(columns()) <= set(NAMES)
    assert chosen <= set(WORDS_OF)


def test_a_guarantor_says_what_it_is_and_the_page_works_the_leverage_out(app: Flask) -> None:
    admin = _as(app, "institution_admin", "jx_agri_guarantee")
    as_of = today() - timedelta(days=30)
    stated = {"as_of": as_of.isoformat(), "figure_liability_balance_wan": "756000", "figure_net_assets_wan": "100000"}
    assert admin.post(FIGURES, data=stated).status_code == 302
    page = _page(app.test_client(), "/institutions/jx_agri_guarantee")
    assert "放大倍数 7.6 倍" in page
    assert "由机构自己填报" in page
    assert f"{as_of.year}" in page
    assert "75.6亿元" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"as_of": (today() + timedelta(days=400)).isoformat()}, "不能晚于今天"),
        ({"figure_net_assets_wan": ""}, "请至少填写一项"),
        ({"figure_net_assets_wan": "很多"}, "不是一个数"),
    ],
)
def test_figures_that_cannot_be_are_refused(app: Flask, changes: dict[str, str], sentence: str) -> None:
    admin = _as(app, "institution_admin", "jx_agri_guarantee")
    stated = {"as_of": today().isoformat(), "figure_net_assets_wan": "100000", **changes}
    refused = admin.post(FIGURES, data=stated)
    assert refused.status_code == 422
    assert sentence in refused.get_data(as_text=True)
    assert "放大倍数" not in _page(app.test_client(), "/institutions/jx_agri_guarantee")
