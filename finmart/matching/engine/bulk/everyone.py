"""Everyone × everything: the verdict of every product for every subject, and the first products that each one meets.

Subjects are taken in chunks. Of a chunk every distinct leaf becomes two bitmaps (met, met or unknown); a product is a
handful of "and" and "or" over them that answer 64 subjects a word. No verdict is kept but where it is asked for:
counts a product, and the first ``most`` products that a subject meets, in the catalogue's order.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk import numpy_machine
from finmart.matching.engine.bulk.bits import AtLeast, Maker, Words, words_for
from finmart.matching.engine.bulk.catalogue import Catalogue
from finmart.matching.engine.bulk.formula import Stated
from finmart.matching.engine.bulk.program import Program
from finmart.matching.engine.bulk.reckon import Reckoner
from finmart.matching.engine.bulk.table import Table

#: How many of the products that a subject meets are named.
TOP = 10
#: Subjects at once: their bitmaps stay in the last cache, and an operation on them outweighs calling it.
CHUNK = 1 << 16


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
    """Who does the two things that take time.

    ``answer(program, met, possible, counts, top, filled)`` answers one chunk and adds to the last three;
    ``at_least`` compares whole numbers with a bound.
    """

    name: str
    answer: Callable[[Program, Words, Words, NDArray[Any], NDArray[Any], NDArray[Any]], None]
    at_least: AtLeast


NUMPY = Machine("numpy", numpy_machine.answer, numpy_machine.at_least)


def machine() -> Machine:
    """The fastest there is: numba's, where the extra ``fast`` is installed, else NumPy's."""
    try:
        from finmart.matching.engine.bulk import numba_machine
    except ImportError:
        return NUMPY
    return Machine("numba", numba_machine.answer, numba_machine.at_least)


def _fill(leaves: Sequence[Stated], maker: Maker, met: Words, possible: Words) -> None:
    """Write both bitmaps of every leaf, and "never" and "always" behind them."""
    for place, stated in enumerate(leaves):
        bits = maker.bits(stated)
        met[place], possible[place] = bits.met, bits.possible
    met[-2], possible[-2] = 0, 0
    met[-1] = possible[-1] = maker.everyone


def chunks(catalogue: Catalogue, table: Table, by: Machine) -> Iterator[tuple[int, Words, Words]]:
    """Chunk by chunk: its first row, and both bitmaps of all leaves, (leaves + 2, words). The next one reuses them."""
    shape = (2, len(catalogue.leaves) + 2, words_for(min(CHUNK, table.size)))
    both = np.empty(shape, dtype=np.uint64)
    # Every second chunk's figures are given back: were all given back at once, the system would take the memory and
    # clear it anew for each chunk, which took as long as the work.
    held: list[Maker] = []
    for start in range(0, table.size, CHUNK):
        maker = Maker(Reckoner(table.part(start, start + CHUNK), catalogue.lookups), at_least=by.at_least)
        met, possible = both[:, :, : len(maker.everyone)]
        _fill(catalogue.leaves, maker, met, possible)
        held = [*held[-1:], maker]
        yield start, met, possible


def answer(catalogue: Catalogue, table: Table, *, most: int = TOP, by: Machine | None = None) -> Answers:
    """All products for all subjects of ``table``. Raises ``ValueError`` for more than 255 products a subject."""
    if not 0 < most <= np.iinfo(np.uint8).max:
        raise ValueError(f"{most} is not a number of products from 1 to 255")
    run = by or machine()
    places = np.int16 if len(catalogue.offers) <= np.iinfo(np.int16).max else np.int32
    counts = np.zeros((len(catalogue.offers), 2), dtype=np.int64)
    top = np.full((table.size, most), -1, dtype=places)
    filled = np.zeros(table.size, dtype=np.uint8)
    for start, met, possible in chunks(catalogue, table, run):
        end = min(start + CHUNK, table.size)
        run.answer(catalogue.program, met, possible, counts, top[start:end], filled[start:end])
    return Answers(table.size, counts, top)
