"""One product for a million applicants: counts and the first hundred, beside DuckDB and Polars.

Applicants stand in the order in which they are to be named. ``steady`` is a product that this screen has not screened
yet, once, with the bitmaps kept of other products' leaves (what a screening desk does): each round begins with a fresh
screen that has screened other products only, and ``leaves_found`` is the share of leaves that were kept.
``asked_again_ms`` is the same product screened again, all its leaves kept. ``first`` begins with no bitmap for each
product, only with the figures, as the peers do. Peers get their figures as ready columns (see ``peers``); DuckDB has
two threads, a table of its own and prepared statements, Polars a frame in memory. Screens in the product compare with
NumPy; numba's comparison is only measured here.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from benchmarks.matching import generated, tables
from benchmarks.matching.everyone import MET, plain_verdict
from benchmarks.matching.peers import Peers, expression, spoken, sql
from finmart.matching.engine.bulk.everyone import NUMPY, Machine, machine
from finmart.matching.engine.bulk.formula import Book, product_formula
from finmart.matching.engine.bulk.prospects import MOST, Screen, Screened
from finmart.matching.engine.bulk.table import Table
from finmart.matching.engine.inputs import ProductOffer

APPLICANTS, PRODUCTS = 1_000_000, 40
#: Other products, screened before the clock starts: a desk's catalogue.
OTHERS = 360
SAMPLE = 200
DUCKDB_THREADS = 2

Answer = tuple[int, int, list[int]]
Ask = Callable[[int], Answer]
Offers = tuple[ProductOffer, ...]


def _answer(found: Screened) -> Answer:
    return found.met, found.open, found.first.tolist()


def _duckdb(frame: pl.DataFrame, conditions: list[str]) -> Ask | None:
    """One prepared query a product: counts, and the smallest hundred row numbers that meet it.

    None where DuckDB is not installed (``requirements-peers.txt``).
    """
    try:
        import duckdb
    except ImportError:
        return None

    connection = duckdb.connect()
    connection.execute(f"set threads={DUCKDB_THREADS}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "applicants.parquet"
        frame.write_parquet(file)
        connection.execute("create table applicants as select * from read_parquet(?)", [str(file)])

    for place, condition in enumerate(conditions):
        # Nothing here comes from outside: the condition is made of column numbers and whole numbers.
        query = (
            f"select count(*) filter (c), count(*) filter (c is null), min(row, {MOST}) filter (c) "  # noqa: S608
            f"from (select {condition} as c, row from applicants)"
        )
        connection.execute(f"prepare asked_{place} as {query}")

    def ask(place: int) -> Answer:
        row = connection.execute(f"execute asked_{place}").fetchone()
        assert row is not None
        return row[0], row[1], sorted(row[2] or [])

    return ask


def _polars(frame: pl.DataFrame, asked: list[pl.Expr]) -> Ask:
    def ask(place: int) -> Answer:
        states = frame.select(asked[place].alias("c"))["c"]
        return int(states.sum()), states.null_count(), states.arg_true().head(MOST).to_list()

    return ask


def _check(offers: Offers, screen: Screen) -> None:
    """The plain evaluator on the first applicants: who is named among them is who meets the product."""
    block = generated.block(0)
    people = [tables.applicant(block, row) for row in range(SAMPLE)]
    for offer in offers:
        met = [row for row, one in enumerate(people) if plain_verdict(offer, one) in MET]
        assert [row for row in screen.screen(offer).first.tolist() if row < SAMPLE] == met[:MOST]


class Desk:
    """Products that a fresh screen has not screened yet, after it has screened other ones."""

    def __init__(self, table: Table, by: Machine, offers: Offers, others: Offers) -> None:
        self._table, self._by, self._offers, self._others = table, by, offers, others
        self._taken: list[list[float]] = [[] for _ in offers]
        self._found, self._leaves = 0, 0

    def day(self, expected: list[Answer]) -> Screen:
        """One fresh screen, and each product once; raises ``AssertionError`` for another answer than the peers'."""
        screen = Screen(self._table, compare=self._by.at_least)
        for offer in self._others:
            screen.screen(offer)
        for taken, offer, answer in zip(self._taken, self._offers, expected, strict=True):
            self._count(screen, offer)
            start = time.perf_counter()
            found = screen.screen(offer)
            taken.append(time.perf_counter() - start)
            assert _answer(found) == answer, offer.code
        return screen

    def _count(self, screen: Screen, offer: ProductOffer) -> None:
        book = Book()
        product_formula(offer, book)
        self._found += sum(stated in screen.kept for stated in book.stated)
        self._leaves += len(book.stated)

    def seconds(self) -> float:
        """Median over products of the median over days."""
        return median(map(median, self._taken))

    def leaves_found(self) -> float:
        """The share of the products' leaves that were kept already."""
        return self._found / self._leaves


def _anew(screen: Screen, offer: ProductOffer) -> Screened:
    screen.forget()
    return screen.screen(offer)


def _median(work: Callable[[int], Any], rounds: int) -> float:
    """Median over products of the median over rounds, in seconds."""
    found = []
    for place in range(PRODUCTS):
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            work(place)
            times.append(time.perf_counter() - start)
        found.append(median(times))
    return median(found)


def _ours(desk: Desk, by: Machine, offers: Offers, expected: list[Answer], rounds: int) -> list[dict[str, Any]]:
    """What the lines say of ours; ``ms`` is what peers are compared with."""
    for _ in range(rounds - 1):
        desk.day(expected)
    screen = desk.day(expected)
    _check(offers, screen)
    again = _median(lambda place: screen.screen(offers[place]), rounds)
    kept = sum(words.nbytes for words in screen.kept.values()) // 1_000_000
    first = _median(lambda place: _anew(screen, offers[place]), rounds)
    steady = {
        "engine": f"bulk bitmaps, steady: other products' leaves kept, comparing with {by.name}",
        "ms": round(desk.seconds() * 1e3, 3),
        "leaves_found": round(desk.leaves_found(), 3),
        "asked_again_ms": round(again * 1e3, 3),
        "kept_mb": kept,
    }
    engine = f"bulk bitmaps, first: no leaf kept, figures given, comparing with {by.name}"
    return [steady, {"engine": engine, "ms": round(first * 1e3, 3)}]


def _beside_duckdb(seconds: float | None, ms: float) -> dict[str, Any]:
    if seconds is None:
        return {"duckdb": "not installed: pip install -r requirements-peers.txt"}
    return {
        "duckdb_ms": round(seconds * 1e3, 2),
        "duckdb_form": f"one prepared query on a table of its own, {DUCKDB_THREADS} threads, figures given",
        "times_duckdb": round(seconds * 1e3 / ms, 1),
    }


def lines(rounds: int) -> list[dict[str, Any]]:
    """The lines of this benchmark."""
    offers = generated.products(PRODUCTS + OTHERS)
    offers, others = offers[:PRODUCTS], offers[PRODUCTS:]
    table = tables.table(APPLICANTS)
    peers = Peers(table)
    asked = spoken(offers, peers)
    frame = peers.frame()
    duck, polars = _duckdb(frame, [sql(*each) for each in asked]), _polars(frame, [expression(*each) for each in asked])
    expected = [polars(place) for place in range(PRODUCTS)]
    assert duck is None or expected == [duck(place) for place in range(PRODUCTS)]
    duckdb_s, polars_s = None if duck is None else _median(duck, rounds), _median(polars, rounds)
    machines = dict.fromkeys((NUMPY, machine()))
    found = [line for by in machines for line in _ours(Desk(table, by, offers, others), by, offers, expected, rounds)]
    return [
        {
            "work": f"one product × {APPLICANTS}: counts and top {MOST}",
            **line,
            **_beside_duckdb(duckdb_s, line["ms"]),
            "polars_ms": round(polars_s * 1e3, 2),
            "polars_form": f"one expression on a frame in memory, {pl.thread_pool_size()} threads, figures given",
            "times_polars": round(polars_s * 1e3 / line["ms"], 1),
        }
        for line in found
    ]
