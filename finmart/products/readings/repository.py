"""Counting up and reading the counts of read product pages."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from finmart.platform.db.session import session
from finmart.products.readings.models import ProductReading

#: Product, day, channel.
Reading = tuple[str, date, str]


def count_up(readings: Sequence[Reading]) -> None:
    """Add each reading to the count of its product, day and channel."""
    current = session()
    insert = postgresql.insert if current.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(ProductReading)
    # One order for everybody, so that two processes that count at once wait and never block each other.
    rows = [
        {"product_code": code, "day": day, "channel": channel, "times": times}
        for (code, day, channel), times in sorted(Counter(readings).items())
    ]
    current.execute(
        statement.on_conflict_do_update(
            index_elements=[ProductReading.product_code, ProductReading.day, ProductReading.channel],
            set_={"times": ProductReading.times + statement.excluded.times},
        ),
        rows,
    )


def totals(*, since: date, until: date, codes: Iterable[str] | None = None) -> dict[str, dict[str, int]]:
    """Product → channel → readings from ``since`` to ``until``, both included."""
    query = (
        select(ProductReading.product_code, ProductReading.channel, func.sum(ProductReading.times))
        .where(ProductReading.day.between(since, until))
        .group_by(ProductReading.product_code, ProductReading.channel)
    )
    if codes is not None:
        query = query.where(ProductReading.product_code.in_(list(codes)))
    found: dict[str, dict[str, int]] = {}
    for code, channel, times in session().execute(query):
        found.setdefault(code, {})[channel] = int(times)
    return found
