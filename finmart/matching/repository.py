"""Reading and adding plans, batches and runs; nothing here decides or commits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from finmart.matching.models import MatchBatch, MatchPlan, MatchRun, ProductSpeed
from finmart.platform.db.session import session


def plan_by_fingerprint(fingerprint: str) -> MatchPlan | None:
    """The plan with these offers."""
    return session().scalar(select(MatchPlan).where(MatchPlan.fingerprint == fingerprint))


def plan_by_id(plan_id: int) -> MatchPlan:
    """The plan a run names."""
    return session().get_one(MatchPlan, plan_id)


def keep_plan(*, fingerprint: str, **values: Any) -> MatchPlan:
    """The plan with these offers, added if it is new; whoever was first after a change has added it for all."""
    found = plan_by_fingerprint(fingerprint)
    if found is not None:
        return found
    row = MatchPlan(fingerprint=fingerprint, **values)
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError:
        other = plan_by_fingerprint(fingerprint)
        if other is None:
            raise
        return other
    return row


def add_batch(**values: Any) -> MatchBatch:
    """A new batch."""
    row = MatchBatch(**values)
    session().add(row)
    session().flush()
    return row


def batch_by_public_id(public_id: str) -> MatchBatch | None:
    """The batch with a public id."""
    return session().scalar(select(MatchBatch).where(MatchBatch.public_id == public_id))


def batches(*, limit: int) -> list[MatchBatch]:
    """The newest batches."""
    return list(session().scalars(select(MatchBatch).order_by(MatchBatch.id.desc()).limit(limit)))


def add_run(**values: Any) -> MatchRun:
    """A new run."""
    row = MatchRun(**values)
    session().add(row)
    session().flush()
    return row


def add_runs(rows: Sequence[dict[str, Any]]) -> None:
    """Many runs at once; every column must be given."""
    session().execute(insert(MatchRun), list(rows))


def _light() -> Select[MatchRun]:
    # Lists need the counts alone; unsealing every run of a page would read what nobody shows.
    return select(MatchRun).options(defer(MatchRun.inputs), defer(MatchRun.rows), defer(MatchRun.advice))


def run_by_public_id(public_id: str) -> MatchRun | None:
    """The run with a public id, whole."""
    return session().scalar(select(MatchRun).where(MatchRun.public_id == public_id))


def runs(
    *, kind: str | None = None, batch_id: int | None = None, subject_id: int | None = None, limit: int, offset: int
) -> tuple[list[MatchRun], int]:
    """Runs, newest first, without their documents, and how many there are."""
    wanted = {MatchRun.kind: kind, MatchRun.batch_id: batch_id, MatchRun.subject_id: subject_id}
    where = [column == value for column, value in wanted.items() if value is not None]
    total = session().scalar(select(func.count()).select_from(MatchRun).where(*where)) or 0
    query = _light().where(*where).order_by(MatchRun.id.desc()).limit(limit).offset(offset)
    return list(session().scalars(query)), total


def latest_runs_of_demands(demand_ids: Iterable[int]) -> dict[int, MatchRun]:
    """demand id → its newest run, without documents."""
    newest = select(func.max(MatchRun.id)).where(MatchRun.demand_id.in_(list(demand_ids))).group_by(MatchRun.demand_id)
    rows = session().scalars(_light().where(MatchRun.id.in_(newest)))
    return {row.demand_id: row for row in rows if row.demand_id is not None}


def newest_runs_of_demands(*, limit: int) -> list[MatchRun]:
    """The newest run of each of the newest demands, whole."""
    newest = select(func.max(MatchRun.id)).where(MatchRun.demand_id.is_not(None)).group_by(MatchRun.demand_id)
    query = select(MatchRun).where(MatchRun.id.in_(newest)).order_by(MatchRun.id.desc()).limit(limit)
    return list(session().scalars(query))


def runs_of_demand(demand_id: int) -> list[MatchRun]:
    """All runs of a demand, newest first, without documents."""
    return list(session().scalars(_light().where(MatchRun.demand_id == demand_id).order_by(MatchRun.id.desc())))


def run_owner(public_id: str) -> int | None:
    """The organisation that a run answered; None where there is no such run, or none behind it."""
    return session().scalar(select(MatchRun.organisation_id).where(MatchRun.public_id == public_id))


def newest_run_id(demand_id: int) -> int | None:
    """The newest run of a demand; None where it was never matched."""
    return session().scalar(select(func.max(MatchRun.id)).where(MatchRun.demand_id == demand_id))


def product_speeds() -> dict[str, tuple[int, int]]:
    """Product code → its measured working days to a decision, and on how many decisions they stand."""
    rows = session().execute(select(ProductSpeed.product_code, ProductSpeed.days, ProductSpeed.decisions))
    return {code: (days, decisions) for code, days, decisions in rows}


def replace_product_speeds(speeds: Mapping[str, tuple[int, int]]) -> None:
    """Keep exactly these; nothing is written where nothing changed."""
    if speeds == product_speeds():
        return
    session().execute(delete(ProductSpeed))
    rows = [{"product_code": code, "days": days, "decisions": n} for code, (days, n) in sorted(speeds.items())]
    if rows:
        session().execute(insert(ProductSpeed), rows)
