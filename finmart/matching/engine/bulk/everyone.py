"""Everyone × everything: the verdict of every product for every subject, and the first products that each one meets.

Subjects are taken in chunks. Of a chunk every distinct leaf becomes two bitmaps (met, met or unknown); a product is a
handful of "and" and "or" over them that answer 64 subjects a word. No verdict is kept but where it is asked for:
counts a product, and the first ``most`` products that a subject meets, in the catalogue's order.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk import numpy_machine
from finmart.matching.engine.bulk.bits import AtLeast, Bits, Maker, words_for
from finmart.matching.engine.bulk.catalogue import Catalogue
from finmart.matching.engine.bulk.encoding import Encoding
from finmart.matching.engine.bulk.program import Program
from finmart.matching.engine.bulk.reckon import Reckoner
from finmart.matching.engine.bulk.registers import Registers, aligned, put
from finmart.matching.engine.bulk.table import Table

#: How many of the products that a subject meets are named.
TOP = 10
#: Subjects at once: their bitmaps stay in the last cache, and an operation on them outweighs calling it.
CHUNK = 1 << 16
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

    ``tile_words(program, words)`` says how many of a chunk's words are worked on at once;
    ``fill(encoding, maker, registers)`` writes the bitmaps of all leaves;
    ``answer(program, registers, counts, top, filled)`` answers one chunk and adds to the last three;
    ``at_least`` compares whole numbers with a bound.
    """

    name: str
    tile_words: Callable[[Program, int], int]
    fill: Callable[[Encoding, Maker, Registers], None]
    answer: Callable[[Program, Registers, NDArray[Any], NDArray[Any], NDArray[Any]], None]
    at_least: AtLeast


NUMPY = Machine("numpy", numpy_machine.tile_words, numpy_machine.fill, numpy_machine.answer, numpy_machine.at_least)


def machine() -> Machine:
    """The fastest there is: numba's, where the extra ``fast`` is installed, else NumPy's."""
    try:
        from finmart.matching.engine.bulk import numba_machine as fast
    except ImportError:
        return NUMPY
    return Machine("numba", fast.tile_words, fast.fill, fast.answer, fast.at_least)


def chunks(
    catalogue: Catalogue, table: Table, by: Machine, *, size: int = CHUNK, first: int = 0, step: int = 1
) -> Iterator[tuple[int, Registers]]:
    """Every ``step``-th chunk from number ``first``: its first row, and the bitmaps of all leaves.

    The next one reuses the memory.
    """
    program, leaves = catalogue.program, len(catalogue.leaves)
    words = words_for(min(size, table.size))
    tile = by.tile_words(program, words)
    space = aligned((-(-words // tile), program.registers, 2, tile))
    for start in range(first * size, table.size, step * size):
        maker = Maker(Reckoner(table.part(start, start + size), catalogue.lookups), at_least=by.at_least)
        registers = space[: -(-len(maker.everyone) // tile)]
        by.fill(catalogue.encoding, maker, registers)
        nobody = np.zeros_like(maker.everyone)
        put(registers, leaves, Bits(nobody, nobody))
        put(registers, leaves + 1, Bits(maker.everyone, maker.everyone))
        yield start, registers


def with_figures(catalogue: Catalogue, table: Table) -> Table:
    """``table`` with every figure that the catalogue compares (windows, sums, quotients) worked out."""
    reckoner = Reckoner(table, catalogue.lookups)
    asked = catalogue.encoding.expressions
    return replace(table, figures={each: reckoner.value(each) for each in asked})


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
    size = _share(table.size, threads)

    def work(thread: int) -> NDArray[np.int64]:
        counts = np.zeros((len(catalogue.offers), 2), dtype=np.int64)
        for start, registers in chunks(catalogue, table, run, size=size, first=thread, step=threads):
            end = min(start + size, table.size)
            run.answer(catalogue.program, registers, counts, top[start:end], filled[start:end])
        return counts

    if threads == 1:
        return Answers(table.size, work(0), top)
    with ThreadPoolExecutor(threads) as pool:
        counts: NDArray[np.int64] = reduce(np.add, pool.map(work, range(threads)))
    return Answers(table.size, counts, top)


def _share(rows: int, threads: int) -> int:
    """Subjects a chunk: as many chunks a thread as any other, and none too small to be worth calling."""
    rounds = -(-rows // (CHUNK * threads))
    return max(SHARE, -(-rows // (rounds * threads * SHARE)) * SHARE) if threads > 1 and rows else CHUNK
