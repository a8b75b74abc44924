"""The embedded engine: SQLite FTS5 over words cut beforehand, in one disposable file of its own.

It serves SQLite and PostgreSQL databases alike, because it holds nothing that the database does not. A rebuild
writes a new file and swaps it in; a reader opens the file for one search, so it sees either the old or the new one.
"""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from finmart.platform.kernel.ids import public_id
from finmart.platform.search.facets import Shelf, bits_of, make_shelf
from finmart.platform.search.matching import expression
from finmart.platform.search.types import CHARS_SHARE, Document, Hits, IndexMissing, IndexSpec, IndexState, Query
from finmart.platform.search.words import Parsed, Segmenter, pieces

ENGINE = "embedded"
#: The form of the file; raised when one of the old form would be misread.
FORM = 2
#: Windows refuses to replace a file while a reader has it open for a moment.
SWAP_ATTEMPTS = 20
SWAP_WAIT_S = 0.05
#: No rebuild takes so many seconds; an unfinished file that is older is nobody's.
REBUILD_S = 900.0


@dataclass(frozen=True)
class _Loaded:
    """What a process keeps of one generation of the file."""

    generation: str
    note: str
    shelf: Shelf
    segmenter: Segmenter


class EmbeddedIndex:
    """One index in one SQLite file."""

    def __init__(self, path: Path, spec: IndexSpec) -> None:
        self._path = path
        self._spec = spec
        self._made_for = spec.fingerprint(FORM)
        self._loaded: _Loaded | None = None

    def rebuild(self, documents: Iterable[Document], *, words: Iterable[str], note: str) -> int:
        """Write a new file and swap it in; returns how many documents it holds."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._forget_broken_off()
        fresh = self._path.with_name(f"{self._path.name}.{public_id()}.new")
        known = sorted(set(words))
        segmenter = Segmenter(known)
        try:
            with contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=OFF")
                connection.execute("PRAGMA synchronous=OFF")
                connection.execute("BEGIN")
                self._make_tables(connection)
                number = self._write(connection, documents, segmenter)
                self._note(connection, known, note)
                connection.execute("COMMIT")
            self._swap(fresh)
        finally:
            fresh.unlink(missing_ok=True)
        return number

    def put(self, documents: Iterable[Document], *, words: Iterable[str], gone: Iterable[str], note: str) -> None:
        """Write ``documents`` over what stands under their keys, take ``gone`` away, in one transaction."""
        written = list(documents)
        with self._open(writing=True) as connection:
            known = sorted({*self._words(connection), *words})
            connection.execute("BEGIN IMMEDIATE")
            for key in (*gone, *(document.key for document in written)):
                self._take_away(connection, key)
            self._write(connection, written, Segmenter(known))
            self._note(connection, known, note)
            connection.execute("COMMIT")

    def find(self, query: Query) -> Hits:
        """Search: all words, then any of them when no document has all. Raises ``IndexMissing``."""
        with self._open() as connection:
            loaded = self._load(connection)
            parsed = loaded.segmenter.of_query(query.text)
            if not parsed.terms:
                return self._page(loaded, query, None, parsed, relaxed=False)
            ranked = self._match(connection, parsed, every=True)
            relaxed = False
            if not ranked and len(parsed.terms) > 1:
                ranked = self._match(connection, parsed, every=False)
                relaxed = bool(ranked)
        return self._page(loaded, query, ranked, parsed, relaxed=relaxed)

    def state(self) -> IndexState:
        """How the file stands. Raises ``IndexMissing``."""
        with self._open() as connection:
            documents = connection.execute("SELECT count(*) FROM document").fetchone()[0]
            return IndexState(documents, self._meta(connection, "note"), ENGINE)

    def _page(self, loaded: _Loaded, query: Query, ranked: list[int] | None, parsed: Parsed, *, relaxed: bool) -> Hits:
        shelf = loaded.shelf
        start = shelf.everything if ranked is None else bits_of(ranked, len(shelf.keys))
        kept = shelf.narrow(start, query.where)
        if query.sort in shelf.orders:
            order = shelf.orders[query.sort]
        else:
            order = shelf.orders[self._spec.sorts[0]] if ranked is None else ranked
        page = _slice((position for position in order if kept >> position & 1), query.offset, query.limit)
        keys = tuple(shelf.keys[position] for position in page)
        counts = shelf.counts(start, query.where)
        return Hits(keys, kept.bit_count(), counts, parsed.shown, relaxed, parsed.shortened, loaded.note)

    def _match(self, connection: sqlite3.Connection, parsed: Parsed, *, every: bool) -> list[int]:
        weights = [field.weight * share for field in self._spec.fields for share in (1.0, CHARS_SHARE)]
        # Equal scores go by key: a row that was written again has a new rowid, and must not move for it.
        sql = (
            "SELECT words.rowid FROM words JOIN document ON document.id = words.rowid WHERE words MATCH ?"  # noqa: S608 - the weights are numbers of the spec.  # nosec B608
            f" ORDER BY bm25(words, {', '.join(map(str, weights))}), document.key"
        )
        return [row[0] for row in connection.execute(sql, (expression(parsed, self._spec, every=every),))]

    @contextlib.contextmanager
    def _open(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            mode = "rw" if writing else "ro"
            connection = sqlite3.connect(f"{self._path.as_uri()}?mode={mode}", uri=True, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise IndexMissing from error
        try:
            with contextlib.closing(connection):
                if self._meta(connection, "fingerprint") != self._made_for:
                    raise IndexMissing
                yield connection
        except sqlite3.DatabaseError as error:
            # A damaged or foreign file is as good as none: it is rebuilt, never repaired.
            raise IndexMissing from error

    def _load(self, connection: sqlite3.Connection) -> _Loaded:
        generation = self._meta(connection, "generation")
        loaded = self._loaded
        if loaded is None or loaded.generation != generation:
            rows = connection.execute("SELECT id, key, facets, numbers FROM document")
            shelf = make_shelf(
                ((row[0], row[1], json.loads(row[2]), json.loads(row[3])) for row in rows), self._spec.sorts
            )
            self._loaded = loaded = _Loaded(
                generation, self._meta(connection, "note"), shelf, Segmenter(self._words(connection))
            )
        return loaded

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        columns = ", ".join(f"{field.name}, {field.name}_chars" for field in self._spec.fields)
        connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE document (id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL,"
            " facets TEXT NOT NULL, numbers TEXT NOT NULL)"
        )
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5({columns}, tokenize='unicode61')")

    def _write(self, connection: sqlite3.Connection, documents: Iterable[Document], segmenter: Segmenter) -> int:
        marks = ", ".join("?" * (1 + 2 * len(self._spec.fields)))
        columns = ", ".join(f"{field.name}, {field.name}_chars" for field in self._spec.fields)
        sql = f"INSERT INTO words (rowid, {columns}) VALUES ({marks})"  # noqa: S608 - names of the spec.  # nosec B608
        number = 0
        for document in documents:
            facets, numbers = json.dumps(document.facets), json.dumps(document.numbers)
            cursor = connection.execute(
                "INSERT INTO document (key, facets, numbers) VALUES (?, ?, ?)", (document.key, facets, numbers)
            )
            values: list[str] = []
            for field in self._spec.fields:
                text = document.texts.get(field.name, "")
                values += [" ".join(segmenter.of_text(text)), " ".join(pieces(text))]
            connection.execute(sql, (cursor.lastrowid, *values))
            number += 1
        return number

    def _take_away(self, connection: sqlite3.Connection, key: str) -> None:
        row = connection.execute("SELECT id FROM document WHERE key = ?", (key,)).fetchone()
        if row is not None:
            connection.execute("DELETE FROM words WHERE rowid = ?", row)
            connection.execute("DELETE FROM document WHERE id = ?", row)

    def _note(self, connection: sqlite3.Connection, words: list[str], note: str) -> None:
        rows = {
            "generation": public_id(),
            "fingerprint": self._made_for,
            "note": note,
            "user_words": json.dumps(words),
        }
        connection.executemany("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", list(rows.items()))

    def _meta(self, connection: sqlite3.Connection, name: str) -> str:
        row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise IndexMissing
        return str(row[0])

    def _words(self, connection: sqlite3.Connection) -> list[str]:
        words: list[str] = json.loads(self._meta(connection, "user_words"))
        return words

    def _forget_broken_off(self) -> None:
        """Remove what rebuilds left that were killed long ago."""
        before = time.time() - REBUILD_S
        for left in self._path.parent.glob(f"{self._path.name}.*.new"):
            with contextlib.suppress(FileNotFoundError):  # Somebody else may be rebuilding, and tidying, as well.
                if left.stat().st_mtime < before:
                    left.unlink()

    def _swap(self, fresh: Path) -> None:
        for attempt in range(SWAP_ATTEMPTS):
            try:
                fresh.replace(self._path)
            except PermissionError:
                if attempt == SWAP_ATTEMPTS - 1:
                    raise
                time.sleep(SWAP_WAIT_S)
            else:
                return


def _slice(positions: Iterator[int], offset: int, limit: int) -> list[int]:
    page: list[int] = []
    for number, position in enumerate(positions):
        if number >= offset + limit:
            break
        if number >= offset:
            page.append(position)
    return page
