"""Memory for the compiled kernels: where it begins, and that it begins on a cache line."""

from ctypes import addressof, c_char
from math import prod
from typing import Any

import numpy as np

from finmart.matching.engine.bulk.bits import Words

#: Bytes of a cache line, and of the widest register: what lies across two of them is read twice.
ALIGNED = 64


def aligned(shape: tuple[int, ...]) -> Words:
    """Words that begin on a cache line; they hold anything."""
    size = prod(shape)
    held = np.empty(size + ALIGNED // 8, dtype=np.uint64)
    skipped = -held.ctypes.data % ALIGNED // 8
    return held[skipped : skipped + size].reshape(shape)


def address(array: Any) -> int:
    """Where an array's first number lies; ``array.ctypes.data`` says the same, and takes ten times as long."""
    if array.size and array.flags.writeable:
        return addressof(c_char.from_buffer(array))
    return int(array.ctypes.data)
