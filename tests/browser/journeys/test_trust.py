"""Stories of trust in a real browser: who proves to be whom, and who may look at whose data."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow, Window
from tests.browser.journeys.steps import PASSWORD, press, sound
from tests.factories.accounts import new_credit_code, new_phone

pytestmark = pytest.mark.browser


def _signs_up(window: Window, code: str, name: str) -> None:
    """A newcomer signs a firm up; the claim waits."""
    page = sound(window.open("/sign-up/enterprise"))
    for field, value in {"identifier": code, "name": name, "contact": "演示经理", "phone": new_phone()}.items():
        page.locator(f"[name={field}]").fill(value)
    page.locator("[name=region]").select_option("360113")
    for secret in page.locator("input[type=password]").all():
        secret.fill(PASSWORD)
    page.locator("[name=terms]").check()
    press(page, "注册并登录")


def _says(page: Page, words: str) -> None:
    """The sound page in front of the person says that."""
    expect(sound(page).get_by_role("main")).to_contain_text(words)


def _was_refused(window: Window, status: int) -> None:
    """The browser reports an answer of 400 and above as a fault; this one was meant."""
    assert f"status of {status}" in window.faults.pop()


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_firm_is_proven_at_the_counter(open_window: OpenWindow, width: str) -> None:
    code = new_credit_code()
    newcomer, clerk = open_window(width=width), open_window("counter_clerk", width)
    _signs_up(newcomer, code, f"滕王示例{width}有限公司")
    newcomer.open("/account").get_by_role("link", name="去核实：上传材料或到窗口办理").first.click()
    _says(newcomer.page, "您的认领正在核实")
    claim = newcomer.page.locator("#claim-code").inner_text()

    page = sound(clerk.open("/counter/claims"))
    page.get_by_label("认领编号").fill(claim)
    press(page, "查找认领")
    expect(sound(page).get_by_role("main")).not_to_contain_text(code)
    page.get_by_label("证件上的代码").fill(new_credit_code())
    page.get_by_label("核对情况").fill("法定代表人本人到场，核对营业执照原件和身份证。")
    press(page, "核对一致，核实通过")
    _says(page, "证件上的代码与认领的主体不一致")
    _was_refused(clerk, 400)
    page.get_by_label("证件上的代码").fill(code)
    press(page, "核对一致，核实通过")
    _says(page, "认领已当面核实")

    _says(newcomer.open("/messages"), "您的认领已核实")
    _says(newcomer.open("/account/claim/papers"), "认领已经核实")
    expect(sound(newcomer.open("/account")).locator("dl")).to_contain_text(["已核实"])
