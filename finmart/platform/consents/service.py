"""Giving, withdrawing and finding consents.

Nothing here knows what a scope opens, who a subject is or what an institution must have: those who show data under a
consent (credit) ask for the verified claim and for the institution's right to read, each time anew.
"""

from collections.abc import Callable
from datetime import date, timedelta

from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.consents import repository
from finmart.platform.consents.models import Consent
from finmart.platform.consents.types import (
    MOST_DAYS,
    ConsentGranted,
    ConsentOver,
    ConsentRevoked,
    ConsentState,
    ConsentUnknown,
    ConsentView,
    NewConsent,
    NothingGranted,
    Purpose,
    PurposeUnknown,
    ReasonUnknown,
    RevokeReason,
    ValidityInvalid,
)
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.web.pages import Page

PAGE_SIZE = 30


def _head_office_alone(actor: Actor) -> frozenset[int] | None:
    return None if actor.branch_id is None else frozenset()


class _Reach:
    applicants: Callable[[Actor], frozenset[int] | None] = staticmethod(_head_office_alone)


def use_reach(applicants: Callable[[Actor], frozenset[int] | None]) -> None:
    """Tell the house whose consents a member of an institution may use (matching calls this).

    ``applicants``: inner ids of the applicants that the member's branches work for; None: all of the institution's.
    Until it is told, people of a branch use none.
    """
    _Reach.applicants = staticmethod(applicants)


def grant(actor: Actor, new: NewConsent) -> ConsentView:
    """A consent from today on, given by the actor for its organisation; with a receipt number.

    That the organisation has proved to be the subject is the caller's to ask, and is asked again at each read.
    Raises ``PermissionMissing``, ``NothingGranted``, ``PurposeUnknown`` or ``ValidityInvalid``.
    """
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    if actor.organisation_id is None:
        raise ConsentUnknown
    if not new.scopes:
        raise NothingGranted
    if new.purpose not in set(Purpose):
        raise PurposeUnknown
    day = today()
    if not day <= new.valid_until <= day + timedelta(days=MOST_DAYS):
        raise ValidityInvalid
    row = repository.add_consent(
        receipt_number=repository.receipt_number(day),
        subject_id=new.subject_id,
        institution_id=new.institution_id,
        organisation_id=actor.organisation_id,
        user_id=actor.user_id,
        purpose=new.purpose,
        scopes=sorted(set(new.scopes)),
        warned=sorted(set(new.warned)),
        text_version=new.text_version,
        language=new.language,
        granted_at=now(),
        valid_from=day,
        valid_until=new.valid_until,
    )
    record(
        actor,
        ConsentGranted(
            target=row.public_id,
            receipt=row.receipt_number,
            purpose=row.purpose,
            scopes=tuple(row.scopes),
            valid_until=row.valid_until,
            text_version=row.text_version,
        ),
    )
    return view_of(row)


def revoke(actor: Actor, public_id: str, reason: str) -> ConsentView:
    """Withdraw a consent of the actor's organisation; the next read under it is refused.

    ``reason`` is a ``RevokeReason``. Raises ``PermissionMissing``, ``ConsentUnknown``, ``ReasonUnknown`` or
    ``ConsentOver``.
    """
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    row = _own(actor, public_id, lock=True)
    if reason not in set(RevokeReason):
        raise ReasonUnknown
    if view_of(row).state(today()) is not ConsentState.VALID:
        raise ConsentOver
    row.revoked_at, row.revoked_by_user_id, row.revoke_reason = now(), actor.user_id, reason
    record(actor, ConsentRevoked(target=row.public_id, receipt=row.receipt_number, reason=reason))
    return view_of(row)


def own_consents(actor: Actor) -> tuple[ConsentView, ...]:
    """What the actor's organisation has granted, the newest first. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    if actor.organisation_id is None:
        return ()
    return tuple(view_of(row) for row in repository.consents_of_organisation(actor.organisation_id))


def own_consent(actor: Actor, public_id: str) -> ConsentView:
    """One consent that the actor's organisation granted. Raises ``PermissionMissing`` or ``ConsentUnknown``."""
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    return view_of(_own(actor, public_id))


def given_consents(actor: Actor, *, number: int = 1) -> Page[ConsentView]:
    """What the actor's institution was granted, ended ones too, the newest first. Raises ``PermissionMissing``.

    People of a branch see the consents of those whose applications the branch works on.
    """
    require(actor, Permission.GRANTED_PROFILES_READ)
    number = max(1, number)
    rows, total = repository.consents_for_institution(
        actor.organisation_id or 0, _Reach.applicants(actor), limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    return Page([view_of(row) for row in rows], total, number, PAGE_SIZE)


def given_consent(actor: Actor, public_id: str, *, lock: bool = False) -> ConsentView:
    """One consent that the actor's institution was granted, in whatever state; ``lock``: as it stands now.

    Raises ``PermissionMissing``, or ``ConsentUnknown`` for another institution's or another branch's.
    """
    require(actor, Permission.GRANTED_PROFILES_READ)
    row = repository.consent_by_public_id(public_id, lock=lock)
    if row is None or row.institution_id != actor.organisation_id:
        raise ConsentUnknown
    within = _Reach.applicants(actor)
    if within is not None and row.organisation_id not in within:
        raise ConsentUnknown
    return view_of(row)


def valid_consents(*, subject_id: int, institution_id: int, on: date) -> tuple[ConsentView, ...]:
    """The consents of a subject for an institution that hold on a day, as far as their rows tell; the newest first."""
    rows = repository.valid_consents(subject_id=subject_id, institution_id=institution_id, on=on)
    return tuple(view_of(row) for row in rows)


def take_ending(*, days: int) -> tuple[ConsentView, ...]:
    """Consents that end within so many days and whose end was not told yet; they are marked as told."""
    day = today()
    rows = repository.untold_consents(after=day, until=day + timedelta(days=days))
    moment = now()
    for row in rows:
        row.reminded_at = moment
    return tuple(view_of(row) for row in rows)


def _own(actor: Actor, public_id: str, *, lock: bool = False) -> Consent:
    row = repository.consent_by_public_id(public_id, lock=lock)
    if row is None or actor.organisation_id is None or row.organisation_id != actor.organisation_id:
        raise ConsentUnknown
    return row


def view_of(row: Consent) -> ConsentView:
    """A row as values."""
    return ConsentView(
        id=row.id,
        public_id=row.public_id,
        receipt_number=row.receipt_number,
        subject_id=row.subject_id,
        institution_id=row.institution_id,
        organisation_id=row.organisation_id,
        user_id=row.user_id,
        purpose=row.purpose,
        scopes=tuple(row.scopes),
        warned=tuple(row.warned),
        text_version=row.text_version,
        language=row.language,
        granted_at=row.granted_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        revoke_reason=row.revoke_reason,
    )
