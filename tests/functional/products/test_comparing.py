"""Products side by side: one amount for all, the cost first, nothing unstated as a zero, and wrong addresses."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from finmart.config import Settings
from finmart.platform.db.session import Database
from finmart.platform.kernel.money import Term
from finmart.platform.web import filters as worded
from finmart.products.catalogue import read_catalogue
from finmart.products.costs import Wanted, in_days, sheet
from finmart.products.types import PublishedProduct
from finmart.reference.repayment import LABELS
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

PRODUCTS = read_catalogue().products
PRICED = [one for one in PRODUCTS if one.variants[0].rate_kind == "interest" and one.overall.rate_max is not None]
UNPRICED = next(one for one in PRODUCTS if one.overall.rate_min is None and one.overall.rate_max is None)


@pytest.fixture
def database(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue and its index."""
    stock.copy_index(settings.data)
    with rolled_back(stock.engine) as current:
        yield current


def _compare(client: FlaskClient, *products: PublishedProduct | str, asked: str = "") -> str:
    codes = "&".join(f"code={one if isinstance(one, str) else one.code}" for one in products)
    response = client.get(f"/products/compare?{codes}{asked}")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def _row(html: str, title: str) -> list[str]:
    """The cells of the row with this title, as words."""
    row = html.split(f'<th scope="row">{title}', 1)[1].split("</tr>", 1)[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_costs_are_those_of_the_asked_amount_and_term(client: FlaskClient) -> None:
    chosen = [one for one in PRICED if not in_days(one)][:4]
    html = _compare(client, *chosen, asked="&amount=80&term=24&method=equal_instalment")
    methods = {words[0]: method for method, words in LABELS.items()}
    for product, used, said in zip(chosen, _row(html, "还款方式"), _row(html, "利息和费用合计"), strict=True):
        found = sheet(product, Wanted(80_000_000, Term(months=24), methods[used])).stated
        assert found is not None
        assert said == worded.money_exact(found.total_interest + found.total_charges)


def test_what_is_not_stated_says_so_and_is_no_zero(client: FlaskClient) -> None:
    html = _compare(client, PRICED[0], UNPRICED)
    assert _row(html, "公开的价格")[1] == "未说明"
    assert _row(html, "综合年化成本（复利）")[1].startswith("算不出")
    assert _row(html, "利息和费用合计")[1] == "算不出"


def test_rows_that_say_the_same_can_be_left_out(client: FlaskClient) -> None:
    whole, twice = _compare(client, *PRICED[:2]), _compare(client, *PRICED[:2], asked="&only=differences")
    assert '<th scope="row">还款方式' in whole
    rows = twice.split('<th scope="row">')[1:]
    assert 0 < len(rows) < len(whole.split('<th scope="row">')) - 1
    for row in rows:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row.split("</tr>")[0], re.S)
        assert len({" ".join(cell.split()) for cell in cells}) > 1, row


def test_an_amount_above_the_cap_is_remarked(client: FlaskClient) -> None:
    capped = next(one for one in PRICED if one.amount_max)
    html = _compare(client, capped, PRICED[1], asked="&amount=900000&term=12&method=bullet")
    assert "超过公开的最高额度" in _row(html, "提示")[0]


def test_more_than_four_and_unknown_codes_are_said(client: FlaskClient) -> None:
    html = _compare(client, *PRICED[:6], "no_such_product")
    assert "一次最多对比 4 款，其余 2 款没有列入。" in html
    assert "有 1 款产品没有找到" in html
    assert html.count('class="compare__product"') == 4


@pytest.mark.parametrize(
    "asked",
    ["&amount=&term=12&method=bullet", "&amount=-3&term=12&method=bullet", "&amount=50&term=0&method=bullet",
     "&amount=50&term=12&method=never", "&amount=1e99&term=12&method=bullet", "&amount=50&term=9999&method=bullet"],
)  # fmt: skip
def test_what_cannot_be_used_is_said_beside_its_field(client: FlaskClient, asked: str) -> None:
    html = _compare(client, *PRICED[:2], asked=asked)
    assert 'class="field__error"' in html
    assert "<table" not in html.split("<main", 1)[1]


def test_without_products_the_page_says_how_to_choose(client: FlaskClient) -> None:
    assert "还没有选择产品" in _compare(client)


def test_a_code_is_never_markup(client: FlaskClient) -> None:
    html = _compare(client, "<script>alert(1)</script>", PRICED[0])
    assert "<script>alert" not in html
