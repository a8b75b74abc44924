"""Everyone × everything: the verdict of every product for every subject, and the first products that each one meets.

Subjects are taken in chunks. Of a chunk every distinct leaf becomes two bitmaps (met, met or unknown); a product is a
handful of "and" and "or" over them that answer 64 subjects a word. No verdict is kept but where it is asked for:
counts a product, and the first ``most`` products that a subject meets, in the catalogue's order.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk import numpy_machine
from finmart.matching.engine.bulk.bits import AtLeast, Maker
from finmart.matching.engine.bulk.catalogue import Catalogue
from finmart.matching.engine.bulk.exact import limited
from finmart.matching.engine.bulk.reckon import Reckoner
from finmart.matching.engine.bulk.table import Table

#: How many of the products that a subject meets are named.
TOP = 10
#: Several threads share so many subjects out at a time: a whole number of the machines' tiles.
SHARE = 1 << 12


@dataclass(frozen=True)
class Answers:
    """``counts`` int64 (products, 2): how many meet each product, and how many meet it or may.

    ``top`` int16 or int32 (subjects, most): places of the first products that a subject meets, −1 behind the last.
    """

    size: int
    counts: NDArray[np.int64]
    top: NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Machine:
    """Who does the things that take time.

    ``job(catalogue, maker, top, filled)`` is the work on a chunk of at most ``rows`` subjects; what
    ``worker(catalogue)`` makes does it, one a thread: called with a job and ``counts`` it does what is left of the job,
    beside others who do the same, and adds to the last three;
    ``at_least`` compares whole numbers with a bound.
    """

    name: str
    rows: int
    job: Callable[[Catalogue, Maker, NDArray[Any], NDArray[Any]], Any]
    worker: Callable[[Catalogue], Callable[[Any, NDArray[Any]], None]]
    at_least: AtLeast


NUMPY = Machine("numpy", numpy_machine.ROWS, numpy_machine.job, numpy_machine.Worker, numpy_machine.at_least)


def machine() -> Machine:
    """The fastest there is: numba's, where the extra ``fast`` is installed, else NumPy's."""
    try:
        from finmart.matching.engine.bulk import numba_machine as fast
    except ImportError:
        return NUMPY
    return Machine("numba", fast.ROWS, fast.job, fast.Worker, fast.at_least)


def with_figures(catalogue: Catalogue, table: Table) -> Table:
    """``table`` with every figure that the catalogue compares (windows, sums, quotients) worked out."""
    reckoner = Reckoner(table, catalogue.lookups)
    asked = catalogue.encoding.expressions
    return replace(table, figures={each: limited(reckoner.value(each)) for each in asked})


def answer(
    catalogue: Catalogue, table: Table, *, most: int = TOP, by: Machine | None = None, threads: int = 1
) -> Answers:
    """All products for all subjects of ``table``, whose chunks ``threads`` share out among them.

    Raises ``ValueError`` for more than 255 products a subject.
    """
    if not 0 < most <= np.iinfo(np.uint8).max:
        raise ValueError(f"{most} is not a number of products from 1 to 255")
    run = by or machine()
    places = np.int16 if len(catalogue.offers) <= np.iinfo(np.int16).max else np.int32
    top = np.full((table.size, most), -1, dtype=places)
    filled = np.zeros(table.size, dtype=np.uint8)
    size = _share(table.size, threads, run.rows)
    starts, open_ = iter(range(0, table.size, size)), dict[int, Any]()

    def work(_thread: int) -> NDArray[np.int64]:
        counts, worker = np.zeros((len(catalogue.offers), 2), dtype=np.int64), run.worker(catalogue)
        for start in starts:
            end = min(start + size, table.size)
            maker = Maker(Reckoner(table.part(start, end), catalogue.lookups), at_least=run.at_least)
            open_[start] = run.job(catalogue, maker, top[start:end], filled[start:end])
            worker(open_[start], counts)
            del open_[start]
        # Who is done helps the others: what else the machine does never meets all threads alike.
        for job in list(open_.values()):
            worker(job, counts)
        return counts

    if threads == 1:
        return Answers(table.size, work(0), top)
    with ThreadPoolExecutor(threads) as pool:
        counts: NDArray[np.int64] = reduce(np.add, pool.map(work, range(threads)))
    return Answers(table.size, counts, top)


def _share(rows: int, threads: int, most: int) -> int:
    """Subjects a chunk: some for every thread, and none too small to be worth calling."""
    return max(SHARE, min(most, -(-rows // (threads * SHARE)) * SHARE))
