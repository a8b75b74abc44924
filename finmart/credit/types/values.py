"""What goes in and out of credit's services: frozen, typed, nothing of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from finmart.conditions.types import FactValue, Value
from finmart.credit.types.states import BatchState


@dataclass(frozen=True)
class ProfileFacts:
    """One subject's facts for a match: the version's public id (None: nothing published), both bounds, facts by key."""

    version_public_id: str | None
    as_of: date
    known_at: datetime
    facts: Mapping[str, FactValue]


@dataclass(frozen=True)
class SubjectFacts:
    """One subject in a bulk run. ``identifier`` is a supplier's own code, else the subject's public id."""

    subject_id: int
    identifier: str
    version_public_id: str
    as_of: date
    known_at: datetime
    facts: Mapping[str, FactValue]


@dataclass(frozen=True)
class StoredFact:
    """One fact as it is stored: append-only, with both bounds and what it was made of."""

    key: str
    version: int
    value: Value
    as_of: date
    known_at: datetime
    observed_until: date | None
    source: str
    origin: str
    batches: tuple[str, ...]
    rows_used: int


@dataclass(frozen=True)
class AccessEntry:
    """One read of a profile, as its subject sees it; ``receipt`` numbers the consent it was made under.

    The reader's names are empty where the platform itself read, the English one also where none is known.
    """

    at: datetime
    reader_zh: str
    reader_en: str
    purpose: str
    basis: str
    receipt: str = ""


@dataclass(frozen=True)
class Declared:
    """One declared fact, and whether an imported one says otherwise."""

    key: str
    value: Value
    declared_at: datetime
    imported: Value | None = None

    @property
    def conflicts(self) -> bool:
        """Whether shared data says something else."""
        return self.imported is not None and self.imported != self.value


@dataclass(frozen=True)
class Profile:
    """A published profile version with everything a page shows of it; ``facts`` are by key.

    ``unreadable``: key → source of what is stored with a value of no known type; only that it is there can be told.
    """

    version_public_id: str
    subject_public_id: str
    name: str
    kind: str
    demonstration: bool
    as_of: date
    known_at: datetime
    facts: Mapping[str, StoredFact]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    declared: tuple[Declared, ...] = ()
    accesses: tuple[AccessEntry, ...] = ()


@dataclass(frozen=True)
class Checked:
    """One assertion of a data set as it came out for a batch; ``measured`` and ``limit`` are ints (ppm for shares)."""

    name: str
    label_zh: str
    label_en: str
    measured: int
    limit: int
    passed: bool


@dataclass(frozen=True)
class FileView:
    """One landed file: its name, size in bytes, SHA-256 and how many data rows it holds."""

    name: str
    size: int
    checksum: str
    rows: int


@dataclass(frozen=True)
class BatchView:
    """A batch as the operator sees it; read = stored + duplicate + quarantined."""

    public_id: str
    dataset: str
    state: BatchState
    as_of: date
    received_at: datetime
    finished_at: datetime | None
    rows_read: int
    rows_stored: int
    rows_duplicate: int
    rows_quarantined: int
    rows_voided: int
    subjects: int
    facts: int
    profiles: int
    covers_from: date | None
    covers_until: date | None
    error: tuple[str, Mapping[str, Any]] | None
    landing_until: date
    landing_erased: bool
    demonstration: bool
    open_quarantine: int
    assertions: tuple[Checked, ...] = ()
    files: tuple[FileView, ...] = ()
    stored_files: int = 0


@dataclass(frozen=True)
class QuarantineView:
    """A row set aside: where it stands, why, what the cell said, and what became of it."""

    public_id: str
    batch: str
    dataset: str
    file: str
    row: int
    column: str
    fault: str
    value: str
    created_at: datetime
    handled_at: datetime | None
    note: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did. ``already`` says that the same files had been published before."""

    dataset: str
    batch: str
    as_of: date
    rows_read: int
    rows_stored: int
    rows_duplicate: int
    rows_quarantined: int
    rows_voided: int
    rows_voided_stored: int
    subjects: int
    facts: int
    profiles: int
    already: bool
    quarantined: tuple[QuarantineView, ...] = field(default=())
