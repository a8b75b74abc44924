"""Index rates as dated data: the loan prime rate (贷款市场报价利率) as published.

A value holds from its day of publication; the table says up to which day that is known. Nothing is carried forward
beyond, and a table may be empty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from finmart.reference.refusals import N_, Refusal
from finmart.reference.tables import rows

ONE_YEAR = "1y"
FIVE_YEARS = "5y"


@dataclass(frozen=True)
class Quote:
    """A published value: ``rate`` in ppm holds from ``published_on`` and is known to hold before ``known_before``."""

    index: str
    published_on: date
    known_before: date
    rate: int
    source: str


class IndexNotKnown(Refusal):
    """No published value is on file for this index and day."""

    def __init__(self, index: str, day: date) -> None:
        self.index, self.day = index, day
        super().__init__(
            N_("没有 {day} 的 {index} 贷款市场报价利率，请运营人员补录公布值。"), day=day.isoformat(), index=index
        )


class IndexTable:
    """Quotes of any number of indexes."""

    def __init__(self, quotes: Iterable[Quote] = ()) -> None:
        # The sort is stable: of two quotes of one day the one given first is asked first.
        self._quotes = tuple(sorted(quotes, key=lambda quote: quote.published_on, reverse=True))

    def with_quotes(self, quotes: Iterable[Quote]) -> "IndexTable":
        """This table and ``quotes``, which win where both name a value of the same day."""
        return IndexTable((*quotes, *self._quotes))

    def quote(self, index: str, day: date) -> Quote:
        """The value that held on ``day``. Raises ``IndexNotKnown``."""
        for quote in self._quotes:
            if quote.index == index and quote.published_on <= day < quote.known_before:
                return quote
        raise IndexNotKnown(index, day)


@cache
def published() -> IndexTable:
    """The table that comes with the project."""
    return IndexTable(
        Quote(
            row["index"],
            date.fromisoformat(row["published_on"]),
            date.fromisoformat(row["known_before"]),
            int(row["rate_ppm"]),
            row["source"],
        )
        for row in rows("lpr.csv")
    )
