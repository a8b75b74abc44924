"""Writing what was shown and opened; several processes may write about the same run."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from finmart.matching.exposure.models import MatchExposure
from finmart.matching.exposure.types import Noted
from finmart.matching.models import MatchRun
from finmart.platform.db.session import session
from finmart.platform.kernel.clock import local

#: Rows a statement; SQLite takes at most so many parameters.
GROUP = 400


def write(noted: Sequence[Noted]) -> None:
    """Keep what was first shown and first opened; a run that is not there (its request failed) is left out."""
    runs = _run_ids({one.run for one in noted})
    rows = [_columns(first, opened, runs[first.run]) for first, opened in _merged(noted) if first.run in runs]
    for start in range(0, len(rows), GROUP):
        _upsert(rows[start : start + GROUP])


def _run_ids(public_ids: Iterable[str]) -> dict[str, int]:
    wanted = sorted(public_ids)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), GROUP):
        query = select(MatchRun.public_id, MatchRun.id).where(MatchRun.public_id.in_(wanted[start : start + GROUP]))
        found.update((row.public_id, row.id) for row in session().execute(query))
    return found


def _merged(noted: Sequence[Noted]) -> list[tuple[Noted, Noted | None]]:
    """For each run and product the first showing (or opening), and the first opening."""
    first: dict[tuple[str, str], Noted] = {}
    opened: dict[tuple[str, str], Noted] = {}
    for one in noted:
        key = (one.run, one.code)
        known = first.setdefault(key, one)
        if known.place == 0 and one.place:
            first[key] = replace(known, version=one.version, place=one.place)
        if one.opened:
            opened.setdefault(key, one)
    # One order for everybody, so that two processes that write the same rows wait and never block each other.
    return [(first[key], opened.get(key)) for key in sorted(first)]


def _columns(first: Noted, opened: Noted | None, run_id: int) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "product_code": first.code,
        "product_version": first.version,
        "place": first.place,
        "shown_at": first.at,
        "shown_on": local(first.at).date(),
        "opened_at": opened.at if opened else None,
    }


def _upsert(rows: list[dict[str, Any]]) -> None:
    current = session()
    insert = postgresql.insert if current.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(MatchExposure)
    new, old = statement.excluded, MatchExposure
    current.execute(
        statement.on_conflict_do_update(
            index_elements=[old.run_id, old.product_code],
            set_={
                "opened_at": func.coalesce(old.opened_at, new.opened_at),
                "place": case((old.place == 0, new.place), else_=old.place),
                "product_version": case((old.place == 0, new.product_version), else_=old.product_version),
            },
        ),
        rows,
    )


def rows_of_runs(run_ids: Iterable[int]) -> list[MatchExposure]:
    """What was shown of these runs, by run and place."""
    wanted = list(run_ids)
    query = select(MatchExposure).where(MatchExposure.run_id.in_(wanted))
    return list(session().scalars(query.order_by(MatchExposure.run_id, MatchExposure.place)))
