"""Stories of trust in a real browser: who proves to be whom, and who may look at whose data."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow, Window
from tests.browser.journeys.steps import PASSWORD, press, sound
from tests.factories.accounts import new_credit_code, new_phone
from tests.factories.files import pdf

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
    expect(page.get_by_label("证件上的代码")).to_have_attribute("aria-invalid", "true")
    _was_refused(clerk, 400)
    page.get_by_label("证件上的代码").fill(code)
    press(page, "核对一致，核实通过")
    _says(page, "认领已当面核实")

    _says(newcomer.open("/messages"), "您的认领已核实")
    _says(newcomer.open("/account/claim/papers"), "认领已经核实")
    expect(sound(newcomer.open("/account")).locator("dl")).to_contain_text(["已核实"])


def _hands_in(window: Window, folder: Path) -> None:
    """The claimant uploads the licence and the letter."""
    for number, kind in enumerate(("营业执照", "授权委托书"), start=1):
        paper = folder / f"{kind}.pdf"
        paper.write_bytes(pdf(kind))
        page = sound(window.open("/account/claim/papers"))
        page.get_by_label("材料种类").select_option(label=kind)
        page.locator("input[type=file]").set_input_files(paper)
        press(page, "上传")
        expect(page.get_by_role("main").locator("tbody tr")).to_have_count(number)
    _says(window.page, "需要的材料已经齐了")


def _follow(page: Page, name: str) -> None:
    """Follow a link of the page's main part."""
    page.get_by_role("main").get_by_role("link", name=name).first.click()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_papers_prove_a_claim_and_settle_a_dispute(open_window: OpenWindow, tmp_path: Path, width: str) -> None:
    code, firm = new_credit_code(), f"洪都示例{width}有限公司"
    holder, rival, operator = open_window(width=width), open_window(width=width), open_window("operator", width)
    _signs_up(holder, code, firm)
    _hands_in(holder, tmp_path)

    page = sound(operator.open("/operator/claims"))
    _follow(page, firm)
    with page.expect_download() as saved:
        page.get_by_role("link", name="营业执照.pdf").click()
    assert saved.value.path().read_bytes() == pdf("营业执照")
    sound(page).get_by_label("核实依据").fill("核对营业执照原件和授权书，与登记信息一致。")
    press(page, "核实通过")
    _says(page, "认领已核实，该单位现在可以使用主体数据")
    _says(holder.open("/account/claim/papers"), "认领已经核实")

    _signs_up(rival, code, f"{firm}办事处")
    _hands_in(rival, tmp_path)
    _says(holder.open("/account/claim/papers"), "另一个账户也提交了对贵单位的认领")
    expect(holder.page.get_by_role("main")).not_to_contain_text("办事处")

    _follow(sound(operator.open("/operator/claims?state=pending&disputed=1")), f"{firm}办事处")
    _follow(sound(page), "查看并处理争议")
    sound(page).get_by_label(re.compile(f"^{firm}（")).check()
    page.get_by_label("核实依据").fill("向登记机关核对，授权书由法定代表人签署。")
    page.get_by_label("撤销其他认领的理由").fill("授权书没有法定代表人签字。")
    press(page, "保留所选认领，撤销其余")
    _says(page, "争议已处理，各方都会收到消息")

    _says(rival.open("/messages"), "您的认领已被撤销")
    _says(rival.open("/account"), "撤销的原因：授权书没有法定代表人签字。")
    _follow(rival.page, "重新认领")
    _says(rival.page, "由平台运营人员重新核实")
    _says(holder.open("/messages"), "您的认领继续有效")
    _says(holder.open("/account/claim/papers"), "认领已经核实")


def _grants(window: Window) -> tuple[str, str]:
    """The owner lets the bank see two data sets for a month; the receipt's number and the consent's last part."""
    _follow(sound(window.open("/consents")), "新的授权")
    _follow(sound(window.page), "江西银行")
    page = sound(window.page)
    for choice in ("登记信息", "纳税信息", "审查融资申请"):
        page.get_by_label(choice, exact=True).check()
    month = page.get_by_label(re.compile("^30 天"))
    month.check()
    last = page.locator(f"label[for='{month.get_attribute('id')}']").inner_text().partition("到 ")[2]
    assert last
    page.get_by_label("我已看清以上内容").check()
    press(page, "授权")
    for words in ("授权已生效", "江西银行", "登记信息、纳税信息", "审查融资申请", f"至 {last}", "还没有人看过"):
        expect(page.get_by_role("main")).to_contain_text(words)
    number = sound(page).get_by_text(re.compile(r"^\s*SQ")).first.inner_text()
    return number, page.url.rsplit("/", 1)[1]


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_consent_opens_a_profile_until_it_is_withdrawn(open_window: OpenWindow, width: str) -> None:
    owner, clerk = open_window("applicant_owner", width), open_window("institution_clerk", width)
    number, consent = _grants(owner)

    page = sound(clerk.open("/institution/profiles"))
    page.get_by_role("row").filter(has_text=number).get_by_role("link").click()
    page.wait_for_load_state("networkidle")
    _says(page, f"依据授权 {number}")
    expect(page.locator("#data-tax")).to_be_visible()
    expect(page.locator("#data-invoices")).to_have_count(0)

    _follow(sound(owner.open("/consents")), "看看谁看过我的档案")
    read = sound(owner.page).locator("#reads tr").filter(has_text=number).first
    expect(read).to_contain_text("江西银行")
    expect(read).to_contain_text("审查融资申请")

    page = sound(owner.open(f"/consents/{consent}"))
    page.get_by_label("原因").select_option(label="不打算在这家机构办理了")
    press(page, "撤回授权")
    _says(page, "授权已撤回，机构现在起不能再看您的档案")
    clerk.page.reload(wait_until="networkidle")
    _was_refused(clerk, 403)
    _says(clerk.page, "这份授权已经撤回、到期或失效，不能再查看档案；仍需查看的，请对方重新授权。")
    row = sound(clerk.open("/institution/profiles")).get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text("已撤回")
    expect(row.get_by_role("link")).to_have_count(0)
