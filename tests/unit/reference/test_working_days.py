"""Working days: holidays, make-up days, and years that nobody has announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.reference.working_days import (
    CalendarYearUnknown,
    add_working_days,
    is_working_day,
    working_days_between,
)

days = st.dates(date(2018, 1, 1), date(2025, 10, 31))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 9, 28), True),  # A Sunday worked for the National Day week.
        (date(2025, 10, 11), True),  # A Saturday worked for it.
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2025, 10, 12), False),
        (date(2020, 1, 31), False),  # Added when the epidemic lengthened the Spring Festival.
        (date(2026, 10, 10), True),  # A Saturday worked for the National Day week.
    ],
)
def test_the_state_councils_days(day: date, *, expected: bool) -> None:
    assert is_working_day(day) is expected


def test_five_working_days_over_the_national_day_week() -> None:
    # From Friday 2025-09-26: Sunday 28 is worked, then 29, 30, and after the holiday Thursday 9 and Friday 10.
    assert add_working_days(date(2025, 9, 26), 5) == date(2025, 10, 10)
    assert add_working_days(date(2025, 9, 26), 6) == date(2025, 10, 11)


def test_zero_days_from_a_holiday_is_the_next_working_day() -> None:
    assert add_working_days(date(2025, 10, 1), 0) == date(2025, 10, 9)
    assert add_working_days(date(2025, 10, 9), 0) == date(2025, 10, 9)


@given(days, st.integers(0, 40))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    end = add_working_days(start, count)
    assert is_working_day(end)
    if count:
        assert working_days_between(start, end) == count
        assert working_days_between(end, start) == -count
    assert end >= start


def test_a_year_without_a_notice_is_refused() -> None:
    with pytest.raises(CalendarYearUnknown, match="2099") as caught:
        is_working_day(date(2099, 3, 2))
    assert caught.value.year == 2099
    with pytest.raises(CalendarYearUnknown):
        is_working_day(date(2003, 12, 31))


def test_a_clock_that_runs_into_such_a_year_is_refused_too() -> None:
    last = max(year for year in range(2004, 2100) if _known(year))
    with pytest.raises(CalendarYearUnknown):
        add_working_days(date(last, 12, 31), 3)


def test_days_are_never_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2025, 1, 2) + timedelta(days=1), -1)


def _known(year: int) -> bool:
    try:
        is_working_day(date(year, 3, 2))
    except CalendarYearUnknown:
        return False
    return True
