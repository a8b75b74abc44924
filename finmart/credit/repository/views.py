"""From table rows to the frozen values that services hand out."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import structlog

from finmart.conditions.types import FactValue
from finmart.credit.models import Batch, DeclaredFact, Fact, LandedFile, ProfileAccess, QuarantinedRow
from finmart.credit.types.declaring import typed_value
from finmart.credit.types.states import BatchState
from finmart.credit.types.values import (
    AccessEntry,
    BatchView,
    Checked,
    Declared,
    FileView,
    QuarantineView,
    StoredFact,
)
from finmart.platform.accounts.types.values import OrganisationCard

log = structlog.get_logger(__name__)

Row = TypeVar("Row", Fact, DeclaredFact)


def batch_view(
    row: Batch, *, open_quarantine: int, files: tuple[LandedFile, ...] = (), stored_files: int = 0
) -> BatchView:
    """A batch as the operator sees it."""
    return BatchView(
        public_id=row.public_id,
        dataset=row.dataset,
        state=BatchState(row.state),
        as_of=row.as_of,
        received_at=row.received_at,
        finished_at=row.finished_at,
        rows_read=row.rows_read,
        rows_stored=row.rows_stored,
        rows_duplicate=row.rows_duplicate,
        rows_quarantined=row.rows_quarantined,
        rows_voided=row.rows_voided,
        subjects=row.subjects,
        facts=row.facts,
        profiles=row.profiles,
        covers_from=row.covers_from,
        covers_until=row.covers_until,
        error=(row.error["msgid"], row.error["params"]) if row.error else None,
        landing_until=row.landing_until,
        landing_erased=row.landing_key is None,
        demonstration=row.demonstration,
        open_quarantine=open_quarantine,
        assertions=tuple(Checked(**each) for each in row.assertions or ()),
        files=tuple(FileView(each.name, each.size, each.checksum, each.rows) for each in files),
        stored_files=stored_files,
    )


def quarantine_view(row: QuarantinedRow, batch: Batch) -> QuarantineView:
    """A row in quarantine with the batch it came in."""
    return QuarantineView(
        public_id=row.public_id,
        batch=batch.public_id,
        dataset=batch.dataset,
        file=row.file,
        row=row.row,
        column=row.column,
        fault=row.fault,
        value=row.value,
        created_at=row.created_at,
        handled_at=row.handled_at,
        note=row.note,
    )


def fact_value(row: Fact) -> FactValue:
    """A fact as conditions read it."""
    return FactValue(typed_value(row.key, row.value), row.observed_until, row.source, row.origin)


def readable(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The rows whose stored value can be read, and those of no known type: one of these must not close all others."""
    found: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        try:
            typed_value(row.key, row.value)
        except ValueError:
            log.warning("fact_of_no_known_type", fact=row.id, key=row.key)
            found[1].append(row)
        else:
            found[0].append(row)
    return found


def fact_values(rows: Iterable[Fact]) -> dict[str, FactValue]:
    """key → fact as conditions read it. What is stored of no known type is not known."""
    return {row.key: fact_value(row) for row in readable(rows)[0]}


def stored_fact(row: Fact, batch_ids: Mapping[int, str]) -> StoredFact:
    """A fact as a page shows it; ``batch_ids``: inner → public."""
    return StoredFact(
        key=row.key,
        version=row.version,
        value=typed_value(row.key, row.value),
        as_of=row.as_of,
        known_at=row.known_at,
        observed_until=row.observed_until,
        source=row.source,
        origin=row.origin,
        batches=tuple(batch_ids[each] for each in row.batches if each in batch_ids),
        rows_used=row.rows_used,
    )


def stored_facts(rows: Iterable[Fact], batch_ids: Mapping[int, str]) -> tuple[dict[str, StoredFact], dict[str, str]]:
    """key → fact as a page shows it, and key → source of those whose stored value nobody can read."""
    known, unreadable = readable(rows)
    return {row.key: stored_fact(row, batch_ids) for row in known}, {row.key: row.source for row in unreadable}


def declared_views(rows: Iterable[DeclaredFact], imported: Mapping[str, FactValue]) -> tuple[Declared, ...]:
    """Declarations beside what was imported, without those of no known type."""
    known = ((row, imported.get(row.key)) for row in readable(rows)[0])
    return tuple(
        Declared(row.key, typed_value(row.key, row.value), row.declared_at, seen.value if seen else None)
        for row, seen in known
    )


def access_entry(row: ProfileAccess, reader: OrganisationCard | None) -> AccessEntry:
    """One read; ``reader`` is the organisation that read, None for the platform itself."""
    receipt = row.detail if row.consent_id is not None else ""
    zh, en = (reader.name_zh, reader.name_en) if reader else ("", "")
    return AccessEntry(row.at, zh, en, row.purpose, row.basis, receipt)
