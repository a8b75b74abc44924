"""The one clock of the house: instants are aware UTC, legal dates are days in Asia/Shanghai."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_told: ContextVar[Callable[[], datetime] | None] = ContextVar("finmart_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    told = _told.get()
    return datetime.now(UTC) if told is None else told()


def today() -> date:
    """The present legal date in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


def midnight() -> datetime:
    """The instant at which the present legal date began, in UTC."""
    return datetime.combine(today(), time(), SHANGHAI).astimezone(UTC)


def local(instant: datetime) -> datetime:
    """``instant`` as people here read it on the wall."""
    return instant.astimezone(SHANGHAI)


@contextmanager
def told_by(clock: Callable[[], datetime]) -> Iterator[None]:
    """Let ``clock`` say the instant (aware, UTC) while the block runs: for the demonstration's week and for tests."""
    token = _told.set(clock)
    try:
        yield
    finally:
        _told.reset(token)
