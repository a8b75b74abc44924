"""What an applicant's own pages show, and its switch. A page writes nothing: a job keeps what it works out."""

from dataclasses import replace

from finmart.credit.service import access, declaring
from finmart.credit.types.states import Basis
from finmart.matching import snapshots
from finmart.matching.recommendations import repository
from finmart.matching.recommendations.models import Recommendation
from finmart.matching.recommendations.service.comparing import Side, compare
from finmart.matching.recommendations.service.keeping import (
    KEPT_CHANGES,
    PURPOSE,
    is_of_now,
    side_of,
    stored_side,
    subject_of,
)
from finmart.matching.recommendations.service.today import PLACE
from finmart.matching.recommendations.types import (
    DatedChange,
    Opened,
    RecommendationSwitched,
    Recommended,
    load_change,
    load_opened,
)
from finmart.matching.rulesets import service as rulesets
from finmart.matching.service.applicants import CHANGED_JOB, declared_ids, known_of
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today

#: What the account itself says of everybody; whoever has nothing more is told what to do first.
SAID_AT_SIGN_UP = frozenset({"subject_kind", "registered_region", PLACE})


def recommended(actor: Actor) -> Recommended:
    """The actor's own products without a demand; what is read of its profile is noted first (DECISIONS 20).

    A stored answer is shown while nothing has moved under it, otherwise a new one, which a job keeps later. Raises
    ``PermissionMissing``, or ``OrganisationUnknown`` for anybody who is no applicant.
    """
    require(actor, Permission.OWN_DEMANDS_READ)
    organisation_id = actor.organisation_id or 0
    if repository.is_off(organisation_id):
        return Recommended(off=True)
    row = repository.recommendation_of(organisation_id)
    if row is None or not _stands(row):
        return _anew(actor, row)
    if row.subject_id is not None:
        access.note_access(actor, row.subject_id, purpose=PURPOSE, basis=Basis.OWN)
    return Recommended(
        opened=tuple(map(load_opened, row.rows)),
        changes=_history(organisation_id),
        as_of=row.as_of,
        verified=row.subject_id is not None,
        known=len(row.facts.keys() - SAID_AT_SIGN_UP),
        catalogue_version=row.catalogue_version,
        ruleset_version=row.ruleset_version,
    )


def _stands(row: Recommendation) -> bool:
    said = declared_ids(declaring.own_declarations(row.organisation_id))
    return row.as_of == today() and tuple(row.declared) == said and is_of_now(row)


def _history(organisation_id: int) -> tuple[DatedChange, ...]:
    return tuple(DatedChange(row.at, load_change(row.detail)) for row in repository.changes_of(organisation_id))


def _anew(actor: Actor, row: Recommendation | None) -> Recommended:
    known = known_of(actor, actor.organisation_id or 0, basis=Basis.OWN, purpose=PURPOSE)
    plan, ruleset = snapshots.current_plan(), rulesets.active()
    side = side_of(plan, ruleset, known) if plan.offers else Side(plan, known.merged.facts, {})
    opened: tuple[Opened, ...] = tuple(side.opened.values())
    found = Recommended(
        opened=opened,
        as_of=today(),
        verified=subject_of(known) is not None,
        known=len(side.facts.values.keys() - SAID_AT_SIGN_UP),
        catalogue_version=plan.catalogue_version,
        ruleset_version=ruleset.version,
    )
    if row is None or row.subject_id != subject_of(known):
        return found
    moment = now()
    fresh = tuple(DatedChange(moment, change) for change in compare(stored_side(row), side))
    return replace(found, changes=(*fresh, *_history(row.organisation_id))[:KEPT_CHANGES])


def is_on(actor: Actor) -> bool:
    """Whether the actor's organisation lets products be worked out unasked. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_DEMANDS_READ)
    return not repository.is_off(actor.organisation_id or 0)


def switch(actor: Actor, *, on: bool) -> None:
    """Switch the actor's organisation on or off; off deletes what was kept of it. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_DEMANDS_WRITE)
    organisation_id = actor.organisation_id or 0
    if on != repository.is_off(organisation_id):
        return
    if on:
        repository.put_on(organisation_id)
        enqueue(CHANGED_JOB, {"organisation": organisation_id})
    else:
        repository.forget(organisation_id)
        repository.put_off(organisation_id, at=now(), user_id=actor.user_id)
    record(actor, RecommendationSwitched(target=organisation_card(organisation_id).public_id, on=on))
