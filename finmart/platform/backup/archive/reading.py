"""Reading an archive, and telling a whole one from one that was cut off or changed."""

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from finmart.platform.backup.types.errors import ArchiveDamaged, ArchiveIncomplete, ArchiveTooNew, NotAnArchive
from finmart.platform.backup.types.manifest import (
    FORMAT,
    MANIFEST,
    SEAL,
    Manifest,
    TableRecord,
    format_of,
    read_manifest,
)

BLOCK = 1 << 20


class Archive:
    """An opened archive. Its manifest has been read; whether the rest is sound is for ``checking`` to say."""

    def __init__(self, path: Path, tar: tarfile.TarFile, stream: IO[bytes]) -> None:
        self.path = path
        self._tar = tar
        self._stream = stream
        self._infos = {info.name: info for info in tar.getmembers()}
        self.names = tuple(info.name for info in tar.getmembers())
        if self.names[-1:] != (SEAL,) or MANIFEST not in self._infos:
            raise ArchiveIncomplete(path)
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        try:
            document = json.loads(self._bytes(MANIFEST))
            if format_of(document) > FORMAT:
                raise ArchiveTooNew(f"format {format_of(document)}")
            return read_manifest(document)
        except (ValueError, KeyError, TypeError):
            raise ArchiveDamaged(self.path, MANIFEST) from None

    def open(self, name: str) -> IO[bytes]:
        """A member's bytes. Raises ``ArchiveIncomplete`` for one that is not there."""
        stream = self._tar.extractfile(self._infos[name]) if name in self._infos else None
        if stream is None:
            raise ArchiveIncomplete(self.path)
        return stream

    def rows(self, table: TableRecord) -> Iterator[list[Any]]:
        """The neutral rows of a table. Raises ``ArchiveDamaged``."""
        for part in table.parts:
            try:
                with self.open(part) as packed, gzip.open(packed) as lines:
                    for one in lines:
                        yield self._cells(table, json.loads(one))
            except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error):
                raise ArchiveDamaged(self.path, part) from None

    def _cells(self, table: TableRecord, row: Any) -> list[Any]:
        if not isinstance(row, list) or len(row) != len(table.columns):
            raise ValueError("a row must have a cell for each column")
        return row

    def sealed(self) -> bool:
        """Whether every byte before the seal is the one that was sealed, and nothing but padding follows it."""
        seal = self._infos[SEAL]
        digest, left = hashlib.sha256(), seal.offset
        self._stream.seek(0)
        while left and (block := self._stream.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
        self._stream.seek(seal.offset_data)
        said, rest = self._stream.read(seal.size), self._stream.read()
        whole = len(rest) >= 2 * tarfile.BLOCKSIZE and self._stream.tell() % tarfile.RECORDSIZE == 0
        return said == digest.hexdigest().encode("ascii") and whole and not any(rest)

    def _bytes(self, name: str) -> bytes:
        with self.open(name) as stream:
            return stream.read()


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive. Raises ``NotAnArchive``, ``ArchiveIncomplete``, ``ArchiveDamaged`` or ``ArchiveTooNew``."""
    try:
        stream = path.open("rb")
    except OSError:
        raise NotAnArchive(path) from None
    with stream:
        try:
            tar = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115 - it holds nothing but the stream.
        except (OSError, tarfile.TarError):
            raise NotAnArchive(path) from None
        try:
            archive = Archive(path, tar, stream)
        except tarfile.TarError:
            raise ArchiveIncomplete(path) from None
        yield archive
