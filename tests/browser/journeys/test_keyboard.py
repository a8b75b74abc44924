"""Stories told with keys alone, and the pages at twice their size in the same window."""

import re

import pytest
from playwright.sync_api import Page, expect

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service.passwords import hash_password
from finmart.platform.db.session import session, unit_of_work
from tests.browser.conftest import OpenWindow, Site
from tests.browser.journeys.keys import Keyboard
from tests.browser.journeys.steps import PASSWORD, applies, sound, states_a_need
from tests.fixtures.city import VISITOR, CityVisit
from tests.fixtures.databases import in_use

pytestmark = pytest.mark.browser


def _phone_of(site: Site, role: str) -> str:
    """The telephone of the demonstration's person with ``role``, who signs in with the stories' password from now."""
    with in_use(site.app.extensions["finmart.test.database"]):
        person = CityVisit(site.app).person(role)
        assert person is not None
        with unit_of_work():
            user = session().get_one(User, person.user_id)
            user.password_hash = hash_password(PASSWORD)
            return user.phone


def _signs_in(keys: Keyboard, phone: str) -> Page:
    keys.type(keys.page.locator("[name=phone]"), phone)
    keys.type(keys.page.locator("[name=password]"), PASSWORD)
    page = keys.send()
    expect(page).to_have_url(re.compile("/home"))
    return page


def _states_a_need(keys: Keyboard) -> Page:
    """Fill the form of a need: words typed, lists by arrows, boxes by the space bar."""
    page = keys.page
    keys.type(page.get_by_label("需要多少"), "60")
    keys.type(page.get_by_label("用多久"), "12")
    keys.reach(page.locator("select[name=purpose]"))
    page.keyboard.press("ArrowDown")
    box = page.locator("[name=guarantees]").nth(1)
    expect(box).not_to_be_checked()
    keys.reach(box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    chosen = page.locator("[name=urgency]:checked")
    before = chosen.input_value()
    keys.reach(chosen)
    page.keyboard.press("ArrowDown")
    assert chosen.input_value() != before
    keys.follow(page.get_by_role("button", name="开始匹配"))
    expect(page).to_have_url(re.compile(r"/demands/[0-9a-z]{12}$"))
    return page


def test_a_need_is_stated_and_answered_with_keys_alone(site: Site, open_window: OpenWindow) -> None:
    page = open_window(width="desk").open("/sign-in")
    keys = Keyboard(page)
    _signs_in(keys, _phone_of(site, "applicant_owner"))
    keys.reach(page.locator(".skip-link"))
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    keys.follow(page.get_by_role("main").locator("a[href='/demands/new']").first)
    page = _states_a_need(keys)
    part = page.locator(".result").first.locator("details.disclosure").first
    keys.reach(part.locator("summary"))
    page.keyboard.press("Enter")
    expect(part.locator(".disclosure__body")).to_be_visible()
    page.keyboard.press("Enter")
    expect(part.locator(".disclosure__body")).to_be_hidden()
    assert keys.wrong == []


def test_a_clerk_claims_a_lead_with_keys_alone(open_window: OpenWindow) -> None:
    owner, clerk = open_window("applicant_owner", "phone"), open_window("institution_clerk", "desk")
    application = applies(owner, states_a_need(owner, "40"), "30")
    desk = application.replace("/applications/", "/institution/leads/")
    keys = Keyboard(clerk.open("/institution/leads"))
    page = keys.follow(clerk.page.get_by_role("main").locator(f"a[href='{desk}']").first)
    keys.follow(page.get_by_role("button", name="领取", exact=True))
    expect(sound(page).get_by_role("main")).to_contain_text("由您办理")
    keys.reach(page.get_by_label("电话", exact=True))
    page.keyboard.press("Space")
    expect(page.get_by_label("电话", exact=True)).to_be_checked()
    assert keys.wrong == []


COMPARED = "/products/compare?code=ccb_yunshuidai&code=icbc_kechuangedai"
#: Pages whose controls differ, each with somebody who sees it.
PAGES = [
    (VISITOR, "/"),
    (VISITOR, "/products"),
    (VISITOR, "/products/jxbank_wenqidai"),
    (VISITOR, COMPARED),
    ("applicant_owner", "/demands/new"),
    ("applicant_owner", "/profile"),
    ("applicant_owner", "/messages"),
    ("institution_clerk", "/institution/leads"),
    ("official", "/official?cases=demo"),
    ("operator", "/operator/stuck"),
    ("operator", "/operator/organisations"),
    ("operator", "/operator/switches"),
    ("operator", "/operator/audit"),
    ("operator", "/operator/batches"),
]


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_keys_go_through_a_page_and_back(open_window: OpenWindow, role: str, path: str) -> None:
    keys = Keyboard(open_window(role, "desk").open(path))
    stops = keys.walk()
    assert len(stops) > 5
    assert keys.walk(back=True) == stops[::-1]
    assert keys.wrong == []


def test_bars_at_the_windows_foot_hide_nothing_from_the_keys(open_window: OpenWindow) -> None:
    window = open_window("applicant_owner", "desk", zoom=2)
    keys = Keyboard(window.open("/products"))
    # Once something is ticked, both bars stand at the foot in the middle of the list.
    keys.page.locator("[data-compare]").first.check()
    keys.page.evaluate("window.scrollTo({ top: 900, behavior: 'instant' })")
    bar, menu = (keys.page.locator(one).bounding_box() for one in (".compare-bar", ".bottom-nav"))
    assert bar is not None
    assert menu is not None
    assert bar["y"] + bar["height"] <= menu["y"]
    keys.walk()
    assert keys.wrong == []


#: Controls that leave the window, run out of their frame or lie on another. What scrolls inside a frame of its own
#: may be wider than the window, and what is fixed to the window lies over the page until it is scrolled.
CROWDED = """() => {
  document.querySelectorAll("details:not([data-menu])").forEach((part) => { part.open = true; });
  const above = (one, test) => one !== null && (test(one) || above(one.parentElement, test));
  const style = (at) => getComputedStyle(at);
  const hidden = (at) => style(at).clipPath !== "none" || style(at).clip !== "auto";
  const scrolls = (at) => /auto|scroll/.test(style(at).overflowX) && at.scrollWidth > at.clientWidth;
  const words = (one) => one.getAttribute("aria-label") || one.textContent.trim().slice(0, 40) || one.name;
  const shown = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, label")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !above(one, hidden))
    .map((one) => ({
      one, name: `${one.tagName} ${words(one)}`,
      fixed: above(one, (at) => /fixed|sticky/.test(style(at).position)),
      framed: above(one, scrolls),
      boxes: [...one.getClientRects()].filter((box) => box.width > 0 && box.height > 0 && box.bottom > 0),
    }))
    .filter((each) => each.boxes.length);
  const wrong = shown
    .filter((each) => !each.framed && each.boxes.some((box) => box.left < -0.5 || box.right > innerWidth + 0.5))
    .map((each) => `${each.name} leaves the window`);
  shown.filter(({ one }) => one.matches("button, .btn") && one.scrollWidth > one.clientWidth + 1)
    .forEach((each) => wrong.push(`${each.name} runs out of its frame`));
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  shown.forEach((each, place) => shown.slice(place + 1).forEach((other) => {
    if (each.fixed !== other.fixed || each.one.contains(other.one) || other.one.contains(each.one)) return;
    if (each.boxes.some((a) => other.boxes.some((b) => meet(a, b)))) wrong.push(`${each.name} lies on ${other.name}`);
  }));
  return [shown.length, wrong];
}"""


def _has_room(page: Page) -> None:
    """Nothing of the page has to be scrolled for sideways, and no control hides another."""
    count, wrong = page.evaluate(CROWDED)
    assert count > 5
    assert wrong == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def test_a_crowded_page_would_be_noticed(open_window: OpenWindow) -> None:
    page = open_window(width="desk", zoom=2).page
    page.set_content(
        "<a href='#a'>one</a> <a href='#b' style='margin-left:-1em'>two</a>"
        "<p style='width:50em'><button style='float:right'>out</button></p>"
        "<button style='width:4em;white-space:nowrap;overflow:hidden'>a long word of a button</button>"
    )
    assert page.evaluate(CROWDED)[1] == [
        "BUTTON out leaves the window",
        "BUTTON a long word of a button runs out of its frame",
        "A one lies on A two",
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("role", "path"), PAGES)
def test_a_page_at_twice_its_size_keeps_its_controls_apart(
    open_window: OpenWindow, role: str, path: str, language: str
) -> None:
    window = open_window(role, "desk", language, zoom=2)
    page = window.open(path)
    assert page.evaluate("[innerWidth, innerHeight, devicePixelRatio]") == [720, 450, 2]
    _has_room(page)


def test_a_result_at_twice_its_size_keeps_its_controls_apart(open_window: OpenWindow) -> None:
    window = open_window("applicant_owner", "desk", zoom=2)
    _has_room(window.open(states_a_need(window, "45")))
