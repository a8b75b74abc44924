"""The one transaction in which a delivery becomes visible: rows, files, quarantine, facts, profiles, or none of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl

from finmart.credit.datasets.contract import DataSet, Role
from finmart.credit.datasets.invoices import VOIDED
from finmart.credit.datasets.registry import DATASETS
from finmart.credit.pipeline import claims, facts
from finmart.credit.pipeline.claims import Claim
from finmart.credit.pipeline.normalise import SetAside
from finmart.credit.pipeline.reading import ReadFile
from finmart.credit.repository import batches
from finmart.credit.store import parquet
from finmart.credit.store.landing import Landed
from finmart.credit.types.errors import ImportUnderWay
from finmart.credit.types.events import BatchPublished
from finmart.credit.types.states import BatchState
from finmart.credit.types.values import Checked, ImportReport, QuarantineView
from finmart.platform.audit.service import record
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.ids import public_id

if TYPE_CHECKING:
    from finmart.credit.models import Batch

#: So many rows of the quarantine are told to whoever imports; all of them stand on the operator's page.
TOLD = 20


@dataclass(frozen=True)
class Delivery:
    """A delivery ready to be published."""

    claim: Claim
    dataset: DataSet
    as_of: date
    landed: Mapping[str, Landed]
    files: Sequence[ReadFile]
    checked: Sequence[Checked]
    rows: pl.DataFrame
    repeated: int
    #: The first day of which the files speak, rows that were stored before included.
    covers_from: date | None
    written: tuple[parquet.ParquetFile, ...]

    @property
    def counted(self) -> list[ReadFile]:
        """The files whose rows are the data set's."""
        return [each for each in self.files if each.contract.role is Role.ROWS]

    @property
    def aside(self) -> list[SetAside]:
        """Every row in quarantine, in the files' order."""
        return sorted((one for each in self.counted for one in each.aside), key=lambda one: (one.file, one.row))


def publish(actor: Actor, delivery: Delivery, computed: facts.Facts, report: Callable[[str], None]) -> ImportReport:
    """Publish everything in one unit of work; when it fails nothing of it stays.

    Raises ``ImportUnderWay`` when the claim is no longer this process's own.
    """
    claim = delivery.claim
    report("publishing")
    with unit_of_work():
        row = claims.still_mine(delivery.dataset, claim)
        _count(row, delivery)
        batches.add_landed_files(_landed(delivery))
        batches.add_quarantined(_quarantined(delivery))
        batches.add_stored_files(_files(delivery))
        added = facts.publish(computed, as_of=delivery.as_of, known_at=claim.received_at, batch_id=claim.batch_id)
        row.facts, row.profiles = added.facts, added.profiles
        row.state, row.under_way, row.finished_at = BatchState.PUBLISHED.value, None, now()
        _tell(actor, row)
        result = _report(row, delivery)
        # Swept while the claim still keeps other imports of the data set away.
        parquet.sweep(delivery.dataset.name, _named(delivery))
        parquet.publish(delivery.written)
    return result


@dataclass(frozen=True)
class _Recomputed:
    """Facts of rows that are stored already, and the files they were read from."""

    subjects: Sequence[int]
    facts: facts.Facts
    places: Sequence[str]
    known_at: datetime


def again(dataset: DataSet, batch_id: int, *, as_of: date) -> ImportReport:
    """The same files a second time: no row is added; facts as of a day that has none yet are.

    They are worked out in a reader, so that nobody waits for it. Raises ``ImportUnderWay`` when another import
    published in the meantime: its rows would be missing.
    """
    with unit_of_work(readonly=True):
        found = _recomputed(dataset, batch_id, as_of)
    with unit_of_work(), claims.held(dataset, batch_id) as known:
        if batches.stored_places(dataset.name) != found.places:
            raise ImportUnderWay(dataset.label_zh, "—", found.known_at)
        added = facts.publish(found.facts, as_of=as_of, known_at=found.known_at, batch_id=batch_id)
        return _unchanged(known, as_of, len(found.subjects), added)


def _recomputed(dataset: DataSet, batch_id: int, as_of: date) -> _Recomputed:
    moment, places = now(), batches.stored_places(dataset.name)
    rows = facts.stored([dataset.name], range(parquet.BUCKETS)).get(dataset.name)
    subjects = [] if rows is None else _subjects_of(rows, batch_id)
    frames = facts.stored(DATASETS, subjects) if subjects else {}
    return _Recomputed(
        subjects, facts.computed(frames, subjects=subjects, as_of=as_of, known_at=moment), places, moment
    )


def _unchanged(known: "Batch", as_of: date, subjects: int, added: facts.Published) -> ImportReport:
    return ImportReport(
        dataset=known.dataset,
        batch=known.public_id,
        as_of=as_of,
        rows_read=known.rows_read,
        rows_stored=0,
        rows_duplicate=known.rows_read,
        rows_quarantined=0,
        rows_voided=known.rows_voided,
        rows_voided_stored=0,
        subjects=subjects,
        facts=added.facts,
        profiles=added.profiles,
        already=True,
    )


def _subjects_of(rows: pl.LazyFrame, batch_id: int) -> list[int]:
    found = rows.filter(pl.col("batch") == batch_id).select(pl.col("subject").unique().sort()).collect()
    subjects: list[int] = found["subject"].to_list()
    return subjects


def _count(row: "Batch", delivery: Delivery) -> None:
    counted = delivery.counted
    row.rows_read = sum(each.rows_read for each in counted)
    row.rows_quarantined = len(delivery.aside)
    row.rows_duplicate = sum(each.duplicates for each in counted) + delivery.repeated
    row.rows_stored = delivery.rows.height
    row.rows_voided = sum(each.voided for each in counted)
    if row.rows_read != row.rows_stored + row.rows_duplicate + row.rows_quarantined:
        raise AssertionError("read must be stored + duplicate + quarantined")
    if delivery.rows.height:
        row.subjects = delivery.rows["subject"].n_unique()
        row.covers_from, row.covers_until = delivery.covers_from, delivery.rows.select(pl.col("date").max()).item()
    row.assertions = [asdict(each) for each in delivery.checked]


def _voided(rows: pl.DataFrame) -> int:
    return int((rows["status"] == VOIDED).sum()) if "number" in rows.columns else 0


def _landed(delivery: Delivery) -> list[dict[str, object]]:
    rows = {each.contract.stem: each.rows_read for each in delivery.files}
    return [
        {"batch_id": delivery.claim.batch_id, "rows": rows[stem], **asdict(one)}
        for stem, one in delivery.landed.items()
    ]


def _quarantined(delivery: Delivery) -> list[dict[str, object]]:
    return [
        {
            "public_id": public_id(),
            "batch_id": delivery.claim.batch_id,
            "file": one.file,
            "row": one.row,
            "column": one.column,
            "fault": one.fault.value,
            "value": one.value[:200],
            "created_at": delivery.claim.received_at,
        }
        for one in delivery.aside
    ]


def _files(delivery: Delivery) -> list[dict[str, object]]:
    return [
        {"batch_id": delivery.claim.batch_id, "dataset": delivery.dataset.name, **asdict(one)}
        for one in delivery.written
    ]


def _named(delivery: Delivery) -> set[str]:
    drafts = {f"{one.place}{parquet.DRAFT}" for one in delivery.written}
    return {*batches.stored_places(delivery.dataset.name), *drafts}


def _tell(actor: Actor, row: "Batch") -> None:
    record(
        actor,
        BatchPublished(
            target=row.public_id,
            dataset=row.dataset,
            as_of=row.as_of,
            rows_read=row.rows_read,
            rows_stored=row.rows_stored,
            rows_duplicate=row.rows_duplicate,
            rows_quarantined=row.rows_quarantined,
            facts=row.facts,
            profiles=row.profiles,
        ),
    )


def _report(row: "Batch", delivery: Delivery) -> ImportReport:
    return ImportReport(
        dataset=row.dataset,
        batch=row.public_id,
        as_of=row.as_of,
        rows_read=row.rows_read,
        rows_stored=row.rows_stored,
        rows_duplicate=row.rows_duplicate,
        rows_quarantined=row.rows_quarantined,
        rows_voided=row.rows_voided,
        rows_voided_stored=_voided(delivery.rows),
        subjects=row.subjects,
        facts=row.facts,
        profiles=row.profiles,
        already=False,
        quarantined=tuple(_view(row, one) for one in delivery.aside[:TOLD]),
    )


def _view(row: "Batch", one: SetAside) -> QuarantineView:
    return QuarantineView(
        public_id="",
        batch=row.public_id,
        dataset=row.dataset,
        file=one.file,
        row=one.row,
        column=one.column,
        fault=one.fault.value,
        value=one.value,
        created_at=row.received_at,
        handled_at=None,
        note="",
    )
