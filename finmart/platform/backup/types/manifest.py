"""What an archive says about itself: its tables, its files, and which keys its ciphertexts need."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

FORMAT = 1
#: Names of members inside the archive.
MANIFEST = "manifest.json"
SEAL = "seal.sha256"
TABLES = "tables"
FILES = "data"


@dataclass(frozen=True)
class Column:
    """A column's name and its neutral kind (``cells.Kind``)."""

    name: str
    kind: str


@dataclass(frozen=True)
class TableRecord:
    """A table: columns in the order of the rows' cells, how many rows, their digest, and the members they lie in."""

    name: str
    columns: tuple[Column, ...]
    rows: int
    digest: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """One member of the archive: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str

    @property
    def place(self) -> str | None:
        """Where a file lies below the data folder; None for what is no file of it."""
        folder, _, place = self.name.partition("/")
        return place if folder == FILES else None


@dataclass(frozen=True)
class Keys:
    """The id of the index key, and a check value for each key that was there when the archive was written."""

    index: str
    checks: Mapping[str, str]


@dataclass(frozen=True)
class Manifest:
    """The archive's own account of itself; ``revision`` is that of the tables, ``made_at`` that of the snapshot."""

    id: str
    made_at: datetime
    database: str
    revision: str
    keys: Keys
    tables: tuple[TableRecord, ...]
    members: tuple[Member, ...]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """How many rows all tables have."""
        return sum(table.rows for table in self.tables)

    @property
    def files(self) -> tuple[Member, ...]:
        """The members that are files of the data folder."""
        return tuple(member for member in self.members if member.place is not None)

    def as_json(self) -> str:
        """The manifest as it stands in the archive."""
        return json.dumps({**asdict(self), "made_at": self.made_at.isoformat()}, ensure_ascii=False, indent=1)


def format_of(document: Any) -> int:
    """The format a manifest was written in. Raises ``ValueError`` or ``TypeError`` when it says none."""
    return int(document["format"])


def read_manifest(document: Any) -> Manifest:
    """A manifest of ``FORMAT``. Raises ``KeyError``, ``ValueError`` or ``TypeError`` when it is none."""
    return Manifest(
        id=str(document["id"]),
        made_at=datetime.fromisoformat(document["made_at"]),
        database=str(document["database"]),
        revision=str(document["revision"]),
        keys=Keys(str(document["keys"]["index"]), dict(document["keys"]["checks"])),
        tables=tuple(_table(table) for table in document["tables"]),
        members=tuple(_member(member) for member in document["members"]),
        format=format_of(document),
    )


def _table(document: Any) -> TableRecord:
    return TableRecord(
        name=str(document["name"]),
        columns=tuple(Column(str(column["name"]), str(column["kind"])) for column in document["columns"]),
        rows=int(document["rows"]),
        digest=str(document["digest"]),
        parts=tuple(document["parts"]),
    )


def _member(document: Any) -> Member:
    name = PurePosixPath(document["name"])
    if name.is_absolute() or ".." in name.parts:
        raise ValueError("a member must lie inside the archive")
    return Member(str(document["name"]), int(document["size"]), str(document["sha256"]))
