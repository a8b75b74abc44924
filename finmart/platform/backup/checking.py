"""Verifying an archive: every byte is the one that was written, and every table can be read back to its digest."""

import hashlib
import tarfile
from pathlib import Path

from finmart.platform.backup.archive.reading import BLOCK, Archive, opened
from finmart.platform.backup.cells import Cells, digest_of
from finmart.platform.backup.types.errors import ArchiveDamaged, ArchiveIncomplete
from finmart.platform.backup.types.manifest import MANIFEST, SEAL, Manifest, Member, TableRecord
from finmart.platform.backup.types.progress import Report, silent


def verify(path: Path, report: Report = silent) -> Manifest:
    """Read the whole archive; returns what it says of itself.

    Raises ``NotAnArchive``, ``ArchiveIncomplete``, ``ArchiveDamaged`` (naming the part) or ``ArchiveTooNew``.
    """
    report("verifying the archive")
    with opened(path) as archive:
        manifest = archive.manifest
        if sorted(archive.names) != sorted([*(member.name for member in manifest.members), MANIFEST, SEAL]):
            raise ArchiveIncomplete(path)
        for member in manifest.members:
            _check_member(archive, member)
        if not archive.sealed():
            raise ArchiveDamaged(path, SEAL)
        for table in manifest.tables:
            _check_table(archive, table)
    return manifest


def _check_member(archive: Archive, member: Member) -> None:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(member.name) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
                size += len(block)
    except (OSError, tarfile.TarError):
        raise ArchiveIncomplete(archive.path) from None
    if (size, digest.hexdigest()) != (member.size, member.sha256):
        raise ArchiveDamaged(archive.path, member.name)


def _check_table(archive: Archive, table: TableRecord) -> None:
    try:
        found = digest_of(Cells([column.kind for column in table.columns]), archive.rows(table))
    except (ValueError, TypeError):
        raise ArchiveDamaged(archive.path, table.name) from None
    if (found.rows, found.hexdigest()) != (table.rows, table.digest):
        raise ArchiveDamaged(archive.path, table.name)
