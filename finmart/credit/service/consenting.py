"""Consents to a profile: who may give one, to whom, for which data sets; and where each of them stands today.

Platform's consents know nothing of subjects, data sets or institutions' rights: those rules stand here, and the
reading itself (``granted.py``) asks them anew each time.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from finmart.credit.datasets.parties import PERSONS
from finmart.credit.datasets.registry import DATASETS
from finmart.credit.repository import profiles, views
from finmart.credit.service import letters
from finmart.credit.types.consent_text import CURRENT
from finmart.credit.types.errors import (
    AgreementMissing,
    ClaimNeeded,
    InstitutionNotReady,
    ScopeUnknown,
    WarningUnconfirmed,
)
from finmart.credit.types.values import AccessEntry
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.accounts.service.organisations import organisation_card, organisation_cards
from finmart.platform.accounts.service.reading_right import institution_by_public_id, may_read, readers
from finmart.platform.accounts.service.subjects import subject_card, subject_cards
from finmart.platform.accounts.service.telling import tell_members
from finmart.platform.accounts.types.values import OrganisationCard, SubjectCard
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.consents import service as consents
from finmart.platform.consents.types import ConsentState, ConsentView, NewConsent
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.web.pages import Page

#: Both sides are told so many days before a consent ends.
TOLD_DAYS = 7
READS_SHOWN = 50


class Standing(StrEnum):
    """Where a consent stands today, everything it hangs on taken together."""

    OPEN = "open"
    REVOKED = "revoked"
    EXPIRED = "expired"
    #: Whoever gave it is no longer verified as the subject.
    CLAIM_ENDED = "claim_ended"
    #: The institution's qualification or agreement does not hold today; it may hold again.
    CLOSED = "closed"


@dataclass(frozen=True)
class Asked:
    """What an applicant chose on the page; ``institution`` is a public id, ``days`` counts from today on."""

    institution: str
    purpose: str
    scopes: tuple[str, ...]
    days: int
    agreed: bool
    warned: bool = False
    language: str = "zh"


@dataclass(frozen=True)
class Granted:
    """A consent with whom it is for, whom it speaks of, and where it stands today."""

    consent: ConsentView
    institution: OrganisationCard
    subject: SubjectCard
    standing: Standing


def granting_subject(actor: Actor) -> SubjectCard | None:
    """The subject whose data the actor may let others see; None until its claim is verified. ``PermissionMissing``."""
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    found = verified_subject_of(actor.organisation_id) if actor.organisation_id is not None else None
    return None if found is None else subject_card(found)


def is_person(subject: SubjectCard) -> bool:
    """Whether the subject's income and tax are a natural person's; a sole trader's are."""
    return subject.kind.value in PERSONS


def of_means(scopes: Iterable[str]) -> tuple[str, ...]:
    """Those of ``scopes`` that of a natural person may be passed on only after a warning (征信业管理条例 14)."""
    return tuple(sorted(name for name in set(scopes) if name in DATASETS and DATASETS[name].tells_means))


def grant_consent(actor: Actor, asked: Asked) -> ConsentView:
    """Let an institution see the chosen data sets; it is told. The receipt's number stands in what is returned.

    Raises ``PermissionMissing``, ``ClaimNeeded``, ``OrganisationUnknown``, ``InstitutionNotReady``, ``ScopeUnknown``,
    ``AgreementMissing``, ``WarningUnconfirmed``, or what ``consents.grant`` raises.
    """
    subject = granting_subject(actor)
    if subject is None:
        raise ClaimNeeded
    institution = institution_by_public_id(asked.institution)
    if not may_read(institution.id, today()):
        raise InstitutionNotReady
    if not set(asked.scopes) <= set(DATASETS):
        raise ScopeUnknown
    if not asked.agreed:
        raise AgreementMissing
    warned = of_means(asked.scopes) if is_person(subject) else ()
    if warned and not asked.warned:
        raise WarningUnconfirmed
    given = consents.grant(
        actor,
        NewConsent(
            subject_id=subject.id,
            institution_id=institution.id,
            purpose=asked.purpose,
            scopes=asked.scopes,
            valid_until=today() + timedelta(days=asked.days),
            warned=warned,
            text_version=CURRENT,
            language=asked.language,
        ),
    )
    tell_members(institution.id, letters.granted(given), permission=Permission.GRANTED_PROFILES_READ)
    return given


def revoke_consent(actor: Actor, public_id: str, reason: str) -> ConsentView:
    """Withdraw a consent; the institution is told, and its next read is refused. Raises as ``consents.revoke``."""
    ended = consents.revoke(actor, public_id, reason)
    tell_members(ended.institution_id, letters.revoked(ended), permission=Permission.GRANTED_PROFILES_READ)
    return ended


def standing(consent: ConsentView, on: date) -> Standing:
    """Where a consent stands on a day."""
    state = consent.state(on)
    if state is not ConsentState.VALID:
        return Standing.REVOKED if state is ConsentState.REVOKED else Standing.EXPIRED
    if verified_subject_of(consent.organisation_id) != consent.subject_id:
        return Standing.CLAIM_ENDED
    return Standing.OPEN if may_read(consent.institution_id, on) else Standing.CLOSED


def consent_for(*, subject_id: int, institution_id: int, on: date, scopes: Collection[str] = ()) -> ConsentView | None:
    """The newest consent under which an institution may read all of ``scopes`` on a day; None without one.

    One consent must cover them: what was granted twice for part of it is never put together to more than was meant.
    """
    found = _open_consents(subject_id, institution_id, on)
    return next((consent for consent in found if set(scopes) <= set(consent.scopes)), None)


def consents_for(*, subject_id: int, institution_id: int, on: date) -> tuple[ConsentView, ...]:
    """The consents under which an institution may read a subject's profile on a day, the newest first.

    One is left out when a newer one for the same purpose opens each of its data sets.
    """
    found: list[ConsentView] = []
    for consent in _open_consents(subject_id, institution_id, on):
        if not any(_covers(newer, consent) for newer in found):
            found.append(consent)
    return tuple(found)


def _covers(one: ConsentView, other: ConsentView) -> bool:
    return one.purpose == other.purpose and set(other.scopes) <= set(one.scopes)


def _open_consents(subject_id: int, institution_id: int, on: date) -> list[ConsentView]:
    valid = consents.valid_consents(subject_id=subject_id, institution_id=institution_id, on=on)
    return [consent for consent in valid if standing(consent, on) is Standing.OPEN]


def own_consents(actor: Actor) -> tuple[Granted, ...]:
    """What the actor's organisation has granted, the newest first. Raises ``PermissionMissing``."""
    return _with_cards(consents.own_consents(actor))


def own_consent(actor: Actor, public_id: str) -> tuple[Granted, tuple[AccessEntry, ...]]:
    """One consent of the actor's organisation and the newest reads under it.

    Raises ``PermissionMissing`` or ``ConsentUnknown``.
    """
    consent = consents.own_consent(actor, public_id)
    [found] = _with_cards([consent])
    reads = profiles.accesses_under(consent.id, limit=READS_SHOWN)
    return found, tuple(views.access_entry(row, found.institution) for row in reads)


def given_consents(actor: Actor, *, number: int = 1) -> Page[Granted]:
    """What the actor's institution was granted, the newest first. Raises ``PermissionMissing``."""
    page = consents.given_consents(actor, number=number)
    return Page(_with_cards(page.items), page.total, page.number, page.size)


def may_read_now(actor: Actor) -> bool:
    """Whether the actor's institution may read under consents today (DECISIONS 6). Raises ``PermissionMissing``."""
    require(actor, Permission.GRANTED_PROFILES_READ)
    return may_read(actor.organisation_id or 0, today())


def institutions_to_choose() -> tuple[OrganisationCard, ...]:
    """Institutions that may read today, by name."""
    return readers(today())


def tell_endings() -> int:
    """Tell both sides of consents that end within a week, each once; returns how many."""
    ending = [one for one in consents.take_ending(days=TOLD_DAYS) if standing(one, today()) is Standing.OPEN]
    for consent in ending:
        institution = organisation_card(consent.institution_id)
        letter = letters.own_ending_soon(consent, institution)
        tell_members(consent.organisation_id, letter, permission=Permission.OWN_CONSENTS_MANAGE)
        letter = letters.ending_soon(consent)
        tell_members(institution.id, letter, permission=Permission.GRANTED_PROFILES_READ)
    return len(ending)


def _with_cards(given: Iterable[ConsentView]) -> tuple[Granted, ...]:
    listed, day = tuple(given), today()
    institutions = organisation_cards({one.institution_id for one in listed})
    subjects = subject_cards({one.subject_id for one in listed})
    return tuple(
        Granted(one, institutions[one.institution_id], subjects[one.subject_id], standing(one, day)) for one in listed
    )
