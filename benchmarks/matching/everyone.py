"""Everyone × everything with the first ten products of each, beside the plain evaluator and Polars.

The plain evaluator answers a sample, and its time is scaled to all pairs. Polars answers all states of all pairs, its
figures given as ready columns (see ``peers``). Our time begins with columns of facts and includes every window, sum and
bitmap. One process, one thread.
"""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from benchmarks.matching import generated, tables
from benchmarks.matching.peers import Peers, expression, spoken
from finmart.matching.engine import plain
from finmart.matching.engine.bulk import everyone
from finmart.matching.engine.bulk.catalogue import Catalogue, compiled
from finmart.matching.engine.bulk.everyone import CHUNK, NUMPY, TOP, Answers, Machine, machine
from finmart.matching.engine.bulk.registers import Registers, aligned
from finmart.matching.engine.bulk.table import Table
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.results import Verdict

PRODUCTS = 5_000
SMALL, LARGE = 100_000, 1_000_000
#: Applicants whom the plain evaluator answers, all products each.
SAMPLE = 5
#: Products that Polars is asked for in one query: they share their leaves; more take more memory and no less time.
TOGETHER = 250
#: Products that are asked for alone, a query each, as one would who has rules and a data frame; scaled to all.
ALONE = 250
_BEST = (Verdict.MET, Verdict.MET_CHECKED, Verdict.OPEN, Verdict.UNCHECKED, Verdict.NOT_MET)


def _times(work: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Median seconds by the clock, and by this process's processor time (others use the machine, too)."""
    clock, processor = [], []
    for _ in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return median(clock), median(processor)


def plain_verdict(offer: ProductOffer, facts: ApplicantFacts) -> Verdict:
    """The verdict through the variant that suits best."""
    found = [
        plain.verdict_of([plain.clause_state(clause, facts) for clause in variant.clauses], offer.words)
        for variant in offer.variants
    ]
    return min(found, key=_BEST.index)


def _sample(offers: Sequence[ProductOffer], found: Answers) -> float:
    """Seconds a pair of the plain evaluator; raises ``AssertionError`` where it says something else than we."""
    rows = np.random.default_rng(generated.SEED).integers(0, min(found.size, generated.BLOCK), SAMPLE)
    block = generated.block(0)
    people = [tables.applicant(block, int(row)) for row in rows]
    start = time.perf_counter()
    verdicts = [[plain_verdict(offer, facts) for offer in offers] for facts in people]
    took = time.perf_counter() - start
    for row, said in zip(rows, verdicts, strict=True):
        first = [place for place, verdict in enumerate(said) if verdict in _BEST[:2]][:TOP]
        assert [place for place in found.top[row].tolist() if place >= 0] == first
    return took / (SAMPLE * len(offers))


def _polars(offers: Sequence[ProductOffer], table: Table, found: Answers, together: int) -> float:
    """Seconds of all states in Polars; raises ``AssertionError`` where its counts differ from ours."""
    peers = Peers(table)
    asked = [expression(*each) for each in spoken(offers, peers)]
    frame = peers.frame().lazy()
    counts, took = [], 0.0
    for start in range(0, len(asked), together):
        some = [each.alias(str(place)) for place, each in enumerate(asked[start : start + together])]
        began = time.perf_counter()
        states = frame.select(some).collect()
        took += time.perf_counter() - began
        counts += [(column.sum(), column.sum() + column.null_count()) for column in states]
    assert counts == [tuple(row) for row in found.counts[: len(offers)].tolist()]
    return took


def _kernel(catalogue: Catalogue, table: Table, by: Machine, rounds: int) -> dict[str, float]:
    """The compiled kernel alone: seconds for ``table``, and the bytes it reads a second beside what the cache gives."""
    from finmart.matching.engine.bulk import numba_machine

    made = [(start, _copied(registers)) for start, registers in everyone.chunks(catalogue, table, by)]
    counts = np.zeros((len(catalogue.offers), 2), dtype=np.int64)

    def work() -> None:
        top = np.full((table.size, TOP), -1, dtype=np.int16)
        filled = np.zeros(table.size, dtype=np.uint8)
        for start, registers in made:
            end = min(start + CHUNK, table.size)
            by.answer(catalogue.program, registers, counts, top[start:end], filled[start:end])

    work()
    size = 16 * numba_machine.tile_words(catalogue.program) * catalogue.program.registers
    shares, speeds, clocks = [], [], []
    for _ in range(rounds):
        # Side by side, because the machine is not the same from one second to the next.
        given = numba_machine.read_bandwidth(size)
        seconds, _used = _times(work, 1)
        read = numba_machine.bytes_read(catalogue.program, table.size)
        clocks.append(seconds)
        speeds.append(read / seconds)
        shares.append(read / seconds / given)
    return {
        "kernel_s": round(median(clocks), 4),
        "kernel_gb_s": round(median(speeds) / 1e9, 1),
        "kernel_share_of_l2_read": round(median(shares), 3),
        "best_share": round(max(shares), 3),
        "l2_bytes": size,
    }


def _copied(registers: Registers) -> Registers:
    """A copy that begins on a cache line, as the original does."""
    found = aligned(registers.shape)
    found[:] = registers
    return found


def _warm(catalogue: Catalogue, table: Table, by: Machine) -> None:
    everyone.answer(catalogue, table.part(0, 1000), by=by)


def _small(offers: Sequence[ProductOffer], catalogue: Catalogue, rounds: int) -> list[dict[str, Any]]:
    table, by = tables.table(SMALL), machine()
    _warm(catalogue, table, by)
    found = everyone.answer(catalogue, table, by=by)
    pairs = SMALL * len(offers)
    plainly = median(_sample(offers, found) for _ in range(rounds)) * pairs
    polars = median(_polars(offers, table, found, TOGETHER) for _ in range(rounds))
    alone = median(_polars(offers[:ALONE], table, found, 1) for _ in range(rounds)) * len(offers) / ALONE
    lines = []
    for each in {by.name: by, NUMPY.name: NUMPY}.values():
        assert (everyone.answer(catalogue, table, by=each).counts == found.counts).all()
        clock, used = _times(lambda each=each: everyone.answer(catalogue, table, by=each), rounds)  # type: ignore[misc]
        lines.append(
            {
                "work": f"everyone × everything, top {TOP} each, {SMALL} × {len(offers)}",
                "engine": f"bulk, {each.name}, one thread, encoding included",
                "seconds": round(clock, 4),
                "processor_s": round(used, 4),
                "plain_s": round(plainly, 1),
                "plain_form": f"plain evaluator, {SAMPLE} × {len(offers)} measured and scaled",
                "times_plain": round(plainly / clock),
                "polars_s": round(polars, 3),
                "polars_form": f"states of all pairs, lazy, {TOGETHER} a query, {pl.thread_pool_size()} threads, "
                "figures given",
                "times_polars": round(polars / clock, 1),
                "polars_alone_s": round(alone, 3),
                "polars_alone_form": f"the same, a query a product, {ALONE} measured and scaled",
                "times_polars_alone": round(alone / clock, 1),
            }
        )
    return lines


def _large(catalogue: Catalogue, rounds: int) -> dict[str, Any]:
    table, by = tables.table(LARGE), machine()
    _warm(catalogue, table, by)
    clock, used = _times(lambda: everyone.answer(catalogue, table, by=by), rounds)
    line: dict[str, Any] = {
        "work": f"everyone × everything, top {TOP} each, {LARGE} × {len(catalogue.offers)}",
        "engine": f"bulk, {by.name}, one process, one thread, encoding included",
        "seconds": round(clock, 3),
        "processor_s": round(used, 3),
        "pairs_a_second": round(LARGE * len(catalogue.offers) / clock),
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return line if by is NUMPY else {**line, **_kernel(catalogue, table.part(0, 4 * CHUNK), by, rounds)}


def lines(rounds: int) -> list[dict[str, Any]]:
    """The lines of this benchmark; the large one first, so that its memory is its own."""
    offers = generated.products(PRODUCTS)
    catalogue = compiled(offers)
    large = _large(catalogue, rounds)
    print("measured the million", file=sys.stderr)
    return [large, *_small(offers, catalogue, rounds)]
