"""The audit trail's chain: what is changed behind its back shows; what comes late is neither lost nor a fault."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from finmart.cli import main
from finmart.platform.accounts.types.events import UserUnlocked
from finmart.platform.audit import sealing, verifying
from finmart.platform.audit.models import AuditRow, AuditSeal
from finmart.platform.audit.service import record
from finmart.platform.audit.verifying import Fault, Report
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.jobs import outbox
from finmart.platform.jobs.runner import run_periodic
from finmart.platform.kernel.actor import VISITOR, system_actor
from finmart.platform.kernel.clock import now
from tests.factories import accounts as made
from tests.fixtures.databases import KIND

AUDITOR = system_actor("tests", "the chain", frozenset({Permission.ALL_AUDIT_READ, Permission.ALL_AUDIT_VERIFY}))
AT_ONCE = timedelta(0)


def _write(count: int) -> None:
    with unit_of_work():
        for number in range(count):
            record(made.TESTS, UserUnlocked(target=f"user{number}"))


def _seal(limit: int = sealing.ROWS) -> int:
    with unit_of_work():
        return sealing.seal(AT_ONCE, limit)


def _verify() -> Report:
    with unit_of_work(readonly=True):
        return verifying.verify(AUDITOR)


@contextmanager
def _behind_its_back(engine: Engine) -> Iterator[Session]:
    """A transaction of somebody who may do everything to the database: the triggers are taken away first."""
    with engine.begin() as connection:
        for table in ("audit_row", "audit_seal", "audit_sealed_row"):
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            else:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_update"))
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_delete"))
        with Session(connection) as opened:
            yield opened
            opened.flush()


@pytest.fixture
def sealed(own_database: Database) -> Engine:
    """Thirty rows under three seals, and two rows that no seal covers."""
    _write(30)
    assert [_seal(10) for _time in range(4)] == [10, 10, 10, 0]
    _write(2)
    return own_database.engine


def _middle(engine: Engine) -> int:
    with Session(engine) as opened:
        return opened.scalars(select(AuditRow.id).order_by(AuditRow.id).offset(14)).first() or 0


def test_what_was_left_alone_is_in_order(sealed: Engine) -> None:
    report = _verify()
    assert (report.fault, report.seals, report.sealed, report.unsealed) == ("", 3, 30, 2)
    with Session(sealed) as opened:
        head = opened.scalars(select(AuditSeal).order_by(AuditSeal.number.desc())).first()
        assert head is not None
        assert report.head == head.hash
        assert opened.get_one(AuditSeal, 1).previous == "0" * 64


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_row SET actor = 'somebody else' WHERE id = :row",
        "UPDATE audit_row SET payload = '{}', role = 'official' WHERE id = :row",
        "UPDATE audit_row SET user_id = 4711 WHERE id = :row",
    ],
)
def test_a_changed_row_shows_with_its_seal(sealed: Engine, change: str) -> None:
    row = _middle(sealed)
    with _behind_its_back(sealed) as opened:
        opened.execute(text(change), {"row": row})
    report = _verify()
    assert (report.fault, report.seal_number, report.row_id) == (Fault.ROW_CHANGED, 2, row)


def test_a_changed_instant_shows(sealed: Engine) -> None:
    row = _middle(sealed)
    with _behind_its_back(sealed) as opened:
        opened.get_one(AuditRow, row).at -= timedelta(microseconds=1)
    assert _verify().fault == Fault.ROW_CHANGED


def test_a_deleted_row_shows(sealed: Engine) -> None:
    row = _middle(sealed)
    with _behind_its_back(sealed) as opened:
        opened.execute(text("DELETE FROM audit_row WHERE id = :row"), {"row": row})
    report = _verify()
    assert (report.fault, report.seal_number, report.row_id) == (Fault.ROW_DELETED, 2, row)


def test_a_row_deleted_with_its_digest_shows(sealed: Engine) -> None:
    row = _middle(sealed)
    with _behind_its_back(sealed) as opened:
        opened.execute(text("DELETE FROM audit_sealed_row WHERE row_id = :row"), {"row": row})
        opened.execute(text("DELETE FROM audit_row WHERE id = :row"), {"row": row})
    report = _verify()
    assert (report.fault, report.seal_number) == (Fault.SEAL_CHANGED, 2)


def _add(row_id: int, **values: Any) -> None:
    """A row with a number of its own choice, otherwise like the first."""
    with unit_of_work() as current:
        known = current.scalars(select(AuditRow).order_by(AuditRow.id)).first()
        assert known is not None
        copy = {column.name: getattr(known, column.name) for column in AuditRow.__table__.columns}
        current.execute(insert(AuditRow), [{**copy, "id": row_id, "at": now(), **values}])


def _last_id(engine: Engine) -> int:
    with Session(engine) as opened:
        return opened.scalars(select(AuditRow.id).order_by(AuditRow.id.desc())).first() or 0


def test_a_row_put_in_among_sealed_ones_shows(sealed: Engine) -> None:
    last = _last_id(sealed)
    _add(last + 100)
    assert _seal() == 3
    _add(last + 50, at=now() - timedelta(days=2))
    assert _seal() == 0
    report = _verify()
    assert (report.fault, report.row_id, report.unsealed) == (Fault.ROW_PUT_IN, last + 50, 0)


def test_a_chain_computed_anew_without_our_key_shows(sealed: Engine) -> None:
    with _behind_its_back(sealed) as opened:
        head = opened.scalars(select(AuditSeal).order_by(AuditSeal.number.desc())).first()
        assert head is not None
        head.mac = "0" * 64
    report = _verify()
    assert (report.fault, report.seal_number) == (Fault.SEAL_FORGED, 3)


def test_a_seal_taken_out_of_the_middle_shows(sealed: Engine) -> None:
    with _behind_its_back(sealed) as opened:
        opened.execute(text("DELETE FROM audit_sealed_row WHERE seal_number = 2"))
        opened.execute(text("DELETE FROM audit_seal WHERE number = 2"))
    report = _verify()
    assert (report.fault, report.seal_number) == (Fault.SEAL_MISSING, 2)


def test_an_end_cut_off_shows_once_it_was_seen(sealed: Engine) -> None:
    row = _middle(sealed)
    with unit_of_work():
        verifying.keep(AUDITOR, verifying.verify(AUDITOR))
    with _behind_its_back(sealed) as opened:
        opened.execute(text("DELETE FROM audit_sealed_row WHERE seal_number = 3"))
        opened.execute(text("DELETE FROM audit_seal WHERE number = 3"))
        opened.execute(text("DELETE FROM audit_row WHERE id > :row"), {"row": row + 6})
    report = _verify()
    assert (report.fault, report.seal_number) == (Fault.CHAIN_CUT, 3)


@pytest.mark.parametrize(
    "verb", ["UPDATE audit_row SET actor = 'x'", "DELETE FROM audit_row", "DELETE FROM audit_seal"]
)
def test_the_database_itself_refuses_to_change_the_trail(sealed: Engine, verb: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added"), sealed.begin() as connection:
        connection.execute(text(verb))
    assert _verify().fault == ""


if KIND == "postgresql":  # On SQLite writers take turns, so that no row can come late.

    @pytest.mark.usefixtures("own_database")
    def test_a_row_that_commits_late_is_sealed_late() -> None:
        written, go_on = threading.Event(), threading.Event()

        def slow() -> None:
            with unit_of_work():
                record(VISITOR, UserUnlocked(target="slow"))
                session().flush()
                written.set()
                assert go_on.wait(20)

        thread = threading.Thread(target=slow)
        thread.start()
        assert written.wait(20)
        _write(5)
        assert _seal() == 5
        assert _verify().fault == ""
        go_on.set()
        thread.join()
        report = _verify()
        assert (report.fault, report.sealed, report.unsealed) == ("", 5, 1)
        assert _seal() == 1
        report = _verify()
        assert (report.fault, report.sealed, report.unsealed) == ("", 6, 0)


def test_a_row_with_an_earlier_number_that_comes_late_is_sealed(sealed: Engine) -> None:
    last = _last_id(sealed)
    _add(last + 100)
    assert _seal() == 3
    _add(last + 50)
    report = _verify()
    assert (report.fault, report.unsealed) == ("", 1)
    assert _seal() == 1
    report = _verify()
    assert (report.fault, report.sealed, report.unsealed) == ("", 34, 0)


@pytest.mark.usefixtures("database")
def test_young_rows_wait() -> None:
    _write(3)
    with unit_of_work():
        assert sealing.seal() == 0
        assert sealing.seal(AT_ONCE) == 3


@pytest.mark.usefixtures("database")
def test_looking_needs_the_permission() -> None:
    with unit_of_work(readonly=True):
        with pytest.raises(PermissionMissing):
            verifying.verify(VISITOR)
        with pytest.raises(PermissionMissing):
            verifying.last_verification(VISITOR)
        assert verifying.last_verification(AUDITOR) is None


@pytest.mark.usefixtures("own_database")
def test_the_jobs_seal_and_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing.seal, "__defaults__", (AT_ONCE, sealing.ROWS))
    _write(4)
    assert {"audit.seal", "audit.verify_nightly"} <= set(run_periodic())
    with unit_of_work():
        outbox.enqueue("audit.verify", {})
    assert outbox.drain() >= 1
    with unit_of_work(readonly=True):
        report = verifying.last_verification(AUDITOR)
    assert report is not None
    assert (report.fault, report.sealed >= 4) == ("", True)


def test_the_command_says_what_it_found(
    sealed: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINMART_DATABASE_URL", sealed.url.render_as_string(hide_password=False))
    main(["audit", "verify", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert (document["sound"], document["sealed"], document["fault"]) == (True, 30, "")
    row = _middle(sealed)
    with _behind_its_back(sealed) as opened:
        opened.execute(text("UPDATE audit_row SET actor = 'x' WHERE id = :row"), {"row": row})
    with pytest.raises(SystemExit) as left:
        main(["audit", "verify"])
    assert left.value.code == 1
    assert "first fault: row_changed (seal 2" in capsys.readouterr().out
