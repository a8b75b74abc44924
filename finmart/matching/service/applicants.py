"""What is known about an applicant: its imported profile once it has proved who it is, and what it has declared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from finmart.conditions.types import FactValue
from finmart.credit.service import declaring, reading
from finmart.credit.types.values import Declared
from finmart.matching import snapshots
from finmart.matching.snapshots import Merged
from finmart.platform.accounts.service.claims import Applicant, applicant
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import local, now, today

PURPOSE = "match"
#: Whatever is known of an applicant has changed; what follows is other modules' affair (docs/architecture.md).
CHANGED_JOB = "recommendations.refresh"
REGISTERED = "registration"


@dataclass(frozen=True)
class Known:
    """An applicant's facts for one run, and where they come from."""

    applicant: Applicant
    merged: Merged
    declared: Mapping[str, FactValue]
    said: tuple[Declared, ...]
    declared_ids: tuple[str, ...]
    profile_version: str | None
    as_of: date
    known_at: datetime


def _of_account(who: Applicant) -> dict[str, FactValue]:
    """What the account itself says: the kind of applicant and where it is registered, as declared at sign-up."""
    said: dict[str, str | None] = {"subject_kind": who.kind.value, "registered_region": who.region}
    return {
        key: FactValue(value=value, observed_until=None, source=REGISTERED, origin="declared")
        for key, value in said.items()
        if value
    }


def declared_fact(one: Declared) -> FactValue:
    """A declaration as a fact, as old as the day on which it was made."""
    return FactValue(
        value=one.value, observed_until=local(one.declared_at).date(), source="declaration", origin="declared"
    )


def account_of(actor: Actor) -> Applicant:
    """The applicant behind the actor. Raises ``OrganisationUnknown`` for anybody who is none."""
    return applicant(actor.organisation_id or 0)


def declared_ids(said: Iterable[Declared]) -> tuple[str, ...]:
    """What tells one answer from the one before it: its key and when it was given."""
    return tuple(f"{one.key}@{one.declared_at.isoformat(timespec='seconds')}" for one in said)


def known_of(actor: Actor, organisation_id: int, *, basis: str, purpose: str = PURPOSE) -> Known:
    """Everything an applicant may be matched on (DECISIONS 2 and 3), read by ``actor`` on ``basis``.

    A verified applicant's profile is read, and that it was read is written down first; before verification only
    declared facts count. Raises ``OrganisationUnknown`` for anybody who is no applicant, or ``ProfileClosed``.
    """
    who = applicant(organisation_id)
    said = declaring.own_declarations(who.organisation_id)
    declared = {**_of_account(who), **{one.key: declared_fact(one) for one in said}}
    ids = declared_ids(said)
    if not who.verified or who.subject_id is None:
        return Known(who, snapshots.merged({}, declared), declared, tuple(said), ids, None, today(), now())
    profile = reading.profile_facts(actor, who.subject_id, purpose=purpose, basis=basis)
    merged = snapshots.merged(profile.facts, declared)
    return Known(who, merged, declared, tuple(said), ids, profile.version_public_id, profile.as_of, profile.known_at)
