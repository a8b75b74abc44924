"""What the site is for, on a phone: state a demand, see what fits and why, and say what is missing."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow

pytestmark = pytest.mark.browser


def test_an_applicant_states_a_demand_and_sees_why(open_window: OpenWindow) -> None:
    page = open_window("applicant_owner", "phone").open("/demands/new")
    page.get_by_label("需要多少").fill("120")
    page.get_by_label("用多久").fill("12")
    page.get_by_role("button", name="开始匹配").click()
    page.wait_for_url(re.compile(r"/demands/[0-9a-z]{12}"))

    tiles = page.locator(".stat__value").all_inner_texts()
    assert sum(int(text.replace(",", "")) for text in tiles) > 100
    first = page.locator(".result").first
    expect(first.locator(".badge-state").first).to_be_visible()
    first.get_by_text("逐条核对").click()
    expect(first.locator(".checks li").first).to_be_visible()
    first.get_by_text("为什么排在这里").click()
    expect(first.locator(".shares")).to_be_visible()
    assert Axe().run(page).violations_count == 0

    first.locator("h3 a").click()
    expect(page.locator("h1")).to_be_visible()
    assert "/products/" in page.url


def test_a_demand_without_an_amount_is_sent_back_with_what_was_filled(open_window: OpenWindow) -> None:
    window = open_window("applicant_owner", "phone")
    page = window.open("/demands/new")
    page.get_by_label("用多久").fill("18")
    page.get_by_role("button", name="开始匹配").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("用多久")).to_have_value("18")
    # The browser notes the refused form; that is what was asked for.
    window.faults[:] = [fault for fault in window.faults if "status of 422" not in fault]


def test_each_fact_of_the_profile_opens_to_where_it_comes_from(open_window: OpenWindow) -> None:
    page = open_window("applicant_owner", "phone").open("/profile")
    fact = page.locator("details.disclosure").filter(has_text="有效开票销售额").first
    fact.locator("summary").click()
    expect(fact.locator(".disclosure__body")).to_be_visible()
    expect(fact).to_contain_text("增值税发票")
    chart = page.locator(".chart").filter(has=page.locator(".chart__frame")).first
    chart.get_by_text("查看数据表").click()
    expect(chart.locator("tbody tr").first).to_be_visible()
