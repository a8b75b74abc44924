"""Reading one subject's profile: its facts for a match, or everything a page shows of it. The read is noted first."""

from collections.abc import Iterable
from datetime import date, datetime

from finmart.credit.repository import batches, profiles, views
from finmart.credit.service import access
from finmart.credit.service.declaring import beside
from finmart.credit.types.errors import ProfileMissing
from finmart.credit.types.freshness import still_fresh
from finmart.credit.types.states import Basis
from finmart.credit.types.values import AccessEntry, Profile, ProfileFacts
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.accounts.service.organisations import organisation_cards
from finmart.platform.accounts.service.subjects import subject_card
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today

#: Reads shown on the profile page; the download holds as many.
READS_SHOWN = 50
DOWNLOAD_LIMIT = 10_000


def profile_facts(
    actor: Actor,
    subject_id: int,
    *,
    purpose: str,
    basis: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> ProfileFacts:
    """A subject's newest published facts (on or before ``as_of``, known by ``known_at``); the read is noted first.

    Facts out of date by ``as_of`` (of the demonstration: by its own day) are left out: they are unknown.
    Nothing published yet: no version and no facts. Raises ``ProfileClosed``.
    """
    access.note(actor, access.permitted(actor, subject_id, basis), purpose=purpose, subject_id=subject_id)
    found = profiles.latest_versions([subject_id], as_of=as_of or today(), known_at=known_at)
    version = found.get(subject_id)
    if version is None:
        return ProfileFacts(None, as_of or today(), known_at or now(), {})
    facts = views.fact_values(profiles.facts_of([version])[subject_id])
    judged_on = version.as_of if subject_card(subject_id).demonstration else as_of or today()
    return ProfileFacts(version.public_id, version.as_of, version.known_at, still_fresh(facts, judged_on))


def newest_versions(subject_ids: Iterable[int]) -> dict[int, str]:
    """subject id → the public id of its newest profile as of today. An id is no datum: no read is noted."""
    found = profiles.latest_versions(sorted(set(subject_ids)), as_of=today())
    return {subject_id: version.public_id for subject_id, version in found.items()}


def profile_subject(actor: Actor) -> int | None:
    """The subject whose profile is the actor's own; None until its claim is verified. ``PermissionMissing``."""
    require(actor, Permission.OWN_PROFILE_READ)
    return verified_subject_of(actor.organisation_id) if actor.organisation_id is not None else None


def read_profile(actor: Actor, subject_id: int, *, purpose: str = "view", basis: str = Basis.OWN) -> Profile:
    """A published profile with everything a page shows of it; the read is noted first.

    Raises ``ProfileClosed``, or ``ProfileMissing`` when nothing has been published about the subject.
    """
    access.note(actor, access.permitted(actor, subject_id, basis), purpose=purpose, subject_id=subject_id)
    version = profiles.latest_version(subject_id)
    if version is None:
        raise ProfileMissing
    rows = profiles.facts_of([version])[subject_id]
    facts, unreadable = views.stored_facts(rows, batches.public_ids({batch for row in rows for batch in row.batches}))
    card = subject_card(subject_id)
    own = basis == Basis.OWN and actor.organisation_id is not None
    return Profile(
        version_public_id=version.public_id,
        subject_public_id=card.public_id,
        name=card.display_name,
        kind=card.kind.value,
        demonstration=card.demonstration,
        as_of=version.as_of,
        known_at=version.known_at,
        facts=facts,
        unreadable=unreadable,
        declared=beside(actor.organisation_id or 0, rows) if own else (),
        accesses=_accesses(subject_id, READS_SHOWN if purpose == "view" else DOWNLOAD_LIMIT) if own else (),
    )


def _accesses(subject_id: int, limit: int) -> tuple[AccessEntry, ...]:
    """Every read of one subject's profile, and the bulk runs it was part of, newest first."""
    demonstration = subject_card(subject_id).demonstration
    scopes = [Basis.SYSTEM.value, *([Basis.DEMONSTRATION.value] if demonstration else [])]
    since = profiles.first_known(subject_id) or now()
    rows = profiles.accesses_of(subject_id, scopes=scopes, since=since, limit=limit)
    cards = organisation_cards({row.organisation_id for row in rows if row.organisation_id is not None})
    return tuple(views.access_entry(row, cards.get(row.organisation_id or 0)) for row in rows)
