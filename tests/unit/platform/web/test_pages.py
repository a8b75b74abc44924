"""Pages of lists: their bounds, and what a query string may ask for."""

import pytest

from finmart.platform.web.pages import Page, page_number


def test_the_last_page_knows_its_bounds() -> None:
    page = Page(items=["x"] * 3, total=43, number=3, size=20)
    assert (page.pages, page.first, page.last, page.previous, page.next) == (3, 41, 43, 2, None)


def test_an_empty_list_has_one_page_without_neighbours() -> None:
    page: Page[str] = Page(items=[], total=0)
    assert (page.pages, page.first, page.last, page.previous, page.next) == (1, 0, 0, None, None)


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 1), ("", 1), ("7", 7), ("0", 1), ("-3", 1), ("x", 1), ("٣", 1), ("9" * 20, 1), ("1e3", 1)],
)
def test_only_a_plain_positive_number_asks_for_a_page(text: str | None, number: int) -> None:
    assert page_number(text) == number
