"""Open connections to the index's file, kept for the next search while the file stays the one that they opened."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

#: As many as search at the same moment; more are closed after their search.
MOST = 8
#: Windows refuses to replace a file that somebody has open, so there nobody keeps it open.
KEEPS = os.name == "posix"

_Signature = tuple[int, int, int]


class Readers:
    """The idle readers of one file. A list's ``append`` and ``pop`` are whole steps: no lock is needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[tuple[_Signature, sqlite3.Connection]] = []
        self._taken: dict[int, _Signature] = {}

    def take(self, connect: Callable[[], sqlite3.Connection]) -> sqlite3.Connection:
        """A connection to the file as it is now. Raises ``OSError`` or ``sqlite3.OperationalError``."""
        now = self._signature()
        while self._idle:
            try:
                then, connection = self._idle.pop()
            except IndexError:
                break
            if then == now:
                self._taken[id(connection)] = now
                return connection
            connection.close()
        connection = connect()
        self._taken[id(connection)] = now
        return connection

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Keep ``connection`` for the next search, or close it."""
        taken = self._taken.pop(id(connection), None)
        if KEEPS and taken is not None and len(self._idle) < MOST:
            self._idle.append((taken, connection))
        else:
            connection.close()

    def _signature(self) -> _Signature:
        """Another file, or another state of it, has another signature."""
        stat = self._path.stat()
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def __del__(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()
