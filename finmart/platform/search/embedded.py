"""The embedded engine: SQLite FTS5 over words cut beforehand, in one disposable file of its own.

It serves SQLite and PostgreSQL databases alike, because it holds nothing that the database does not. A rebuild
writes a new file and swaps it in; a reader opens the file for one search, so it sees either the old or the new one.
"""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from finmart.platform.kernel.ids import public_id
from finmart.platform.search.answering import answered
from finmart.platform.search.facets import Bits, Mask, Positions, Shelf, bits_of, make_shelf
from finmart.platform.search.indexing import indexed
from finmart.platform.search.lexicon import known_words
from finmart.platform.search.matching import columns_of, expression
from finmart.platform.search.readers import Readers
from finmart.platform.search.scoring import WINDOW, Row, profile_of, row_of, scores
from finmart.platform.search.types import Document, Hits, IndexMissing, IndexSpec, IndexState, Query
from finmart.platform.search.words import Parsed, Segmenter

ENGINE = "embedded"
#: The form of the file; raised when one of the old form would be misread.
FORM = 3
#: A run of characters counts half of a whole word: "税贷" inside "云税贷" should not outrank a product called so.
CHARS_SHARE = 0.5
#: What a sound counts beside the fields' weights, where only the first answers are ordered more finely.
SOUNDS_WEIGHT = 5.0
#: So many documents' profiles are kept in memory, some hundred bytes each.
MAX_PROFILES = 20_000
#: Ranks within one step of met needs lie closer together than the steps.
PARTED = 0.5
#: Windows refuses to replace a file while a reader has it open for a moment.
SWAP_ATTEMPTS = 20
SWAP_WAIT_S = 0.05
#: No rebuild takes so many seconds; an unfinished file that is older is nobody's.
REBUILD_S = 900.0


@dataclass(frozen=True)
class _Loaded:
    """What a process keeps of one generation of the file; ``profiles`` are read as they are needed."""

    generation: str
    note: str
    shelf: Shelf
    segmenter: Segmenter
    profiles: dict[int, Row]


@dataclass(frozen=True)
class _Matched:
    """What the words found: positions, how well in the engine's own measure (smaller is better), and as a set."""

    positions: Positions
    ranks: npt.NDArray[np.float64]
    bits: Bits


class EmbeddedIndex:
    """One index in one SQLite file."""

    def __init__(self, path: Path, spec: IndexSpec) -> None:
        self._path = path
        self._spec = spec
        self._made_for = spec.fingerprint(FORM)
        self._loaded: _Loaded | None = None
        self._readers = Readers(path)

    def rebuild(self, documents: Iterable[Document], *, words: Iterable[str], note: str) -> int:
        """Write a new file and swap it in; returns how many documents it holds."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._forget_broken_off()
        fresh = self._path.with_name(f"{self._path.name}.{public_id()}.new")
        known = known_words(words)
        segmenter = self._segmenter(known)
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
            known = {**self._words(connection), **known_words(words)}
            connection.execute("BEGIN IMMEDIATE")
            for key in (*gone, *(document.key for document in written)):
                self._take_away(connection, key)
            self._write(connection, written, self._segmenter(known))
            self._note(connection, known, note)
            connection.execute("COMMIT")

    def find(self, query: Query) -> Hits:
        """Search: every word, then what was probably meant, then any of the words. Raises ``IndexMissing``."""
        with self._open() as connection:
            loaded = self._load(connection)

            def ask(parsed: Parsed, every: bool) -> _Matched | None:
                return self._match(connection, loaded.shelf, parsed, every=every) if parsed.needed else None

            parsed, matched, relaxed = answered(loaded.segmenter, query, ask, _found)
            return self._page(connection, loaded, query, matched, parsed, relaxed=relaxed)

    def state(self) -> IndexState:
        """How the file stands. Raises ``IndexMissing``."""
        with self._open() as connection:
            documents = connection.execute("SELECT count(*) FROM document").fetchone()[0]
            return IndexState(documents, self._meta(connection, "note"), ENGINE)

    def _page(
        self,
        connection: sqlite3.Connection,
        loaded: _Loaded,
        query: Query,
        matched: _Matched | None,
        parsed: Parsed,
        *,
        relaxed: bool,
    ) -> Hits:
        shelf = loaded.shelf
        if matched is None and parsed.terms:
            matched = _everything(shelf, self._spec.sorts[0])
        start = shelf.everything if matched is None else matched.bits
        points = np.zeros(len(shelf.keys), dtype=np.int64)
        for need in query.needs:
            meets, open_to = shelf.meeting(need)
            start &= open_to
            points += shelf.mask(meets)
        kept = shelf.narrow(start, query.where)
        end = query.offset + query.limit
        if query.sort in shelf.orders:
            page = _kept(shelf.orders[query.sort], shelf.mask(kept))[query.offset : end]
        elif matched is None:
            order = _kept(shelf.orders[self._spec.sorts[0]], shelf.mask(kept))
            page = order[np.argsort(-points[order], kind="stable")][query.offset : end]
        else:
            page = self._ranked(connection, loaded, matched, parsed, shelf.mask(kept), points, end)[query.offset : end]
        keys = tuple(shelf.keys[position] for position in page)
        counts = shelf.counts(start, query.where)
        return Hits(
            keys,
            kept.bit_count(),
            counts,
            parsed.shown,
            relaxed,
            parsed.shortened,
            loaded.note,
            corrected=parsed.corrected,
        )

    def _ranked(
        self,
        connection: sqlite3.Connection,
        loaded: _Loaded,
        matched: _Matched,
        parsed: Parsed,
        kept: Mask,
        points: Positions,
        end: int,
    ) -> Positions:
        """The first ``end`` of what was found and is kept; ``WINDOW`` of them by the score that both engines share."""
        held = kept[matched.positions]
        positions, ranks = matched.positions[held], matched.ranks[held]
        # Equal ranks go by key: a row that was written again has a new position, and must not move for it.
        keys = (loaded.shelf.places[positions], ranks, -points[positions])
        positions = positions[_first(keys, max(end, WINDOW))]
        window, rest = positions[:WINDOW], positions[WINDOW:]
        relevance = np.array(scores(self._profiles(connection, loaded, window), parsed, self._spec))
        listing = loaded.shelf.numbers[self._spec.sorts[0]][window]
        ordered = window[np.lexsort((loaded.shelf.places[window], listing, -relevance, -points[window]))]
        return np.concatenate((ordered, rest))

    def _profiles(self, connection: sqlite3.Connection, loaded: _Loaded, window: Positions) -> list[Row]:
        kept = loaded.profiles
        # Looked up once: another thread may empty what is kept at any moment.
        found = {position: kept.get(position) for position in window.tolist()}
        lacking = ",".join(str(position) for position, row in found.items() if row is None)
        if lacking:
            sql = f"SELECT id, profile FROM document WHERE id IN ({lacking})"  # noqa: S608 - own row numbers.  # nosec B608
            read = {row[0]: row_of(json.loads(row[1]), self._spec) for row in connection.execute(sql)}
            found.update(read)
            if len(kept) > MAX_PROFILES:
                kept.clear()
            kept.update(read)
        return [row for row in found.values() if row is not None]

    def _match(self, connection: sqlite3.Connection, shelf: Shelf, parsed: Parsed, *, every: bool) -> _Matched:
        weights = [field.weight * share for field in self._spec.fields for share in (1.0, CHARS_SHARE)]
        ranked = f"bm25(words, {', '.join(map(str, [*weights, SOUNDS_WEIGHT]))})"
        sql = f"SELECT rowid, {ranked} FROM words WHERE words MATCH ?"  # noqa: S608 - the weights are the spec's.  # nosec B608
        rows = connection.execute(sql, (expression(parsed, self._spec, every=every),)).fetchall()
        # From one flat run of numbers: an array of rows would be looked at row by row.
        flat = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=2 * len(rows))
        positions = flat[::2].astype(np.int64)
        mask = np.zeros(len(shelf.keys), dtype=np.bool_)
        mask[positions] = True
        return _Matched(positions, flat[1::2], bits_of(mask))

    @contextlib.contextmanager
    def _open(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connect(writing=True) if writing else self._readers.take(self._connect)
        except (OSError, sqlite3.OperationalError) as error:
            raise IndexMissing from error
        try:
            if self._meta(connection, "fingerprint") != self._made_for:
                raise IndexMissing
            yield connection
        except sqlite3.DatabaseError as error:
            connection.close()
            # A damaged or foreign file is as good as none: it is rebuilt, never repaired.
            raise IndexMissing from error
        except BaseException:
            connection.close()
            raise
        if writing:
            connection.close()
        else:
            self._readers.give_back(connection)

    def _connect(self, *, writing: bool = False) -> sqlite3.Connection:
        mode = "rw" if writing else "ro"
        # A reader goes from thread to thread, and is used by one at a time.
        return sqlite3.connect(
            f"{self._path.as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )

    def _load(self, connection: sqlite3.Connection) -> _Loaded:
        generation = self._meta(connection, "generation")
        loaded = self._loaded
        if loaded is None or loaded.generation != generation:
            rows = connection.execute("SELECT id, key, facets, numbers FROM document")
            shelf = make_shelf(
                ((row[0], row[1], json.loads(row[2]), json.loads(row[3])) for row in rows),
                self._spec.sorts,
                self._spec.measures,
            )
            segmenter = self._segmenter(self._words(connection))
            self._loaded = loaded = _Loaded(generation, self._meta(connection, "note"), shelf, segmenter, {})
        return loaded

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        columns = ", ".join(columns_of(self._spec))
        connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE document (id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL,"
            " facets TEXT NOT NULL, numbers TEXT NOT NULL, profile TEXT NOT NULL)"
        )
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5({columns}, tokenize='unicode61')")

    def _write(self, connection: sqlite3.Connection, documents: Iterable[Document], segmenter: Segmenter) -> int:
        columns = columns_of(self._spec)
        marks = ", ".join("?" * (1 + len(columns)))
        sql = f"INSERT INTO words (rowid, {', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of the spec.  # nosec B608
        number = 0
        for document in documents:
            profile = profile_of(document, self._spec)
            stored = (json.dumps(part, ensure_ascii=False) for part in (document.facets, document.numbers, profile))
            cursor = connection.execute(
                "INSERT INTO document (key, facets, numbers, profile) VALUES (?, ?, ?, ?)", (document.key, *stored)
            )
            texts = indexed(document, self._spec, segmenter, profile)
            values = [" ".join(words) for field in self._spec.fields for words in texts.of_field(field.name)]
            connection.execute(sql, (cursor.lastrowid, *values, " ".join(texts.sounds)))
            number += 1
        return number

    def _take_away(self, connection: sqlite3.Connection, key: str) -> None:
        row = connection.execute("SELECT id FROM document WHERE key = ?", (key,)).fetchone()
        if row is not None:
            connection.execute("DELETE FROM words WHERE rowid = ?", row)
            connection.execute("DELETE FROM document WHERE id = ?", row)

    def _note(self, connection: sqlite3.Connection, words: Mapping[str, str], note: str) -> None:
        rows = {
            "generation": public_id(),
            "fingerprint": self._made_for,
            "note": note,
            "user_words": json.dumps(words, ensure_ascii=False),
        }
        connection.executemany("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", list(rows.items()))

    def _meta(self, connection: sqlite3.Connection, name: str) -> str:
        row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise IndexMissing
        return str(row[0])

    def _segmenter(self, words: Mapping[str, str]) -> Segmenter:
        return Segmenter(words, self._spec.synonyms, sounding=self._spec.sounding)

    def _words(self, connection: sqlite3.Connection) -> dict[str, str]:
        words: dict[str, str] = json.loads(self._meta(connection, "user_words"))
        return words

    def _forget_broken_off(self) -> None:
        """Remove what rebuilds left that were killed long ago."""
        before = time.time() - REBUILD_S
        for left in self._path.parent.glob(f"{self._path.name}.*.new"):
            with contextlib.suppress(FileNotFoundError):  # Somebody else may be rebuilding, and tidying, as well.
                if left.stat().st_mtime < before:
                    left.unlink()

    def _swap(self, fresh: Path) -> None:
        # A writer that was killed leaves its journal; SQLite would roll that back into the file that takes its place.
        self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
        for attempt in range(SWAP_ATTEMPTS):
            try:
                fresh.replace(self._path)
            except PermissionError:
                if attempt == SWAP_ATTEMPTS - 1:
                    raise
                time.sleep(SWAP_WAIT_S)
            else:
                return


def _everything(shelf: Shelf, listing: str) -> _Matched:
    """All documents in their first order: words that only rank have found nothing and leave nothing out."""
    positions = np.flatnonzero(shelf.mask(shelf.everything))
    return _Matched(positions, shelf.numbers[listing][positions].astype(np.float64), shelf.everything)


def _found(matched: _Matched | None) -> int:
    return 0 if matched is None else len(matched.positions)


def _kept(order: Positions, mask: Mask) -> Positions:
    return order[mask[order]]


def _first(keys: tuple[npt.NDArray[Any], ...], most: int) -> Positions:
    """The places of the first ``most`` in the order of ``keys`` (the last of them counts most)."""
    *_finer, ranks, coarse = keys
    if len(ranks) <= most:
        return np.lexsort(keys)
    # Sorting everything takes longer than finding it; whatever cannot be among the first is left out before.
    both = coarse + (ranks - ranks.min()) / (np.ptp(ranks) + 1) * PARTED
    candidates = np.flatnonzero(both <= np.partition(both, most)[most])
    order = np.lexsort(tuple(key[candidates] for key in keys))
    return candidates[order][:most]
