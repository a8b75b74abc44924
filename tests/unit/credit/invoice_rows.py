"""Typed invoice rows for tests of features, with the bounds every stored row has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

AS_OF = date(2020, 2, 21)
RECEIVED = datetime(2020, 3, 1, tzinfo=UTC)
KNOWN = datetime(2020, 3, 2, tzinfo=UTC)

SCHEMA: dict[str, Any] = {
    "subject": pl.Int64,
    "sale": pl.Boolean,
    "date": pl.Date,
    "party": pl.UInt64,
    "amount": pl.Int64,
    "tax": pl.Int64,
    "total": pl.Int64,
    "status": pl.String,
    "received_at": pl.Datetime("us", "UTC"),
    "covered_from": pl.Date,
    "covered_until": pl.Date,
    "batch": pl.Int64,
}


@dataclass(frozen=True)
class Invoice:
    """One typed invoice line: ``amount`` and ``tax`` in 分."""

    day: date
    amount: int = 10_000
    sale: bool = True
    subject: int = 1
    party: int = 7
    tax: int = 0
    voided: bool = False
    received_at: datetime = RECEIVED
    covered_from: date = date(2014, 1, 1)
    covered_until: date = AS_OF


def frame(invoices: Iterable[Invoice]) -> pl.LazyFrame:
    """The lines as stored rows."""
    rows = [
        (
            *(one.subject, one.sale, one.day, one.party, one.amount, one.tax, one.amount + one.tax),
            *("voided" if one.voided else "valid", one.received_at, one.covered_from, one.covered_until, 1),
        )
        for one in invoices
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").lazy()
