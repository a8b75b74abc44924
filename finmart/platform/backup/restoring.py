"""Restoring a backup into an empty installation: everything, compared with the archive, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from finmart.config import Settings, load_settings
from finmart.platform.audit.service import record
from finmart.platform.backup.archive.reading import opened
from finmart.platform.backup.checking import verify
from finmart.platform.backup.filling import fill, prepare_tables, reason_of
from finmart.platform.backup.staging import staging_in
from finmart.platform.backup.types.errors import (
    IndexKeyDifferent,
    KeyAway,
    KeyDifferent,
    RestoreBroken,
)
from finmart.platform.backup.types.events import BackupRestored
from finmart.platform.backup.types.manifest import Keys, Manifest
from finmart.platform.backup.types.progress import Report, silent
from finmart.platform.crypto.keyring import KEYS_FILE, load_keyring
from finmart.platform.db import migrate
from finmart.platform.db.session import after_commit, database, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.server import alone_on_sqlite


@dataclass(frozen=True)
class Restored:
    """What was restored, into which kind of database, and the revision its tables have now."""

    manifest: Manifest
    database: str
    revision: str


def restore_backup(actor: Actor, path: Path, prepare: Callable[[], Any], report: Report = silent) -> Restored:
    """Restore the archive at ``path`` into the empty database and data folder of the settings.

    ``prepare`` prepares this process; it is called only once the archive is sound and the keys are right, because it
    makes up keys where there are none. Raises ``NotAnArchive``, ``ArchiveIncomplete``, ``ArchiveDamaged``,
    ``ArchiveTooNew``, ``KeyAway``, ``KeyDifferent``, ``IndexKeyDifferent``, ``DatabaseNotEmpty``, ``FolderNotEmpty``,
    ``RowsRefused``, ``TableDiffers`` or ``RestoreBroken``; then the database is empty and no file was left.
    """
    manifest, settings = verify(path, report), load_settings()
    check_keys(manifest.keys, settings)
    prepare()
    engine = database().engine
    with alone_on_sqlite(settings):
        _restore(engine, settings.data, path, manifest, report)
        before, head = migrate.revisions(engine)
        if before != head:
            report(f"bringing the tables from {before} to {head}")
            migrate.upgrade(engine)
    restored = BackupRestored(
        target=manifest.id, rows=manifest.rows, files=len(manifest.files), revision=manifest.revision
    )
    with unit_of_work():
        record(actor, restored)
    return Restored(manifest, engine.dialect.name, str(head))


def check_keys(needed: Keys, settings: Settings) -> None:
    """Compare the keys that are here with those an archive needs; none is made up.

    Raises ``KeyAway``, ``KeyDifferent`` or ``IndexKeyDifferent``, naming the key's id.
    """
    if not settings.keys and not (settings.data / KEYS_FILE).exists():
        raise KeyAway("、".join(sorted(needed.checks)))
    ring = load_keyring(settings.keys, settings.data, production=settings.is_production)
    for key_id, check in sorted(needed.checks.items()):
        if key_id not in ring.keys:
            raise KeyAway(key_id)
        if ring.check_value(key_id) != check:
            raise KeyDifferent(key_id)
    if ring.index != needed.index:
        raise IndexKeyDifferent(needed.index)


def _restore(engine: Engine, data: Path, path: Path, manifest: Manifest, report: Report) -> None:
    try:
        prepare_tables(engine, manifest)
        with staging_in(data, str(engine.url)) as staging, opened(path) as archive:
            report(f"unpacking {len(archive.manifest.files):,} files")
            staging.unpack(archive)
            with unit_of_work() as current:
                fill(current.connection(), archive, report)
                staging.settle()
                after_commit(staging.keep)
    except OSError as error:
        raise RestoreBroken(error.strerror or type(error).__name__) from error
    except DBAPIError as error:  # Making the tables, or the commit.
        raise RestoreBroken(reason_of(error)) from None
