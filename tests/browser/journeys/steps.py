"""Steps that people of the stories have in common; each ends on the page that the person sees next."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window

PRODUCT = "jxbank_wenqidai"
PASSWORD = "Jingmi-2026-ke"


def sound(page: Page) -> Page:
    """The page has no fault of accessibility and does not scroll sideways."""
    expect(page.locator("h1")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    return page


def press(page: Page, name: str) -> Page:
    """Press a button of the page's main part."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state("networkidle")
    return page


def unfold(page: Page, summary: str) -> None:
    """Open a folded part, if it is not open."""
    folded = page.locator("details.disclosure").filter(has=page.get_by_text(summary, exact=True)).first
    if folded.get_attribute("open") is None:
        folded.locator("summary").first.click()


def states_a_need(window: Window, amount: str = "60") -> str:
    """Write a need down; the address of its result."""
    page = sound(window.open("/demands/new"))
    page.get_by_label("需要多少").fill(amount)
    page.get_by_label("用多久").fill("12")
    page.get_by_role("button", name="开始匹配").click()
    page.wait_for_url(re.compile(r"/demands/[0-9a-z]{12}$"))
    return page.url.removeprefix(window.site.address)


def applies(window: Window, demand: str, amount: str = "50") -> str:
    """Apply to the bank's product; the application's address."""
    page = sound(window.open(f"{demand}/apply/{PRODUCT}"))
    page.get_by_label("申请金额").fill(amount)
    press(page, "提交这份申请")
    expect(page).to_have_url(re.compile(r"/applications/[0-9a-z]{12}$"))
    return page.url.removeprefix(window.site.address)


def reaches(window: Window, desk: str) -> None:
    """The clerk claims the application and reaches the applicant."""
    page = sound(window.open(desk))
    press(page, "领取")
    page.get_by_label("电话", exact=True).check()
    page.get_by_label("已联系上", exact=True).check()
    press(page, "保存联系记录")


def gives_an_opinion(page: Page) -> None:
    """The clerk tells the first opinion."""
    page.locator("form[action$='/opinion'] textarea").fill("经营正常，可以受理。")
    press(page, "发给申请人")


def approves(page: Page) -> None:
    """The clerk works the all-in cost out and confirms it."""
    unfold(page, "批准")
    form = page.locator("form[action$='/approve']")
    form.get_by_label("年利率").fill("4.2")
    press(page, "计算综合成本")
    press(page, "确认批准")


def draws_down(page: Page) -> None:
    """The clerk notes that the money has gone out."""
    press(page, "登记放款")
