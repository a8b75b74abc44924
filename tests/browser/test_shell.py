"""The frame in a browser: with keys alone, at twice the text size, without scripts, on paper, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow, Site
from tests.browser.journeys.keys import Keyboard

pytestmark = pytest.mark.browser


def test_the_first_key_offers_to_skip_to_the_content(open_window: OpenWindow) -> None:
    page = open_window(width="desk").open("/products")
    page.keyboard.press("Tab")
    link = page.locator(".skip-link")
    expect(link).to_be_focused()
    assert (link.bounding_box() or {"y": -1})["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/sign-in", "/products"])
def test_whatever_the_keyboard_reaches_shows_it(open_window: OpenWindow, path: str) -> None:
    keys = Keyboard(open_window(width="desk").open(path))
    for _ in range(25):
        keys.stop()
    assert keys.wrong == []


def test_the_menu_of_a_phone_opens_and_closes_with_keys(open_window: OpenWindow) -> None:
    page = open_window(width="phone").open("/about/data")
    button = page.locator(".drawer > summary")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".drawer__menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".drawer__menu")).to_be_hidden()
    expect(button).to_be_focused()


def test_an_applicants_phone_has_the_menu_under_the_thumb(open_window: OpenWindow) -> None:
    window = open_window("applicant_owner", "phone")
    page = window.open("/")
    entries = page.locator(".bottom-nav > ul > li")
    assert 2 <= entries.count() <= 5
    for index in range(entries.count()):
        box = entries.nth(index).bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44
    window.resize("desk")
    expect(page.locator(".bottom-nav")).to_be_hidden()
    expect(page.locator(".side-nav")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/products", "/sign-up/farmer", "/about/data", "/design"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_text_at_twice_its_size_stays_inside_the_page(open_window: OpenWindow, path: str, language: str) -> None:
    page = open_window(width="tablet", language=language).open(path)
    # A page at 200 % in a window of 768 px has the room of one of 384 px.
    page.set_viewport_size({"width": 384, "height": 512})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


@pytest.mark.parametrize("path", ["/", "/products", "/sign-in"])
def test_what_a_thumb_presses_is_large_enough(open_window: OpenWindow, path: str) -> None:
    page = open_window(width="phone").open(path)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .btn, summary, .nav-entry, .masthead a, input, select')]
          .filter((one) => one.offsetParent !== null && !one.matches('[type=hidden], [type=checkbox], [type=radio]'))
          .map((one) => [one.getBoundingClientRect(), one])
          .filter(([box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
          .map(([box, one]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_the_language_changes_and_the_page_stays(open_window: OpenWindow) -> None:
    page = open_window(width="desk").open("/products?q=税")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "/products?q=" in page.url
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans-CN")


def test_a_form_sent_empty_puts_the_reader_at_its_errors(open_window: OpenWindow) -> None:
    window = open_window(width="phone")
    page = window.open("/sign-in")
    page.locator("main form button[type=submit]").first.click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.matches('input, select, textarea')")
    # The browser notes the refused form; that is what was asked for.
    window.faults[:] = [fault for fault in window.faults if "status of 422" not in fault]


def test_everything_can_be_read_without_scripts(site: Site, open_window: OpenWindow) -> None:
    browser = open_window(width="desk").context.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}) as plain:
        page = plain.new_page()
        page.goto(site.address + "/products?q=税")
        page.locator(".drawer > summary").click()
        expect(page.locator(".drawer__menu")).to_be_visible()
        page.get_by_role("searchbox").first.fill("抵押")
        page.get_by_role("searchbox").first.press("Enter")
        assert "q=" in page.url


def test_paper_shows_the_content_and_not_the_frame(open_window: OpenWindow) -> None:
    page = open_window(width="desk").open("/design")
    page.emulate_media(media="print")
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator(".cost-sheet")).to_be_visible()
    assert page.locator("h1").is_visible()


def test_nothing_moves_for_whoever_asked_for_that(open_window: OpenWindow) -> None:
    page = open_window(width="desk").open("/design")
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')]"
        ".filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0.001).length"
    )
    assert moving == 0
