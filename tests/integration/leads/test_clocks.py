"""The passing of time: who is reminded when, what goes to the operator, what lapses, and years without a calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text

from finmart.matching.demands import service as demands
from finmart.matching.demands.types.clocks import ClockView, DutyKind, Owner
from finmart.matching.leads.service import applicant, institution, operator, passing, reading
from finmart.matching.leads.service.materials import NewMaterial
from finmart.matching.leads.types.errors import AmountAboveCap, TermsRefused
from finmart.matching.leads.types.states import LeadState
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome, Terms
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.clock import told_by
from finmart.platform.notices.models import Message
from finmart.products.service import product
from finmart.reference.repayment import Method
from tests.factories import accounts
from tests.factories.leads import HOUSE, OPERATOR, WAN, Calendar, Desk, desks, draft
from tests.factories.leads import applicant as new_applicant
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock


@pytest.fixture
def world(stock: Stock) -> Iterator[Database]:
    """The catalogue's database; what the test writes is rolled back."""
    with rolled_back(stock.engine) as current:
        yield current


@pytest.fixture
def calendar(world: Database) -> Iterator[Calendar]:  # noqa: ARG001 - the clock belongs to the world.
    """Monday 2 November 2026, 9 o'clock in Nanchang."""
    told = Calendar()
    with told_by(told):
        yield told


def look() -> None:
    """The house looks at its clocks twice, as it does every few minutes."""
    for _look in range(2):
        with unit_of_work(readonly=True):
            due = passing.due_demands()
        for demand_id in due:
            with unit_of_work():
                passing.pass_time(HOUSE, demand_id)


class Story:
    """One applicant with one demand, and one institution."""

    def __init__(self, *, direct: bool = True, urgency: str = "open") -> None:
        with unit_of_work():
            self.owner = new_applicant()
            self.desk: Desk = desks()[0]
            self.demand = draft(self.owner, urgency=urgency)
            self.lead = ""
            if direct:
                self.lead = applicant.apply(self.owner, self.demand, product_code=self.desk.product)
            else:
                applicant.open_to_institutions(self.owner, self.demand, places=3)

    def contact(self) -> None:
        """The institution reaches the applicant."""
        with unit_of_work():
            phone, reached = ContactChannel.PHONE, ContactOutcome.REACHED
            institution.log_contact(self.desk.actor, self.lead, channel=phone, outcome=reached)

    def told(self) -> str:
        """What the applicant was told last."""
        with unit_of_work(readonly=True):
            query = select(Message).where(Message.organisation_id == self.owner.organisation_id)
            return session().scalars(query.order_by(Message.id.desc()).limit(1)).one().happened

    def state(self) -> str:
        """Where the demand stands."""
        with unit_of_work(readonly=True):
            return demands.any_demand(self.demand).state.value

    def clock(self) -> ClockView:
        """The running clock."""
        with unit_of_work(readonly=True):
            found = demands.clock_of(demands.any_demand(self.demand).id)
        assert found is not None
        return found

    def lead_state(self) -> LeadState:
        """Where the lead stands."""
        with unit_of_work(readonly=True):
            return reading.open_lead(OPERATOR, self.lead).lead.state


def test_one_three_five_count_from_the_receipt(calendar: Calendar) -> None:
    story = Story()
    assert (story.clock().kind, story.clock().due_on) == (DutyKind.CONTACT, date(2026, 11, 3))
    story.contact()
    assert (story.clock().kind, story.clock().due_on) == (DutyKind.FIRST_OPINION, date(2026, 11, 5))
    calendar.pass_days(1)
    with unit_of_work():
        institution.give_opinion(story.desk.actor, story.lead, note="初步符合，进入审查")
    assert (story.clock().kind, story.clock().due_on) == (DutyKind.DECISION, date(2026, 11, 9))


def test_days_on_which_the_institution_waits_do_not_count(calendar: Calendar) -> None:
    story = Story()
    story.contact()
    with unit_of_work():
        institution.ask_materials(story.desk.actor, story.lead, [NewMaterial("contract", required=False)])
    assert (story.clock().owner, story.clock().kind) == (Owner.APPLICANT, DutyKind.MATERIALS)
    calendar.pass_days(2)
    with unit_of_work():
        institution.go_on(story.desk.actor, story.lead)
    assert story.clock().due_on == date(2026, 11, 9), "three working days from Monday, and two that were waited"


def test_a_silent_institution_is_reminded_and_then_the_operator_owns_the_step(calendar: Calendar) -> None:
    story = Story()
    calendar.pass_days(1)
    look()
    assert story.clock().owner is Owner.INSTITUTION, "the day itself still counts"
    calendar.pass_days(1)
    look()
    assert story.clock().owner is Owner.INSTITUTION
    with unit_of_work(readonly=True):
        assert session().execute(text("SELECT reminded_at FROM lead")).scalar_one() is not None
    calendar.pass_days(1)
    look()
    assert (story.clock().owner, story.clock().kind) == (Owner.OPERATOR, DutyKind.RESCUE)
    with unit_of_work(readonly=True):
        stuck = operator.stuck(OPERATOR)
    assert [one.demand.public_id for one in stuck.items] == [story.demand]
    with unit_of_work():
        operator.take_away(OPERATOR, story.lead, reason="电话催办三次没有回应")
    assert (story.clock().owner, story.clock().kind) == (Owner.APPLICANT, DutyKind.NEXT_STEP)


def test_an_institution_that_acts_after_all_owns_its_step_again(calendar: Calendar) -> None:
    story = Story()
    calendar.pass_days(2)
    look()
    calendar.pass_days(2)
    look()
    assert story.clock().owner is Owner.OPERATOR
    story.contact()
    assert (story.clock().owner, story.clock().kind) == (Owner.INSTITUTION, DutyKind.FIRST_OPINION)
    assert story.clock().due_on == date(2026, 11, 9), "whoever comes late has until the next working day"


def test_a_card_that_nobody_takes_stays_with_the_operator_until_it_expires(calendar: Calendar) -> None:
    story = Story(direct=False, urgency="week")
    assert (story.clock().owner, story.clock().kind) == (Owner.OPERATOR, DutyKind.ANSWER)
    calendar.pass_days(7)
    look()
    assert story.state() == "published"
    calendar.pass_days(1)
    look()
    assert story.state() == "expired"


def test_a_silent_applicant_gives_the_place_back(calendar: Calendar) -> None:
    story = Story(direct=False)
    with unit_of_work():
        story.lead = institution.take_card(story.desk.actor, story.demand, product_code=story.desk.product)
    assert (story.clock().owner, story.clock().kind) == (Owner.APPLICANT, DutyKind.CHOOSE)
    calendar.pass_days(4)
    look()
    assert story.lead_state() is LeadState.INTERESTED
    calendar.pass_days(4)
    look()
    assert story.lead_state() is LeadState.LAPSED
    assert (story.clock().owner, story.clock().kind) == (Owner.OPERATOR, DutyKind.ANSWER)


def test_a_declined_demand_ends_with_its_cause_when_nothing_follows(calendar: Calendar) -> None:
    story = Story()
    with unit_of_work():
        institution.decline(story.desk.actor, story.lead, code="cash_flow")
    assert (story.clock().owner, story.clock().kind) == (Owner.APPLICANT, DutyKind.NEXT_STEP)
    calendar.pass_days(14)
    look()
    calendar.pass_days(4)
    look()
    assert story.state() == "declined"
    with unit_of_work(readonly=True):
        reason = session().execute(text("SELECT reason FROM demand_step WHERE step = 'decline'")).scalar_one()
    assert reason == "cash_flow"


def test_an_applicant_may_choose_the_next_step_although_the_demands_own_day_has_passed(calendar: Calendar) -> None:
    story = Story(urgency="week")
    story.contact()
    calendar.pass_days(9)
    with unit_of_work():
        institution.decline(story.desk.actor, story.lead, code="cash_flow")
    look()
    assert story.state() == "published", "declined an hour ago: there must be time to answer"
    assert (story.clock().owner, story.clock().kind) == (Owner.APPLICANT, DutyKind.NEXT_STEP)
    with unit_of_work():
        applicant.open_to_institutions(story.owner, story.demand, places=3)
    look()
    assert (story.clock().owner, story.clock().kind) == (Owner.OPERATOR, DutyKind.ANSWER)


def test_a_card_whose_day_has_passed_leaves_the_choice_to_its_applicant(calendar: Calendar) -> None:
    story = Story(direct=False, urgency="week")
    with unit_of_work():
        story.lead = institution.take_card(story.desk.actor, story.demand, product_code=story.desk.product)
        applicant.reveal(story.owner, story.lead)
    calendar.pass_days(9)
    with unit_of_work():
        institution.decline(story.desk.actor, story.lead, code="cash_flow")
    look()
    assert (story.clock().owner, story.clock().kind) == (Owner.APPLICANT, DutyKind.NEXT_STEP)
    calendar.pass_days(14)
    look()
    calendar.pass_days(4)
    look()
    assert story.state() == "declined"


def test_nobody_is_told_that_papers_came_when_they_did_not(calendar: Calendar) -> None:
    with unit_of_work():
        desk = desks()[0]
        clerk = accounts.member("institution_clerk", organisation_id=desk.actor.organisation_id)
    story = Story()
    story.contact()
    with unit_of_work():
        institution.ask_materials(story.desk.actor, story.lead, [NewMaterial("contract")])
    calendar.pass_days(14)
    look()
    calendar.pass_days(4)
    look()
    assert story.lead_state() is LeadState.CONTACTED
    assert "不再等待补充材料" in story.told()
    with unit_of_work(readonly=True):
        query = select(Message).where(Message.user_id == clerk.user_id).order_by(Message.id.desc()).limit(1)
        assert "没有在期限内交齐材料" in session().scalars(query).one().happened


def test_a_step_taken_back_is_told_as_such(calendar: Calendar) -> None:  # noqa: ARG001
    story = Story()
    story.contact()
    with unit_of_work():
        institution.give_opinion(story.desk.actor, story.lead, note="初步符合，进入审查")
        terms = Terms(amount=5 * WAN, rate=43_500, months=12, method=Method.EQUAL_INSTALMENT)
        institution.approve(story.desk.actor, story.lead, terms)
        applicant.accept(story.owner, story.lead)
        institution.draw_down(story.desk.actor, story.lead, amount=5 * WAN, on=date(2026, 11, 2))
    assert "登记放款" in story.told()
    with unit_of_work():
        institution.reverse(story.desk.actor, story.lead, reason="登记错了一笔")
    assert "更正了上一步" in story.told()
    assert "待放款" in story.told()


def test_money_does_not_go_out_before_the_application_came_in(calendar: Calendar) -> None:  # noqa: ARG001
    story = Story()
    story.contact()
    with unit_of_work():
        institution.give_opinion(story.desk.actor, story.lead, note="初步符合，进入审查")
        terms = Terms(amount=5 * WAN, rate=43_500, months=12, method=Method.EQUAL_INSTALMENT)
        institution.approve(story.desk.actor, story.lead, terms)
        applicant.accept(story.owner, story.lead)
    with pytest.raises(TermsRefused), unit_of_work():
        institution.draw_down(story.desk.actor, story.lead, amount=5 * WAN, on=date(2026, 11, 1))


def test_a_calendar_that_ends_is_handled_by_rule(calendar: Calendar) -> None:
    calendar.at = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)
    story = Story()
    clock = story.clock()
    assert clock.provisional, "the holidays of 2027 are not published"
    assert clock.due_on == date(2027, 1, 1), "counted Monday to Friday until they are"
    calendar.pass_days(5)
    look()
    calendar.pass_days(3)
    look()
    assert story.clock().owner is Owner.OPERATOR


def test_a_reminder_that_comes_late_still_gives_the_days_it_promises(calendar: Calendar) -> None:
    story = Story()
    calendar.pass_days(21)
    look()
    assert story.clock().owner is Owner.INSTITUTION, "the reminder went out only today"
    calendar.pass_days(2)
    look()
    assert story.clock().owner is Owner.OPERATOR


def test_nothing_is_left_half_done_when_an_amount_is_above_the_cap(calendar: Calendar) -> None:  # noqa: ARG001
    story = Story(direct=False)
    with unit_of_work(readonly=True):
        capped = next(code for desk in desks() for code, cap in desk.caps.items() if cap is not None)
        cap = product(capped).amount_max or 0
    with unit_of_work():
        demand = draft(story.owner, amount=cap + 1)
    with pytest.raises(AmountAboveCap), unit_of_work():
        applicant.apply(story.owner, demand, product_code=capped)
    with unit_of_work(readonly=True):
        assert demands.any_demand(demand).state.value == "draft"
        assert session().execute(text("SELECT count(*) FROM lead")).scalar_one() == 0
