"""A clerk builds a condition by searching, choosing and typing, with the keyboard alone, and sees who reads it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.journeys.steps import press, sound

pytestmark = pytest.mark.browser

#: The bank's product that the stories of staff leave alone: what is built here stays in its draft.
OWN = "jxbank_wenqidai"


@pytest.mark.parametrize("width", ["phone", "tablet"])
def test_a_condition_is_built_by_sound_and_saved(open_window: OpenWindow, width: str) -> None:
    window = open_window("institution_clerk", width)
    page = sound(window.open(f"/institution/products/{OWN}/conditions/new"))
    page.locator("#fact-query").focus()
    page.keyboard.type("kaipiaokuadu")
    pick = page.locator(".fact-list__pick").first
    expect(pick).to_contain_text("开票跨度")
    # A screen reader and a keyboard reach the found facts after the search button.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    value = page.locator("input[name=value]")
    expect(value).to_be_visible()
    # Whoever pressed a button goes on in the part that it opened, and reads first what was wrong.
    expect(page.locator(".leaf")).to_be_focused()
    value.fill("很多")
    done = page.get_by_role("button", name="这一项填好了")
    done.press("Enter")
    expect(page.locator(".builder__fault")).to_be_focused()
    value.fill("24")
    value.press("Tab")
    sound(page).get_by_role("button", name="这一项填好了").press("Enter")
    expect(page.locator(".builder__said")).to_contain_text("24")
    expect(page.get_by_role("button", name="修改")).to_be_focused()
    said = page.locator(".builder__said").inner_text()
    page.get_by_role("button", name="先试算，不保存").press("Enter")
    expect(page.locator("#tried .tried__said")).to_contain_text(said)
    expect(page.get_by_role("status").filter(has_text="试算完成")).to_be_attached()
    expect(page.get_by_role("button", name="先试算，不保存")).to_be_focused()
    press(page, "保存到草稿")
    expect(sound(page).get_by_role("main")).to_contain_text(said)


def test_a_limit_is_built_piece_by_piece(open_window: OpenWindow) -> None:
    page = sound(open_window("institution_clerk", "tablet").open(f"/institution/products/{OWN}/limits/standard"))
    press(page, "几个数中较小的")
    expect(page.locator(".part--group")).to_be_visible()
    press(page, "一个数")
    expect(page.locator("select[name=unit]")).to_have_value("money")
    page.locator("input[name=value]").fill("500")
    press(page, "这一项填好了")
    expect(page.locator(".part--value .part__said").first).to_have_text("500万元")
    sound(page)


def test_products_stand_side_by_side(open_window: OpenWindow) -> None:
    for width in ("phone", "desk"):
        window = open_window(width=width)
        page = sound(window.open("/products"))
        for box in page.locator("[data-compare]").all()[:3]:
            box.check()
        press(page, "对比所选")
        page.wait_for_url("**/products/compare?*")
        assert sound(page).locator(".compare__product").count() == 3
        page.get_by_role("link", name="不再对比").first.click()
        page.wait_for_load_state("networkidle")
        assert sound(page).locator(".compare__product").count() == 2
