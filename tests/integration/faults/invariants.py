"""What must be true once everything that died has begun again: nothing lost, nothing doubled, nothing left about."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, text

from finmart.platform.search.factory import FILE as SEARCH_FILE
from tests.integration.faults.people import Memory, Told

#: Everything that may lie in a data folder once the sweeps have run.
KNOWN = re.compile(
    r"keys\.(json|check)|demo-signins\.txt|notices\.log|server\.lock|search\.db|jobs\.db(-wal|-shm)?|landing/\w+/[\w.]+\.sealed|shared/\w+/bucket=\d\d/\w+\.parquet"
    r"|files/[0-9a-f]{2}/[0-9a-f]{32}\.sealed"
)
#: Steps of a lead as the table has them, where people call them otherwise or they leave no step.
OF_STEP = {"paper": None}
#: Demands that the people of this run stated; nobody was signed in when the demonstration's were loaded.
STATED = "user_id IS NOT NULL"


def ask(connection: Connection, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return [tuple(row) for row in connection.execute(text(query), values)]


def count(connection: Connection, query: str, **values: Any) -> int:
    """The number that a query answers with."""
    return int(connection.execute(text(query), values).scalar_one())


def demands_stand_once(connection: Connection, memory: Memory) -> None:
    """A demand that was confirmed stands once; one that was not answered at most once; each whole or not at all."""
    stored = Counter(amount for (amount,) in ask(connection, f"SELECT amount FROM demand WHERE {STATED}"))  # noqa: S608
    for amount, told in memory.demands.items():
        allowed = {0, 1} if told is Told.UNKNOWN else {1}
        assert stored.pop(amount, 0) in allowed, f"{amount}: {told}"
    assert not stored, f"demands that nobody stated: {stored}"
    half = f"""
        SELECT demand.public_id FROM demand WHERE demand.{STATED} AND (
            NOT EXISTS (SELECT 1 FROM match_run WHERE match_run.demand_id = demand.id)
            OR (SELECT count(*) FROM audit_row WHERE name = 'demand.saved' AND target = demand.public_id) <> 1)
    """  # noqa: S608 - a condition of ours.
    assert ask(connection, half) == []


def steps_stand_once(connection: Connection, memory: Memory) -> None:
    """Each lead has exactly the steps its people know of, perhaps one more, each with its row in the audit trail."""
    steps: dict[str, list[str]] = {}
    for public_id, step in ask(
        connection,
        "SELECT lead.public_id, lead_step.step FROM lead_step JOIN lead ON lead.id = lead_step.lead_id"  # noqa: S608
        f" WHERE lead.demand_id IN (SELECT id FROM demand WHERE {STATED}) ORDER BY lead_step.id",
    ):
        steps.setdefault(public_id, []).append(step)
    moved = Counter(target for (target,) in ask(connection, "SELECT target FROM audit_row WHERE name = 'lead.moved'"))
    unknown = steps.keys() - memory.steps.keys()
    for public_id, found in steps.items():
        known = [step for step in memory.steps.get(public_id, []) if step not in OF_STEP]
        assert found[: len(known)] == known, public_id
        # The one that was under way when the last server died may have been done as well.
        assert len(found) - len(known) <= 1, f"{public_id}: {found} instead of {known}"
        assert moved[public_id] == len(found), public_id
    assert memory.steps.keys() <= steps.keys()
    assert len(unknown) <= 2, "more applications than people were at it"


def every_duty_is_owned_once(connection: Connection) -> None:
    """A living demand has one running clock, an ended one none; no institution is at work twice on a demand.

    In the demonstration some applied again to an institution that had declined; nobody in this run does.
    """
    odd = """
        SELECT demand.public_id, demand.state,
            (SELECT count(*) FROM demand_clock WHERE demand_id = demand.id AND stopped_at IS NULL) AS running
        FROM demand
        WHERE (SELECT count(*) FROM demand_clock WHERE demand_id = demand.id AND stopped_at IS NULL)
            <> CASE WHEN demand.state = 'published' THEN 1 ELSE 0 END
    """
    assert ask(connection, odd) == []
    twice = "SELECT demand_id, organisation_id, count(*) FROM lead WHERE {} GROUP BY 1, 2 HAVING count(*) > 1"
    assert ask(connection, twice.format("ended_at IS NULL")) == []
    stated = f"demand_id IN (SELECT id FROM demand WHERE {STATED})"  # noqa: S608
    assert ask(connection, twice.format(stated)) == []


def rows_beside_steps(connection: Connection) -> None:
    """Notes of calls and papers are as many as the audit trail says; every letter that goes out has its work."""
    for table, name in (("lead_contact", "lead.contact_logged"), ("stored_file", "file.kept")):
        assert count(connection, f"SELECT count(*) FROM {table}") == count(  # noqa: S608 - names of tables.
            connection, "SELECT count(*) FROM audit_row WHERE name = :name", name=name
        ), table
    files = count(connection, "SELECT count(*) FROM stored_file")
    materials = [files for (files,) in ask(connection, "SELECT files FROM lead_material")]
    assert sum(str(each).count('"') // 2 for each in materials) <= files


def work_is_done_once(connection: Connection, notices: Path) -> None:
    """Nothing waits, nothing failed; each delivery has its work and went out, twice at most where a sender died."""
    failed = ask(connection, "SELECT name, error FROM outbox_row WHERE failed_at IS NOT NULL OR error <> ''")
    assert failed == [], failed
    assert count(connection, "SELECT count(*) FROM outbox_row WHERE done_at IS NULL") == 0
    sent = count(connection, "SELECT count(*) FROM delivery WHERE state = 'sent'")
    assert count(connection, "SELECT count(*) FROM delivery WHERE state <> 'sent'") == 0
    lines = len(notices.read_text(encoding="utf-8").splitlines()) if notices.exists() else 0
    assert lines >= sent


def published(connection: Connection) -> set[str]:
    """The codes of the products on the shelf."""
    return {code for (code,) in ask(connection, "SELECT code FROM product WHERE state = 'listed'")}


def index_equals_catalogue(connection: Connection, data: Path, memory: Memory) -> None:
    """The index holds exactly what is published, and the shelf is as institutions were told."""
    with closing(sqlite3.connect(data / SEARCH_FILE)) as index:
        indexed = {key for (key,) in index.execute("SELECT key FROM document")}
        assert index.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    on_shelf = published(connection)
    assert indexed == on_shelf
    assert {code: code in on_shelf for code in memory.shelf} == memory.shelf


def imports_are_whole(connection: Connection, data: Path, numbers: Iterable[str]) -> None:
    """Read = stored + duplicate + quarantined; every invoice stands exactly once; failed imports left nothing."""
    odd = """
        SELECT public_id FROM credit_batch WHERE state = 'received' OR under_way IS NOT NULL
            OR rows_read <> rows_stored + rows_duplicate + rows_quarantined
    """
    assert ask(connection, odd) == []
    failed = """
        SELECT count(*) FROM credit_batch JOIN credit_stored_file ON credit_stored_file.batch_id = credit_batch.id
        WHERE credit_batch.state <> 'published'
    """
    assert count(connection, failed) == 0
    files = ask(connection, "SELECT place, rows FROM credit_stored_file ORDER BY place")
    for place, rows in files:
        assert pl.scan_parquet(data / "shared" / place).select(pl.len()).collect().item() == rows, place
    assert sum(rows for _place, rows in files) == count(connection, "SELECT sum(rows_stored) FROM credit_batch")
    mine = [data / "shared" / place for place, _rows in files if place.startswith("invoices/")]
    stored = Counter(pl.scan_parquet(mine).select("number").collect()["number"].to_list())
    assert {number: stored[number] for number in numbers} == dict.fromkeys(numbers, 1)


def nothing_lies_about(connection: Connection, data: Path) -> None:
    """Every file is one that a row names, or one of the house's own."""
    found = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    odd = sorted(place for place in found if not KNOWN.fullmatch(place))
    assert odd == [], odd
    shared = {f"shared/{place}" for (place,) in ask(connection, "SELECT place FROM credit_stored_file")}
    landed = {f"landing/{place}" for (place,) in ask(connection, "SELECT place FROM credit_landed_file")}
    kept = {
        f"files/{name[:2]}/{name}.sealed" for (name,) in ask(connection, "SELECT DISTINCT fingerprint FROM stored_file")
    }
    odd = sorted(
        {place for place in found if place.split("/")[0] in {"shared", "landing", "files"}} ^ (shared | landed | kept)
    )
    assert odd == [], odd
