"""Granting, the receipt, withdrawing, and the institution's side, as people meet them on pages."""

import pytest
from sqlalchemy import text, update
from werkzeug.test import TestResponse

from finmart.credit.models import Fact
from finmart.credit.repository import profiles
from finmart.credit.types.consent_text import CURRENT, TEXTS
from finmart.platform.db.session import session, unit_of_work
from finmart.reference.facts import facts
from tests.fixtures.city import CityVisit
from tests.fixtures.people import new_person

OWNER, CLERK = "applicant_owner", "institution_clerk"
FORM = {"scopes": ["registration", "tax"], "purpose": "loan_review", "days": "90", "agreed": "y"}


def page_of(response: TestResponse, status: int = 200) -> str:
    """The page that was answered."""
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return response.get_data(as_text=True)


def scalar(query: str, **values: object) -> str:
    """One value of the city."""
    with unit_of_work(readonly=True) as current:
        return str(current.execute(text(query), values).scalar_one())


def institution(code: str) -> str:
    """The public id of an institution of the catalogue."""
    return scalar("SELECT public_id FROM organisation WHERE kind = 'institution' AND code = :code", code=code)


def grant(visit: CityVisit, form: dict[str, object] | None = None, code: str = "jxbank") -> TestResponse:
    """Send the form of the grant page."""
    return visit.send("credit.new_consent", "POST", query={"institution": institution(code)}, form=form or FORM)


def granted(visit: CityVisit) -> str:
    """Grant as the owner; the consent's public id."""
    visit.enter(OWNER)
    return grant(visit).headers["Location"].rpartition("/")[2]


def test_the_page_says_who_what_why_until_when_and_what_not(visit: CityVisit) -> None:
    visit.enter(OWNER)
    page = page_of(visit.send("credit.new_consent", query={"institution": institution("jxbank")}))
    for words in ("江西银行", "增值税发票", "审查融资申请", "90 天，到", "不得把数据转给任何其他单位或个人。"):
        assert words in page
    assert all(line in page for line in (*TEXTS[CURRENT].not_allowed, *TEXTS[CURRENT].rights))
    assert "checked" not in page.partition('name="scopes"')[2].partition('name="days"')[0], (
        "nothing is chosen beforehand"
    )
    assert "第十四条" not in page, "an enterprise is no natural person"


def test_a_consent_is_granted_shown_as_a_receipt_and_listed(visit: CityVisit) -> None:
    public_id = granted(visit)
    receipt = page_of(visit.send("credit.consent", values={"public_id": public_id}))
    number = scalar("SELECT receipt_number FROM consent WHERE public_id = :id", id=public_id)
    for words in (
        number,
        "江西银行",
        "登记信息",
        "纳税信息",
        "审查融资申请",
        "没有撤回",
        "您本人的账号",
        "还没有人看过",
    ):
        assert words in receipt
    assert f"第 {CURRENT} 版" in receipt
    assert "增值税发票" not in receipt, "only what was chosen stands in it"
    listed = page_of(visit.send("credit.consents"))
    assert number in listed.partition("已经结束的授权")[0]


def test_a_read_stands_on_the_receipt_and_in_the_profile(visit: CityVisit) -> None:
    public_id = granted(visit)
    number = scalar("SELECT receipt_number FROM consent WHERE public_id = :id", id=public_id)
    visit.enter(CLERK)
    sheet = page_of(visit.send("credit.granted_profile", values={"public_id": public_id}))
    assert f"依据授权 {number}，有效至" in sheet
    assert facts()["annual_tax"].label_zh in sheet
    assert "data-tax" in sheet
    assert "data-invoices" not in sheet
    assert "没有授权的数据：增值税发票、不良信息" in sheet
    visit.enter(OWNER)
    assert (
        "江西银行"
        in page_of(visit.send("credit.consent", values={"public_id": public_id})).partition("依据这份授权的查看")[2]
    )
    reads = page_of(visit.send("credit.profile")).partition('id="reads"')[2]
    for words in ("江西银行", "审查融资申请", "经授权查看", f"授权书 {number}"):
        assert words in reads


def test_a_value_that_nobody_can_read_is_told_within_what_was_granted(visit: CityVisit) -> None:
    public_id = granted(visit)
    with unit_of_work():
        session().execute(update(Fact).where(Fact.key.in_(["annual_tax", "sales_12m"])).values(value={"a": 1.5}))
    visit.enter(CLERK)
    sheet = page_of(visit.send("credit.granted_profile", values={"public_id": public_id}))
    told = f"1 项数据存下的数值读不出来，按未知处理：{facts()['annual_tax'].label_zh}。其余照常显示。"
    assert told in sheet, "what was not granted is not named"


def test_withdrawing_closes_the_profile_at_once(visit: CityVisit) -> None:
    public_id = granted(visit)
    visit.enter(CLERK)
    assert visit.send("credit.granted_profile", values={"public_id": public_id}).status_code == 200
    visit.enter(OWNER)
    answer = visit.send("credit.revoke_consent", "POST", values={"public_id": public_id}, form={"reason": "mistake"})
    assert answer.status_code == 302
    receipt = page_of(visit.send("credit.consent", values={"public_id": public_id}))
    assert "授权时选错了" in receipt
    assert 'id="revoke"' not in receipt
    again = visit.send("credit.revoke_consent", "POST", values={"public_id": public_id}, form={"reason": "mistake"})
    assert "已经结束" in page_of(again, 409)
    visit.enter(CLERK)
    refused = page_of(visit.send("credit.granted_profile", values={"public_id": public_id}), 403)
    assert "已经撤回、到期或失效" in refused
    # The page says how to ask again, and not that another account might help.
    assert "怎样请对方重新授权" in refused
    assert "换一个账号登录" not in refused
    assert "已撤回" in page_of(visit.send("credit.granted_profiles"))


def test_a_reason_that_is_not_on_the_list_is_refused(visit: CityVisit) -> None:
    public_id = granted(visit)
    answer = visit.send("credit.revoke_consent", "POST", values={"public_id": public_id}, form={"reason": "x"})
    assert 'role="alert"' in page_of(answer, 422)


@pytest.mark.parametrize(
    ("missing", "words"),
    [("scopes", "请至少选择一类数据"), ("purpose", "请从列出的用途中选择一个"), ("agreed", "请先确认同意授权的内容")],
)
def test_an_incomplete_form_is_refused_with_a_sentence(visit: CityVisit, missing: str, words: str) -> None:
    visit.enter(OWNER)
    before = scalar("SELECT count(*) FROM consent")
    assert words in page_of(grant(visit, {key: value for key, value in FORM.items() if key != missing}), 422)
    assert scalar("SELECT count(*) FROM consent") == before


def test_a_person_is_warned_and_ticks_apart(visit: CityVisit) -> None:
    visit.enter(OWNER)
    with unit_of_work() as current:
        current.execute(
            text("UPDATE subject SET kind = 'individual_business' WHERE id IN (SELECT subject_id FROM consent)")
        )
    page = page_of(visit.send("credit.new_consent", query={"institution": institution("jxbank")}))
    assert TEXTS[CURRENT].warning in page
    assert "请先看完提示并单独勾选同意" in page_of(grant(visit), 400)
    answer = grant(visit, {**FORM, "warned": "y"})
    receipt = page_of(visit.send("credit.consent", values={"public_id": answer.headers["Location"].rpartition("/")[2]}))
    assert "已经单独确认的提示" in receipt


def test_an_institution_without_the_right_is_named_as_such(visit: CityVisit) -> None:
    visit.enter(OWNER)
    page = page_of(visit.send("credit.new_consent", query={"institution": institution("cmb_nc")}))
    assert "这家机构现在不能查看任何档案" in page
    assert 'name="scopes"' not in page
    assert "不在有效期内" in page_of(grant(visit, code="cmb_nc"), 403)
    assert institution("cmb_nc") not in page_of(visit.send("credit.new_consent"))
    assert visit.send("credit.new_consent", query={"institution": "nothingthere"}).status_code == 404


def test_a_lost_right_is_told_to_both_sides(visit: CityVisit) -> None:
    public_id = granted(visit)
    with unit_of_work() as current:
        current.execute(text("UPDATE organisation SET agreement_until = '2026-01-02' WHERE code = 'jxbank'"))
    assert "机构暂不能查看" in page_of(visit.send("credit.consents"))
    visit.enter(CLERK)
    assert "不在有效期内" in page_of(visit.send("credit.granted_profile", values={"public_id": public_id}), 403)
    listed = page_of(visit.send("credit.granted_profiles"))
    assert "不能查看任何档案" in listed
    assert f"/institution/profiles/{public_id}" not in listed


def test_before_verification_nobody_can_grant(visit: CityVisit) -> None:
    visit.people[OWNER] = new_person(OWNER)
    visit.enter(OWNER)
    page = page_of(visit.send("credit.new_consent", query={"institution": institution("jxbank")}))
    assert 'name="scopes"' not in page
    assert 'href="/account/claim"' in page
    assert grant(visit).status_code == 200
    assert "没有有效的授权" in page_of(visit.send("credit.consents"))


def test_strangers_find_no_consent(visit: CityVisit) -> None:
    public_id = granted(visit)
    visit.people[OWNER], visit.people[CLERK] = new_person(OWNER), new_person(CLERK)
    visit.enter(OWNER)
    assert visit.send("credit.consent", values={"public_id": public_id}).status_code == 404
    form = {"reason": "done"}
    assert visit.send("credit.revoke_consent", "POST", values={"public_id": public_id}, form=form).status_code == 404
    visit.enter(CLERK)
    assert visit.send("credit.granted_profile", values={"public_id": public_id}).status_code == 404
    assert scalar("SELECT count(*) FROM consent WHERE public_id = :id AND revoked_at IS NULL", id=public_id) == "1"


def test_nothing_is_shown_when_the_read_cannot_be_written_down(
    visit: CityVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = granted(visit)

    def refuse(**_values: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(profiles, "add_access", refuse)
    visit.app.config["PROPAGATE_EXCEPTIONS"] = False
    visit.enter(CLERK)
    page = page_of(visit.send("credit.granted_profile", values={"public_id": public_id}), 500)
    assert facts()["annual_tax"].label_zh not in page
