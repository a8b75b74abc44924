"""Everyone × everything with the first ten products of each, beside the plain evaluator and Polars.

The plain evaluator answers a sample, and its time is scaled to all pairs; it evaluates nothing that could not change
the verdict. On the sample it must name the same first products and count the same for every product. Polars answers
all states of all pairs, its figures given as ready columns (see ``peers``), on as many threads as there are processors.
Our time begins with columns of facts and includes every window, sum and bitmap, the counts and the first ten;
``figures_given_s`` begins where Polars begins, with the figures. One process, with one thread and with as many as
Polars.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from benchmarks.matching import generated, tables
from benchmarks.matching.peers import Peers, expression, spoken
from finmart.matching.engine import plain
from finmart.matching.engine.bulk import everyone
from finmart.matching.engine.bulk.bits import Maker
from finmart.matching.engine.bulk.catalogue import Catalogue, compiled
from finmart.matching.engine.bulk.everyone import NUMPY, TOP, Answers, Machine, machine
from finmart.matching.engine.bulk.reckon import Reckoner
from finmart.matching.engine.bulk.table import Table
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer, VariantOffer
from finmart.matching.engine.results import ClauseState, Verdict

PRODUCTS = 5_000
SMALL, LARGE = 100_000, 1_000_000
#: Applicants whom the plain evaluator answers, all products each.
SAMPLE = 5
#: Products that Polars is asked for in one query: they share their leaves; more take more memory and no less time.
TOGETHER = 250
#: Products that are asked for alone, a query each, as one would who has rules and a data frame; scaled to all.
ALONE = 250
_BEST = (Verdict.MET, Verdict.MET_CHECKED, Verdict.OPEN, Verdict.UNCHECKED, Verdict.NOT_MET)
MET = _BEST[:2]


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
    """The verdict through the variant that suits best, without what cannot change it.

    Preferences are not evaluated, nor what follows a variant's first failure, nor variants after one that is met.
    """
    best = Verdict.NOT_MET
    for variant in offer.variants:
        found = plain.verdict_of(_required(variant, facts), offer.words)
        if found in MET:
            return found
        best = min(best, found, key=_BEST.index)
    return best


def _required(variant: VariantOffer, facts: ApplicantFacts) -> list[ClauseState]:
    """What is required, up to the first that is not met."""
    found: list[ClauseState] = []
    for clause in variant.clauses:
        if clause.required:
            found.append(plain.clause_state(clause, facts))
            if found[-1].state == "n":
                break
    return found


def _sample(catalogue: Catalogue, table: Table, found: Answers, turn: int) -> float:
    """Seconds a pair of the plain evaluator on the sample ``turn``.

    Raises ``AssertionError`` where it names or counts somebody else than we do, among all and on the sample alone.
    """
    offers, block = catalogue.offers, generated.block(0)
    first = int(np.random.default_rng([generated.SEED, turn]).integers(0, min(table.size, generated.BLOCK) - SAMPLE))
    people = [tables.applicant(block, row) for row in range(first, first + SAMPLE)]
    start = time.perf_counter()
    verdicts = [[plain_verdict(offer, facts) for offer in offers] for facts in people]
    took = time.perf_counter() - start
    alone = everyone.answer(catalogue, table.part(first, first + SAMPLE))
    assert alone.counts.tolist() == [_counted(said) for said in zip(*verdicts, strict=True)]
    assert (alone.top == found.top[first : first + SAMPLE]).all()
    for top, said in zip(alone.top, verdicts, strict=True):
        assert [place for place in top.tolist() if place >= 0] == [q for q, one in enumerate(said) if one in MET][:TOP]
    return took / (SAMPLE * len(offers))


def _counted(verdicts: Sequence[Verdict]) -> list[int]:
    """How many meet a product, and how many meet it or may."""
    met = sum(verdict in MET for verdict in verdicts)
    return [met, met + verdicts.count(Verdict.OPEN)]


def _polars(offers: Sequence[ProductOffer], table: Table, found: Answers, together: int) -> tuple[float, float]:
    """Seconds of all states in Polars, by the clock and of the processors.

    Raises ``AssertionError`` where its counts differ from ours.
    """
    peers = Peers(table)
    asked = [expression(*each) for each in spoken(offers, peers)]
    frame = peers.frame().lazy()
    counts, took, used = [], 0.0, 0.0
    for start in range(0, len(asked), together):
        some = [each.alias(str(place)) for place, each in enumerate(asked[start : start + together])]
        began, worked = time.perf_counter(), time.process_time()
        states = frame.select(some).collect()
        took += time.perf_counter() - began
        used += time.process_time() - worked
        counts += [(column.sum(), column.sum() + column.null_count()) for column in states]
    assert counts == [tuple(row) for row in found.counts[: len(offers)].tolist()]
    return took, used


def _kernel(catalogue: Catalogue, table: Table, rounds: int) -> dict[str, float]:
    """The compiled formulas alone, on tiles whose leaves have just been written, as in every run.

    Seconds for ``table``, and the bytes they read a second beside what the cache gives.
    """
    from finmart.matching.engine.bulk import numba_machine

    size = 16 * numba_machine.tile_words(catalogue.program) * catalogue.program.registers
    read = numba_machine.bytes_read(catalogue.program, table.size)
    _tiles(catalogue, table)
    shares, speeds, clocks = [], [], []
    for _ in range(rounds):
        # Side by side, because the machine is not the same from one second to the next.
        given = numba_machine.read_bandwidth(size)
        seconds = _tiles(catalogue, table)
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


def _tiles(catalogue: Catalogue, table: Table) -> float:
    """Seconds of all formulas on every tile of ``table``, without what writes the leaves."""
    from finmart.matching.engine.bulk import numba_machine

    counts, top = np.zeros((len(catalogue.offers), 2), dtype=np.int64), np.full((table.size, TOP), -1, dtype=np.int16)
    maker, worker = Maker(Reckoner(table, catalogue.lookups)), numba_machine.Worker(catalogue)
    job, took = numba_machine.job(catalogue, maker, top, np.zeros(table.size, dtype=np.uint8)), 0.0
    for word in job.tiles:
        worker.fill(job, word)
        start = time.perf_counter()
        worker.formulas(job, word, counts, TOP)
        took += time.perf_counter() - start
    return took


def _ours(
    offers: int, catalogue: Catalogue, table: Table, rounds: int
) -> Iterator[tuple[dict[str, Any], float, float]]:
    """Each form of ours: what its line says of it, and seconds from the facts, and from the figures."""
    ready = everyone.with_figures(catalogue, table)
    by, all_threads = machine(), pl.thread_pool_size()
    for each, threads in dict.fromkeys([(by, 1), (by, all_threads), (NUMPY, 1)]):

        def work(given: Table, each: Machine = each, threads: int = threads) -> Answers:
            return everyone.answer(catalogue, given, by=each, threads=threads)

        assert (work(table).counts == work(ready).counts).all()
        clock, used = _times(lambda work=work: work(table), rounds)  # type: ignore[misc]
        given, given_used = _times(lambda work=work: work(ready), rounds)  # type: ignore[misc]
        line = {
            "work": f"everyone × everything, top {TOP} each, {table.size} × {offers}",
            "engine": f"bulk, {each.name}, threads: {threads}, encoding included",
            "seconds": round(clock, 4),
            "processor_s": round(used, 4),
            "figures_given_s": round(given, 4),
            "figures_given_processor_s": round(given_used, 4),
        }
        yield line, clock, given


def _warm(catalogue: Catalogue, table: Table, by: Machine) -> None:
    everyone.answer(catalogue, table.part(0, 1000), by=by)


def _asked(catalogue: Catalogue, table: Table, found: Answers, rounds: int) -> dict[str, Any]:
    """What the peers take."""
    offers = catalogue.offers
    plainly = median(_sample(catalogue, table, found, turn) for turn in range(rounds)) * table.size * len(offers)
    together = [_polars(offers, table, found, TOGETHER) for _ in range(rounds)]
    alone = median(_polars(offers[:ALONE], table, found, 1)[0] for _ in range(rounds)) * len(offers) / ALONE
    return {
        "plain_s": round(plainly, 1),
        "plain_form": f"plain evaluator, {SAMPLE} × {len(offers)} verdicts a round, measured and scaled",
        "polars_s": round(median(clock for clock, _used in together), 3),
        "polars_processor_s": round(median(used for _clock, used in together), 3),
        "polars_form": f"states of all pairs, lazy, {TOGETHER} a query, {pl.thread_pool_size()} threads, figures given",
        "polars_alone_s": round(alone, 3),
        "polars_alone_form": f"the same, a query a product, {ALONE} measured and scaled",
    }


def _small(catalogue: Catalogue, rounds: int) -> list[dict[str, Any]]:
    table, by = tables.table(SMALL), machine()
    _warm(catalogue, table, by)
    peers = _asked(catalogue, table, everyone.answer(catalogue, table, by=by), rounds)
    lines = []
    for line, clock, given in _ours(len(catalogue.offers), catalogue, table, rounds):
        times = {
            "times_plain": round(peers["plain_s"] / clock),
            "times_polars": round(peers["polars_s"] / clock, 1),
            "times_polars_figures_given": round(peers["polars_s"] / given, 1),
            "times_polars_alone": round(peers["polars_alone_s"] / clock, 1),
        }
        lines.append({**line, **times, **peers})
    return lines


def _large(catalogue: Catalogue, rounds: int) -> dict[str, Any]:
    table, by = tables.table(LARGE), machine()
    _warm(catalogue, table, by)
    clock, used = _times(lambda: everyone.answer(catalogue, table, by=by), rounds)
    threads = pl.thread_pool_size()
    together, _used = _times(lambda: everyone.answer(catalogue, table, by=by, threads=threads), rounds)
    line: dict[str, Any] = {
        "work": f"everyone × everything, top {TOP} each, {LARGE} × {len(catalogue.offers)}",
        "engine": f"bulk, {by.name}, one process, one thread, encoding included",
        "seconds": round(clock, 3),
        "processor_s": round(used, 3),
        f"seconds_{threads}_threads": round(together, 3),
        "pairs_a_second": round(LARGE * len(catalogue.offers) / clock),
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return line if by is NUMPY else {**line, **_kernel(catalogue, table.part(0, 1 << 18), rounds)}


def lines(rounds: int) -> list[dict[str, Any]]:
    """The lines of this benchmark; the large one first, so that its memory is its own."""
    catalogue = compiled(generated.products(PRODUCTS))
    large = _large(catalogue, rounds)
    print("measured the million", file=sys.stderr)
    return [large, *_small(catalogue, rounds)]
