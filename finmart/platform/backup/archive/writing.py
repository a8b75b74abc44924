"""Writing an archive: one tar file, streamed under a temporary name, its last member sealing every byte before it.

Tables lie in parts of bounded size (gzip), because a member of a tar file must say how long it is before it begins.
"""

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from finmart.platform.backup.cells import Digest, line
from finmart.platform.backup.tables import Shape
from finmart.platform.backup.types.errors import FileChanged, FileGone
from finmart.platform.backup.types.manifest import FILES, MANIFEST, SEAL, TABLES, Manifest, Member, TableRecord

#: Bytes of rows, before they are compressed, in one part.
PART = 8 << 20
BLOCK = 1 << 20


class _Hashing(io.RawIOBase):
    """What is written passes through, and its SHA-256 and length are known at any time."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self.digest = hashlib.sha256()
        self.length = 0

    def write(self, data: Any) -> int:
        self._stream.write(data)
        self.digest.update(data)
        self.length += len(data)
        return len(data)

    def tell(self) -> int:
        return self.length


class _Reading:
    """Reads a file for the archive, and hashes what is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.digest.update(data)
        return data


class Writer:
    """Adds members to an archive that is being written; ``members`` is what the manifest says of them."""

    def __init__(self, stream: IO[bytes], made_at: float) -> None:
        self._through = _Hashing(stream)
        self._tar = tarfile.open(fileobj=self._through, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by ``seal``; what was broken off is thrown away whole.
        self._made_at = int(made_at)
        self.members: list[Member] = []

    def add_file(self, place: str, path: Path) -> Member:
        """Copy a file of the data folder. Raises ``FileGone`` or ``FileChanged``."""
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            raise FileGone(place) from None
        with stream:
            reading = _Reading(stream)
            size = os.fstat(stream.fileno()).st_size
            try:
                self._tar.addfile(self._info(f"{FILES}/{place}", size), reading)  # type: ignore[arg-type]  # It is only read from.
            except OSError as error:
                if error.errno is None:  # The tar module's own: fewer bytes than the file had when it was opened.
                    raise FileChanged(place) from None
                raise
        self.members.append(Member(f"{FILES}/{place}", size, reading.digest.hexdigest()))
        return self.members[-1]

    def add_table(self, shape: Shape, rows: Iterable[list[Any]]) -> TableRecord:
        """Write a table's neutral rows, part by part."""
        digest, cells = Digest(), shape.cells
        parts, waiting, size = list[str](), list[bytes](), 0
        for row in rows:
            digest.add(cells.compared(row))
            waiting.append(line(row))
            size += len(waiting[-1])
            if size >= PART:
                parts.append(self._add_part(shape.name, len(parts) + 1, waiting))
                waiting, size = [], 0
        if waiting:
            parts.append(self._add_part(shape.name, len(parts) + 1, waiting))
        return TableRecord(shape.name, shape.columns, digest.rows, digest.hexdigest(), tuple(parts))

    def seal(self, manifest: Manifest) -> None:
        """End the archive with its manifest and the seal."""
        self._add_bytes(MANIFEST, manifest.as_json().encode())
        self._add_bytes(SEAL, self._through.digest.hexdigest().encode("ascii"))
        self._tar.close()

    def _add_part(self, table: str, number: int, lines: list[bytes]) -> str:
        name = f"{TABLES}/{table}/{number:06d}.jsonl.gz"
        packed = gzip.compress(b"".join(lines), compresslevel=6, mtime=0)
        self._add_bytes(name, packed)
        self.members.append(Member(name, len(packed), hashlib.sha256(packed).hexdigest()))
        return name

    def _add_bytes(self, name: str, data: bytes) -> None:
        self._tar.addfile(self._info(name, len(data)), io.BytesIO(data))

    def _info(self, name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self._made_at, 0o600
        return info


@contextmanager
def draft_beside(target: Path, name: str) -> Iterator[tuple[Path, IO[bytes]]]:
    """A new file beside ``target`` that only its owner may read; gone at the end unless somebody renamed it."""
    draft = target.with_name(f".{target.name}.{name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=BLOCK) as stream:
            yield draft, stream
    finally:
        draft.unlink(missing_ok=True)
