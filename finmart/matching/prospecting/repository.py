"""Agreements to be found, counts of days, and invitations; nothing here decides or commits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select

from finmart.matching.prospecting.models import ProspectCount, ProspectInvitation, ProspectOptIn
from finmart.matching.prospecting.types.words import InvitationState
from finmart.platform.db.session import session


def living_opt_in(organisation_id: int, *, lock: bool = False) -> ProspectOptIn | None:
    """The agreement of an applicant that holds; ``lock``: as it is now, held until the transaction ends."""
    query = select(ProspectOptIn).where(
        ProspectOptIn.organisation_id == organisation_id, ProspectOptIn.withdrawn_at.is_(None)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session().scalar(query)


def living_opt_ins() -> list[ProspectOptIn]:
    """Every agreement that holds, the oldest first."""
    query = select(ProspectOptIn).where(ProspectOptIn.withdrawn_at.is_(None))
    return list(session().scalars(query.order_by(ProspectOptIn.id)))


def add_opt_in(**values: Any) -> ProspectOptIn:
    """A new agreement with the given columns."""
    row = ProspectOptIn(**values)
    session().add(row)
    session().flush()
    return row


def counts_of_day(organisation_id: int, day: date, *, lock: bool = False) -> list[ProspectCount]:
    """What was counted for an institution on a day, in the order in which it was; ``lock``: others wait for us."""
    query = select(ProspectCount).where(
        ProspectCount.organisation_id == organisation_id, ProspectCount.counted_on == day
    )
    return list(session().scalars((query.with_for_update() if lock else query).order_by(ProspectCount.id)))


def documents_since(organisation_id: int, day: date) -> list[dict[str, Any]]:
    """Products as they were counted for an institution since a day, the oldest first."""
    query = select(ProspectCount.document).where(
        ProspectCount.organisation_id == organisation_id, ProspectCount.counted_on >= day
    )
    return list(session().scalars(query.order_by(ProspectCount.id)))


def add_count(**values: Any) -> None:
    """What was counted of a version on a day."""
    session().add(ProspectCount(**values))


def forget_counts(organisation_id: int, *, before: date) -> None:
    """Delete what was counted for an institution before a day; the audit trail keeps that it was."""
    session().execute(
        delete(ProspectCount).where(ProspectCount.organisation_id == organisation_id, ProspectCount.counted_on < before)
    )


def add_invitation(**values: Any) -> ProspectInvitation:
    """A new invitation with the given columns."""
    row = ProspectInvitation(**values)
    session().add(row)
    session().flush()
    return row


def invitation(public_id: str) -> ProspectInvitation | None:
    """The invitation with a public id as it is now, held until the transaction ends."""
    query = select(ProspectInvitation).where(ProspectInvitation.public_id == public_id).with_for_update()
    return session().scalar(query, execution_options={"populate_existing": True})


def invitations_to(organisation_id: int, *, lock: bool = False) -> list[ProspectInvitation]:
    """What an applicant was invited to, the newest first; ``lock``: as it is now, held until the transaction ends."""
    query = select(ProspectInvitation).where(ProspectInvitation.organisation_id == organisation_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session().scalars(query.order_by(ProspectInvitation.id.desc())))


def invitations_by(institution_id: int, product_code: str) -> list[ProspectInvitation]:
    """What an institution sent for a product, the newest first."""
    query = select(ProspectInvitation).where(
        ProspectInvitation.institution_id == institution_id, ProspectInvitation.product_code == product_code
    )
    return list(session().scalars(query.order_by(ProspectInvitation.id.desc())))


def closed_to(institution_id: int, product_code: str) -> set[int]:
    """Applicants whom an institution may not ask for a product: asked before, or reported by them for any."""
    query = select(ProspectInvitation.organisation_id).where(
        ProspectInvitation.institution_id == institution_id,
        (ProspectInvitation.product_code == product_code)
        | (ProspectInvitation.state == InvitationState.REPORTED.value),
    )
    return set(session().scalars(query))


def sent_by(institution_id: int, *, since: datetime) -> int:
    """How many invitations an institution has sent since a moment."""
    return _number(ProspectInvitation.institution_id == institution_id, ProspectInvitation.sent_at >= since)


def sent_to(organisation_id: int, *, since: datetime) -> int:
    """How many invitations an applicant was sent since a moment, by all institutions."""
    return _number(ProspectInvitation.organisation_id == organisation_id, ProspectInvitation.sent_at >= since)


def _number(*conditions: Any) -> int:
    return session().scalar(select(func.count()).select_from(ProspectInvitation).where(*conditions)) or 0
