"""The whole story through the pages: from a need to money, and from an anonymous card to a coded decline."""

from io import BytesIO

import pytest

from finmart.platform.files.types.kinds import FileKind
from finmart.platform.kernel.clock import today
from tests.factories.files import PDF
from tests.fixtures.city import CityVisit
from tests.functional.access.of_leads import OFFER
from tests.functional.access.of_matching import NEED
from tests.functional.matching.walking import CLERK, OWNER, SEEN, Walk, last_part, scalar, state_of

BANK_PRODUCT = "jxbank_wenqidai"


@pytest.fixture
def walk(visit: CityVisit) -> Walk:
    """A walk through the city."""
    return Walk(visit)


def applied(walk: Walk) -> tuple[str, str]:
    """Ask, read what will be shown to whom, and apply; the demand and its lead."""
    demand = last_part(walk.post(OWNER, "matching.new_demand", {**NEED, "amount": "60"}))
    page = walk.page(OWNER, "matching.apply", public_id=demand, product_code=BANK_PRODUCT)
    assert "提交就是同意江西银行看到您的联系方式" in page
    assert "韩禾示" in page, "the very person whom the bank would call is named"
    assert "1 个工作日内，机构联系您" in page

    lead = last_part(walk.post(OWNER, "matching.apply", {"amount": "50"}, public_id=demand, product_code=BANK_PRODUCT))
    page = walk.page(OWNER, "matching.application", public_id=lead)
    assert "现在轮到 江西银行 联系您" in page
    assert "申请金额 50万元" in page.replace("\N{NO-BREAK SPACE}", "")
    assert "轮到江西银行：联系您" in walk.page(OWNER, "matching.applications")
    assert "轮到机构：联系您" in walk.page(OWNER, "matching.home")
    return demand, lead


def contacted(walk: Walk, lead: str) -> None:
    """Find the lead in the inbox, claim it, and reach the applicant at the second try."""
    inbox = walk.page(CLERK, "matching.inbox")
    assert "机构已收到，待联系" in inbox
    assert "日常经营周转" in inbox
    desk = walk.page(CLERK, "matching.lead", public_id=lead)
    assert "现在轮到 本机构 联系申请人" in desk
    assert "1900000010" in desk, "after a direct application the clerk sees whom to call"
    walk.post(CLERK, "matching.claim", public_id=lead)
    walk.post(
        CLERK, "matching.log_contact", {"channel": "phone", "outcome": "no_answer", "note": "占线"}, public_id=lead
    )
    assert state_of(lead) == "received", "nobody was reached yet"
    walk.post(CLERK, "matching.log_contact", {"channel": "phone", "outcome": "reached"}, public_id=lead)
    assert state_of(lead) == "contacted"
    assert "电话：无人接听" in walk.page(OWNER, "matching.application", public_id=lead)


def test_from_an_application_to_the_money(walk: Walk) -> None:
    demand, lead = applied(walk)
    contacted(walk, lead)
    walk.post(
        CLERK,
        "matching.ask_materials",
        {"codes": ["business_licence", "contract"], "other": "租赁合同", "required": "y"},
        public_id=lead,
    )
    hand_in_papers(walk, lead)
    walk.post(CLERK, "matching.give_opinion", {"note": "经营正常，可以受理。"}, public_id=lead)
    assert "经营正常，可以受理。" in walk.page(OWNER, "matching.application", public_id=lead)

    terms = {"amount": "45", "rate": "4.2", "fee_guarantee": "1", "fee_guarantee_how": "prepaid", "note": "请带公章"}
    walk.confirmed(CLERK, "matching.approve_lead", terms, public_id=lead)
    page = walk.page(OWNER, "matching.application", public_id=lead)
    assert "现在轮到 您 答复是否接受" in page
    assert "担保费" in page
    assert "请带公章" in page
    walk.post(OWNER, "matching.accept", public_id=lead)
    walk.refused(400, CLERK, "matching.draw_down", {"amount": "46", "on": today().isoformat()}, public_id=lead)
    walk.post(CLERK, "matching.draw_down", {"amount": "45", "on": today().isoformat()}, public_id=lead)
    assert "已放款 45" in walk.page(OWNER, "matching.application", public_id=lead)
    assert "这条需求已经得到放款。" in walk.page(OWNER, "matching.demand", public_id=demand)
    assert "已放款" in walk.page(CLERK, "matching.lead", public_id=lead)
    walk.post(CLERK, "matching.reverse", {"reason": "登记错了日期"}, public_id=lead)
    page = walk.page(OWNER, "matching.application", public_id=lead)
    assert "已更正" in page, "both steps stay on the page"
    assert "登记错了日期" in page


def hand_in_papers(walk: Walk, lead: str) -> None:
    """Upload what is missing, see that a file too many or of the wrong kind is refused, and hand in."""
    page = walk.page(OWNER, "matching.application", public_id=lead)
    assert "现在轮到 您 补齐材料" in page
    assert "还差 3 项必需的材料" in page
    refused = walk.refused(409, OWNER, "matching.hand_in", public_id=lead)
    assert "还有3项必需的材料没有上传" in refused
    lines = [
        scalar(
            "SELECT line.public_id FROM lead_material AS line JOIN lead ON lead.id = lead_id "
            "WHERE lead.public_id = :id AND line.code = :code",
            id=lead,
            code=code,
        )
        for code in ("business_licence", "contract", "other")
    ]
    for line in lines:
        files = {"files": [(BytesIO(PDF), "甲.pdf"), (BytesIO(PDF + b"\n"), "乙.pdf")]}
        walk.post(OWNER, "matching.hand_over", files, public_id=lead, material_public_id=line)
    program = {"files": (BytesIO(b"MZ\x90\x00" + b"\0" * 64), "x.pdf")}
    page = walk.refused(400, OWNER, "matching.hand_over", program, public_id=lead, material_public_id=lines[0])
    assert "不接受这种文件" in page
    walk.post(OWNER, "matching.hand_in", public_id=lead)
    file = scalar("SELECT public_id FROM stored_file ORDER BY id DESC LIMIT 1")
    for role, endpoint in ((CLERK, "matching.lead_file"), (OWNER, "matching.own_file")):
        walk.visit.enter(role)
        got = walk.visit.send(endpoint, values={"public_id": lead, "file_public_id": file})
        assert got.status_code == 200
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert got.mimetype == f"application/{FileKind.PDF.value}"


def test_from_an_anonymous_card_to_a_coded_decline(walk: Walk) -> None:
    demand = last_part(walk.post(OWNER, "matching.new_demand", {**NEED, "amount": "30"}))
    page = walk.page(OWNER, "matching.demand", public_id=demand)
    assert "机构看到的就是这些" in page
    walk.post(OWNER, "matching.publish", {"places": "2"}, public_id=demand)
    assert "现在轮到 平台 寻找愿意承接的机构" in walk.page(OWNER, "matching.demand", public_id=demand)

    assert "红谷滩区" in walk.page(CLERK, "matching.board")
    card = walk.page(CLERK, "matching.take_card", public_id=demand)
    assert "南昌岚驰" not in card
    assert "还有 2 个名额" in card
    bid = {"product": BANK_PRODUCT, "with_bid": "y", "amount": "30", "rate": "4.35"}
    lead = last_part(walk.confirmed(CLERK, "matching.take_card", bid, public_id=demand))
    desk = walk.page(CLERK, "matching.lead", public_id=lead)
    assert "匿名需求" in desk
    assert "南昌岚驰" not in desk
    walk.refused(400, CLERK, "matching.ask_applicant", {"text": "请加我 138 0013 8000"}, public_id=lead)
    walk.post(CLERK, "matching.ask_applicant", {"text": "主要客户是哪些？"}, public_id=lead)

    page = walk.page(OWNER, "matching.application", public_id=lead)
    assert "现在轮到 您 决定是否让机构看到联系方式" in page
    assert "意向条件：综合融资成本清单 4.44%" in page
    assert "主要客户是哪些？" in page
    walk.post(OWNER, "matching.reveal", public_id=lead)
    assert "您同意江西银行看到联系方式" in walk.page(OWNER, "matching.application", public_id=lead)
    assert "南昌岚驰" in walk.page(CLERK, "matching.lead", public_id=lead)

    walk.post(CLERK, "matching.log_contact", {"channel": "visit", "outcome": "reached"}, public_id=lead)
    page = walk.refused(400, CLERK, "matching.decline", {"code": "other", "note": "不行"}, public_id=lead)
    assert "选择“其他原因”时，请写明具体原因" in page
    assert "不行</textarea>" in page, "what was typed is kept"
    walk.post(CLERK, "matching.decline", {"code": "cash_flow", "note": "覆盖不足"}, public_id=lead)
    page = walk.page(OWNER, "matching.application", public_id=lead)
    assert "经营流水不足以覆盖还款" in page
    assert "可以减小金额、延长期限" in page
    assert "覆盖不足" in page
    assert "南昌岚驰" not in walk.page(CLERK, "matching.lead", public_id=lead), "it has no business with them any more"

    walk.post(OWNER, "matching.leave_board", public_id=demand)
    assert "现在轮到 您 选择下一步" in walk.page(OWNER, "matching.demand", public_id=demand)
    walk.post(OWNER, "matching.finish", public_id=demand)
    assert "未获批准" in walk.page(OWNER, "matching.demand", public_id=demand)


def test_the_first_offer_stands_beside_the_decision(walk: Walk) -> None:
    demand = last_part(walk.post(OWNER, "matching.new_demand", {**NEED, "amount": "30"}))
    walk.post(OWNER, "matching.publish", {"places": "1"}, public_id=demand)
    bid = {"product": BANK_PRODUCT, "with_bid": "y", "amount": "30", "rate": "3.95"}
    lead = last_part(walk.confirmed(CLERK, "matching.take_card", bid, public_id=demand))
    walk.post(OWNER, "matching.reveal", public_id=lead)
    walk.post(CLERK, "matching.log_contact", {"channel": "phone", "outcome": "appointment"}, public_id=lead)
    walk.post(CLERK, "matching.give_opinion", {"note": "可以受理"}, public_id=lead)
    desk = walk.page(CLERK, "matching.lead", public_id=lead)
    assert "意向条件" in desk
    decision = {"amount": "25", "rate": "4.35", "fee_appraisal": "1500", "fee_appraisal_how": "amount"}
    walk.confirmed(CLERK, "matching.approve_lead", decision, public_id=lead)
    page = walk.page(OWNER, "matching.application", public_id=lead).replace("\N{NO-BREAK SPACE}", "")
    assert "年利率 3.95% 4.35% +0.40%" in page
    assert "金额 300,000元 250,000元 −50,000元" in page
    assert "评估费 不收 1,500元，放款时收一次 新增" in page
    walk.post(OWNER, "matching.refuse", {"reason": "cost"}, public_id=lead)
    assert state_of(lead) == "not_chosen"
    assert "成本太高" in walk.page(CLERK, "matching.lead", public_id=lead)


def test_an_offer_is_not_confirmed_before_its_cost_was_seen(walk: Walk) -> None:
    demand = last_part(walk.post(OWNER, "matching.new_demand", {**NEED, "amount": "30"}))
    walk.post(OWNER, "matching.publish", {"places": "1"}, public_id=demand)
    bid = {**OFFER, "product": BANK_PRODUCT, "with_bid": "y", "amount": "30"}
    walk.visit.enter(CLERK)
    seen = ""
    for changes in ({"rate": "4.35"}, {"rate": "4.36"}, {"rate": "4.36", "again": "yes"}):
        form = {**bid, "seen": seen, **changes}
        shown = walk.visit.send("matching.take_card", "POST", values={"public_id": demand}, form=form)
        assert shown.status_code == 200, walk.visit.told(shown)
        html = shown.get_data(as_text=True)
        assert "再确认一次" in html
        found = SEEN.search(html)
        assert found is not None
        seen = found[1]
    taken = "SELECT count(*) FROM lead JOIN demand ON demand.id = demand_id WHERE demand.public_id = :id"
    assert scalar(taken, id=demand) == 0
    walk.post(CLERK, "matching.take_card", {**bid, "rate": "4.36", "seen": seen}, public_id=demand)
    assert scalar(taken, id=demand) == 1
