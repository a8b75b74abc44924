"""The operator's pages: bringing a bank in, switches, dictionaries, announcements, failed work."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs.models import OutboxRow
from finmart.platform.kernel.clock import now
from tests.fixtures.web import SignIn

pytestmark = pytest.mark.database

REASON = {"reason": "测试用的理由"}
BANK = {"name_zh": "新来的银行", "institution_kind": "bank", "region": "360102", "contact_phone": "0791-00000000"}
ANNOUNCEMENT = {
    "title_zh": "周日夜间维护",
    "title_en": "Maintenance on Sunday",
    "body_zh": "正文",
    "body_en": "Body",
    "audience": "all",
    "region": "",
    "shown_from": "2026-01-01",
    "shown_until": "2999-12-31",
}


def _text(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def _send(client: FlaskClient, address: str, form: dict[str, str]) -> TestResponse:
    """Send a form; redirects are not followed."""
    return client.post(address, data=form)


def _said(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_bank_is_brought_in_on_its_pages(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("operator")
    new = "/operator/organisations/new/institution"
    assert "请填写这一项" in _said(_send(client, new, {**BANK, "name_zh": ""}), 422)
    wrong = {**BANK, "institution_kind": ""}
    assert "请选择机构类型" in _said(_send(client, new, wrong), 400)
    answer = _send(client, new, BANK)
    assert answer.status_code == 302
    bank = answer.headers["Location"]
    page = _text(client, bank)
    assert "没有登记接入协议的有效期" in page
    assert "还没有成员" in page
    half = {"agreement_from": "2026-01-01"}
    assert "要一起填写" in _said(_send(client, f"{bank}/dates", half), 400)
    assert "请按 2026-11-30 的样子填写日期" in _said(_send(client, f"{bank}/dates", {"agreement_from": "soon"}), 422)
    whole = {
        "agreement_from": "2026-01-01",
        "agreement_last": "2998-12-31",
        "qualified_from": "2026-01-01",
        "qualified_last": "2998-12-31",
    }
    assert _send(client, f"{bank}/dates", whole).status_code == 302
    page = _text(client, bank)
    assert "没有登记" not in page
    assert 'value="2998-12-31"' in page  # The last day as it was typed, though the house keeps the day after.
    assert "接入前须先有一位机构管理员" in _said(_send(client, f"{bank}/desk", {"on": "1"}), 409)
    invited = _said(_send(client, f"{bank}/invitations", {"role": "institution_admin"}), 200)
    token = re.findall(r"/invitation/([\w-]{20,})", invited)[0]
    assert token not in _text(client, "/operator/links")
    (link,) = re.findall(r"/operator/links/(\w{12})/withdraw", _text(client, "/operator/links"))
    assert _send(client, f"/operator/links/{link}/withdraw", {}).status_code == 302
    assert client.get(f"/invitation/{token}").status_code == 404
    assert "新来的银行" in _text(client, "/operator/organisations?attention=no_members&kind=institution")


def test_a_switch_is_turned_with_a_reason(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("operator")
    assert "请填写这一项" in _said(_send(client, "/operator/switches/registration", {"on": "0"}), 422)
    assert _send(client, "/operator/switches/registration", {**REASON, "on": "0"}).status_code == 302
    assert "平台暂停新用户注册" in _text(client, "/sign-up")
    assert client.get("/operator/switches/everything").status_code == 404


def test_a_value_is_entered_and_withdrawn(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("operator")
    value = {"words": "0791-00000000", "valid_from": "2026-01-01", "source": "平台公布"}
    assert "尚未公布" in _text(client, "/contact")
    assert _send(client, "/operator/dictionaries/hotline.platform", value).status_code == 302
    assert "0791-00000000" in _text(client, "/contact")
    (public_id,) = re.findall(r"/values/(\w{12})/withdraw", _text(client, "/operator/dictionaries/hotline.platform"))
    assert "请填写这一项" in _said(_send(client, f"/operator/dictionaries/values/{public_id}/withdraw", {}), 422)
    assert _send(client, f"/operator/dictionaries/values/{public_id}/withdraw", REASON).status_code == 302
    assert "0791-00000000" not in _text(client, "/contact")
    assert client.get(f"/operator/dictionaries/values/{public_id}/withdraw").status_code == 404
    number = {"number": "三", "scope": "", "valid_from": "2026-01-01", "source": "通知"}
    assert "请填写一个整数" in _said(_send(client, "/operator/dictionaries/clock.contact", number), 400)
    assert client.get("/operator/dictionaries/nothing").status_code == 404


def test_an_announcement_goes_above_every_page(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("operator")
    assert "不能早于第一天" in _said(
        _send(client, "/operator/announcements/new", {**ANNOUNCEMENT, "shown_until": "2025-01-01"}), 400
    )
    answer = _send(client, "/operator/announcements/new", ANNOUNCEMENT)
    address = answer.headers["Location"]
    assert "周日夜间维护" not in _text(client, "/")
    assert _send(client, f"{address}/publish", {}).status_code == 302
    assert "周日夜间维护" in _text(client, "/")
    assert "Maintenance on Sunday" in client.get("/announcements", headers={"Accept-Language": "en"}).get_data(
        as_text=True
    )
    assert "当前的状态不能这样处理" in _said(_send(client, f"{address}/publish", {}), 409)
    assert _send(client, f"{address}/withdraw", REASON).status_code == 302
    assert "周日夜间维护" not in _text(client, "/announcements")


def test_failed_work_is_retried_or_given_up(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("operator")
    with unit_of_work() as current:
        for _ in range(2):
            current.add(
                OutboxRow(name="products.index", payload={"codes": ["secret-code"]}, request_id="", run_after=now())
            )
        current.flush()
        for row in current.query(OutboxRow):
            row.failed_at, row.error = now(), "OperationalError"
    page = _text(client, "/operator/jobs")
    assert "更新产品搜索" in page
    assert "secret-code" not in page
    second, first = (int(number) for number in re.findall(r"/operator/jobs/(\d+)/retry", page))
    assert _send(client, f"/operator/jobs/{first}/retry", {}).status_code == 302
    assert client.post(f"/operator/jobs/{first}/retry").status_code == 409
    assert "请填写这一项" in _said(_send(client, f"/operator/jobs/{second}/drop", {}), 422)
    assert _send(client, f"/operator/jobs/{second}/drop", REASON).status_code == 302
    assert REASON["reason"] in _text(client, "/operator/jobs?state=dropped")
    with unit_of_work(readonly=True):
        assert session().get_one(OutboxRow, first).failed_at is None


def test_others_have_no_such_pages(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("institution_admin")
    for address in ("jobs", "deliveries", "links", "switches", "dictionaries", "announcements", "organisations"):
        assert client.get(f"/operator/{address}").status_code == 403
