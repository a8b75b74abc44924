"""The files of an archive on their way into a data folder: unpacked beside it, moved in at the end, or not at all.

While a restore is under way the folder ``restoring`` stands in the data folder and names the database it is for. One
that was killed leaves it behind; the next restore into the same, still empty database clears what it had moved in.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from finmart.platform.backup.archive.reading import BLOCK, Archive
from finmart.platform.backup.naming import FOLDERS
from finmart.platform.backup.types.errors import ArchiveDamaged, FolderNotEmpty
from finmart.platform.crypto.checks import FILE as KEYS_CHECK
from finmart.platform.kernel.disk import flush_folder

RESTORING = "restoring"
NOTE = "database"


class Staging:
    """The folder in which an archive's files wait for the database."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / RESTORING
        self._kept = False

    def begin(self, database: str) -> None:
        """Make the folder. Raises ``FolderNotEmpty`` when files of somebody's lie where the archive's would."""
        note = self._folder / NOTE
        broken_off = note.is_file() and note.read_text(encoding="utf-8") == database
        for name in sorted(FOLDERS):
            if not broken_off and any(path.is_file() for path in (self._data / name).rglob("*")):
                raise FolderNotEmpty(self._data / name)
        if self._folder.exists() and not broken_off:
            raise FolderNotEmpty(self._folder)
        self.clear()
        self._folder.mkdir(parents=True, mode=0o700)
        note.write_text(database, encoding="utf-8")
        flush_folder(self._data)

    def unpack(self, archive: Archive) -> None:
        """Write the archive's files, flushed, below the staging folder. Raises ``ArchiveDamaged``."""
        for member in archive.manifest.files:
            place = str(member.place)
            if place != KEYS_CHECK and place.partition("/")[0] not in FOLDERS:
                raise ArchiveDamaged(archive.path, member.name)
            target = self._folder / place
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (
                archive.open(member.name) as source,
                os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink,
            ):
                shutil.copyfileobj(source, sink, BLOCK)
                sink.flush()
                os.fsync(sink.fileno())
        for folder in sorted({path.parent for path in self._folder.rglob("*")}):
            flush_folder(folder)

    def settle(self) -> None:
        """Move everything to its place; the database's transaction, which names it, commits next."""
        for name in sorted(FOLDERS):
            if (self._data / name).exists():
                shutil.rmtree(self._data / name)  # Without a file in it: ``begin`` has looked.
            if (self._folder / name).exists():
                (self._folder / name).rename(self._data / name)
        if (self._folder / KEYS_CHECK).exists():
            (self._folder / KEYS_CHECK).replace(self._data / KEYS_CHECK)
        flush_folder(self._data)

    def keep(self) -> None:
        """The database names the files now: nothing is taken back any more."""
        self._kept = True

    def clear(self) -> None:
        """Take back whatever was moved in, unless it is to be kept."""
        if self._kept:
            return
        for name in sorted(FOLDERS):
            if (self._data / name).exists():
                shutil.rmtree(self._data / name)
        self.end()

    def end(self) -> None:
        """Remove the staging folder."""
        if self._folder.exists():
            shutil.rmtree(self._folder)


@contextmanager
def staging_in(data: Path, database: str) -> Iterator[Staging]:
    """A staging folder in ``data`` for a restore into ``database``; when the block fails no file is left."""
    staging = Staging(data)
    staging.begin(database)
    try:
        yield staging
    except BaseException:
        staging.clear()
        raise
    staging.end()
