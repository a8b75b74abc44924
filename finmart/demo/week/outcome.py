"""What the week came to: how its demands ended, and whether what was promised held."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from finmart.matching.leads.types.reasons import DECLINE_REASONS
from finmart.platform.db.session import session

#: Outcome of a demand → the name under which it is reported; a living one is open.
NAMES = {
    "published": "open",
    "funded": "funded",
    "declined": "declined",
    "withdrawn": "withdrawn",
    "expired": "expired",
}


@dataclass(frozen=True)
class Outcome:
    """Counts of the week's demands, and what must be zero over the whole installation."""

    demands: int
    funded: int
    declined: int
    withdrawn: int
    expired: int
    open: int
    ownerless: int
    declined_uncoded: int


def outcome(public_ids: Iterable[str]) -> Outcome:
    """How the demands with these public ids stand now."""
    wanted = set(public_ids)
    rows = session().execute(text("SELECT public_id, state FROM demand")).all()
    ended = Counter(NAMES[row.state] for row in rows if row.public_id in wanted)
    return Outcome(
        demands=len(wanted),
        **{name: ended[name] for name in NAMES.values()},
        ownerless=_ownerless(),
        declined_uncoded=_uncoded(),
    )


def _ownerless() -> int:
    """Living demands without exactly one running clock, or whose clock has no owner or no day."""
    query = text(
        "SELECT count(clock.id) AS clocks, count(clock.due_on) AS dues, "
        "count(CASE WHEN clock.owner = 'operator' OR clock.organisation_id IS NOT NULL THEN 1 END) AS owners "
        "FROM demand LEFT JOIN demand_clock AS clock ON clock.demand_id = demand.id AND clock.stopped_at IS NULL "
        "WHERE demand.state = 'published' GROUP BY demand.id"
    )
    return sum(1 for row in session().execute(query) if (row.clocks, row.dues, row.owners) != (1, 1, 1))


def _uncoded() -> int:
    """Leads that were declined, and demands that ended so, without a reason of the list."""
    leads = session().execute(text("SELECT decline_code FROM lead WHERE state = 'declined'")).scalars()
    demands = (
        session()
        .execute(
            text(
                "SELECT step.reason FROM demand JOIN demand_step AS step ON step.demand_id = demand.id "
                "AND step.step = 'decline' WHERE demand.state = 'declined'"
            )
        )
        .scalars()
    )
    return sum(code not in DECLINE_REASONS for code in (*leads, *demands))
