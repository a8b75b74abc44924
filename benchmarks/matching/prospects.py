"""One product for a million applicants: counts and the first hundred, beside DuckDB and Polars.

Applicants stand in the order in which they are to be named. ``steady`` is screening one product after another with the
bitmaps of leaves kept (what a screening desk does); ``first`` begins with no bitmap for each product, only with the
figures, as the peers do. Peers get their figures as ready columns (see ``peers``); DuckDB has two threads and a table
of its own, Polars a frame in memory.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from benchmarks.matching import generated, tables
from benchmarks.matching.everyone import plain_verdict
from benchmarks.matching.peers import Peers, expression, spoken, sql
from finmart.matching.engine.bulk.everyone import machine
from finmart.matching.engine.bulk.prospects import MOST, Screen, Screened
from finmart.matching.engine.inputs import ProductOffer
from finmart.matching.engine.results import Verdict

APPLICANTS, PRODUCTS = 1_000_000, 40
#: Products screened before the clock starts: a desk's catalogue.
BEFORE = 400
SAMPLE = 200
DUCKDB_THREADS = 2

Answer = tuple[int, int, list[int]]
Ask = Callable[[int], Answer]


def _answer(found: Screened) -> Answer:
    return found.met, found.open, found.first.tolist()


def _duckdb(frame: pl.DataFrame, conditions: list[str]) -> Ask:
    """One query a product: counts, and the smallest hundred row numbers that meet it."""
    try:
        import duckdb
    except ImportError:
        raise SystemExit(
            "this benchmark measures DuckDB, which is in no list of requirements: pip install duckdb"
        ) from None

    connection = duckdb.connect()
    connection.execute(f"set threads={DUCKDB_THREADS}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "applicants.parquet"
        frame.write_parquet(file)
        connection.execute("create table applicants as select * from read_parquet(?)", [str(file)])

    def ask(place: int) -> Answer:
        # Nothing here comes from outside: the condition is made of column numbers and whole numbers.
        query = (
            f"select count(*) filter (c), count(*) filter (c is null), min(row, {MOST}) filter (c) "  # noqa: S608
            f"from (select {conditions[place]} as c, row from applicants)"
        )
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0], row[1], sorted(row[2] or [])

    return ask


def _polars(frame: pl.DataFrame, asked: list[pl.Expr]) -> Ask:
    def ask(place: int) -> Answer:
        states = frame.select(asked[place].alias("c"))["c"]
        return int(states.sum()), states.null_count(), states.arg_true().head(MOST).to_list()

    return ask


def _check(offers: tuple[Any, ...], screen: Screen) -> None:
    """The plain evaluator on the first applicants: who is named among them is who meets the product."""
    block = generated.block(0)
    people = [tables.applicant(block, row) for row in range(SAMPLE)]
    for offer in offers[:PRODUCTS]:
        met = [row for row, one in enumerate(people) if plain_verdict(offer, one) in (Verdict.MET, Verdict.MET_CHECKED)]
        assert [row for row in screen.screen(offer).first.tolist() if row < SAMPLE] == met[:MOST]


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


def lines(rounds: int) -> list[dict[str, Any]]:
    """The lines of this benchmark."""
    offers = generated.products(BEFORE)
    table, by = tables.table(APPLICANTS), machine()
    screen = Screen(table, compare=by.at_least)
    peers = Peers(table)
    asked = spoken(offers[:PRODUCTS], peers)
    frame = peers.frame()
    duck, polars = _duckdb(frame, [sql(*each) for each in asked]), _polars(frame, [expression(*each) for each in asked])
    _check(offers, screen)
    for place, offer in enumerate(offers[:PRODUCTS]):
        assert _answer(screen.screen(offer)) == duck(place) == polars(place), offer.code
    for offer in offers[PRODUCTS:]:
        screen.screen(offer)
    steady = _median(lambda place: screen.screen(offers[place]), rounds)
    kept = sum(words.nbytes for words in screen.kept.values()) // 1_000_000
    first = _median(lambda place: _anew(screen, offers[place]), rounds)
    duckdb_s, polars_s = _median(duck, rounds), _median(polars, rounds)
    return [
        {
            "work": f"one product × {APPLICANTS}: counts and top {MOST}",
            "engine": f"bulk bitmaps, {form}, comparing with {by.name}",
            "ms": round(took * 1e3, 3),
            "duckdb_ms": round(duckdb_s * 1e3, 2),
            "duckdb_form": f"one query on a table of its own, {DUCKDB_THREADS} threads, figures given",
            "times_duckdb": round(duckdb_s / took, 1),
            "polars_ms": round(polars_s * 1e3, 2),
            "polars_form": f"one expression on a frame in memory, {pl.thread_pool_size()} threads, figures given",
            "times_polars": round(polars_s / took, 1),
            "kept_mb": kept,
        }
        for form, took in (("steady: leaves kept", steady), ("first: no leaf kept, figures given", first))
    ]
