"""The hours of the week: Monday 2 November 2026 to the morning of Tuesday 10 November, four rounds a working day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from finmart.platform.kernel.clock import SHANGHAI
from finmart.reference.working_days import is_working_day

FIRST = date(2026, 11, 2)
#: The morning after the seventh day: what ran out with the week is seen then.
LAST = date(2026, 11, 10)
ROUNDS = (time(9, 30), time(11, 30), time(14, 30), time(16, 30))
MIDNIGHT = time(0, 30)


class Clock:
    """The week's own clock; within a round every reading is a little later than the one before."""

    def __init__(self) -> None:
        self.at = datetime.combine(FIRST, MIDNIGHT, SHANGHAI)

    def __call__(self) -> datetime:
        """The instant."""
        self.at += timedelta(milliseconds=7)
        return self.at

    def go_to(self, day: date, hour: time) -> None:
        """Move to an hour of a day in Nanchang."""
        self.at = datetime.combine(day, hour, SHANGHAI)


def days() -> Iterator[date]:
    """Every day of the week, the last morning included."""
    for number in range((LAST - FIRST).days + 1):
        yield FIRST + timedelta(days=number)


def rounds(day: date) -> tuple[time, ...]:
    """The hours of a day at which people work; none on a day off or on the last morning."""
    return ROUNDS if is_working_day(day) and day != LAST else ()
