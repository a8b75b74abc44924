"""Pages of proving a claim: the claimant's papers, the operator's dispute, the counter."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service import claims, evidence
from finmart.platform.accounts.service.reset import issue_reset_link
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.evidence import code_of
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.factories import accounts as made
from tests.factories import files
from tests.functional.accounts.browser import send, token_in

PAPERS = "/account/claim/papers"
NOTE = "核对营业执照原件和授权书"
Enter = Callable[[str], FlaskClient]


@pytest.fixture
def enter(app: Flask) -> Enter:
    """A browser signed in with a phone."""

    def with_phone(phone: str) -> FlaskClient:
        client = app.test_client()
        assert send(client, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 302
        return client

    return with_phone


def _applicant(code: str | None = None) -> tuple[Actor, str]:
    phone = made.new_phone()
    with unit_of_work():
        return made.signed_up(made.identity(identifier=code), phone=phone), phone


def _staff(role: str) -> str:
    phone = made.new_phone()
    with unit_of_work():
        made.member(role, phone=phone)
    return phone


def _claim_of(actor: Actor) -> str:
    with unit_of_work(readonly=True):
        return evidence.own_claim_with_papers(actor).public_id


def _upload(client: FlaskClient, content: bytes, name: str = "营业执照.pdf", kind: str = "licence") -> tuple[int, str]:
    token = token_in(client.get(PAPERS))
    form = {"kind": kind, "file": FileStorage(BytesIO(content), name), "csrf_token": token}
    boundary, body = encode_multipart(form)  # In memory: the client's own temporary file would stay open.
    answer = client.post(PAPERS, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return answer.status_code, answer.get_data(as_text=True)


def _refusals() -> list[tuple[str, str]]:
    with unit_of_work(readonly=True):
        query = select(AuditRow).where(AuditRow.name == "request.refused").order_by(AuditRow.id)
        return [(row.payload["endpoint"], row.payload["error"]) for row in session().scalars(query)]


def test_a_claimant_hands_papers_in_and_saves_them_again(enter: Enter) -> None:
    actor, phone = _applicant()
    client = enter(phone)
    page = client.get(PAPERS).get_data(as_text=True)
    assert "还缺" in page
    assert code_of(_claim_of(actor)) in page
    assert _upload(client, files.pdf())[0] == 302
    page = client.get(PAPERS).get_data(as_text=True)
    (path,) = re.findall(rf'href="({PAPERS}/[^"]+)"', page)
    saved = client.get(path)
    assert saved.data == files.pdf()
    assert saved.headers["Content-Disposition"].startswith("attachment; ")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    assert send(client, PAPERS, {}, f"{path}/remove").status_code == 302
    assert client.get(path).status_code == 404


def test_a_refused_file_is_one_sentence_beside_its_field_and_an_audit_row(enter: Enter) -> None:
    _actor, phone = _applicant()
    client = enter(phone)
    for content, name, sentence in (
        (files.xlsx(**{"xl/vbaProject.bin": b"code"}), "a.xlsx", "文件含有宏"),
        (b"<html><script>", "a.pdf", "不接受这种文件"),
        (b"%PDF-" + bytes(21 * 1024 * 1024), "a.pdf", "文件超过 20 MB"),
        (files.xlsx(**{"xl/a.xml": bytes(60_000_000)}), "a.xlsx", "解开后的内容过大"),
        (b"", "a.pdf", "文件是空的"),
    ):
        status, page = _upload(client, content, name)
        assert (status, sentence in page) == (400, True), sentence
    assert send(client, PAPERS, {"kind": "licence"}).status_code == 422
    assert [error for endpoint, error in _refusals() if endpoint == "accounts.papers"] == [
        "MacrosFound",
        "FileKindRefused",
        "FileTooLarge",
        "BombFound",
        "FileEmpty",
    ]
    with unit_of_work(readonly=True):
        assert session().scalar(select(AuditRow.id).where(AuditRow.name == "file.kept")) is None


def test_two_hundred_megabytes_are_one_sentence_and_leave_nothing(enter: Enter, app: Flask) -> None:
    _actor, phone = _applicant()
    client = enter(phone)
    answer = client.post(PAPERS, data=b"", environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "超过 20 MB" in answer.get_data(as_text=True)
    assert _refusals() == [("accounts.papers", "RequestEntityTooLarge")]
    assert not (app.config["FINMART"].data / "files").exists()


def test_papers_of_others_are_not_there(enter: Enter) -> None:
    _one, phone = _applicant()
    client = enter(phone)
    _upload(client, files.pdf())
    (path,) = re.findall(rf'href="({PAPERS}/[^"]+)"', client.get(PAPERS).get_data(as_text=True))
    _other, elsewhere = _applicant()
    stranger = enter(elsewhere)
    assert stranger.get(path).status_code == 404
    assert _refusals() == [("accounts.paper", "PaperUnknown")]


def test_the_operator_opens_papers_and_settles_a_dispute(enter: Enter) -> None:
    code = made.new_credit_code()
    (first, _), (second, phone) = _applicant(code), _applicant(code)
    with unit_of_work():
        claims.verify_claim(made.TESTS, _claim_of(first), method=ClaimMethod.REVIEW, note=NOTE)
    _upload(enter(phone), files.pdf("letter"), kind="letter")
    operator = enter(_staff("operator"))
    page = f"/operator/claims/{_claim_of(second)}"
    shown = operator.get(page).get_data(as_text=True)
    (paper,) = re.findall(rf'href="({page}/papers/[^"]+)"', shown)
    assert operator.get(paper).data == files.pdf("letter")
    assert f"{page}/dispute" in shown
    form = {"keep": _claim_of(second), "note": NOTE, "reason": "授权书已经失效"}
    assert send(operator, f"{page}/dispute", {**form, "keep": "nothing"}).status_code == 422
    assert send(operator, f"{page}/dispute", {**form, "reason": ""}).status_code == 422
    assert send(operator, f"{page}/dispute", form).status_code == 302
    with unit_of_work(readonly=True):
        assert (claims.own_claim(first), claims.own_claim(second)) == (ClaimState.REVOKED, ClaimState.VERIFIED)
    assert operator.get(f"{page}/dispute").status_code == 409


def test_the_second_claimant_reads_that_it_is_under_review_and_never_of_another(enter: Enter) -> None:
    code = made.new_credit_code()
    (first, _), (_second, phone) = _applicant(code), _applicant(code)
    with unit_of_work():
        claims.verify_claim(made.TESTS, _claim_of(first), method=ClaimMethod.REVIEW, note=NOTE)
    client = enter(phone)
    for path in (PAPERS, "/account", "/demands", "/messages"):
        page = client.get(path, follow_redirects=True).get_data(as_text=True)
        assert "争议" not in page, path
        assert "另一个" not in page, path
        assert _claim_of(first) not in page, path
    assert "正在核实" in client.get(PAPERS).get_data(as_text=True)


def test_a_clerk_finds_and_verifies_at_the_counter(enter: Enter) -> None:
    identifier = made.new_credit_code()
    actor, _phone = _applicant(identifier)
    clerk = enter(_staff("counter_clerk"))
    assert clerk.get("/counter/claims?code=nothing").status_code == 404
    assert clerk.get("/counter/claims?code=" + "x" * 60).status_code == 422
    found = clerk.get(f"/counter/claims?code={code_of(_claim_of(actor)).upper()}")
    page = found.headers["Location"]
    shown = clerk.get(page).get_data(as_text=True)
    assert identifier not in shown
    assert "papers/" not in shown
    form = {"identifier": identifier, "note": NOTE}
    wrong = send(clerk, page, {**form, "identifier": made.new_credit_code()}, f"{page}/verify")
    assert (wrong.status_code, "证件上的代码与认领的主体不一致" in wrong.get_data(as_text=True)) == (400, True)
    assert send(clerk, page, {**form, "note": ""}, f"{page}/verify").status_code == 422
    assert send(clerk, page, form, f"{page}/verify").status_code == 302
    assert "不需要再办理" in clerk.get(page).get_data(as_text=True)
    with unit_of_work(readonly=True):
        assert claims.own_claim(actor) is ClaimState.VERIFIED
    assert ("accounts.counter_verify", "PapersDiffer") in _refusals()


@pytest.mark.parametrize("path", ["/reset/link/forged", "/invitation/forged"])
def test_a_forged_link_is_one_sentence_and_an_audit_row(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert "这个链接无效、已使用或已过期" in answer.get_data(as_text=True)
    (refused,) = _refusals()
    assert refused[1] == "LinkUnusable"
    with unit_of_work(readonly=True):
        assert "forged" not in repr([row.payload | {"t": row.target} for row in session().scalars(select(AuditRow))])


def test_an_expired_link_is_the_same_sentence_and_an_audit_row(app: Flask) -> None:
    with unit_of_work():
        actor = made.signed_up()
        user = session().scalar(select(User.public_id).where(User.id == actor.user_id)) or ""
        link = issue_reset_link(made.TESTS, user)
    assert app.test_client().get(f"/reset/link/{link.token}").status_code == 200
    with time_machine.travel(link.expires_at, tick=False):
        answer = app.test_client().get(f"/reset/link/{link.token}")
    assert answer.status_code == 404
    assert "这个链接无效、已使用或已过期" in answer.get_data(as_text=True)
    assert _refusals() == [("accounts.reset_link", "LinkUnusable")]
