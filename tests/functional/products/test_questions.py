"""What is typed into the shelf's search: understood, corrected, suggested, and answered whatever it is."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from finmart.platform.db.session import Database, unit_of_work
from finmart.products import repository
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock


@pytest.fixture
def database(stock: Stock) -> Iterator[Database]:
    """The published catalogue."""
    with rolled_back(stock.engine) as current:
        yield current


def _page(client: FlaskClient, text: str, **more: str) -> str:
    answer = client.get("/products", query_string={"q": text, **more})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _suggested(client: FlaskClient, text: str) -> str:
    answer = client.get("/products/suggest", query_string={"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "text",
    [
        "贷" * 10_000,
        "a b " * 2500,
        "300万" * 2500,
        '" OR 1=1 --',
        "NEAR(税 贷, 2) AND NOT name:*",
        "+税 -贷 ~1 ^2 [a TO b] {x} (y) \\ / && || !",
        "_exists_:name AND *:*",
        "\x00\x01\x1b税贷\u202e\u200b",
        "！？。，、；：“”《》【】…—",
        "😀🏦💰",
        "%00%27<script>alert(1)</script>",
        "\ud7ff\uffff",
    ],
)
def test_whatever_is_typed_is_answered(client: FlaskClient, text: str) -> None:
    page = _page(client, text)
    assert _suggested(client, text) is not None
    assert "<script>alert" not in page


def test_a_question_too_long_or_without_words_is_said_so(client: FlaskClient) -> None:
    assert "只用前面的一部分" in _page(client, "农户" * 5000)
    assert "没有可以搜索的文字" in _page(client, "！？")
    assert "没有可以搜索的文字" not in _page(client, "300万")


@pytest.mark.parametrize("text", ["* AND OR NOT", "OR " * 2000, "NOT", "+-~^?:\\\\/", "&& || !", "()", "“”《》", "🏦"])
def test_operators_alone_find_nothing_and_say_what_to_type(client: FlaskClient, text: str) -> None:
    page = _page(client, text)
    assert "没有可以搜索的文字" in page
    assert "共 0 个产品" in page
    assert "大家常看" in page
    assert "product-card" not in page
    assert "/products/" not in _suggested(client, text)


def test_operators_among_words_are_no_words(client: FlaskClient) -> None:
    plain, joined = _page(client, "税贷 农户"), _page(client, "税贷 AND 农户")
    assert plain.count("product-card") == joined.count("product-card") > 0


def test_figures_stand_as_chips_that_can_be_taken_away(client: FlaskClient) -> None:
    text = _page(client, "300万 一年 税贷")
    for shown in ("需要 300万元", "用 12 个月", "写明符合的在前"):
        assert shown in text, shown
    assert "q=300%E4%B8%87+%E7%A8%8E%E8%B4%B7" in text


def test_a_misspelt_word_says_what_it_was_taken_for(client: FlaskClient) -> None:
    text = _page(client, "云水贷")
    assert "已按“云税贷”搜索（您输入的是“云水贷”）" in text
    assert "/products/ccb_yunshuidai" in text
    assert "相近的产品" in text


def test_an_empty_result_says_what_was_looked_for_and_how_to_go_on(client: FlaskClient) -> None:
    text = _page(client, "知抚贷", guarantee="mortgage")
    for shown in ("没有找到符合的产品", "搜索的是：知抚贷", "去掉一个筛选", "保留搜索词，去掉全部筛选"):
        assert shown in text, shown


def test_suggestions_come_while_typing(client: FlaskClient) -> None:
    for typed in ("ysd", "yunshui", "云税", "雲稅"):
        text = _suggested(client, typed)
        assert 'role="listbox"' in text
        assert "/products/ccb_yunshuidai" in text, typed
    assert "option" not in _suggested(client, "")
    assert client.get("/products/suggest", query_string={"q": "ysd"}).location == "/products?q=ysd"


def test_what_is_kept_for_readers_goes_with_its_language_and_its_catalogue(
    client: FlaskClient, database: Database
) -> None:
    first = _page(client, "税贷")
    assert _page(client, "税贷").count("product-card__name") == first.count("product-card__name") > 0
    english = client.get("/products?q=税贷", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "Unsecured" in english
    assert "Unsecured" not in _page(client, "税贷")
    with unit_of_work():
        advanced = repository.advance_counter()
    assert advanced
    assert _page(client, "税贷").count("product-card__name") == first.count("product-card__name")
    assert database.connection is not None
