"""Working days by the State Council's yearly notice, make-up days included.

The notice for a year comes out late in the year before; a year without one is refused, never guessed. A clock that runs
into such a year still needs a day: ``due_after`` counts Mondays to Fridays there and says that the day is provisional.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from finmart.reference.refusals import N_, Refusal

_DAY = timedelta(days=1)
SATURDAY = 5


class CalendarYearUnknown(Refusal):
    """The holidays of this year have not been published, or not reached this installation."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(N_("还没有 {year} 年的节假日安排，无法推算工作日，请更新工作日历。"), year=year)


def is_working_day(day: date) -> bool:
    """Whether people work on this day. Raises ``CalendarYearUnknown``."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # This is how the library says that it does not know the year.
        raise CalendarYearUnknown(day.year) from None


def add_working_days(start: date, count: int) -> date:
    """The ``count``-th working day after ``start`` (0: ``start`` itself, or the next working day).

    Raises ``CalendarYearUnknown`` when the count runs into a year that is not known.
    """
    if count < 0:
        raise ValueError("working days are counted forward")
    day, left = start, count
    while left or not is_working_day(day):
        day += _DAY
        left -= bool(left) and is_working_day(day)
    return day


@dataclass(frozen=True)
class Due:
    """The day a clock ends; ``provisional`` when it lies in a year whose holidays are not published yet."""

    day: date
    provisional: bool


def is_known(day: date) -> bool:
    """Whether the calendar of that day's year is known."""
    try:
        is_working_day(day)
    except CalendarYearUnknown:
        return False
    return True


def _probably_works(day: date) -> bool:
    return is_working_day(day) if is_known(day) else day.weekday() < SATURDAY


def due_after(start: date, count: int) -> Due:
    """The ``count``-th working day after ``start``, as far as calendars are known; Monday to Friday beyond."""
    day, left = start, count
    while left or not _probably_works(day):
        day += _DAY
        left -= bool(left) and _probably_works(day)
    return Due(day, provisional=not is_known(day))


def days_passed(start: date, end: date) -> int:
    """Working days after ``start`` up to ``end``, Monday to Friday where the calendar is not known; never below 0."""
    return sum(_probably_works(start + _DAY * step) for step in range(1, (end - start).days + 1))


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + _DAY * step) for step in range(1, (end - start).days + 1))
