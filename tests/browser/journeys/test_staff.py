"""Stories of the people behind the counter in a real browser; every page passed is sound."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow, Window
from tests.browser.journeys.steps import press, sound

pytestmark = pytest.mark.browser

#: A product of the bank with a clerk and an administrator; the stories of money have another one.
OWN = "jxbank_geren_xunhuan"


def _renames(window: Window, name: str) -> Page:
    """Somebody of the bank gives the product another name, and hands the draft on; the page of the version."""
    page = sound(window.open(f"/institution/products/{OWN}"))
    page.get_by_role("link", name="修改这个产品").click()
    page.locator("[name=name_zh]").fill(name)
    press(sound(page), "保存草稿")
    expect(sound(page).locator("#changes")).to_contain_text(name)
    version = page.url.removeprefix(window.site.address)
    press(page, "提交复核")
    return sound(window.open(version))


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_what_one_colleague_writes_another_publishes(open_window: OpenWindow, width: str) -> None:
    clerk, admin, visitor = (open_window(role, width) for role in ("institution_clerk", "institution_admin", "visitor"))
    name = f"周转循环授信{width}"
    page = _renames(clerk, name)
    expect(page.get_by_role("main")).to_contain_text("参与填写的人不能复核自己写的内容")
    expect(page.get_by_role("button", name="复核通过并公开")).to_have_count(0)
    expect(sound(visitor.open(f"/products/{OWN}")).get_by_role("main")).not_to_contain_text(name)

    page = sound(admin.open("/institution/products/review"))
    page.get_by_role("main").get_by_role("link", name=name).click()
    press(sound(page), "复核通过并公开")
    expect(sound(page).get_by_role("main")).to_contain_text("新版本已经公开")
    expect(sound(visitor.open(f"/products/{OWN}")).locator("h1")).to_have_text(name)
