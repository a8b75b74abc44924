"""Stories of the people behind the counter in a real browser; every page passed is sound."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow, Window
from tests.browser.journeys.steps import PASSWORD, press, sound
from tests.browser.journeys.steps import PRODUCT as BANKS
from tests.factories.accounts import new_phone

pytestmark = pytest.mark.browser

#: A product of the bank with a clerk and an administrator; the stories of money have another one.
OWN = "jxbank_geren_xunhuan"
#: A product of an institution that is only listed.
UNCONNECTED = "ccb_shanrongdai"


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


def test_what_the_only_checker_wrote_falls_to_the_operator(open_window: OpenWindow) -> None:
    admin, operator, visitor = (open_window(role, "desk") for role in ("institution_admin", "operator", "visitor"))
    name = "个人循环授信，由运营方复核"
    page = _renames(admin, name)
    expect(page.get_by_role("button", name="复核通过并公开")).to_have_count(0)
    page = sound(operator.open("/operator/products"))
    page.get_by_role("main").get_by_role("link", name=name).click()
    press(sound(page), "复核通过并公开")
    expect(sound(page).get_by_role("main")).to_contain_text("新版本已经公开")
    expect(sound(visitor.open(f"/products/{OWN}")).locator("h1")).to_have_text(name)


def _reports(window: Window, code: str, note: str) -> None:
    """Say from a product's page that its rate is wrong."""
    page = sound(window.open(f"/products/{code}"))
    page.get_by_role("link", name="产品信息有误？").click()
    sound(page).get_by_label("利率不对").check()
    page.get_by_label("具体说明").fill(note)
    press(page, "提交反馈")
    expect(sound(page).get_by_role("main")).to_contain_text("反馈已送达")


def _answers(window: Window, desk: str, name: str, note: str) -> None:
    """The desk finds the report under the product's name, and answers it."""
    page = sound(window.open(desk))
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
    expect(sound(page).get_by_role("main")).to_contain_text(note)
    page.get_by_label("答复", exact=True).fill("已与网点核对，页面上的利率正确。")
    press(page, "答复")
    expect(sound(page).get_by_role("main")).to_contain_text("已保存")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_wrong_product_is_reported_to_its_institution(open_window: OpenWindow, width: str) -> None:
    owner, clerk = open_window("applicant_owner", width), open_window("institution_clerk", width)
    note = f"网点说的利率更高（{width}）"
    _reports(owner, BANKS, note)
    _answers(clerk, "/institution/reports", "江西银行文企贷", note)
    page = sound(owner.open("/messages"))
    page.get_by_role("main").get_by_role("link", name="反馈").first.click()
    expect(sound(page).get_by_role("main")).to_contain_text("页面上的利率正确")


def test_a_visitor_reports_a_product_of_an_institution_without_a_desk(open_window: OpenWindow) -> None:
    visitor, operator = open_window(width="phone"), open_window("operator", "desk")
    note = "电话里说的利率更高"
    page = sound(visitor.open(f"/products/{UNCONNECTED}"))
    expect(page.get_by_role("main")).to_contain_text("尚未入驻")
    name = page.locator("h1").inner_text()
    _reports(visitor, UNCONNECTED, note)
    _answers(operator, "/operator/reports", name, note)


def _registers_a_bank(window: Window, name: str) -> Page:
    """The operator writes a bank down, with both spans of days."""
    page = sound(window.open("/operator/organisations"))
    page.get_by_role("link", name="登记金融机构").click()
    sound(page).locator("[name=name_zh]").fill(name)
    page.locator("[name=name_en]").fill("Ganjiang Test Bank")
    page.locator("[name=institution_kind]").select_option("bank")
    page.locator("[name=region]").select_option("360102")
    press(page, "登记")
    expect(sound(page).get_by_role("main")).to_contain_text("还缺什么")
    for span in ("qualified", "agreement"):
        page.locator(f"[name={span}_from]").fill("2026-01-01")
        page.locator(f"[name={span}_last]").fill("2099-12-31")
    press(page, "保存有效期")
    expect(sound(page).get_by_role("main")).not_to_contain_text("没有登记")
    return page


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_bank_is_brought_in_and_its_first_member_arrives(open_window: OpenWindow, width: str) -> None:
    operator, newcomer = open_window("operator", width), open_window(width=width)
    bank = f"赣江{width}测试银行"
    page = _registers_a_bank(operator, bank)
    home = page.url.removeprefix(operator.site.address).split("#")[0]
    page.locator("[name=role]").select_option("institution_admin")
    press(page, "生成邀请链接")
    link = sound(page).get_by_label("一次性链接").input_value()
    path = urlsplit(link).path

    page = sound(newcomer.open(path))
    expect(page.get_by_role("main")).to_contain_text(bank)
    page.locator("[name=name]").fill("演示行长")
    page.locator("[name=phone]").fill(new_phone())
    for secret in page.locator("input[type=password]").all():
        secret.fill(PASSWORD)
    page.locator("[name=terms]").check()
    press(page, "注册并加入")
    expect(page).to_have_url(re.compile("/institution"))
    sound(page)

    page = sound(operator.open(home))
    press(page, "接入平台")
    expect(sound(page).get_by_role("main")).to_contain_text("登记、有效期、成员和接入都已完成")


def test_an_announcement_is_seen_until_it_is_withdrawn(open_window: OpenWindow) -> None:
    operator, visitor = open_window("operator", "desk"), open_window(width="phone")
    page = sound(operator.open("/operator/announcements"))
    page.get_by_role("link", name="写公告").click()
    words = {"title_zh": "周日夜间维护", "title_en": "Maintenance on Sunday", "body_zh": "正文", "body_en": "Body"}
    days = {"shown_from": "2026-01-01", "shown_until": "2999-12-31"}
    for field, value in (words | days).items():
        page.locator(f"[name={field}]").fill(value)
    page.locator("[name=audience]").select_option("all")
    press(sound(page), "保存草稿")
    announcement = page.url.removeprefix(operator.site.address)
    expect(sound(visitor.open("/")).locator("body")).not_to_contain_text("周日夜间维护")
    press(sound(page), "发布")
    expect(sound(visitor.open("/")).locator("body")).to_contain_text("周日夜间维护")
    sound(page)
    page = sound(operator.open(announcement))
    page.locator("[name=reason]").fill("维护已经结束")
    press(page, "撤下公告")
    expect(sound(visitor.open("/")).locator("body")).not_to_contain_text("周日夜间维护")


def _turns(window: Window, feature: str, button: str) -> None:
    page = sound(window.open(f"/operator/switches/{feature}"))
    page.locator("[name=reason]").fill("按计划演练")
    press(page, button)
    sound(page)


def test_a_feature_is_turned_off_said_kindly_and_turned_on(open_window: OpenWindow) -> None:
    operator, visitor = open_window("operator", "phone"), open_window(width="phone")
    sound(operator.open("/operator/switches"))
    _turns(operator, "registration", "确认关闭")
    main = sound(visitor.open("/sign-up")).get_by_role("main")
    expect(main).to_contain_text("平台暂停新用户注册，请稍后再来")
    _turns(operator, "registration", "确认开启")
    expect(sound(visitor.open("/sign-up")).get_by_role("main")).not_to_contain_text("暂停新用户注册")
