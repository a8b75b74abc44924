"""The week itself: who does what at which hour, each act a unit of work of its own, as a request would be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from finmart.demo.city.dice import Dice
from finmart.demo.week import applicants, institutions
from finmart.demo.week.asking import Asker, ask, askers
from finmart.demo.week.calendar import MIDNIGHT, Clock, days, rounds
from finmart.demo.week.habits import HABITS
from finmart.demo.week.institutions import Desk
from finmart.demo.week.people import HOUSE, institution_actor, operator_actor
from finmart.matching.demands import service as demands
from finmart.matching.demands.types.clocks import Owner
from finmart.matching.demands.types.states import DemandState
from finmart.matching.demands.types.values import DemandView
from finmart.matching.leads import repository as rows
from finmart.matching.leads.service import operator, passing
from finmart.matching.leads.service.applicant import withdraw_demand
from finmart.matching.leads.service.reading import view_of
from finmart.matching.leads.types.states import LeadState
from finmart.matching.leads.types.values import LeadView
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.clock import told_by
from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.products import service as products

Report = Callable[[str], None]
#: So many times an act came too late: somebody else had been quicker, as among people.
TOO_LATE = (Conflict, NotFound, BadInput)
MORNING = rounds(date(2026, 11, 2))[0]


@dataclass
class Week:
    """Everybody of the week, and what happened by kind."""

    seed: int
    askers: list[Asker]
    desks: dict[int, Desk]
    dice: Dice
    refused: int = 0
    acts: int = 0
    by_demand: dict[int, Asker] = field(default_factory=dict)

    def act(self, what: Callable[[], object]) -> None:
        """One person's act: committed, or refused because the situation had changed."""
        self.acts += 1
        try:
            with unit_of_work():
                what()
        except TOO_LATE:
            self.refused += 1


def play(seed: int, count: int, organisations: Mapping[int, int], ids: Mapping[int, int], report: Report) -> Week:
    """Play the week for ``count`` applicants; ``ids``: subject number → subject, ``organisations``: → applicant."""
    clock = Clock()
    with told_by(clock):
        week = Week(seed, askers(seed, count, organisations), _desks(seed), Dice("week", seed))
        for number, day in enumerate(days()):
            report(f"{day}: {sum(bool(asker.public_id) for asker in week.askers)} demands asked, {week.acts} acts")
            _pass_time(week, clock, day)
            for place, hour in enumerate(rounds(day)):
                clock.go_to(day, hour)
                _ask(week, number, place, ids)
                _work(week, day, hour)
    return week


def _desks(seed: int) -> dict[int, Desk]:
    with unit_of_work(readonly=True):
        found = {}
        for code, habit in HABITS.items():
            actor = institution_actor(code)
            own = [product.code for product in products.products_of(code)]
            found[actor.organisation_id or 0] = Desk(code, actor, habit, Dice("desk", seed, code), own)
        return found


def _pass_time(week: Week, clock: Clock, day: date) -> None:
    """The house looks at its clocks: at night, and once more, because a reminder and what follows are two looks."""
    clock.go_to(day, MIDNIGHT)
    for _look in range(2):
        with unit_of_work(readonly=True):
            due = passing.due_demands()
        for demand_id in due:
            if demand_id in week.by_demand:
                with unit_of_work():
                    passing.pass_time(HOUSE, demand_id)


def _ask(week: Week, day: int, place: int, ids: Mapping[int, int]) -> None:
    for asker in week.askers:
        if (asker.day, asker.round) == (day, place):
            with unit_of_work():
                ask(asker, ids[asker.subject.number])
                applicants.begin(asker)
                found = demands.own_demand(asker.actor, asker.public_id)
            week.by_demand[found.id] = asker


def _work(week: Week, day: date, hour: time) -> None:
    """One round: institutions look at the board in the morning, everybody at what waits for them."""
    states = _stand(week)
    for demand, leads in states:
        asker = week.by_demand[demand.id]
        if hour == MORNING and applicants.changes_its_mind(asker.dice):
            week.act(lambda a=asker: withdraw_demand(a.actor, a.public_id, reason="not_needed"))  # type: ignore[misc]
            continue
        for lead in leads:
            _one(week, asker, demand, lead, day)
        if not leads and not demand.on_board:
            declined = _was_declined(demand.id)
            week.act(lambda a=asker, d=declined: applicants.go_on(a, declined=d))  # type: ignore[misc]
    if hour == MORNING:
        _take_cards(week, [demand for demand, _leads in states if demand.on_board])
        _send_on(week, states)


def _stand(week: Week) -> list[tuple[DemandView, list[LeadView]]]:
    """Every living demand of the week with its living leads."""
    with unit_of_work(readonly=True):
        leads = rows.leads_of_demands(week.by_demand)
        living: dict[int, list[LeadView]] = {}
        for lead in leads:
            if lead.ended_at is None:
                living.setdefault(lead.demand_id, []).append(view_of(lead))
        found = [demands.own_demand(asker.actor, asker.public_id) for asker in week.by_demand.values()]
        return [(one, living.get(one.id, [])) for one in found if one.state is DemandState.PUBLISHED]


def _was_declined(demand_id: int) -> bool:
    with unit_of_work(readonly=True):
        return any(lead.state == LeadState.DECLINED for lead in rows.leads_of_demand(demand_id))


def _one(week: Week, asker: Asker, demand: DemandView, lead: LeadView, day: date) -> None:
    if lead.duty_owner is Owner.APPLICANT:
        week.act(lambda: applicants.answer(asker, lead))
        return
    desk = week.desks.get(lead.organisation_id)
    if desk is not None and desk.habit.moves(desk.dice, lead.due_on, day):
        week.act(lambda: institutions.work(desk, lead, demand.term_months))


def _take_cards(week: Week, cards: list[DemandView]) -> None:
    for desk in week.desks.values():
        for _card in range(min(desk.habit.takes, len(cards))):
            asker = week.by_demand[desk.dice.pick(cards).id]
            week.act(lambda d=desk, a=asker: institutions.take_from_board(d, a))  # type: ignore[misc]


def _send_on(week: Week, states: list[tuple[DemandView, list[LeadView]]]) -> None:
    """The operator takes leads away from silent institutions and sends unanswered cards to others."""
    actor = operator_actor()
    willing = [desk for desk in week.desks.values() if desk.habit.takes]
    for demand, leads in states:
        for lead in leads:
            if lead.escalated and week.dice.chance(60):
                week.act(
                    lambda lead=lead: operator.take_away(  # type: ignore[misc]
                        actor, lead.public_id, reason="多次催办没有回应（演示）"
                    )
                )
        if demand.on_board and not leads and week.dice.chance(10):
            chosen = week.dice.pick(willing).actor.organisation_id or 0
            week.act(lambda d=demand, c=chosen: _dispatch(d, c))  # type: ignore[misc]


def _dispatch(demand: DemandView, organisation_id: int) -> None:
    card = organisation_card(organisation_id)
    operator.dispatch(operator_actor(), demand.public_id, institution_public_id=card.public_id)
