"""Making a backup while everything runs: one snapshot of the database, and the files that its rows name.

A file may go after the snapshot (a retention has ended, somebody has removed a document): then the newer snapshot no
longer names it, and the backup begins again. A file that the newer one still names is lost, and nothing is written.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Connection

from finmart.config import load_settings
from finmart.platform.audit.service import record
from finmart.platform.backup.archive.writing import Writer, draft_beside
from finmart.platform.backup.checking import verify
from finmart.platform.backup.naming import NamedFile, named_files
from finmart.platform.backup.tables import Shape, read_rows, shapes
from finmart.platform.backup.types.errors import BackupNotWritten, FileChanged, FileGone, TargetTaken
from finmart.platform.backup.types.events import BackupMade
from finmart.platform.backup.types.manifest import Keys, Manifest, TableRecord
from finmart.platform.backup.types.progress import Report, silent
from finmart.platform.crypto.checks import FILE as KEYS_CHECK
from finmart.platform.crypto.keyring import keyring
from finmart.platform.db import migrate
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs import gathering
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.disk import flush_folder
from finmart.platform.kernel.ids import public_id

#: A file that is gone from one snapshot to the next is an accident of timing; so many in a row are not.
ATTEMPTS = 3


@dataclass(frozen=True)
class Made:
    """A finished, verified archive."""

    path: Path
    size: int
    manifest: Manifest


def make_backup(actor: Actor, target: Path, report: Report = silent) -> Made:
    """Write a verified archive to ``target``, or under a name with the time into the folder ``target``.

    It opens its own units of work; others may write meanwhile. Raises ``TargetTaken``, ``FileGone``, ``FileChanged``
    or ``BackupNotWritten``; then nothing is left at the target.
    """
    if target.is_dir():
        target = target / f"finmart-{now():%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise TargetTaken(target)
    gathering.flush_all()
    try:
        with draft_beside(target, public_id()) as (draft, stream):
            manifest = _written(stream, report)
            verify(draft, report)
            if target.exists():
                raise TargetTaken(target)
            draft.rename(target)
            flush_folder(target.parent)
    except OSError as error:
        raise BackupNotWritten(error.strerror or type(error).__name__) from error
    size = target.stat().st_size
    with unit_of_work():
        record(actor, BackupMade(target=manifest.id, rows=manifest.rows, files=len(manifest.files), size=size))
    return Made(target, size, manifest)


def _written(stream: IO[bytes], report: Report) -> Manifest:
    missing: set[str] = set()
    for _attempt in range(ATTEMPTS):
        stream.seek(0)
        stream.truncate()
        try:
            manifest = _copy(stream, report)
            stream.flush()
            os.fsync(stream.fileno())
        except FileGone as gone:
            if gone.place in missing:
                raise
            missing.add(gone.place)
            last = gone
        else:
            return manifest
    raise last


def _copy(stream: IO[bytes], report: Report) -> Manifest:
    """One attempt. The snapshot stays open until the files are copied, which changes nothing in it."""
    made_at = now()
    with unit_of_work(readonly=True, snapshot=True) as current:
        connection = current.connection()
        writer = Writer(stream, made_at.timestamp())
        revision, found = migrate.revision_of(connection) or "", shapes(connection)
        _copy_files(writer, report)
        tables = tuple(_copy_table(connection, writer, shape, report) for shape in found)
    manifest = Manifest(
        id=public_id(),
        made_at=made_at,
        database=connection.dialect.name,
        revision=revision,
        keys=_keys(),
        tables=tables,
        members=tuple(writer.members),
    )
    writer.seal(manifest)
    return manifest


def _copy_files(writer: Writer, report: Report) -> None:
    data, files = load_settings().data, named_files()
    for file in files:  # Asked first: what is missing should show before hours of copying.
        if not (data / file.place).is_file():
            raise FileGone(file.place)
    report(f"copying {len(files):,} files")
    for file in files:
        _copy_file(writer, data, file)
    if (data / KEYS_CHECK).exists():
        writer.add_file(KEYS_CHECK, data / KEYS_CHECK)


def _copy_file(writer: Writer, data: Path, file: NamedFile) -> None:
    member = writer.add_file(file.place, data / file.place)
    if file.size not in (None, member.size) or file.checksum not in (None, member.sha256):
        raise FileChanged(file.place)


def _copy_table(connection: Connection, writer: Writer, shape: Shape, report: Report) -> TableRecord:
    report(f"copying the table {shape.name}")
    return writer.add_table(shape, read_rows(connection, shape))


def _keys() -> Keys:
    """Every key that is here now: whatever was read until this moment is sealed with one of them."""
    ring = keyring()
    return Keys(ring.index, {key_id: ring.check_value(key_id) for key_id in sorted(ring.keys)})
