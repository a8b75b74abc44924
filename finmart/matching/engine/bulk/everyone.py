"""Everyone × everything: the verdict of every product for every subject, and the first products that each one meets.

Subjects are taken in chunks. Of a chunk every distinct leaf becomes two bitmaps (met, met or unknown); a product is a
handful of "and" and "or" over them that answer 64 subjects a word. No verdict is kept but where it is asked for:
counts a product, and the first ``most`` products that a subject meets, in the catalogue's order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk import numpy_machine
from finmart.matching.engine.bulk.bits import Maker, Words
from finmart.matching.engine.bulk.catalogue import Catalogue
from finmart.matching.engine.bulk.program import Program
from finmart.matching.engine.bulk.reckon import Lookups, Reckoner
from finmart.matching.engine.bulk.table import Table

#: How many of the products that a subject meets are named.
TOP = 10
#: Subjects at once: their bitmaps stay in the last cache, and an operation on them outweighs calling it.
CHUNK = 1 << 16


@dataclass(frozen=True)
class Answers:
    """``counts`` int64 (products, 2): how many meet each product, and how many meet it or may.

    ``top`` int32 (subjects, most): places of the first products that a subject meets, −1 behind the last.
    """

    size: int
    counts: NDArray[np.int64]
    top: NDArray[np.int32]


#: (program, met, possible, counts, top, filled): answers one chunk and adds to the last three.
Machine: TypeAlias = Callable[[Program, Words, Words, NDArray[Any], NDArray[Any], NDArray[Any]], None]


def machine() -> Machine:
    """The fastest there is: numba's, where the extra ``fast`` is installed, else NumPy's."""
    try:
        from finmart.matching.engine.bulk import numba_machine
    except ImportError:
        return numpy_machine.answer
    return numba_machine.answer


def bitmaps(catalogue: Catalogue, table: Table, lookups: Lookups) -> tuple[Words, Words]:
    """Both bitmaps of every leaf: two arrays of (leaves + 2, words), "never" and "always" last."""
    maker = Maker(Reckoner(table, lookups))
    found = [maker.bits(stated) for stated in catalogue.leaves]
    constants = [np.zeros_like(maker.everyone), maker.everyone]
    met, possible = [bits.met for bits in found], [bits.possible for bits in found]
    return np.stack([*met, *constants]), np.stack([*possible, *constants])


def chunks(catalogue: Catalogue, table: Table, size: int = CHUNK) -> Iterator[tuple[int, Words, Words]]:
    """Chunk by chunk: its first row, and the bitmaps of all leaves."""
    lookups = Lookups()
    for start in range(0, table.size, size):
        yield start, *bitmaps(catalogue, table.part(start, start + size), lookups)


def answer(catalogue: Catalogue, table: Table, *, most: int = TOP, by: Machine | None = None) -> Answers:
    """All products for all subjects of ``table``."""
    run = by or machine()
    counts = np.zeros((len(catalogue.offers), 2), dtype=np.int64)
    top = np.full((table.size, most), -1, dtype=np.int32)
    filled = np.zeros(table.size, dtype=np.int32)
    for start, met, possible in chunks(catalogue, table):
        end = min(start + CHUNK, table.size)
        run(catalogue.program, met, possible, counts, top[start:end], filled[start:end])
    return Answers(table.size, counts, top)
