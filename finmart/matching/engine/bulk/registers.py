"""Where a chunk's bitmaps stand: tile by tile, a register beside the other, both bitmaps of each together.

A machine works on one tile at a time, so that a tile's registers are one piece of memory; the last tile's words beyond
the chunk's end are zero.
"""

from math import prod
from typing import TypeAlias

import numpy as np

from finmart.matching.engine.bulk.bits import Bits, Words

#: (tiles, registers, 2, words a tile).
Registers: TypeAlias = Words
#: Bytes of a cache line, and of the widest register: what lies across two of them is read twice.
ALIGNED = 64


def aligned(shape: tuple[int, ...]) -> Words:
    """Words that begin on a cache line; they hold anything."""
    size = prod(shape)
    held = np.empty(size + ALIGNED // 8, dtype=np.uint64)
    skipped = -held.ctypes.data % ALIGNED // 8
    return held[skipped : skipped + size].reshape(shape)


def width_of(registers: Registers) -> int:
    """Words of both bitmaps of a register."""
    return 2 * int(registers.shape[3])


def put(registers: Registers, place: int, bits: Bits) -> None:
    """Write both bitmaps of a leaf."""
    for side, words in enumerate((bits.met, bits.possible)):
        _spread(registers[:, place, side], words)


def _spread(tiles: Words, words: Words) -> None:
    """``words`` over the ``tiles`` (tiles, words a tile), zero behind the last."""
    whole, rest = divmod(len(words), tiles.shape[1])
    tiles[:whole] = words[: len(words) - rest].reshape(whole, tiles.shape[1])
    if rest:
        tiles[whole, :rest], tiles[whole, rest:] = words[len(words) - rest :], 0
