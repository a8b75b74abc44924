"""Index rates: known where published, refused elsewhere."""

from datetime import date

import pytest

from finmart.reference import lpr
from finmart.reference.lpr import IndexNotKnown, IndexTable


def test_a_value_holds_until_the_next_one() -> None:
    table = lpr.published()
    assert table.quote(lpr.ONE_YEAR, date(2020, 2, 19)).rate == 41_500
    assert table.quote(lpr.ONE_YEAR, date(2020, 2, 20)).rate == 40_500
    assert table.quote(lpr.FIVE_YEARS, date(2020, 2, 21)).rate == 47_500


@pytest.mark.parametrize("day", [date(2019, 8, 19), date(2026, 10, 31)])
def test_nothing_is_carried_beyond_what_was_published(day: date) -> None:
    with pytest.raises(IndexNotKnown, match=day.isoformat()):
        lpr.published().quote(lpr.ONE_YEAR, day)


def test_a_table_may_be_empty() -> None:
    with pytest.raises(IndexNotKnown):
        IndexTable().quote(lpr.ONE_YEAR, date(2020, 2, 21))
