"""Working out, once something has changed, what an applicant could turn to without a demand, and keeping it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from finmart.credit.service.reading import newest_versions
from finmart.matching import snapshots
from finmart.matching.engine import json_form
from finmart.matching.engine.rows import row_of
from finmart.matching.recommendations import repository
from finmart.matching.recommendations.models import Recommendation
from finmart.matching.recommendations.service.comparing import Side, compare
from finmart.matching.recommendations.service.letters import tell_opened
from finmart.matching.recommendations.service.today import neutral_need, standing
from finmart.matching.recommendations.types import (
    Change,
    Opened,
    ProductName,
    RecommendationRan,
    dump_change,
    dump_opened,
    load_opened,
)
from finmart.matching.rulesets import service as rulesets
from finmart.matching.rulesets.types import Ruleset
from finmart.matching.service import runs
from finmart.matching.service.applicants import CHANGED_JOB, Known, known_of
from finmart.matching.snapshots import Plan
from finmart.matching.types.errors import NothingPublished
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.accounts.service.organisations import applicant_ids, organisation_card
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.jobs.outbox import at_hand, enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.products import service as products

PURPOSE = "recommendation"
KEPT_CHANGES = 20
#: Facts grow old and dated conditions begin and end: so long a stored answer stands where nothing else moves.
LOOK_AGAIN = timedelta(days=7)
TELL_AGAIN = timedelta(days=7)


def side_of(plan: Plan, ruleset: Ruleset, known: Known) -> Side:
    """Where an applicant stands today, with the names of the products that are open."""
    reference = str(known.applicant.organisation_id)
    need = neutral_need(known.applicant.region, today(), reference)
    found = standing(plan, ruleset.rule, known.merged.facts.values, need)
    rows = (row_of(outcome, place) for place, outcome in enumerate(found.outcomes, start=1))
    return Side(plan, found.facts, {row.code: Opened(row, _name(row.code)) for row in rows})


def _name(code: str) -> ProductName:
    product = products.published_catalogue().by_code.get(code)
    if product is None:
        return ProductName(code, code, "", "")
    owner = product.institution
    return ProductName(product.name_zh, product.name_en, owner.name_zh, owner.name_en)


def stored_side(row: Recommendation) -> Side:
    """What was kept the last time."""
    opened = {one.row.code: one for one in map(load_opened, row.rows)}
    return Side(runs.stored_plan(row.plan_id), json_form.load_facts(row.facts), opened)


def subject_of(known: Known) -> int | None:
    """The subject whose profile counts; None before its claim is verified."""
    return known.applicant.subject_id if known.applicant.verified else None


def refresh(actor: Actor, organisation_id: int) -> None:
    """Work out one applicant's products anew, keep them with what changed, and tell of what opened.

    Nothing at all for an applicant that wants none of it, or while nothing is published. Raises
    ``PermissionMissing``, ``OrganisationUnknown`` or ``ProfileClosed``.
    """
    require(actor, Permission.ALL_PROFILES_RUN)
    repository.hold(organisation_id)
    if repository.is_off(organisation_id):
        return
    try:
        base = runs.ground()
    except NothingPublished:
        return
    known = known_of(actor, organisation_id, basis=actor.basis, purpose=PURPOSE)
    row = repository.recommendation_of(organisation_id, lock=True)
    side = side_of(base.plan, base.ruleset, known)
    same = row is not None and row.subject_id == subject_of(known)
    changes = compare(stored_side(row), side) if row is not None and same else ()
    if row is not None and not same:
        # The history stands on another subject's data, or on data that may not be read any more.
        repository.forget_changes(organisation_id)
    _keep(base, known, side, row, changes)
    opened = sum(change.opened for change in changes)
    event = RecommendationRan(
        target=organisation_card(organisation_id).public_id,
        ruleset_version=base.ruleset.version,
        catalogue_version=base.plan.catalogue_version,
        products=len(side.opened),
        opened=opened,
        closed=len(changes) - opened,
    )
    record(actor, event)


def _keep(base: runs.Ground, known: Known, side: Side, row: Recommendation | None, changes: Sequence[Change]) -> None:
    organisation_id, moment = known.applicant.organisation_id, now()
    untold = (row.untold if row else 0) + sum(change.opened for change in changes)
    told_at = row.told_at if row else None
    if untold and (told_at is None or moment - told_at >= TELL_AGAIN):
        tell_opened(organisation_id, untold)
        untold, told_at = 0, moment
    repository.keep(
        organisation_id,
        row,
        subject_id=subject_of(known),
        computed_at=moment,
        as_of=today(),
        profile_version=known.profile_version,
        declared=list(known.declared_ids),
        catalogue_version=base.plan.catalogue_version,
        ruleset_version=base.ruleset.version,
        plan_id=base.plan_id,
        facts=json_form.dump_facts(side.facts),
        rows=[dump_opened(one) for one in side.opened.values()],
        products=len(side.opened),
        untold=untold,
        told_at=told_at,
    )
    # The newest is read first: of one look that is the first product of today's order.
    repository.add_changes(organisation_id, moment, [dump_change(change) for change in reversed(changes)])
    repository.forget_changes(organisation_id, but=KEPT_CHANGES)


class _Present(NamedTuple):
    """What a stored answer must agree with to be today's."""

    catalogue_version: int
    ruleset_version: int
    profiles: dict[int, str]


def _present(subject_ids: Iterable[int]) -> _Present:
    return _Present(snapshots.current_plan().catalogue_version, rulesets.active().version, newest_versions(subject_ids))


def is_stale(row: Recommendation, present: _Present) -> bool:
    """Whether the catalogue, the rule, the profile or the claim has moved since ``row`` was worked out."""
    subject = verified_subject_of(row.organisation_id)
    return (
        (row.catalogue_version, row.ruleset_version) != (present.catalogue_version, present.ruleset_version)
        or row.subject_id != subject
        or row.profile_version != present.profiles.get(subject or 0)
    )


def is_of_now(row: Recommendation) -> bool:
    """Whether nothing that is written down anywhere would change the stored answer."""
    return not is_stale(row, _present([row.subject_id] if row.subject_id else []))


def look(*, newcomers: bool) -> int:
    """Have everybody's stored answer made again that something has moved under; how many there are.

    ``newcomers``: and those made that were never made; also whatever has stood for ``LOOK_AGAIN``.
    """
    rows = repository.recommendations()
    present = _present(row.subject_id for row in rows if row.subject_id is not None)
    old = today() - LOOK_AGAIN
    found = [row.organisation_id for row in rows if is_stale(row, present) or (newcomers and row.as_of <= old)]
    if newcomers:
        off, stored = repository.ids_off(), {row.organisation_id for row in rows}
        found += [one for one in applicant_ids() if one not in off and one not in stored]
    waiting = {payload["organisation"] for payload in at_hand(CHANGED_JOB, since=now())}
    for organisation_id in found:
        if organisation_id not in waiting:
            enqueue(CHANGED_JOB, {"organisation": organisation_id})
    return len(found)
