"""What is refused on the pages of leads: one clear sentence in place, what was typed is kept, nothing is changed."""

from io import BytesIO

import pytest

from finmart.matching.leads.service import institution
from finmart.platform.db.session import unit_of_work
from finmart.platform.switches import service as switches
from finmart.platform.switches.types import Switch
from finmart.products import service as products
from tests.factories import leads as world
from tests.factories.stories import story
from tests.fixtures.city import CityVisit
from tests.fixtures.people import enter, new_person
from tests.functional.access.of_leads import OFFER, REFUSE
from tests.functional.matching.walking import CLERK, OPERATOR, OWNER, Walk, scalar, state_of, words

LEADS_OF = "SELECT count(*) FROM lead JOIN demand ON demand.id = demand_id WHERE demand.public_id = :id"
BANK_PRODUCT = "jxbank_wenqidai"


@pytest.fixture
def walk(visit: CityVisit) -> Walk:
    """A walk through the city."""
    return Walk(visit)


def test_a_decision_on_a_withdrawn_demand(walk: Walk) -> None:
    lead = story("withdrawn").lead
    page = walk.refused(409, CLERK, "matching.approve_lead", {**OFFER, "amount": "15"}, public_id=lead)
    assert "这笔申请的状态已经变化，不能再做这一步" in page
    assert "申请人撤回了需求" in words(page), "the page says what has become of it"
    page = walk.refused(409, CLERK, "matching.decline", {"code": "cash_flow"}, public_id=lead)
    assert "这笔申请的状态已经变化" in page
    assert state_of(lead) == "withdrawn"


def test_a_sum_that_nobody_lends(walk: Walk) -> None:
    demand = story("draft").demand
    page = walk.refused(
        422, OWNER, "matching.apply", {"amount": "0.00001"}, public_id=demand, product_code=BANK_PRODUCT
    )
    assert "金额不到 1,000 元" in page
    assert scalar(LEADS_OF, id=demand) == 0


def test_an_amount_above_the_products_cap(walk: Walk) -> None:
    demand = story("draft", amount=3000 * world.WAN).demand
    page = walk.refused(
        400, OWNER, "matching.apply", {"amount": "1000.01"}, public_id=demand, product_code=BANK_PRODUCT
    )
    assert "金额超过了产品的上限1000万元" in page
    assert 'value="1000.01"' in page, "what was typed is kept"
    assert scalar(LEADS_OF, id=demand) == 0
    opened = story("open", amount=3000 * world.WAN).demand
    bid = {**OFFER, "product": BANK_PRODUCT, "with_bid": "y", "amount": "1200"}
    page = walk.refused(400, CLERK, "matching.take_card", bid, public_id=opened)
    assert "金额超过了产品的上限1000万元" in page
    assert scalar(LEADS_OF, id=opened) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "0"}, "金额要大于零"),
        ({"amount": "25"}, "金额不能超过申请人申请的数额"),
        ({"amount": "十万"}, "不是一个数"),
        ({"rate": "0"}, "年利率要大于0、不超过36%"),
        ({"rate": "40"}, "年利率要大于0、不超过36%"),
        ({"rate": "4.35678"}, "小数位太多"),
        ({"months": "0"}, "请填写 1 到 360 之间的整数"),
        ({"method": "never"}, "error-summary"),
        ({"fee_guarantee": "很少"}, "不是一个数"),
        ({"fee_guarantee": "-1"}, "费用只能从清单中选择，数额不能小于零"),
        ({"fee_service": "100"}, "按这些条件算不出综合成本"),
    ],
)
def test_terms_that_cannot_be(walk: Walk, changes: dict[str, str], sentence: str) -> None:
    lead = story("review").lead
    walk.visit.enter(CLERK)
    response = walk.visit.send(
        "matching.approve_lead", "POST", values={"public_id": lead}, form={**OFFER, "note": "原样保留", **changes}
    )
    html = response.get_data(as_text=True)
    assert response.status_code in (400, 422), walk.visit.told(response)
    assert sentence in html
    assert "原样保留</textarea>" in html
    assert state_of(lead) == "review"


def test_a_card_whose_places_are_full(walk: Walk) -> None:
    found = story("open")
    with unit_of_work():
        rivals = [desk for desk in world.desks() if desk.code != "jxbank"][:3]
        for rival in rivals:
            institution.take_card(rival.actor, found.demand, product_code=rival.product)
    form = {**OFFER, "product": BANK_PRODUCT}
    page = walk.refused(409, CLERK, "matching.take_card", form, public_id=found.demand)
    assert "这条需求最多由3家机构跟进，名额刚刚已被占满" in page
    assert "看其他需求" in page, "there is a way on"
    assert scalar(LEADS_OF, id=found.demand) == 3
    assert "名额已满" in walk.page(CLERK, "matching.board")


def test_a_card_that_was_taken_back_in_between(walk: Walk) -> None:
    demand = story("open").demand
    walk.post(OWNER, "matching.leave_board", public_id=demand)
    page = walk.refused(404, CLERK, "matching.take_card", {**OFFER, "product": BANK_PRODUCT}, public_id=demand)
    assert "这张需求名片已经不在公开列表中" in page


def test_a_second_application_to_the_same_institution(walk: Walk) -> None:
    found = story("received")
    page = walk.refused(
        409, OWNER, "matching.apply", {"amount": "10"}, public_id=found.demand, product_code=BANK_PRODUCT
    )
    assert "已有一笔进行中的申请" in page
    assert f"/applications/{found.lead}" in page, "the way to the one that runs"


def test_somebody_elses_product_is_not_ours_to_offer(walk: Walk) -> None:
    demand = story("open").demand
    page = walk.refused(422, CLERK, "matching.take_card", {**OFFER, "product": "ccb_yunshuidai"}, public_id=demand)
    assert "error-summary" in page
    assert scalar(LEADS_OF, id=demand) == 0


def test_an_unconnected_institution_takes_no_application(walk: Walk) -> None:
    demand = story("draft").demand
    page = walk.refused(409, OWNER, "matching.apply", {"amount": "10"}, public_id=demand, product_code="cmb_zhaoqidai")
    assert "这家机构没有在平台上受理申请" in page


@pytest.mark.parametrize(
    ("endpoint", "state", "form"),
    [
        ("matching.reveal", "received", {}),
        ("matching.accept", "review", {}),
        ("matching.refuse", "review", REFUSE),
        ("matching.withdraw_application", "declined", REFUSE),
        ("matching.hand_in", "review", {}),
    ],
)
def test_a_step_that_is_not_the_applicants_now(walk: Walk, endpoint: str, state: str, form: dict[str, str]) -> None:
    lead = story(state).lead
    before = state_of(lead)
    page = walk.refused(409, OWNER, endpoint, form, public_id=lead)
    assert "这笔申请的状态已经变化" in page
    assert page.count('role="alert"') == 1, "said once"
    assert state_of(lead) == before


@pytest.mark.parametrize("reason", ["", "bribe"])
def test_a_reason_that_is_none(walk: Walk, reason: str) -> None:
    found = story("interested")
    for endpoint in ("matching.refuse", "matching.withdraw_application"):
        page = walk.refused(422, OWNER, endpoint, {"reason": reason}, public_id=found.lead)
        assert "error-summary" in page
    page = walk.refused(422, OWNER, "matching.withdraw", {"reason": reason}, public_id=found.demand)
    assert "error-summary" in page
    assert state_of(found.lead) == "interested"


@pytest.mark.parametrize("places", ["0", "6", "all", ""])
def test_places_are_one_to_five(walk: Walk, places: str) -> None:
    demand = story("draft").demand
    page = walk.refused(422, OWNER, "matching.publish", {"places": places}, public_id=demand)
    assert "error-summary" in page
    assert scalar("SELECT state FROM demand WHERE public_id = :id", id=demand) == "draft"


def test_a_demand_that_has_ended_takes_no_step(walk: Walk) -> None:
    demand = story("withdrawn").demand
    for endpoint, form in (
        ("matching.publish", {"places": "3"}),
        ("matching.leave_board", {}),
        ("matching.finish", {}),
        ("matching.withdraw", {"reason": "funded"}),
    ):
        assert "这条需求已经是另一个状态" in walk.refused(409, OWNER, endpoint, form, public_id=demand)


def test_papers_are_refused_in_place_and_none_of_them_is_kept(walk: Walk) -> None:
    found = story("materials")
    files = {"files": [(BytesIO(b"%PDF-1.4 cut off"), "a.pdf")]}
    page = walk.refused(
        400, OWNER, "matching.hand_over", files, public_id=found.lead, material_public_id=found.material
    )
    assert "文件不完整或已损坏" in page
    nothing = walk.refused(
        422, OWNER, "matching.hand_over", {}, public_id=found.lead, material_public_id=found.material
    )
    assert "请选择要上传的文件" in nothing
    assert scalar("SELECT files FROM lead_material WHERE public_id = :id", id=found.material) in ("[]", [])


def test_a_colleagues_lead_is_the_colleagues(walk: Walk) -> None:
    lead = story("received").lead
    walk.post("institution_admin", "matching.claim", public_id=lead)
    page = walk.refused(409, CLERK, "matching.log_contact", {"channel": "phone", "outcome": "reached"}, public_id=lead)
    assert "这笔申请已由同事领取" in page
    assert "这笔申请由同事办理" in page
    assert "现在可以做的" not in page
    walk.post("institution_admin", "matching.claim", public_id=lead)


def test_looking_at_refused_terms_is_recorded_like_any_look_at_contacts(walk: Walk) -> None:
    lead = story("review").lead
    seen = "SELECT count(*) FROM audit_row WHERE name = 'lead.contacts_shown' AND target = :id"
    walk.confirmed(CLERK, "matching.approve_lead", {"amount": "15"}, public_id=lead)
    assert scalar(seen, id=lead) == 1, "the page with the cost showed whom to call, and that stands in the record"


def test_what_is_switched_off_says_so(walk: Walk) -> None:
    demand = story("draft").demand
    with unit_of_work():
        for switch in (Switch.DIRECT_APPLICATIONS, Switch.OPEN_DEMANDS):
            switches.turn(world.OPERATOR, switch, on=False, reason="系统升级")
    page = walk.refused(503, OWNER, "matching.publish", {"places": "3"}, public_id=demand)
    assert "平台暂停发布新的需求" in page
    page = walk.refused(503, OWNER, "matching.apply", {"amount": "9"}, public_id=demand, product_code=BANK_PRODUCT)
    assert "平台暂停接收新的产品申请" in page
    assert "平台暂停接收新的产品申请" in walk.page(OWNER, "matching.demand", public_id=demand)
    assert scalar(LEADS_OF, id=demand) == 0


def test_the_operator_sends_on_and_takes_away(walk: Walk) -> None:
    found = story("open")
    page = walk.page(OPERATOR, "matching.stuck")
    assert "寻找愿意承接的机构" in page
    assert "南昌岚驰" not in page, "no applicant is named"
    assert "请选择一家机构" in walk.refused(
        422, OPERATOR, "matching.dispatch", {"institution": ""}, public_id=found.demand
    )
    bank = scalar("SELECT public_id FROM organisation WHERE code = 'jxbank'")
    walk.post(OPERATOR, "matching.dispatch", {"institution": bank}, public_id=found.demand)
    page = walk.refused(409, OPERATOR, "matching.dispatch", {"institution": bank}, public_id=found.demand)
    assert "已有一笔进行中的申请" in page
    silent = story("received")
    page = walk.refused(400, OPERATOR, "matching.take_away", {"reason": "催"}, public_id=silent.lead)
    assert "请写明原因，至少4个字" in page
    walk.post(OPERATOR, "matching.take_away", {"reason": "电话催办三次无人答复"}, public_id=silent.lead)
    assert "机构逾期没有办理" in walk.page(OWNER, "matching.application", public_id=silent.lead)


def test_an_institution_without_products_is_told_what_to_do(walk: Walk) -> None:
    demand = story("open").demand
    person = new_person("institution_admin")
    enter(walk.visit.client, person.token)
    response = walk.visit.send("matching.take_card", values={"public_id": demand})
    assert "承接要用一个已公开的产品" in response.get_data(as_text=True)


def test_nothing_waits_is_said(walk: Walk) -> None:
    person = new_person("institution_admin")
    enter(walk.visit.client, person.token)
    assert "没有待办的申请" in walk.visit.send("matching.inbox").get_data(as_text=True)
    applicant = new_person("applicant_owner")
    walk.visit.client = walk.visit.app.test_client()
    enter(walk.visit.client, applicant.token)
    assert "还没有申请" in walk.visit.send("matching.applications").get_data(as_text=True)


def test_what_guarantee_a_product_wants_is_said_before_the_application(walk: Walk) -> None:
    demand = story("draft").demand
    chosen = {"credit", "joint"}
    with unit_of_work(readonly=True):
        listed = [one for one in products.published_catalogue().products if one.institution.connected]
    wanting: dict[str, list[str]] = {"all": [], "some": [], "none": []}
    for one in listed:
        lacking = [bool(way.guarantee_modes) and not chosen & set(way.guarantee_modes) for way in one.variants]
        wanting["all" if all(lacking) else "some" if any(lacking) else "none"].append(one.code)
    said = {"all": "这个产品要的担保方式是", "some": "”要的担保方式是", "none": ""}
    assert wanting["all"]
    assert wanting["none"]
    for kind, codes in wanting.items():
        for code in codes[:2]:
            page = words(walk.page(OWNER, "matching.apply", public_id=demand, product_code=code))
            told = "您的需求里没有选择其中任何一种" in page
            assert told is (kind != "none"), code
            assert said[kind] in page, code
