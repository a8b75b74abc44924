"""Reading and adding facts, profile versions, declarations and accesses; rows are only ever added."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, Select, Table, func, insert, or_, select

from finmart.credit.models import DeclaredFact, Fact, PeerQuantile, ProfileAccess, ProfileVersion
from finmart.platform.db.session import session

#: Subjects a query: well below what either database takes as bound values.
CHUNK = 500


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), CHUNK):
        yield wanted[start : start + CHUNK]


def facts_as_of(subject_ids: Iterable[int], as_of: date) -> Iterator[Row[Any]]:
    """id, subject_id, key, version, value, observed_until, source, origin, rows_used, batches of every stored fact."""
    columns = (
        *(Fact.id, Fact.subject_id, Fact.key, Fact.version, Fact.value, Fact.observed_until),
        *(Fact.source, Fact.origin, Fact.rows_used, Fact.batches),
    )
    for part in _chunks(subject_ids):
        query = select(*columns).where(Fact.subject_id.in_(part), Fact.as_of == as_of).order_by(Fact.id)
        yield from session().execute(query)


def add_facts(rows: Sequence[dict[str, Any]], known_at: datetime) -> dict[tuple[int, str], int]:
    """Insert facts in bulk, all known at one moment; (subject id, key) → id."""
    if not rows:
        return {}
    before = session().scalar(select(func.max(Fact.id))) or 0
    # Straight to the table: the mapper's bookkeeping for tens of thousands of rows takes longer than the database.
    session().execute(insert(cast(Table, Fact.__table__)), rows)
    made = session().execute(
        select(Fact.subject_id, Fact.key, Fact.id).where(Fact.id > before, Fact.known_at == known_at)
    )
    return {(row[0], row[1]): row[2] for row in made}


def add_versions(rows: Sequence[dict[str, Any]]) -> None:
    """Publish profile versions."""
    if rows:
        session().execute(insert(ProfileVersion), rows)


def _newest(query: Select[Any], known_at: datetime | None) -> Select[Any]:
    return query if known_at is None else query.where(ProfileVersion.known_at <= known_at)


def latest_versions(
    subject_ids: Iterable[int] | None, *, as_of: date, known_at: datetime | None = None, exactly: bool = False
) -> dict[int, ProfileVersion]:
    """subject id → its newest version on or before ``as_of`` (``exactly``: on that day) known by ``known_at``."""
    found: dict[int, ProfileVersion] = {}
    for part in [None] if subject_ids is None else _chunks(subject_ids):
        on_day = ProfileVersion.as_of == as_of if exactly else ProfileVersion.as_of <= as_of
        query = _newest(select(ProfileVersion).where(on_day), known_at)
        if part is not None:
            query = query.where(ProfileVersion.subject_id.in_(part))
        # Oldest first: the last one to be put down is the newest.
        for row in session().scalars(query.order_by(ProfileVersion.as_of, ProfileVersion.known_at, ProfileVersion.id)):
            found[row.subject_id] = row
    return found


def latest_version(subject_id: int) -> ProfileVersion | None:
    """The newest version of one subject."""
    return session().scalar(
        select(ProfileVersion)
        .where(ProfileVersion.subject_id == subject_id)
        .order_by(ProfileVersion.as_of.desc(), ProfileVersion.known_at.desc(), ProfileVersion.id.desc())
        .limit(1)
    )


def facts_of(versions: Iterable[ProfileVersion], *, keys: Iterable[str] | None = None) -> Mapping[int, list[Fact]]:
    """subject id → the facts of its version, all or those with one of ``keys``. At most one version a subject."""
    given = list(versions)
    wanted = {fact_id for version in given for fact_id in version.fact_ids}
    found: dict[int, list[Fact]] = {version.subject_id: [] for version in given}
    days = {version.as_of for version in given}
    for part in _chunks(found):
        query = select(Fact).where(Fact.subject_id.in_(part), Fact.as_of.in_(days)).order_by(Fact.id)
        if keys is not None:
            query = query.where(Fact.key.in_(sorted(set(keys))))
        for fact in session().scalars(query):
            if fact.id in wanted:
                found[fact.subject_id].append(fact)
    return found


def add_access(**values: Any) -> None:
    """Write down that a profile is read."""
    session().add(ProfileAccess(**values))
    session().flush()


def accesses_of(subject_id: int, *, scopes: Sequence[str], since: datetime, limit: int) -> list[ProfileAccess]:
    """Reads of one subject's profile, and bulk runs of ``scopes`` that it was part of, newest first."""
    of_runs = ProfileAccess.subject_id.is_(None) & ProfileAccess.basis.in_(scopes) & (ProfileAccess.at >= since)
    query = select(ProfileAccess).where(or_(ProfileAccess.subject_id == subject_id, of_runs))
    return list(session().scalars(query.order_by(ProfileAccess.id.desc()).limit(limit)))


def accesses_under(consent_id: int, *, limit: int) -> list[ProfileAccess]:
    """Reads under one consent, newest first."""
    query = select(ProfileAccess).where(ProfileAccess.consent_id == consent_id)
    return list(session().scalars(query.order_by(ProfileAccess.id.desc()).limit(limit)))


def first_known(subject_id: int) -> datetime | None:
    """When the first profile of a subject was published."""
    return session().scalar(select(func.min(ProfileVersion.known_at)).where(ProfileVersion.subject_id == subject_id))


def add_declared(rows: Sequence[dict[str, Any]]) -> None:
    """What an organisation declares."""
    if rows:
        session().execute(insert(DeclaredFact), rows)


def declared_of(organisation_ids: Iterable[int]) -> list[DeclaredFact]:
    """The newest declaration of each organisation and key, in that order."""
    order, found = (DeclaredFact.organisation_id, DeclaredFact.key), list[DeclaredFact]()
    for part in _chunks(organisation_ids):
        newest = select(func.max(DeclaredFact.id)).where(DeclaredFact.organisation_id.in_(part)).group_by(*order)
        found += session().scalars(select(DeclaredFact).where(DeclaredFact.id.in_(newest)).order_by(*order))
    return found


def replace_quantiles(month: date, rows: Sequence[dict[str, Any]]) -> None:
    """The peer figures of a month, instead of those computed before."""
    for old in session().scalars(select(PeerQuantile).where(PeerQuantile.month == month)):
        session().delete(old)
    session().flush()
    if rows:
        session().execute(insert(PeerQuantile), rows)


def quantiles_of(industry: str, size: str, keys: Iterable[str]) -> list[PeerQuantile]:
    """The newest peer figures of a cell, by key."""
    query = select(PeerQuantile).where(
        PeerQuantile.industry == industry, PeerQuantile.size == size, PeerQuantile.key.in_(sorted(keys))
    )
    return list(session().scalars(query.order_by(PeerQuantile.month)))
