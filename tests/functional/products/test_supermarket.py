"""The supermarket's pages: what visitors see, what is not stated, both languages, and an institution's own listing."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from finmart.config import Settings
from finmart.platform.db.session import Database, unit_of_work
from finmart.products import service
from finmart.products.catalogue import read_catalogue
from tests.fixtures.databases import rolled_back
from tests.fixtures.people import Person, enter, new_person
from tests.fixtures.stock import Stock
from tests.fixtures.web import SignIn

CODES = [product.code for product in read_catalogue().products]


@pytest.fixture
def database(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue and its index."""
    stock.copy_index(settings.data)
    with rolled_back(stock.engine) as current:
        yield current


def _page(client: FlaskClient, address: str, language: str = "zh") -> str:
    response = client.get(address, headers={"Accept-Language": language})
    assert response.status_code == 200, address
    return response.get_data(as_text=True)


def _words(html: str) -> str:
    main = html.split("<main", 1)[-1]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_a_visitor_browses_everything(client: FlaskClient) -> None:
    text = _words(_page(client, "/products"))
    assert "共 196 个产品" in text
    assert "没有付费排序" in text
    assert "第 1–12 条" in text


def test_a_search_marks_what_it_found(client: FlaskClient) -> None:
    html = _page(client, "/products?q=农户")
    assert "<mark>农户</mark>" in html
    assert "兴业" in html


def test_filters_show_counts_and_can_be_taken_away(client: FlaskClient) -> None:
    html = _page(client, "/products?product_type=tax_loan&place=360100")
    assert 'href="/products?product_type=tax_loan"' in html
    assert "当前筛选" in html


def test_nothing_found_says_what_to_do(client: FlaskClient) -> None:
    text = _words(_page(client, "/products?q=没有这样的东西呀&connected=yes"))
    assert "没有找到符合的产品" in text
    assert "保留搜索词，去掉全部筛选" in text
    assert "税贷" in text


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "农户" * 5000,
        "q=%22%20OR%20%2A",
        "q=%00",
        "endpoint=x&_external=1&_scheme=https&page=2",
        "product_type=no_such_type",
        "product_type=" + "&product_type=".join(map(str, range(500))),
        "page=-1",
        "sort=drop+table",
    ],
)
def test_odd_queries_are_answered(client: FlaskClient, query: str) -> None:
    assert len(_page(client, f"/products?{query}")) < 400_000


def test_a_query_that_was_cut_says_so(client: FlaskClient) -> None:
    assert "您输入的内容太长" in _page(client, "/products?q=" + "农户" * 5000)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_product_has_a_page(client: FlaskClient, language: str) -> None:
    for code in CODES:
        assert "None" not in _words(_page(client, f"/products/{code}", language)), code


def test_a_page_says_what_is_stated_what_is_not_and_as_of_when(client: FlaskClient) -> None:
    text = _words(_page(client, "/products/ccb_yunshuidai"))
    assert "不超过300万元" in text
    assert "3.15%起" in text
    assert "请以机构的答复为准" in text
    assert "录入日期" in text
    assert "2026年11月21日" in text
    assert "公开信息没有说明的内容" in text
    assert "利率上限" in text
    assert "来自公开字段“纳税信用”" in text
    assert "须开建行结算户" in text


def test_what_is_not_stated_is_never_a_zero(client: FlaskClient) -> None:
    text = _words(_page(client, "/products/cmb_nc_zhaoqidai"))
    assert "额度 未说明" in text
    assert "年利率 未说明" in text
    assert "算不出综合成本" in text
    assert " 0元" not in text


def test_a_stated_zero_is_shown(client: FlaskClient) -> None:
    assert "0.00%" in _words(_page(client, "/products/jxcityguar_caiyuandai"))


def test_an_unconnected_institution_says_how_to_reach_it(client: FlaskClient) -> None:
    assert "平台不代收申请" in _words(_page(client, "/products/cmb_zhaoqidai"))
    assert "95555" in _words(_page(client, "/products/cmb_zhaoqidai"))
    assert "已入驻本平台" in _words(_page(client, "/products/jjb_liuzi"))


def test_advertising_is_not_reprinted(client: FlaskClient) -> None:
    text = _words(_page(client, "/products/cmb_nc_kechuangdai"))
    assert "该条为宣传用语，未转载" in text


def test_the_cost_is_worked_out_for_a_choice(client: FlaskClient) -> None:
    address = "/products/ccb_yunshuidai/cost?amount=50&term=12&method=interest_only"
    part = client.get(address, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "综合年化成本" in part.get_data(as_text=True)
    whole = client.get(address)
    assert whole.status_code == 302
    assert whole.headers["Location"].startswith("/products/ccb_yunshuidai?")
    assert "综合年化成本" in _page(client, whole.headers["Location"].split("#")[0])


@pytest.mark.parametrize("query", ["amount=abc", "amount=0", "amount=-5", "amount=9e99", "term=0", "method=x"])
def test_a_choice_that_cannot_be_used_is_explained(client: FlaskClient, query: str) -> None:
    chosen = {"amount": "50", "term": "12", "method": "interest_only"} | dict([query.split("=")])
    address = "/products/ccb_yunshuidai/cost?" + "&".join(f"{name}={value}" for name, value in chosen.items())
    part = client.get(address, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "field__error" in part
    assert "综合年化成本" not in part


def test_what_does_not_exist_is_not_found(client: FlaskClient) -> None:
    for address in ("/products/no_such", "/products/no_such/cost", "/institutions/no_such"):
        assert client.get(address).status_code == 404


def test_institutions_are_listed(client: FlaskClient) -> None:
    text = _words(_page(client, "/institutions"))
    assert text.count("已入驻") >= 14
    assert "九江银行流动资金贷款" in _words(_page(client, "/institutions/jjb"))
    assert "Bank of Jiujiang" in _words(_page(client, "/institutions/jjb", "en"))


def _staff(client: FlaskClient, role: str, code: str) -> Person:
    with unit_of_work(readonly=True):
        owner = service.institution(code).organisation_id
    person = new_person(role, organisation_id=owner)
    enter(client, person.token)
    return person


def test_an_institution_confirms_its_listing(client: FlaskClient) -> None:
    _staff(client, "institution_admin", "jjb")
    html = _page(client, "/institution/products")
    assert _words(html).count("确认内容仍准确") == 4
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert token is not None
    sent = client.post("/institution/products/jjb_liuzi/confirm", data={"csrf_token": token[1]})
    assert sent.status_code == 302
    after = _words(_page(client, "/institution/products"))
    assert "今天已确认" in after
    assert after.count("确认内容仍准确") == 3
    foreign = client.post("/institution/products/ccb_yunshuidai/confirm", data={"csrf_token": token[1]})
    assert foreign.status_code == 404


def test_a_clerk_sees_but_does_not_confirm(client: FlaskClient) -> None:
    _staff(client, "institution_clerk", "jjb")
    assert "由机构管理员确认" in _words(_page(client, "/institution/products"))


def test_an_institution_without_products_is_told_so(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("institution_admin")
    assert "还没有列出的产品" in _words(_page(client, "/institution/products"))


def test_a_page_past_the_end_leads_to_the_last(client: FlaskClient) -> None:
    answer = client.get("/products?sort=rate&page=999")
    assert answer.status_code == 302
    last = client.get(answer.headers["Location"])
    assert last.status_code == 200
    assert "sort=rate" in answer.headers["Location"]


def test_a_wrong_choice_is_said_in_chinese(client: FlaskClient) -> None:
    found = re.search(r'href="(/products/[^"?#]+)"', client.get("/products").get_data(as_text=True))
    assert found is not None
    page = client.get(f"{found[1]}?amount=1000000&term=12&method=nonsense").get_data(as_text=True)
    assert "Not a valid choice" not in page
