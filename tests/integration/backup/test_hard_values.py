"""Values that databases keep in different ways, rows that point to later ones, numbers given after a restore."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.audit.models import AuditRow
from finmart.platform.backup import naming
from finmart.platform.db import migrate
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database, session, unit_of_work
from tests.fixtures.databases import in_use
from tests.integration.backup.installations import Installation, new_installation

AT = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
PAYLOADS: list[Any] = [
    {},
    {"b": 1, "a": [1.5, 1e22, -0.0, 1e-7, 0.1 + 0.2], "金融": "超市\n\"'\\", "": None},
    {"big": 2**63 - 1, "small": -(2**63), "deep": {"deeper": [[], {}, [None]]}},
]


@pytest.fixture
def both(
    installation: Path, template_engine: Engine, tmp_path: Path
) -> Iterator[tuple[Installation, list[Installation]]]:
    """An installation of the run's kind of database, and empty ones of SQLite and of the run's kind."""
    keys = installation / "keys.json"
    with (
        new_installation(template_engine, tmp_path / "one", keys) as source,
        new_installation(None, tmp_path / "two", keys) as sqlite,
        new_installation(template_engine, tmp_path / "three", keys) as same,
    ):
        yield source, [sqlite, same]


def _audit(payload: Any) -> dict[str, Any]:
    texts = dict.fromkeys(("name", "target", "actor", "basis", "request_id"), "x")
    return {"at": AT, "payload": payload, "user_id": 2**53 + 1, **texts}


def _work(installation: Installation, work: Any) -> Any:
    engine = make_engine(installation.url)
    try:
        with in_use(Database(engine)), unit_of_work():
            return work()
    finally:
        engine.dispose()


def _write() -> None:
    for payload in PAYLOADS:
        session().add(AuditRow(**_audit(payload)))
    session().execute(insert(Organisation), [_organisation(number) for number in (7, 8, 9)])
    session().flush()
    session().get_one(Organisation, 7).parent_id = 9
    session().get_one(Organisation, 8).parent_id = 8


def _organisation(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "public_id": f"public{number:06d}",
        "kind": "institution",
        "name_zh": f"机构 {number}",
        "region": "360100",
        "institution_kind": "bank",
    }


def _read() -> tuple[Any, ...]:
    return (
        [(row.at, row.payload, row.user_id) for row in session().scalars(select(AuditRow).order_by(AuditRow.id))],
        [(row.id, row.parent_id) for row in session().scalars(select(Organisation).order_by(Organisation.id))],
    )


def _next_number() -> int:
    row = Organisation(kind="applicant", name_zh="新单位", region="360100", applicant_kind="enterprise")
    session().add(row)
    session().flush()
    return row.id


def test_what_one_kind_keeps_the_other_gives_back(
    both: tuple[Installation, list[Installation]], tmp_path: Path
) -> None:
    source, targets = both
    _work(source, _write)
    payloads, organisations = _work(source, _read)
    assert [payload for _at, payload, _user in payloads] == PAYLOADS
    archive = tmp_path / "first.tar"
    source.run("backup", archive)
    for number, target in enumerate(targets):
        target.run("restore", archive, "--yes")
        found, of_organisations = _work(target, _read)
        assert found[: len(PAYLOADS)] == payloads
        assert of_organisations == organisations
        archive = tmp_path / f"{number}.tar"
        target.run("backup", archive)
        # A new row comes after those that were restored.
        assert _work(target, _next_number) == 10


def test_an_archive_of_an_older_release_is_brought_up_to_date(
    both: tuple[Installation, list[Installation]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, targets = both
    _work(source, lambda: session().add(AuditRow(**_audit({"of": "old"}))))
    engine = make_engine(source.url)
    migrate.downgrade(engine, "0004")
    engine.dispose()
    with monkeypatch.context() as patch:
        # As the older release did it: its tables, and none of the questions that this one asks them.
        patch.setattr(naming, "FOLDERS", {})
        patch.setattr(migrate, "require_current", lambda _engine: None)
        source.run("backup", tmp_path / "old.tar")
    for target in targets:
        target.run("restore", tmp_path / "old.tar", "--yes")
        with target.engine() as reader:
            assert len(set(migrate.revisions(reader))) == 1
        rows, _organisations = _work(target, _read)
        assert rows[0] == (AT, {"of": "old"}, 2**53 + 1)
