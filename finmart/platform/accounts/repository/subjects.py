"""Subjects and their identifiers, one at a time and a hundred thousand at a time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import insert, select

from finmart.platform.accounts.models.subjects import FarmerProfile, Subject, SubjectIdentifier
from finmart.platform.accounts.types.kinds import Scheme
from finmart.platform.crypto.keyring import keyring
from finmart.platform.db.session import session

#: Rows a statement: well below SQLite's 32 766 and PostgreSQL's 65 535 bound values at six columns a row.
CHUNK = 1_000

T = TypeVar("T")


def identifier_index(scheme: str, value: str) -> str:
    """The blind index of a normalised identifier."""
    return keyring().blind_index(value, f"subject_identifier.{scheme}")


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """``items`` in runs of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def subjects_by_index(*, scheme: str, indexes: Sequence[str]) -> dict[str, int]:
    """blind index → subject id, for current identifiers of one scheme."""
    found: dict[str, int] = {}
    for part in chunks(indexes):
        query = select(SubjectIdentifier.blind_index, SubjectIdentifier.subject_id).where(
            SubjectIdentifier.scheme == scheme,
            SubjectIdentifier.blind_index.in_(part),
            SubjectIdentifier.valid_to.is_(None),
        )
        found.update((row[0], row[1]) for row in session().execute(query))
    return found


def insert_subjects(rows: Sequence[dict[str, Any]]) -> list[tuple[int, str]]:
    """Insert subjects in bulk; (id, public id) in the order of ``rows``, each of which names its public id.

    The ids are read back by public id: asking for them in the insert would make SQLite go row by row.
    """
    made: list[tuple[int, str]] = []
    for part in chunks(rows):
        # Rows with and without a full name go in one statement; else each change between them begins a new one.
        session().execute(insert(Subject), part, execution_options={"render_nulls": True})
        names = [str(row["public_id"]) for row in part]
        query = select(Subject.public_id, Subject.id).where(Subject.public_id.in_(names))
        ids = {row[0]: row[1] for row in session().execute(query)}
        made.extend((ids[name], name) for name in names)
    return made


def insert_identifiers(rows: Sequence[dict[str, Any]]) -> None:
    """Insert identifiers in bulk; the unique index refuses a second current one."""
    for part in chunks(rows):
        session().execute(insert(SubjectIdentifier), part)


def subject_by_id(subject_id: int, *, lock: bool = False) -> Subject | None:
    """The subject with an inner id; ``lock`` lets one claim at a time be handled."""
    query = select(Subject).where(Subject.id == subject_id)
    return session().scalar(query.with_for_update() if lock else query)


def subject_by_public_id(public_id: str) -> Subject | None:
    """The subject with a public id."""
    return session().scalar(select(Subject).where(Subject.public_id == public_id))


def subjects_by_id(ids: Iterable[int]) -> Iterator[Subject]:
    """Subjects by inner ids, in no order."""
    for part in chunks(sorted(set(ids))):
        yield from session().scalars(select(Subject).where(Subject.id.in_(part)))


def ids_by_demonstration(*, demonstration: bool) -> list[int]:
    """The ids of all demonstration subjects, or of all others, ascending."""
    wanted = Subject.demonstration.is_(demonstration)
    return list(session().scalars(select(Subject.id).where(wanted).order_by(Subject.id)))


def identifiers_of(subject_ids: Iterable[int]) -> list[SubjectIdentifier]:
    """The current identifiers of subjects."""
    rows: list[SubjectIdentifier] = []
    for part in chunks(sorted(set(subject_ids))):
        query = select(SubjectIdentifier).where(
            SubjectIdentifier.subject_id.in_(part), SubjectIdentifier.valid_to.is_(None)
        )
        rows.extend(session().scalars(query.order_by(SubjectIdentifier.id)))
    return rows


def official_identifier_of(subject_id: int) -> SubjectIdentifier | None:
    """The current identifier that stands on a subject's own papers: credit code or resident ID."""
    query = select(SubjectIdentifier).where(
        SubjectIdentifier.subject_id == subject_id,
        SubjectIdentifier.scheme.in_([Scheme.USCC.value, Scheme.RESIDENT_ID.value]),
        SubjectIdentifier.valid_to.is_(None),
    )
    return session().scalars(query.order_by(SubjectIdentifier.id).limit(1)).first()


def add_farmer_profile(**values: Any) -> None:
    """What a farmer said at sign-up."""
    session().add(FarmerProfile(**values))
    session().flush()


def farmer_profile(organisation_id: int) -> FarmerProfile | None:
    """What the farmer behind an organisation said."""
    return session().scalar(select(FarmerProfile).where(FarmerProfile.organisation_id == organisation_id))
