"""Work that keeps all it makes: the collector of cycles would walk through all of it again and again, for nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def keeping_all() -> Iterator[None]:
    """Collect no cycles meanwhile; for a command of its own process, as every thread keeps its own too."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
