"""What a request has written: statements that stood, leaving out those whose savepoint was rolled back."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_WRITING = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


class _Watch:
    def __init__(self) -> None:
        self.open: list[tuple[str, list[str]]] = [("", [])]

    def execute(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if found := _WRITING.match(statement):
            self.open[-1][1].append(f"{found.group(1).split()[0].upper()} {found.group(2)}")

    def begin(self, _connection: Any, name: str) -> None:
        self.open.append((name, []))

    def release(self, _connection: Any, name: str, _context: Any) -> None:
        self.open[-2][1].extend(self._close(name))

    def roll_back(self, _connection: Any, name: str, _context: Any) -> None:
        self._close(name)

    def _close(self, name: str) -> list[str]:
        written: list[str] = []
        while any(opened == name for opened, _statements in self.open):
            written = self.open.pop()[1] + written
        return written


@contextmanager
def writes(engine: Engine) -> Iterator[list[str]]:
    """Collects ``INSERT table`` and the like of everything in the block that was kept; complete after the block.

    For tests whose units of work are savepoints of one connection.
    """
    watch, kept = _Watch(), list[str]()
    listeners: dict[str, Callable[..., Any]] = {
        "before_cursor_execute": watch.execute,
        "savepoint": watch.begin,
        "release_savepoint": watch.release,
        "rollback_savepoint": watch.roll_back,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield kept
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
        kept.extend(statement for _name, statements in watch.open for statement in statements)
