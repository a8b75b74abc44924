"""Stories of money from beginning to end in a real browser; every page passed is sound."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.journeys.steps import (
    PASSWORD,
    applies,
    approves,
    draws_down,
    gives_an_opinion,
    press,
    reaches,
    sound,
    states_a_need,
    unfold,
)
from tests.factories.accounts import new_credit_code, new_phone
from tests.factories.files import PDF

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_an_application_ends_in_money(open_window: OpenWindow, tmp_path: Path, width: str) -> None:
    owner, clerk = open_window("applicant_owner", width), open_window("institution_clerk", width)
    application = applies(owner, states_a_need(owner))
    desk = application.replace("/applications/", "/institution/leads/")
    sound(clerk.open("/institution/leads"))
    reaches(clerk, desk)
    unfold(clerk.page, "要求补充材料")
    clerk.page.get_by_label("购销合同或订单").check()
    press(clerk.page, "发出清单")

    page = sound(owner.open(application))
    paper = tmp_path / "合同.pdf"
    paper.write_bytes(PDF)
    page.locator("input[type=file]").first.set_input_files(paper)
    press(page, "上传")
    press(page, "材料交齐了，提交")

    gives_an_opinion(clerk.open(desk))
    approves(clerk.page)
    page = sound(owner.open(application))
    expect(page.get_by_role("main")).to_contain_text("综合")
    press(page, "接受")
    draws_down(clerk.open(desk))
    expect(sound(owner.open(application)).get_by_role("main")).to_contain_text("已放款")
    expect(sound(owner.open("/messages")).get_by_role("main")).to_contain_text("已登记放款")


def test_a_card_is_taken_shown_and_declined_with_a_reason(open_window: OpenWindow) -> None:
    owner, clerk = open_window("applicant_owner", "phone"), open_window("institution_clerk", "desk")
    demand = states_a_need(owner, "30")
    press(owner.page, "公开匿名名片")
    page = sound(clerk.open("/institution/board"))
    sound(page).locator(f"a[href*='{demand.rsplit('/', 1)[1]}']").first.click()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("main")).not_to_contain_text("有限公司")
    press(sound(page), "承接")
    lead = page.url.rsplit("/", 1)[1]
    press(sound(owner.open(f"/applications/{lead}")), "同意联系")
    page = clerk.open(f"/institution/leads/{lead}")
    expect(sound(page).get_by_role("main")).to_contain_text("联系人")
    unfold(page, "登记不予通过")
    page.locator("form[action$='/decline'] select").select_option("cash_flow")
    press(page, "登记不予通过")
    page = sound(owner.open(f"/applications/{lead}"))
    expect(page.get_by_role("main")).to_contain_text("经营流水不足以覆盖还款")
    expect(page.get_by_role("main")).to_contain_text("可以减小金额")


def test_an_official_opens_a_number_and_lifts_a_mask_for_a_reason(open_window: OpenWindow) -> None:
    for width in ("phone", "desk"):
        window = open_window("official", width)
        page = sound(window.open("/official?cases=demo"))
        page.locator("a[href*='/official/demands/by/demands']").first.click()
        page.wait_for_load_state("networkidle")
        sound(page).locator("tbody a").first.click()
        page.wait_for_load_state("networkidle")
        expect(sound(page).get_by_role("main")).not_to_contain_text("（演示）有限")
        page.get_by_label("处理申请人的投诉").check()
        press(page, "查看，并记录这次查看")
        expect(sound(page).get_by_role("main")).to_contain_text("这次查看已记录")


def test_the_operator_sends_a_waiting_demand_on(open_window: OpenWindow) -> None:
    page = sound(open_window("operator", "desk").open("/operator/stuck"))
    unfold(page, "派给一家机构")
    form = page.locator("form[action$='/dispatch']").first
    form.locator("select").select_option(index=1)
    form.get_by_role("button", name="派单").click()
    page.wait_for_load_state("networkidle")
    expect(sound(page).get_by_role("main")).to_contain_text("已派单，机构会收到通知")


def test_a_newcomer_signs_up_and_asks(open_window: OpenWindow) -> None:
    window = open_window(width="phone")
    page = sound(window.open("/sign-up/enterprise"))
    page.locator("[name=identifier]").fill(new_credit_code())
    page.locator("[name=name]").fill("赣江示例有限公司")
    page.locator("[name=region]").select_option("360113")
    page.locator("[name=contact]").fill("演示经理")
    page.locator("[name=phone]").fill(new_phone())
    for secret in page.locator("input[type=password]").all():
        secret.fill(PASSWORD)
    page.locator("[name=terms]").check()
    page.get_by_role("main").locator("button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    demand = states_a_need(window)
    expect(sound(window.open(demand)).locator(".result").first).to_be_visible()


def test_an_application_in_english(open_window: OpenWindow) -> None:
    window = open_window("applicant_member", "phone", "en")
    page = sound(window.open("/language/en?next=/applications"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("main a[href^='/applications/']").first.click()
    page.wait_for_load_state("networkidle")
    words = sound(page).locator("main h2").all_inner_texts()
    assert words
    assert not [word for word in words if re.search("[一-鿿]", word)]
