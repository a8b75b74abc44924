"""The web core on a small application of its own: who gets in, what is committed, what an error says."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, Response, request
from flask_login import LoginManager
from jinja2 import DictLoader
from sqlalchemy import select

from finmart.platform.audit import service as audit
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.base import Base
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database, database, unit_of_work, use_database
from finmart.platform.extensions import babel
from finmart.platform.kernel.actor import system_actor
from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.web import access, edge, errors, security
from tests.integration.platform.events import SomethingHappened

HOUSE = system_actor("test", "tests")


def _write(how_much: int) -> None:
    audit.record(HOUSE, SomethingHappened(target="x", how_much=how_much))


def _reading_pages(app: Flask) -> None:
    @app.get("/open")
    @access.public
    def open_page() -> str:
        return "open"

    @app.get("/download")
    @access.public
    def download() -> Response:
        return Response("a,b", mimetype="text/csv", headers={"Cache-Control": "no-cache"})

    @app.get("/writing-reader")
    @access.public
    def writing_reader() -> str:
        _write(1)
        return "never"

    @app.get("/nowhere")
    @access.public
    def nowhere() -> str:
        raise NotFound("没有这样的需求。")

    @app.get("/figures")
    @access.requires(Permission.REGION_FIGURES_READ)
    def figures() -> str:
        return "figures"

    @app.get("/sign-in", endpoint="accounts.sign_in")
    @access.public
    def sign_in() -> str:
        return "sign in"


def _writing_pages(app: Flask) -> None:
    @app.post("/good")
    @access.public
    def good() -> str:
        _write(2)
        return "done"

    @app.post("/refused")
    @access.public
    def refused() -> str:
        _write(3)
        raise BadInput("金额“{text}”太大。", text="9")

    @app.post("/counted")
    @access.public
    def counted() -> tuple[str, int]:
        _write(4)
        edge.keep_changes()
        return "no", 401

    @app.post("/read")
    @access.public
    def read() -> str:
        _write(len(request.files))
        return "read"

    @app.post("/late")
    @access.public
    def late() -> str:
        raise Conflict("已经被撤回。")

    @app.post("/broken")
    @access.public
    def broken() -> str:
        _write(5)
        raise ZeroDivisionError


@pytest.fixture
def small_app(tmp_path: Path) -> Iterator[Flask]:
    """An application with the core alone, on a database file of its own."""
    engine = make_engine(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(engine, tables=[Base.metadata.tables["audit_row"]])
    try:
        before: Database | None = database()
    except RuntimeError:
        before = None
    use_database(Database(engine))
    app = Flask("small")
    app.secret_key = "only for this test"
    app.jinja_loader = DictLoader({"errors/page.html": "{{ status }} {{ title }} {{ sentence }}"})
    babel.init_app(app, default_locale="zh")
    edge.open_units_of_work(app)
    LoginManager(app).user_loader(lambda _token: None)
    _reading_pages(app)
    _writing_pages(app)
    errors.answer_errors(app)
    security.add_headers(app, https=True)
    access.guard(app)
    yield app
    use_database(before)
    engine.dispose()


def _written() -> list[int]:
    with unit_of_work(readonly=True) as current:
        query = select(AuditRow).where(AuditRow.name != "request.refused").order_by(AuditRow.id)
        return [row.payload["how_much"] for row in current.scalars(query)]


def test_only_successful_answers_and_kept_changes_are_committed(small_app: Flask) -> None:
    client = small_app.test_client()
    answers = [client.post(path).status_code for path in ("/good", "/refused", "/counted", "/broken")]
    assert answers == [200, 400, 401, 500]
    assert _written() == [2, 4]


def test_a_get_that_writes_is_a_defect_and_writes_nothing(small_app: Flask) -> None:
    assert small_app.test_client().get("/writing-reader").status_code == 500
    assert _written() == []


def test_expected_errors_say_their_sentence(small_app: Flask) -> None:
    client = small_app.test_client()
    assert "金额“9”太大。" in client.post("/refused").text
    assert client.get("/nowhere").status_code == 404
    assert client.post("/late").status_code == 409
    assert client.get("/no-such-page").status_code == 404
    assert "ZeroDivisionError" not in client.post("/broken").text


def test_a_visitor_is_sent_to_sign_in_and_comes_back(small_app: Flask) -> None:
    answer = small_app.test_client().get("/figures")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/figures"


def test_every_answer_carries_the_headers(small_app: Flask) -> None:
    answer = small_app.test_client().get("/open")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    for path in ("/open", "/download", "/no-such-page"):
        assert small_app.test_client().get(path).headers["Cache-Control"] == "private, no-store", path
    assert answer.headers["Strict-Transport-Security"]


def test_an_endpoint_that_does_not_state_its_access_stops_the_start() -> None:
    app = Flask("small")
    app.add_url_rule("/secret", "secret", lambda: "secret")
    with pytest.raises(LookupError, match="secret does not say who may call it"):
        access.guard(app)


def test_access_is_stated_once() -> None:
    with pytest.raises(TypeError, match="twice"):
        access.public(access.signed_in(lambda: "x"))


def _refusals() -> list[dict[str, object]]:
    with unit_of_work(readonly=True) as current:
        rows = current.scalars(select(AuditRow).where(AuditRow.name == "request.refused").order_by(AuditRow.id))
        return [dict(row.payload) | {"target": row.target} for row in rows]


def test_what_is_refused_is_audited_and_nothing_of_it_is_kept(small_app: Flask) -> None:
    client = small_app.test_client()
    client.post("/refused")
    client.post("/late")
    assert _refusals() == [
        {"endpoint": "refused", "error": "BadInput", "status": 400, "target": ""},
        {"endpoint": "late", "error": "Conflict", "status": 409, "target": ""},
    ]
    with unit_of_work(readonly=True) as current:
        assert current.scalars(select(AuditRow.name)).all() == ["request.refused"] * 2


def test_a_visitor_who_guesses_addresses_fills_no_audit_trail(small_app: Flask) -> None:
    client = small_app.test_client()
    for path in ("/nowhere", "/no-such-page", "/figures"):
        client.get(path)
    client.post("/counted")
    client.post("/broken")
    assert _refusals() == []


def test_an_upload_that_is_too_large_is_one_sentence_and_an_audit_row(small_app: Flask) -> None:
    small_app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = small_app.test_client().post("/read", data={"file": (BytesIO(b"x" * 5000), "large.pdf")})
    assert answer.status_code == 413
    assert "超过 20 MB" in answer.text
    assert _refusals() == [{"endpoint": "read", "error": "RequestEntityTooLarge", "status": 413, "target": ""}]
