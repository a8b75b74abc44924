"""Reading whole runs for learning from what became of them."""

from collections.abc import Iterable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from finmart.matching.exposure.models import MatchExposure
from finmart.matching.models import MatchRun
from finmart.platform.db.session import session

GROUP = 200


def whole_runs(ids: Iterable[int]) -> Iterator[MatchRun]:
    """The runs with these ids, rows and inputs too, a group at a time; what they advised stays sealed."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), GROUP):
        group = wanted[start : start + GROUP]
        yield from session().scalars(
            select(MatchRun).options(defer(MatchRun.advice)).where(MatchRun.id.in_(group)).order_by(MatchRun.id)
        )


def exposures(ids: Iterable[int]) -> tuple[int, int]:
    """How many products the runs with these ids showed, and how many of them were opened from there."""
    wanted, shown, opened = sorted(set(ids)), 0, 0
    for start in range(0, len(wanted), GROUP):
        group = wanted[start : start + GROUP]
        query = select(func.count(), func.count(MatchExposure.opened_at)).where(MatchExposure.run_id.in_(group))
        more, of_them = session().execute(query).one()
        shown, opened = shown + more, opened + of_them
    return shown, opened
