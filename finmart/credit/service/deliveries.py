"""Deliveries and quarantine, for the operator: importing, looking at what came, noting what became of a row."""

from datetime import date
from pathlib import Path

from finmart.credit.pipeline import run
from finmart.credit.repository import batches, views
from finmart.credit.store import landing
from finmart.credit.types.errors import BatchUnknown, NoteMissing, QuarantinedRowHandled, QuarantinedRowUnknown
from finmart.credit.types.events import LandingErased, QuarantineHandled
from finmart.credit.types.values import BatchView, ImportReport, QuarantineView
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.backup.naming import NamedFile, names_files
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.web.pages import Page

PAGE_SIZE = 30
MIN_NOTE, MAX_NOTE = 4, 500


def import_dataset(
    actor: Actor,
    name: str,
    source: Path,
    *,
    as_of: date,
    scheme: str = "supplier_code",
    demonstration: bool = False,
    report: run.Report = run.silent,
) -> ImportReport:
    """Import a supplier's delivery (a folder, or one file) and publish profiles as of ``as_of``.

    It opens its own units of work, so it is called outside of any. ``scheme`` is that of codes whose file says none.
    Raises ``PermissionMissing``, ``DatasetUnknown``, a ``FileFault`` (file, row, column) or ``ImportUnderWay``.
    """
    require(actor, Permission.ALL_BATCHES_IMPORT)
    return run.import_dataset(
        actor, name, source, as_of=as_of, scheme=scheme, demonstration=demonstration, report=report
    )


def list_batches(actor: Actor, *, dataset: str = "", state: str = "", number: int = 1) -> Page[BatchView]:
    """Deliveries, newest first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_BATCHES_READ)
    number = max(1, number)
    rows, total = batches.list_batches(dataset=dataset, state=state, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    open_rows = batches.open_quarantine([row.id for row in rows])
    items = [views.batch_view(row, open_quarantine=open_rows.get(row.id, 0)) for row in rows]
    return Page(items, total, number, PAGE_SIZE)


def read_batch(actor: Actor, public_id: str) -> BatchView:
    """One delivery with its files and assertions. Raises ``PermissionMissing`` or ``BatchUnknown``."""
    require(actor, Permission.ALL_BATCHES_READ)
    row = batches.batch_by_public_id(public_id)
    if row is None:
        raise BatchUnknown
    return views.batch_view(
        row,
        open_quarantine=batches.open_quarantine([row.id]).get(row.id, 0),
        files=tuple(batches.landed_files(row.id)),
        stored_files=batches.count_stored_files(row.id),
    )


def list_quarantine(
    actor: Actor, *, batch: str = "", open_only: bool = False, number: int = 1, size: int = PAGE_SIZE
) -> Page[QuarantineView]:
    """Rows in quarantine, newest delivery first, in the files' order. ``PermissionMissing`` or ``BatchUnknown``."""
    require(actor, Permission.ALL_QUARANTINE_READ)
    number = max(1, number)
    batch_id = None
    if batch:
        row = batches.batch_by_public_id(batch)
        if row is None:
            raise BatchUnknown
        batch_id = row.id
    rows, total = batches.list_quarantined(
        batch_id=batch_id, open_only=open_only, limit=size, offset=(number - 1) * size
    )
    return Page([views.quarantine_view(row, of_batch) for row, of_batch in rows], total, number, size)


def read_quarantined(actor: Actor, public_id: str) -> QuarantineView:
    """One row in quarantine. Raises ``PermissionMissing`` or ``QuarantinedRowUnknown``."""
    require(actor, Permission.ALL_QUARANTINE_READ)
    row = batches.quarantined_by_public_id(public_id)
    if row is None:
        raise QuarantinedRowUnknown
    return views.quarantine_view(row, batches.batch_by_id(row.batch_id))


def handle_quarantined(actor: Actor, public_id: str, *, note: str) -> str:
    """Note what became of a row in quarantine; returns its batch's public id.

    Raises ``PermissionMissing``, ``QuarantinedRowUnknown``, ``QuarantinedRowHandled`` or ``NoteMissing``.
    """
    require(actor, Permission.ALL_QUARANTINE_HANDLE)
    row = batches.quarantined_by_public_id(public_id, lock=True)
    if row is None:
        raise QuarantinedRowUnknown
    if row.handled_at is not None:
        raise QuarantinedRowHandled
    if not MIN_NOTE <= len(note.strip()) <= MAX_NOTE:
        raise NoteMissing
    row.handled_at, row.handled_by_user_id, row.note = now(), actor.user_id, note.strip()
    batch = batches.batch_by_id(row.batch_id)
    record(actor, QuarantineHandled(target=row.public_id, batch=batch.public_id, fault=row.fault))
    return batch.public_id


def erase_expired_landings(actor: Actor) -> int:
    """Destroy the keys of landed files whose retention has ended, and the files; returns how many batches."""
    expired = batches.batches_with_expired_landing(today())
    for row in expired:
        row.landing_key = None
        landing.discard(row.public_id)
        record(actor, LandingErased(target=row.public_id, dataset=row.dataset))
    return len(expired)


@names_files("shared")
def named_stored() -> list[NamedFile]:
    """The Parquet files that a backup must hold."""
    return [NamedFile(f"shared/{row.place}", row.size, row.checksum) for row in batches.all_stored_files()]


@names_files("landing")
def named_landed() -> list[NamedFile]:
    """The landed files that a backup must hold: those whose key has not been destroyed."""
    return [NamedFile(f"landing/{place}") for place in batches.readable_landed_places()]
