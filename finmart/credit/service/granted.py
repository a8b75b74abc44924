"""Reading a profile under a consent: asked anew each time, noted before it is returned, no wider than its scopes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finmart.credit.repository import batches, profiles, views
from finmart.credit.service import access
from finmart.credit.service.consenting import Standing, standing
from finmart.credit.types.errors import ConsentEnded, InstitutionNotReady, ProfileMissing, PurposeNotCovered
from finmart.credit.types.events import ProfileReadUnderConsent
from finmart.credit.types.states import Basis
from finmart.credit.types.values import Profile, StoredFact
from finmart.platform.accounts.service.subjects import subject_card
from finmart.platform.accounts.types.values import SubjectCard
from finmart.platform.audit.service import record
from finmart.platform.consents import service as consents
from finmart.platform.consents.types import ConsentView
from finmart.platform.db.session import short_transaction
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.reference.facts import facts

if TYPE_CHECKING:
    from finmart.credit.models import Fact

#: A firm's consent opens what is known of the firm, never what is known of the people around it.
ABOUT = "subject"


@dataclass(frozen=True)
class GrantedProfile:
    """A profile as far as a consent opens it, and the consent."""

    profile: Profile
    consent: ConsentView


def granted_profile(actor: Actor, consent_public_id: str, purpose: str | None = None) -> GrantedProfile:
    """What a consent lets the actor's institution see of a profile; the read is committed before it is returned.

    ``purpose``: what it is read for, by default what the consent was given for. Raises ``PermissionMissing``,
    ``ConsentUnknown`` (another institution's too), ``ConsentEnded``, ``InstitutionNotReady``, ``PurposeNotCovered``,
    or ``ProfileMissing`` when nothing has been published about the subject.
    """
    # Asked inside the very transaction that notes the read: a withdrawal comes before both or after both.
    with short_transaction():
        consent = consents.given_consent(actor, consent_public_id, lock=True)
        _require_open(consent, purpose)
        subject = subject_card(consent.subject_id)
        _note(actor, consent, subject)
    version = profiles.latest_version(consent.subject_id)
    if version is None:
        raise ProfileMissing
    known, unreadable = _covered(profiles.facts_of([version])[consent.subject_id], consent.scopes)
    profile = Profile(
        version_public_id=version.public_id,
        subject_public_id=subject.public_id,
        name=subject.display_name,
        kind=subject.kind.value,
        demonstration=subject.demonstration,
        as_of=version.as_of,
        known_at=version.known_at,
        facts=known,
        unreadable=unreadable,
    )
    return GrantedProfile(profile, consent)


def _require_open(consent: ConsentView, purpose: str | None) -> None:
    found = standing(consent, today())
    if found is Standing.CLOSED:
        raise InstitutionNotReady
    if found is not Standing.OPEN:
        raise ConsentEnded
    if purpose is not None and purpose != consent.purpose:
        raise PurposeNotCovered


def _note(actor: Actor, consent: ConsentView, subject: SubjectCard) -> None:
    read = access.Read(Basis.CONSENT, consent.receipt_number, consent.id)
    access.note(actor, read, purpose=consent.purpose, subject_id=subject.id)
    record(
        actor,
        ProfileReadUnderConsent(
            target=consent.public_id,
            receipt=consent.receipt_number,
            subject=subject.public_id,
            purpose=consent.purpose,
            scopes=consent.scopes,
        ),
    )


def _covered(rows: Iterable["Fact"], scopes: Iterable[str]) -> tuple[Mapping[str, StoredFact], Mapping[str, str]]:
    """The facts made of nothing but the granted data sets: one that mixes in another data set stays closed.

    Beside them, as ``views.stored_facts`` has it, which of them nobody can read.
    """
    listed, opened = list(rows), frozenset(scopes)
    used = {batch for row in listed for batch in row.batches}
    datasets, names = batches.datasets_of(used), batches.public_ids(used)
    return views.stored_facts(
        (
            row
            for row in listed
            if row.key in facts()
            and facts()[row.key].about == ABOUT
            and row.batches
            and {datasets.get(batch) for batch in row.batches} <= opened
        ),
        names,
    )
