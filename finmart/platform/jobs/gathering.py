"""Small things that are noted while pages are read, gathered in memory and written together every few seconds.

A request that reads must not write; a row a reader would cost more than the page. What is gathered is written every
``PAUSE_S`` by a server's thread, before a backup of the same process, and when the process stops (DECISIONS 20). What
could not be written is kept and tried again; only a killed process loses what it has gathered since the last time.
"""

import atexit
import threading
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import structlog
from sqlalchemy.exc import DataError, IntegrityError

from finmart.platform.db.session import unit_of_work

PAUSE_S = 3.0
#: More than this is not gathered while the database is away; the newest are let go, and that is logged.
MOST = 100_000

log = structlog.get_logger(__name__)


Item = TypeVar("Item")


class Gathering(Generic[Item]):
    """Things of one kind; ``write`` gets them in order inside a unit of work of its own."""

    def __init__(self, name: str, write: Callable[[Sequence[Item]], None]) -> None:
        self.name = name
        self._write = write
        self._items: list[Item] = []
        self._lock = threading.Lock()
        #: One writer at a time, so that a flush that returns has seen everything written.
        self._writing = threading.Lock()
        _All.gatherings[name] = self

    def add(self, items: Sequence[Item]) -> None:
        """Note ``items``; nothing is written yet."""
        with self._lock:
            room = max(0, MOST - len(self._items))
            self._items.extend(items[:room])
        if len(items) > room:
            log.error("gathering_full", name=self.name, lost=len(items) - room)

    def __len__(self) -> int:
        return len(self._items)

    def flush(self) -> int:
        """Write what there is and return how much it was; what fails stays first in line, and the error is raised.

        What the database refuses for good is let go, and that is logged: it must not keep the rest waiting for ever.
        """
        with self._writing:
            with self._lock:
                taken, self._items = self._items, []
            if not taken:
                return 0
            try:
                self._write_all(taken)
            except (DataError, IntegrityError):
                return self._write_each(taken)
            return len(taken)

    def _write_all(self, items: list[Item]) -> None:
        try:
            with unit_of_work():
                self._write(items)
        except (DataError, IntegrityError):
            raise
        except BaseException:
            self._put_back(items)
            raise

    def _write_each(self, items: list[Item]) -> int:
        written = 0
        for place, item in enumerate(items):
            try:
                with unit_of_work():
                    self._write([item])
                written += 1
            except (DataError, IntegrityError) as error:
                log.error("gathering_refused", name=self.name, error=type(error).__name__)
            except BaseException:
                self._put_back(items[place:])
                raise
        return written

    def _put_back(self, items: list[Item]) -> None:
        with self._lock:
            self._items = items + self._items


class _All:
    gatherings: ClassVar[dict[str, Gathering[Any]]] = {}
    thread: ClassVar[threading.Thread | None] = None
    stop: ClassVar[threading.Event] = threading.Event()


def flush_all() -> int:
    """Write everything that was gathered in this process; returns how much it was."""
    return sum(gathering.flush() for gathering in _All.gatherings.values())


def _try_all() -> None:
    for gathering in _All.gatherings.values():
        try:
            gathering.flush()
        except Exception as error:  # Whatever one kind raises, the others are written, and this one is tried again.
            log.error("gathering_failed", name=gathering.name, error=type(error).__name__)


def _keep_writing(stop: threading.Event) -> None:
    while not stop.wait(PAUSE_S):
        _try_all()


def start() -> None:
    """Have a thread of this process write what is gathered, until ``stop``; a second call changes nothing."""
    if _All.thread is not None:
        return
    _All.stop = threading.Event()
    _All.thread = threading.Thread(target=_keep_writing, args=(_All.stop,), name="gathering", daemon=True)
    _All.thread.start()
    atexit.register(stop)


def stop() -> None:
    """End the thread and write what is left."""
    thread, _All.thread = _All.thread, None
    if thread is None:
        return
    _All.stop.set()
    thread.join()
    atexit.unregister(stop)
    _try_all()
