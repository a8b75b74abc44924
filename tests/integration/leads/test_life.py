"""After any sequence of actions and any passing of time, every living demand has one owner and one running clock."""

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

from finmart.matching.demands.types.errors import DemandClosed
from finmart.matching.demands.types.states import DemandState, DemandStep
from finmart.matching.demands.types.states import after as demand_after
from finmart.matching.leads.service import applicant, institution, materials, operator, passing, talking
from finmart.matching.leads.service.materials import NewMaterial
from finmart.matching.leads.types.reasons import DECLINE_REASONS
from finmart.matching.leads.types.states import LIVE, REVERSIBLE, TRANSITIONS, LeadState, LeadStep
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome, Terms
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import told_by
from finmart.platform.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from finmart.reference.repayment import Method
from tests.factories.leads import HOUSE, OPERATOR, WAN, Calendar, Desk, desks, draft
from tests.factories.leads import applicant as new_applicant
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

#: What a refusal may be; anything else is a defect.
REFUSALS = (BadInput, Conflict, NotAllowed, NotFound)
TERMS = Terms(amount=5 * WAN, rate=43_500, months=12, method=Method.EQUAL_INSTALMENT)
DESKS = 5
LIVES, LONG = 40, 60
#: The way that ends in money, from each living state.
MAIN = {
    LeadState.ASSIGNED: "take",
    LeadState.INTERESTED: "reveal",
    LeadState.RECEIVED: "contact",
    LeadState.CONTACTED: "opinion",
    LeadState.MATERIALS: "hand_in",
    LeadState.REVIEW: "approve",
    LeadState.SUPPLEMENT: "hand_in",
    LeadState.APPROVED: "accept",
    LeadState.CONTRACTED: "draw_down",
}


class Life(RuleBasedStateMachine):
    """Two applicants with three demands, five institutions, the operator and the calendar."""

    stock: Stock
    #: Every step that any of the lives has come by.
    taken: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.calendar = Calendar()
        self.clock = told_by(self.calendar)
        self.clock.__enter__()
        self.world = rolled_back(self.stock.engine)
        self.world.__enter__()
        with unit_of_work():
            self.desks = desks()[:DESKS]
            self.owners = [new_applicant(), new_applicant()]
            self.demands = [(owner, draft(owner)) for owner in (*self.owners, self.owners[0])]

    def teardown(self) -> None:
        """Take the world away."""
        self.world.__exit__(None, None, None)
        self.clock.__exit__(None, None, None)

    def attempt(self, action: Callable[[], object]) -> None:
        """One request: committed when it ends well, rolled back when it is refused."""
        with suppress(*REFUSALS), unit_of_work():
            action()

    def leads(self, *states: str) -> list[tuple[str, int, int]]:
        """(public id, institution, applicant) of the leads in one of ``states``, or of all."""
        with unit_of_work(readonly=True):
            rows = session().execute(
                text(
                    "SELECT lead.public_id, lead.state, lead.organisation_id, demand.organisation_id AS owner "
                    "FROM lead JOIN demand ON demand.id = lead.demand_id ORDER BY lead.id"
                )
            )
            return [(row[0], row[2], row[3]) for row in rows if not states or row[1] in states]

    @rule(which=st.integers(0, 2), desk=st.integers(0, DESKS - 1), amount=st.sampled_from([None, 5 * WAN, 10**15]))
    def apply(self, which: int, desk: int, amount: int | None) -> None:
        """An applicant applies to a product, perhaps for more than it lends."""
        owner, demand = self.demands[which]
        self.attempt(lambda: applicant.apply(owner, demand, product_code=self.desks[desk].product, amount=amount))

    @rule(which=st.integers(0, 2), places=st.integers(0, 6))
    def open_card(self, which: int, places: int) -> None:
        """An applicant shows the anonymous card."""
        owner, demand = self.demands[which]
        self.attempt(lambda: applicant.open_to_institutions(owner, demand, places=places))

    @rule(which=st.integers(0, 2), how=st.sampled_from(["leave", "withdraw", "finish"]))
    def end_demand(self, which: int, how: str) -> None:
        """An applicant takes the card or the demand back, or ends it after a decline."""
        owner, demand = self.demands[which]
        actions = {
            "leave": lambda: applicant.leave_board(owner, demand),
            "withdraw": lambda: applicant.withdraw_demand(owner, demand, reason="not_needed"),
            "finish": lambda: applicant.finish(owner, demand),
        }
        self.attempt(actions[how])

    @rule(which=st.integers(0, 2), desk=st.integers(0, DESKS - 1), bid=st.booleans())
    def take_card(self, which: int, desk: int, bid: bool) -> None:
        """An institution takes a card."""
        place = self.desks[desk]
        terms = TERMS if bid else None
        demand = self.demands[which][1]
        self.attempt(lambda: institution.take_card(place.actor, demand, product_code=place.product, terms=terms))

    @rule(which=st.integers(0, 2), desk=st.integers(0, DESKS - 1))
    def dispatch(self, which: int, desk: int) -> None:
        """The operator asks an institution."""
        public_id = self._public_id(self.desks[desk].actor.organisation_id or 0)
        demand = self.demands[which][1]
        self.attempt(lambda: operator.dispatch(OPERATOR, demand, institution_public_id=public_id))

    def _public_id(self, organisation_id: int) -> str:
        with unit_of_work(readonly=True):
            found = session().execute(
                text("SELECT public_id FROM organisation WHERE id = :id"), {"id": organisation_id}
            )
            return str(found.scalar_one())

    def actions(self, desk: Desk, owner: Actor, public_id: str) -> dict[str, Callable[[], object]]:
        """Everything that can be done to a lead, by the step it means; some mean none."""
        do = institution
        phone = ContactChannel.PHONE
        return {
            "reveal": lambda: applicant.reveal(owner, public_id),
            "refuse": lambda: applicant.refuse(owner, public_id, reason="cost"),
            "accept": lambda: applicant.accept(owner, public_id),
            "withdraw": lambda: applicant.withdraw_lead(owner, public_id, reason="term"),
            "hand_in": lambda: materials.hand_in(owner, public_id),
            "question": lambda: talking.post(owner, public_id, text="请问需要多久？"),
            "answer": lambda: talking.post(desk.actor, public_id, text="我们已收到。"),
            "claim": lambda: do.claim(desk.actor, public_id),
            "take": lambda: do.take_assigned(desk.actor, public_id, product_code=desk.product),
            "pass": lambda: do.pass_on(desk.actor, public_id, reason="no_capacity"),
            "contact": lambda: do.log_contact(desk.actor, public_id, channel=phone, outcome=ContactOutcome.REACHED),
            "no_answer": lambda: do.log_contact(desk.actor, public_id, channel=phone, outcome=ContactOutcome.NO_ANSWER),
            "opinion": lambda: do.give_opinion(desk.actor, public_id, note="初步符合，进入审查"),
            "ask_materials": lambda: do.ask_materials(desk.actor, public_id, [NewMaterial("contract", required=False)]),
            "go_on": lambda: do.go_on(desk.actor, public_id),
            "approve": lambda: do.approve(desk.actor, public_id, TERMS),
            "decline": lambda: do.decline(desk.actor, public_id, code="cash_flow"),
            "uncoded": lambda: do.decline(desk.actor, public_id, code="not a code"),
            "draw_down": lambda: do.draw_down(desk.actor, public_id, amount=5 * WAN, on=self.calendar.day),
            "reverse": lambda: do.reverse(desk.actor, public_id, reason="条件有变化"),
            "take_away": lambda: operator.take_away(OPERATOR, public_id, reason="多次催办没有回应"),
        }

    def _people(self, organisation_id: int, owner_id: int, *, others: bool) -> tuple[Desk, Actor]:
        desk = next(one for one in self.desks if (one.actor.organisation_id == organisation_id) != others)
        owner = next(one for one in self.owners if (one.organisation_id == owner_id) != others)
        return desk, owner

    @precondition(lambda self: self.leads())
    @rule(number=st.integers(0, 30), action=st.integers(0, 30), others=st.booleans())
    def meddle(self, number: int, action: int, others: bool) -> None:
        """Somebody does anything to a lead; sometimes it is somebody whom it does not concern."""
        found = self.leads()
        public_id, organisation_id, owner_id = found[number % len(found)]
        desk, owner = self._people(organisation_id, owner_id, others=others)
        actions = list(self.actions(desk, owner, public_id).values())
        self.attempt(actions[action % len(actions)])

    @precondition(lambda self: self.leads(*LIVE))
    @rule(number=st.integers(0, 30), choices=st.lists(st.integers(0, 11), min_size=1, max_size=6))
    def go_forward(self, number: int, choices: list[int]) -> None:
        """The right people take steps that the table has for the lead's state; ends are rarer than the way on."""
        found = self.leads(*LIVE)
        public_id, organisation_id, owner_id = found[number % len(found)]
        actions = self.actions(*self._people(organisation_id, owner_id, others=False), public_id)
        for choice in choices:
            state = self.state_of(public_id)
            steps = sorted(step for (start, step) in TRANSITIONS if start is state and step in actions)
            if steps:
                self.attempt(actions[MAIN[state] if choice % 3 else steps[choice % len(steps)]])

    @precondition(lambda self: self.leads("contacted", "review", "approved", "declined", "funded"))
    @rule(number=st.integers(0, 30))
    def take_back(self, number: int) -> None:
        """An institution takes its last step back."""
        found = self.leads("contacted", "review", "approved", "declined", "funded")
        public_id, organisation_id, owner_id = found[number % len(found)]
        self.attempt(self.actions(*self._people(organisation_id, owner_id, others=False), public_id)["reverse"])

    def state_of(self, public_id: str) -> LeadState:
        """Where a lead stands."""
        with unit_of_work(readonly=True):
            query = text("SELECT state FROM lead WHERE public_id = :id")
            return LeadState(session().execute(query, {"id": public_id}).scalar_one())

    @rule(days=st.integers(0, 9), looks=st.integers(1, 3))
    def pass_time(self, days: int, looks: int) -> None:
        """Days go by, and the clocks are looked at."""
        self.calendar.pass_days(days)
        for _look in range(looks):
            with unit_of_work(readonly=True):
                due = passing.due_demands()
            for demand_id in due:
                with unit_of_work():
                    passing.pass_time(HOUSE, demand_id)

    @invariant()
    def every_living_demand_has_one_owner_and_one_clock(self) -> None:
        """The promise itself, read from the tables."""
        with unit_of_work(readonly=True):
            rows = (
                session()
                .execute(
                    text(
                        "SELECT demand.state, count(clock.id) AS clocks, count(clock.due_on) AS dues, "
                        "count(CASE WHEN clock.owner = 'operator' OR clock.organisation_id IS NOT NULL THEN 1 END) "
                        "AS owners "
                        "FROM demand LEFT JOIN demand_clock AS clock "
                        "ON clock.demand_id = demand.id AND clock.stopped_at IS NULL GROUP BY demand.id, demand.state"
                    )
                )
                .all()
            )
        for state, *counts in rows:
            wanted = 1 if state == DemandState.PUBLISHED else 0
            assert counts == [wanted, wanted, wanted], f"a {state} demand has {counts}"

    @invariant()
    def every_step_is_of_the_table(self) -> None:
        """Steps follow each other without a gap, each by the table or taking back the one before it."""
        with unit_of_work(readonly=True):
            steps = (
                session()
                .execute(
                    text("SELECT lead_id, step, from_state, to_state, reverses_id, reason FROM lead_step ORDER BY id")
                )
                .all()
            )
            states = {row.id: row.state for row in session().execute(text("SELECT id, state FROM lead"))}
            declined = session().execute(text("SELECT decline_code FROM lead WHERE state = 'declined'")).scalars().all()
        self.taken.update(step for _lead, step, *_rest in steps)
        last: dict[int, tuple[str, str]] = {}
        for lead_id, step, old, new, reverses, reason in steps:
            if not old:
                assert lead_id not in last
            elif step == LeadStep.REVERSE:
                before = last[lead_id]
                assert before[1] == old
                assert LeadStep(before[0]) in REVERSIBLE
                assert reverses is not None
            else:
                assert last[lead_id][1] == old
                assert TRANSITIONS[(LeadState(old), LeadStep(step))] == new
            if step == LeadStep.DECLINE:
                assert reason in DECLINE_REASONS
            last[lead_id] = (step, new)
        assert {lead_id: new for lead_id, (_step, new) in last.items()} == states
        assert all(code in DECLINE_REASONS for code in declined)

    @invariant()
    def leads_live_only_in_living_demands_and_within_their_places(self) -> None:
        """No lead outlives its demand, and never more institutions than places see the contacts."""
        with unit_of_work(readonly=True):
            rows = (
                session()
                .execute(
                    text(
                        "SELECT demand.state, demand.places, lead.state, lead.organisation_id, demand.id, "
                        "lead.revealed_at, "
                        "lead.due_on FROM lead JOIN demand ON demand.id = lead.demand_id"
                    )
                )
                .all()
            )
            drafts = session().execute(text("SELECT state, published_at FROM demand")).all()
        seen: dict[int, set[int]] = {}
        for demand_state, places, state, organisation_id, demand_id, revealed, due_on in rows:
            living = LeadState(state) in LIVE
            assert living == (due_on is not None)
            assert not living or demand_state == DemandState.PUBLISHED
            if revealed is not None:
                seen.setdefault(demand_id, set()).add(organisation_id)
                assert len(seen[demand_id]) <= max(places, 5)
        for state, published in drafts:
            assert (state == DemandState.DRAFT) <= (published is None)


@pytest.fixture(scope="module")
def life(stock: Stock) -> type[Life]:
    """The machine on the catalogue."""
    Life.stock = stock
    return Life


def test_every_living_demand_has_one_owner_and_one_running_clock(life: type[Life]) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _long_life(life: type[Life], dice: random.Random) -> None:
    """One life of many steps, drawn evenly; hypothesis prefers short ones."""
    one = life()
    try:
        for _step in range(LONG):
            which, desk = dice.randrange(3), dice.randrange(DESKS)
            acts: list[Callable[[], None]] = [
                partial(one.apply, which, desk, 5 * WAN),
                partial(one.open_card, which, 4),
                partial(one.take_card, which, desk, True),
                partial(one.dispatch, which, desk),
                lambda: one.pass_time(dice.choice([0, 1, 1, 2, 3, 8]), dice.randint(1, 3)),
            ]
            if one.leads(*LIVE):
                acts += 4 * [lambda: one.go_forward(dice.randrange(9), [dice.randrange(40) for _each in range(4)])]
                acts += [lambda: one.meddle(dice.randrange(9), dice.randrange(40), dice.random() < 0.2)]
            if one.leads("contacted", "review", "approved", "declined", "funded"):
                acts += [lambda: one.take_back(dice.randrange(9))]
            if dice.random() < 0.05:
                acts = [partial(one.end_demand, which, dice.choice(["leave", "withdraw", "finish"]))]
            dice.choice(acts)()
            one.every_living_demand_has_one_owner_and_one_clock()
        one.every_step_is_of_the_table()
        one.leads_live_only_in_living_demands_and_within_their_places()
    finally:
        one.teardown()


def test_long_lives_come_by_every_step(life: type[Life]) -> None:
    life.taken.clear()
    for seed in range(LIVES):
        _long_life(life, random.Random(seed))
    assert life.taken == set(LeadStep)


def test_only_a_draft_may_be_published() -> None:
    for state in DemandState:
        if state is DemandState.DRAFT:
            assert demand_after(state, DemandStep.PUBLISH) is DemandState.PUBLISHED
        else:
            with pytest.raises(DemandClosed):
                demand_after(state, DemandStep.PUBLISH)
