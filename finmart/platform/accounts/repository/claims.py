"""Claims on subjects."""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.models.subjects import Subject, SubjectClaim
from finmart.platform.accounts.types.claims import ClaimState
from finmart.platform.db.session import session
from finmart.platform.kernel.clock import now

#: Ids in one statement; SQLite takes at most so many parameters.
CHUNK = 500

ClaimRow = tuple[SubjectClaim, Subject, Organisation]


def add_claim(*, subject_id: int, organisation_id: int, user_id: int | None, disputed: bool) -> SubjectClaim:
    """A pending claim."""
    claim = SubjectClaim(
        subject_id=subject_id,
        organisation_id=organisation_id,
        state=ClaimState.PENDING.value,
        claimed_by_user_id=user_id,
        disputed_at=now() if disputed else None,
    )
    session().add(claim)
    session().flush()
    return claim


def claim_by_public_id(public_id: str) -> SubjectClaim | None:
    """The claim with a public id as it is now, held until the transaction ends."""
    query = select(SubjectClaim).where(SubjectClaim.public_id == public_id).with_for_update()
    # What was read before the wait for the lock is of yesterday.
    return session().scalar(query, execution_options={"populate_existing": True})


def live_claims_on(subject_id: int) -> list[SubjectClaim]:
    """Pending and verified claims on a subject, the oldest first."""
    query = select(SubjectClaim).where(
        SubjectClaim.subject_id == subject_id, SubjectClaim.state != ClaimState.REVOKED.value
    )
    return list(session().scalars(query.order_by(SubjectClaim.id)))


def latest_claim_of(organisation_id: int) -> SubjectClaim | None:
    """The newest claim of an organisation, in whatever state."""
    query = select(SubjectClaim).where(SubjectClaim.organisation_id == organisation_id)
    return session().scalar(query.order_by(SubjectClaim.id.desc()).limit(1))


def verified_subject_id(organisation_id: int) -> int | None:
    """The subject on which an organisation holds a verified claim."""
    return session().scalar(
        select(SubjectClaim.subject_id).where(
            SubjectClaim.organisation_id == organisation_id, SubjectClaim.state == ClaimState.VERIFIED.value
        )
    )


def verified_subject_ids(organisation_ids: Iterable[int]) -> dict[int, int]:
    """organisation id → the subject on which it holds a verified claim, for those that hold one."""
    return dict(_verified(SubjectClaim.organisation_id, organisation_ids))


def verified_organisation_ids(subject_ids: Iterable[int]) -> dict[int, int]:
    """subject id → the organisation that holds a verified claim on it, for those that have one."""
    return {subject: organisation for organisation, subject in _verified(SubjectClaim.subject_id, subject_ids)}


def _verified(column: InstrumentedAttribute[int], ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(organisation id, subject id) of every verified claim that has one of ``ids`` in ``column``."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), CHUNK):
        query = select(SubjectClaim.organisation_id, SubjectClaim.subject_id).where(
            column.in_(wanted[start : start + CHUNK]), SubjectClaim.state == ClaimState.VERIFIED.value
        )
        yield from ((row[0], row[1]) for row in session().execute(query))


def verified_organisation_id(subject_id: int) -> int | None:
    """The organisation that holds a verified claim on a subject."""
    return session().scalar(
        select(SubjectClaim.organisation_id).where(
            SubjectClaim.subject_id == subject_id, SubjectClaim.state == ClaimState.VERIFIED.value
        )
    )


def search_claims(*, state: str | None, disputed: bool, limit: int, offset: int) -> tuple[list[ClaimRow], int]:
    """Claims with subject and organisation, pending ones oldest first, others newest first, and their number."""
    conditions: list[ColumnElement[bool]] = []
    if state:
        conditions.append(SubjectClaim.state == state)
    if disputed:
        # A dispute is listed once: under the claim that came later.
        conditions += [SubjectClaim.disputed_at.is_not(None), SubjectClaim.state != ClaimState.REVOKED.value]
        conditions.append(SubjectClaim.subject_id.in_(_contested()))
    total = session().scalar(select(func.count()).select_from(SubjectClaim).where(*conditions)) or 0
    order = SubjectClaim.id.asc() if state == ClaimState.PENDING else SubjectClaim.id.desc()
    rows = session().execute(_joined().where(*conditions).order_by(order).limit(limit).offset(offset))
    return [(row[0], row[1], row[2]) for row in rows], total


def contested(subject_ids: list[int]) -> set[int]:
    """Those of the subjects on which more than one claim is live."""
    return set(session().scalars(_contested().where(SubjectClaim.subject_id.in_(subject_ids))))


def _contested() -> Select[int]:
    live = SubjectClaim.state != ClaimState.REVOKED.value
    return select(SubjectClaim.subject_id).where(live).group_by(SubjectClaim.subject_id).having(func.count() > 1)


def live_rows_on(subject_id: int) -> list[ClaimRow]:
    """Pending and verified claims on a subject with subject and organisation, the oldest first."""
    live = _joined().where(SubjectClaim.subject_id == subject_id, SubjectClaim.state != ClaimState.REVOKED.value)
    return [(row[0], row[1], row[2]) for row in session().execute(live.order_by(SubjectClaim.id))]


def claim_row(public_id: str) -> ClaimRow | None:
    """One claim with its subject and organisation."""
    row = session().execute(_joined().where(SubjectClaim.public_id == public_id)).first()
    return None if row is None else (row[0], row[1], row[2])


def _joined() -> Select[SubjectClaim, Subject, Organisation]:
    return (
        select(SubjectClaim, Subject, Organisation)
        .join(Subject, Subject.id == SubjectClaim.subject_id)
        .join(Organisation, Organisation.id == SubjectClaim.organisation_id)
    )
