"""Reading whole runs for learning from what became of them."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import defer

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
