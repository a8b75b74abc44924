"""The last coverage of each side: kept whole, read whole."""

from typing import Any

from sqlalchemy import delete, select

from finmart.matching.insights.models import CoverageResult
from finmart.matching.insights.types.coverage import CoverageHead
from finmart.platform.db.session import session


def replace(*, demonstration: bool, **values: Any) -> CoverageResult:
    """A new result in the place of its side's last one."""
    session().execute(delete(CoverageResult).where(CoverageResult.demonstration.is_(demonstration)))
    row = CoverageResult(demonstration=demonstration, **values)
    session().add(row)
    session().flush()
    return row


def newest(*, demonstration: bool) -> CoverageResult | None:
    """The last result of a side."""
    query = select(CoverageResult).where(CoverageResult.demonstration.is_(demonstration))
    return session().scalar(query.order_by(CoverageResult.id.desc()).limit(1))


def holds(*, demonstration: bool) -> bool:
    """Whether there is a result of a side."""
    query = select(CoverageResult.id).where(CoverageResult.demonstration.is_(demonstration))
    return session().scalar(query.limit(1)) is not None


def head_of(row: CoverageResult) -> CoverageHead:
    """What a result stands on."""
    return CoverageHead(
        row.public_id,
        row.counted_at,
        row.as_of,
        row.demonstration,
        row.catalogue_version,
        row.products,
        row.rows_read,
    )
