"""The life of a demand: written down, published, withdrawn. Every step is recorded beside the change."""

from datetime import timedelta

from finmart.matching.demands import repository
from finmart.matching.demands.models import Demand
from finmart.matching.demands.types import (
    GUARANTEES,
    MOST_FEN,
    MOST_MONTHS,
    PURPOSE,
    URGENCY_DAYS,
    URGENCY_WORDS,
    WITHDRAW_WORDS,
    DemandClosed,
    DemandPublished,
    DemandRefused,
    DemandSaved,
    DemandState,
    DemandUnknown,
    DemandView,
    DemandWithdrawn,
    NewDemand,
    codes_of,
)
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.kernel.messages import N_
from finmart.platform.web.pages import Page

PAGE_SIZE = 20


def view(row: Demand) -> DemandView:
    """A row as values."""
    return DemandView(
        id=row.id,
        public_id=row.public_id,
        organisation_id=row.organisation_id,
        subject_id=row.subject_id,
        amount=row.amount,
        term_months=row.term_months,
        purpose=row.purpose,
        guarantees=tuple(row.guarantees),
        region=row.region,
        urgency=row.urgency,
        needed_by=row.needed_by,
        state=DemandState(row.state),
        created_at=row.created_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        demonstration=row.demonstration,
    )


def check(new: NewDemand) -> None:
    """Raise ``DemandRefused`` for what cannot be asked for."""
    if new.amount <= 0:
        raise DemandRefused(N_("金额要大于零。"))
    if new.amount > MOST_FEN:
        raise DemandRefused(N_("金额太大，请核对单位：这里填的是万元。"))
    if not 1 <= new.term_months <= MOST_MONTHS:
        raise DemandRefused(N_("期限要在1到{most}个月之间。"), most=MOST_MONTHS)
    if new.purpose not in codes_of(PURPOSE):
        raise DemandRefused(N_("请选择用途。"))
    if new.urgency not in URGENCY_WORDS:
        raise DemandRefused(N_("请选择什么时候需要。"))
    if not new.guarantees or set(new.guarantees) - set(codes_of(GUARANTEES)):
        raise DemandRefused(N_("请至少选择一种能提供的担保方式。"))


def save_demand(
    actor: Actor, new: NewDemand, *, organisation_id: int, subject_id: int | None, demonstration: bool = False
) -> DemandView:
    """Write a draft down. Raises ``PermissionMissing`` or ``DemandRefused``."""
    require(actor, Permission.OWN_DEMANDS_WRITE)
    check(new)
    days = URGENCY_DAYS.get(new.urgency)
    row = repository.add(
        organisation_id=organisation_id,
        subject_id=subject_id,
        user_id=actor.user_id,
        amount=new.amount,
        term_months=new.term_months,
        purpose=new.purpose,
        guarantees=list(new.guarantees),
        region=new.region,
        urgency=new.urgency,
        needed_by=None if days is None else today() + timedelta(days=days),
        state=DemandState.DRAFT.value,
        demonstration=demonstration,
    )
    record(actor, DemandSaved(target=row.public_id, state=row.state))
    return view(row)


def _own(actor: Actor, public_id: str, *, lock: bool = False) -> Demand:
    """One policy: a demand is its organisation's alone; to anybody else it does not exist."""
    row = repository.by_public_id(public_id, lock=lock)
    if row is None or actor.organisation_id is None or row.organisation_id != actor.organisation_id:
        raise DemandUnknown
    return row


def own_demand(actor: Actor, public_id: str) -> DemandView:
    """One of the actor's own demands. Raises ``PermissionMissing`` or ``DemandUnknown``."""
    require(actor, Permission.OWN_DEMANDS_READ)
    return view(_own(actor, public_id))


def any_demand(public_id: str) -> DemandView:
    """Anybody's demand, for services that have asked for a permission of their own. Raises ``DemandUnknown``."""
    row = repository.by_public_id(public_id)
    if row is None:
        raise DemandUnknown
    return view(row)


def own_demand_by_id(actor: Actor, demand_id: int) -> DemandView:
    """One of the actor's own demands by its inner id. Raises ``PermissionMissing`` or ``DemandUnknown``."""
    require(actor, Permission.OWN_DEMANDS_READ)
    row = repository.by_id(demand_id)
    if row is None or actor.organisation_id is None or row.organisation_id != actor.organisation_id:
        raise DemandUnknown
    return view(row)


def own_demands(actor: Actor, *, number: int = 1) -> Page[DemandView]:
    """The actor's own demands, newest first. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_DEMANDS_READ)
    rows, total = repository.of_organisation(
        organisation_id=actor.organisation_id or 0, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    return Page([view(row) for row in rows], total, number, PAGE_SIZE)


def must_be_open(demand: DemandView) -> None:
    """Raise ``DemandClosed`` for a withdrawn demand: nothing happens to it any more."""
    if not demand.is_open:
        raise DemandClosed(demand.state.value)


def publish_demand(actor: Actor, public_id: str) -> None:
    """draft → published. Raises ``PermissionMissing``, ``DemandUnknown`` or ``DemandClosed``."""
    require(actor, Permission.OWN_DEMANDS_WRITE)
    row = _own(actor, public_id, lock=True)
    if row.state != DemandState.DRAFT:
        raise DemandClosed(row.state)
    row.state, row.published_at = DemandState.PUBLISHED.value, now()
    record(actor, DemandPublished(target=row.public_id, old_state=DemandState.DRAFT.value))


def withdraw_demand(actor: Actor, public_id: str, *, reason: str) -> None:
    """draft or published → withdrawn, at any time. Raises as ``publish_demand`` does."""
    require(actor, Permission.OWN_DEMANDS_WRITE)
    row = _own(actor, public_id, lock=True)
    if row.state == DemandState.WITHDRAWN:
        raise DemandClosed(row.state)
    if reason not in WITHDRAW_WORDS:
        raise DemandRefused(N_("请选择撤回的原因。"))
    old = row.state
    row.state, row.withdrawn_at, row.withdraw_reason = DemandState.WITHDRAWN.value, now(), reason
    record(actor, DemandWithdrawn(target=row.public_id, old_state=old, reason=reason))
