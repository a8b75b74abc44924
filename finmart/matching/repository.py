"""Reading and adding plans, batches and runs; nothing here decides or commits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any, TypeVar

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from finmart.matching.models import MatchBatch, MatchOffer, MatchPlan, MatchRun, ProductSpeed
from finmart.matching.types.speeds import Speed
from finmart.platform.db.session import session

Json = dict[str, Any]
T = TypeVar("T")
#: So many values stand in one statement; databases bound their number.
GROUP = 500
#: How often a plan is tried to be kept while others keep theirs.
MOST_ATTEMPTS = 5


def plan_id_of(fingerprint: str) -> int | None:
    """The plan with these offers; its offers stay unread."""
    return session().scalar(select(MatchPlan.id).where(MatchPlan.fingerprint == fingerprint))


def plan_by_id(plan_id: int) -> MatchPlan:
    """The plan a run names."""
    return session().get_one(MatchPlan, plan_id)


def documents_of(plan: MatchPlan) -> list[Json]:
    """The documents of a plan's offers in their order."""
    found: dict[int, Json] = {}
    for group in _groups([one for one in plan.offers if isinstance(one, int)]):
        rows = session().execute(select(MatchOffer.id, MatchOffer.document).where(MatchOffer.id.in_(group)))
        found |= {row.id: row.document for row in rows}
    # Plans stored before offers were kept once hold the documents themselves.
    return [found[one] if isinstance(one, int) else one for one in plan.offers]


def keep_plan(*, fingerprint: str, catalogue_version: int, documents: Mapping[str, Json]) -> int:
    """The id of the plan with these offers, added if it is new; whoever was first after a change has added it for all.

    ``documents`` are the offers in their order, by their digest; only those that no plan holds yet are written.
    """
    for _attempt in range(MOST_ATTEMPTS):
        found = plan_id_of(fingerprint)
        if found is not None:
            return found
        # Somebody else may keep this plan at the same time, or one of its offers with a plan of its own.
        with suppress(IntegrityError), session().begin_nested():
            return _add_plan(fingerprint, catalogue_version, documents)
    raise RuntimeError(f"the plan {fingerprint} could not be kept in {MOST_ATTEMPTS} attempts")


def _add_plan(fingerprint: str, catalogue_version: int, documents: Mapping[str, Json]) -> int:
    ids = _ids_of(documents)
    # In one order for everybody, so that two who add the same offers wait for each other instead of both.
    missing = sorted(documents.keys() - ids.keys())
    if missing:
        session().execute(insert(MatchOffer), [{"digest": one, "document": documents[one]} for one in missing])
        ids |= _ids_of(missing)
    offers = [ids[digest] for digest in documents]
    row = MatchPlan(fingerprint=fingerprint, catalogue_version=catalogue_version, products=len(offers), offers=offers)
    session().add(row)
    session().flush()
    return row.id


def _ids_of(digests: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in _groups(list(digests)):
        rows = session().execute(select(MatchOffer.digest, MatchOffer.id).where(MatchOffer.digest.in_(group)))
        found |= {row.digest: row.id for row in rows}
    return found


def _groups(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    return (whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


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


def product_speeds() -> dict[str, Speed]:
    """Product code → how long its institution takes to decide, as measured."""
    rows = session().scalars(select(ProductSpeed))
    return {row.product_code: Speed(row.days, row.decisions, row.since, row.until) for row in rows}


def replace_product_speeds(speeds: Mapping[str, Speed]) -> None:
    """Keep exactly these; nothing is written where nothing changed."""
    if speeds == product_speeds():
        return
    session().execute(delete(ProductSpeed))
    rows = [{"product_code": code, **asdict(speed)} for code, speed in sorted(speeds.items())]
    if rows:
        session().execute(insert(ProductSpeed), rows)
