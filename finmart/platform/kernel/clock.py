"""The one clock of the house: instants are aware UTC, legal dates are days in Asia/Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present legal date in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


def local(instant: datetime) -> datetime:
    """``instant`` as people here read it on the wall."""
    return instant.astimezone(SHANGHAI)
