"""The life of a demand: its steps, and the clock that runs while it lives. Every step is recorded beside the change.

What follows from the work of institutions (funded, declined, expired) is decided in ``leads`` and noted here.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from finmart.matching.demands import repository
from finmart.matching.demands.models import Demand, DemandClock
from finmart.matching.demands.types.clocks import ClockView, Duty, DutyKind, Owner
from finmart.matching.demands.types.errors import DemandClosed, DemandRefused, DemandUnknown
from finmart.matching.demands.types.events import ClockReminded, ClockStarted, DemandMoved, DemandSaved
from finmart.matching.demands.types.states import DemandState, DemandStep, after
from finmart.matching.demands.types.values import (
    GUARANTEES,
    LEAST_FEN,
    MOST_FEN,
    MOST_MONTHS,
    PURPOSE,
    TOO_LITTLE,
    TOO_MUCH,
    URGENCY_DAYS,
    URGENCY_WORDS,
    WITHDRAW_WORDS,
    DemandView,
    NewDemand,
    codes_of,
)
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.kernel.messages import N_
from finmart.platform.web.pages import Page
from finmart.reference import regions
from finmart.reference.working_days import due_after

PAGE_SIZE = 20
#: A demand that states no day is looked after for so long.
VALID_DAYS = 60
MOST_PLACES = 5
_BOARD = {DemandStep.OPEN_BOARD: True, DemandStep.LEAVE_BOARD: False}


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
        on_board=row.on_board,
        places=row.places,
        valid_until=row.valid_until,
        ended_at=row.ended_at,
    )


def check(new: NewDemand) -> None:
    """Raise ``DemandRefused`` for what cannot be asked for."""
    if not new.amount > 0:
        # Said this way round, because what is no number is not below zero either.
        raise DemandRefused(N_("金额要大于零。"))
    if new.amount < LEAST_FEN:
        raise DemandRefused(TOO_LITTLE)
    if new.amount > MOST_FEN:
        raise DemandRefused(TOO_MUCH)
    if not 1 <= new.term_months <= MOST_MONTHS:
        raise DemandRefused(N_("期限要在1到{most}个月之间。"), most=MOST_MONTHS)
    if new.purpose not in codes_of(PURPOSE):
        raise DemandRefused(N_("请选择用途。"))
    if new.urgency not in URGENCY_WORDS:
        raise DemandRefused(N_("请选择什么时候需要。"))
    if not new.guarantees or set(new.guarantees) - set(codes_of(GUARANTEES)):
        raise DemandRefused(N_("请至少选择一种能提供的担保方式。"))
    if regions.find(new.region) is None:
        raise DemandRefused(N_("没有这个地区，请从列表中选择。"))


def save_demand(actor: Actor, new: NewDemand, *, organisation_id: int, subject_id: int | None) -> DemandView:
    """Write a draft down; of an organisation of the demonstration it is one of the demonstration, and so is whatever
    follows from it. Raises ``PermissionMissing``, ``DemandRefused`` or ``OrganisationUnknown``.
    """
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
        demonstration=organisation_card(organisation_id).demonstration,
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


def own_locked(actor: Actor, public_id: str) -> Demand:
    """The row of one of the actor's own demands, locked: steps on a demand and its leads are taken one at a time.

    Raises ``PermissionMissing`` or ``DemandUnknown``.
    """
    require(actor, Permission.OWN_DEMANDS_WRITE)
    return _own(actor, public_id, lock=True)


def move(actor: Actor, row: Demand, step: DemandStep, *, reason: str = "") -> None:
    """Take one step of the table on a locked demand, and write it down. Raises ``DemandClosed``.

    The caller sees to it that a clock runs while the demand lives (``run_clock``).
    """
    old = DemandState(row.state)
    new = after(old, step)
    row.state = new.value
    if step is DemandStep.PUBLISH:
        row.published_at = now()
        row.valid_until = row.needed_by or today() + timedelta(days=VALID_DAYS)
    if step in _BOARD:
        row.on_board = _BOARD[step]
    if row.on_board and row.valid_until is not None and row.valid_until < today():
        # Whoever shows the card again wants it answered, though the day once named has passed.
        row.valid_until = today() + timedelta(days=VALID_DAYS)
    if new is not DemandState.PUBLISHED:
        row.on_board = False
        row.ended_at = now()
        stop_clock(row)
    else:
        row.ended_at = None
    if step is DemandStep.WITHDRAW:
        row.withdrawn_at, row.withdraw_reason = now(), reason
    repository.add_step(row, actor, step=step, old=old, new=new, at=now(), reason=reason)
    event = DemandMoved(target=row.public_id, step=step.value, old_state=old.value, new_state=new.value, reason=reason)
    record(actor, event)


def set_places(row: Demand, places: int) -> None:
    """How many institutions may come to see the contacts. Raises ``DemandRefused``."""
    if not 1 <= places <= MOST_PLACES:
        raise DemandRefused(N_("最多让几家机构看到联系方式，请填1到{most}。"), most=MOST_PLACES)
    row.places = places


def must_say_why(reason: str) -> None:
    """Raise ``DemandRefused`` for a reason to withdraw that is none of the codes."""
    if reason not in WITHDRAW_WORDS:
        raise DemandRefused(N_("请选择撤回的原因。"))


def days_of(kind: DutyKind, *, product_type: str = "", on: date | None = None) -> int:
    """Working days of a duty on a day (default: today), as the operator has set them for a product type or for all.

    Without an entry 1-3-5 holds: contact, first opinion and decision, counted from the receipt of an application.
    """
    return dictionaries.value(f"clock.{kind.value}", on or today(), scope=product_type)


def waiting_for_an_answer() -> Duty:
    """Nobody has taken the card yet: the platform looks for somebody."""
    due = due_after(today(), days_of(DutyKind.ANSWER))
    return Duty(DutyKind.ANSWER, Owner.OPERATOR, None, due.day, due.provisional)


def run_clock(actor: Actor, row: Demand, duty: Duty) -> None:
    """Let exactly this clock run for a living demand: the same one goes on, any other is stopped first."""
    running = repository.running_clock(row.id)
    if running is not None and _is(running, duty):
        return
    stop_clock(row)
    repository.add_clock(row.id, duty, at=now())
    event = ClockStarted(
        target=row.public_id,
        kind=duty.kind.value,
        owner=duty.owner.value,
        due_on=duty.due_on,
        provisional=duty.provisional,
    )
    record(actor, event)


def stop_clock(row: Demand) -> None:
    """Stop the clock that runs, if one does."""
    running = repository.running_clock(row.id)
    if running is not None:
        running.stopped_at = now()
        repository.flush()


def remind(actor: Actor, row: Demand) -> bool:
    """Note that the owner of the running clock was reminded; False when that was done already."""
    running = repository.running_clock(row.id)
    if running is None or running.reminded_at is not None:
        return False
    running.reminded_at = now()
    event = ClockReminded(target=row.public_id, kind=running.kind, owner=running.owner, due_on=running.due_on)
    record(actor, event)
    return True


def clock_of(demand_id: int) -> ClockView | None:
    """The running clock of a demand; None when it does not live."""
    row = repository.running_clock(demand_id)
    return None if row is None else clock_view(row)


def clocks_of(demand_ids: Iterable[int]) -> dict[int, ClockView]:
    """demand id → its running clock, for those that live."""
    return {key: clock_view(row) for key, row in repository.running_clocks(list(demand_ids)).items()}


def clock_view(row: DemandClock) -> ClockView:
    """A clock as values."""
    return ClockView(
        demand_id=row.demand_id,
        lead_id=row.lead_id,
        kind=DutyKind(row.kind),
        owner=Owner(row.owner),
        organisation_id=row.organisation_id,
        due_on=row.due_on,
        provisional=row.provisional,
        reminded_at=row.reminded_at,
    )


def _is(running: DemandClock, duty: Duty) -> bool:
    return (
        running.kind == duty.kind
        and running.owner == duty.owner
        and running.lead_id == duty.lead_id
        and running.due_on == duty.due_on
        and running.organisation_id == duty.organisation_id
    )
