"""Keeping files and giving them back. Who may do either is the caller's rule: each noun links files to its own rows."""

import hashlib
from collections.abc import Iterable

from finmart.platform.audit.service import record
from finmart.platform.backup.naming import NamedFile, names_files
from finmart.platform.crypto.keyring import keyring
from finmart.platform.files.inspection.recognise import recognise
from finmart.platform.files.models import StoredFileRow
from finmart.platform.files.repository import disk, rows
from finmart.platform.files.types.errors import FileUnknown
from finmart.platform.files.types.events import FileDiscarded, FileKept
from finmart.platform.files.types.kinds import DOCUMENTS, MEDIA_TYPES, FileKind
from finmart.platform.files.types.names import fit_name
from finmart.platform.files.types.values import FileContent, StoredFile
from finmart.platform.kernel.actor import Actor

#: How long, in seconds, a file without a row is left alone: somebody may be about to name it.
GRACE = 3600.0


def keep(actor: Actor, *, name: str, content: bytes, allowed: frozenset[FileKind] = DOCUMENTS) -> StoredFile:
    """Check ``content``, store it encrypted and write the row that names it.

    Raises ``FileRefused``: empty, over 20 MB, of no kind in ``allowed``, broken off, with macros, with embedded or
    linked content, or growing beyond measure.
    """
    kind = recognise(name, content, allowed)
    fingerprint = disk.fingerprint_of(content)
    rows.hold(alone=False)
    row = rows.add_file(
        fingerprint=fingerprint,
        key_id=disk.write(fingerprint, content),
        name=fit_name(name, kind),
        sha256=hashlib.sha256(content).hexdigest(),
        kind=kind.value,
        size=len(content),
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
    )
    record(actor, FileKept(target=row.public_id, kind=kind.value, size=len(content)))
    return _view(row)


def read(public_id: str) -> FileContent:
    """A kept file with its content. Raises ``FileUnknown`` or ``FileLost``. Whoever calls has asked for permission."""
    row = _row(public_id)
    return FileContent(row.name, MEDIA_TYPES[FileKind(row.kind)], disk.content_of(row.fingerprint))


def described(public_ids: Iterable[str]) -> dict[str, StoredFile]:
    """public id → kept file without its content, for those that exist."""
    return {row.public_id: _view(row) for row in rows.files_by_public_id(public_ids)}


def discard(actor: Actor, public_id: str) -> None:
    """Remove the row that names a file; its bytes go with the next sweep. Raises ``FileUnknown``."""
    row = _row(public_id)
    record(actor, FileDiscarded(target=row.public_id, kind=row.kind, size=row.size))
    rows.remove_file(row)


def sweep(grace: float = GRACE) -> int:
    """Remove files that no row names and half-written ones, if older than ``grace`` seconds; how many went."""
    rows.hold(alone=True)
    named = {f"{fingerprint}{disk.SEALED}" for fingerprint in rows.fingerprints()}
    removed = 0
    for path in disk.older_than(grace):
        if path.name not in named:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def reseal(limit: int = 100) -> int:
    """Seal at most ``limit`` files anew that are not under the current key; how many were. 0 means all are.

    Raises ``FileLost``. Stopping in the middle loses nothing: each file says itself which key opens it.
    """
    rows.hold(alone=True)
    fingerprints = rows.fingerprints_not_under(keyring().current, limit=limit)
    for fingerprint in fingerprints:
        rows.note_key(fingerprint, disk.write(fingerprint, disk.content_of(fingerprint)))
    return len(fingerprints)


@names_files("files")
def named() -> list[NamedFile]:
    """What a backup must hold so that every row finds its file."""
    return [NamedFile(disk.place_of(fingerprint)) for fingerprint in sorted(rows.fingerprints())]


def _row(public_id: str) -> StoredFileRow:
    row = rows.file_by_public_id(public_id)
    if row is None:
        raise FileUnknown
    return row


def _view(row: StoredFileRow) -> StoredFile:
    return StoredFile(row.public_id, row.name, FileKind(row.kind), row.size, row.sha256, row.created_at)
