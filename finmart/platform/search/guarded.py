"""An engine on another machine, and a spare one here: when the first is away, the second answers and says so."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Lock
from typing import TypeVar

import structlog

from finmart.platform.search.types import Document, EngineAway, Hits, IndexMissing, IndexState, Query, SearchIndex

Answer = TypeVar("Answer")

#: How long the engine is left alone after it failed; then one caller tries it and the others go on with the spare.
RETRY_AFTER_S = 10.0

log = structlog.get_logger(__name__)


class Breaker:
    """Whether the engine may be asked: yes until it fails, then by one caller every ``retry_after`` seconds."""

    def __init__(self, retry_after: float = RETRY_AFTER_S) -> None:
        self._retry_after = retry_after
        self._lock = Lock()
        self._closed_until: float | None = None

    def lets_through(self) -> bool:
        """Whether this caller may ask the engine."""
        with self._lock:
            if self._closed_until is None:
                return True
            if time.monotonic() < self._closed_until:
                return False
            self._closed_until = time.monotonic() + self._retry_after
            return True

    def failed(self, reason: str) -> None:
        """The engine could not be used."""
        with self._lock:
            first, self._closed_until = self._closed_until is None, time.monotonic() + self._retry_after
        if first:
            log.error("search_engine_away", reason=reason)

    def answered(self) -> None:
        """The engine can be used."""
        with self._lock:
            back, self._closed_until = self._closed_until is not None, None
        if back:
            log.warning("search_engine_back")


class GuardedIndex:
    """``engine`` while it answers, else ``spare``; either can be rebuilt, so neither must be kept while not used."""

    def __init__(self, engine: SearchIndex, spare: SearchIndex, breaker: Breaker) -> None:
        self._engine = engine
        self._spare = spare
        self._breaker = breaker

    def rebuild(self, documents: Iterable[Document], *, words: Iterable[str], note: str) -> int:
        """Replace the index of the engine, or of the spare while the engine is away."""
        listed, known = list(documents), list(words)
        return self._ask(lambda index: index.rebuild(listed, words=known, note=note))[0]

    def put(self, documents: Iterable[Document], *, words: Iterable[str], gone: Iterable[str], note: str) -> None:
        """Write into the engine, or into the spare while the engine is away. Raises ``IndexMissing``."""
        listed, known, taken = list(documents), list(words), list(gone)
        self._ask(lambda index: index.put(listed, words=known, gone=taken, note=note))

    def find(self, query: Query) -> Hits:
        """Search; ``fallback`` is set when the spare answered. Raises ``IndexMissing``."""
        hits, fallback = self._ask(lambda index: index.find(query))
        return replace(hits, fallback=fallback)

    def state(self) -> IndexState:
        """How the index that would answer stands. Raises ``IndexMissing``."""
        return self._ask(lambda index: index.state())[0]

    def _ask(self, call: Callable[[SearchIndex], Answer]) -> tuple[Answer, bool]:
        """The engine's answer, or the spare's (then True)."""
        if self._breaker.lets_through():
            try:
                answer = call(self._engine)
            except EngineAway as error:
                self._breaker.failed(error.reason)
            except IndexMissing:
                self._breaker.answered()
                raise
            else:
                self._breaker.answered()
                return answer, False
        return call(self._spare), True
