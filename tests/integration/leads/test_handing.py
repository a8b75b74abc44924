"""A lead goes from a clerk to a colleague: on record, with the clock as it was, and with a letter to the colleague."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from finmart.matching.demands import service as demands
from finmart.matching.leads.models import Lead
from finmart.matching.leads.service import applicant, handing, institution
from finmart.matching.leads.types.errors import (
    ColleagueUnknown,
    LeadUnknown,
    ReasonRefused,
    StepRefused,
    TakenByColleague,
)
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.notices.models import Message
from tests.factories import accounts as made
from tests.factories.leads import applicant as new_applicant
from tests.factories.leads import desks, draft
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock


@dataclass(frozen=True)
class Office:
    """Two clerks and the administrator of a bank, a clerk of another bank, and a lead that the first clerk has."""

    clerk: Actor
    colleague: Actor
    admin: Actor
    stranger: Actor
    lead: str

    @property
    def row(self) -> Lead:
        """The lead as it stands."""
        return session().scalars(select(Lead).where(Lead.public_id == self.lead)).one()


@pytest.fixture
def office(stock: Stock) -> Iterator[Office]:
    """On the catalogue's database; what the test writes is rolled back."""
    with rolled_back(stock.engine):
        with unit_of_work():
            bank, other = desks()[0], desks()[1]
            clerk, colleague = (_clerk(bank.actor) for _ in range(2))
            admin, stranger = _clerk(bank.actor, "institution_admin"), _clerk(other.actor)
            owner = new_applicant()
            lead = applicant.apply(owner, draft(owner), product_code=bank.product)
            institution.claim(clerk, lead)
        yield Office(clerk, colleague, admin, stranger, lead)


def _clerk(of: Actor, role: str = "institution_clerk") -> Actor:
    return made.member(role, organisation_id=of.organisation_id)


def _public_id(actor: Actor) -> str:
    return next(each.public_id for each in handing.clerks(actor) if each.user_id == actor.user_id)


def _hand(by: Actor, office: Office, to: Actor, reason: str = "absence") -> None:
    with unit_of_work():
        handing.pass_to_colleague(by, office.lead, colleague=_public_id(to), reason=reason)


def test_a_colleague_gets_the_lead_the_clock_and_a_letter(office: Office) -> None:
    with unit_of_work(readonly=True):
        lead = office.row
        before = (lead.state, lead.duty, lead.due_on, lead.duty_from, demands.clock_of(lead.demand_id))
    _hand(office.clerk, office, office.colleague)
    with unit_of_work(readonly=True):
        lead = office.row
        assert lead.clerk_user_id == office.colleague.user_id
        assert (lead.state, lead.duty, lead.due_on, lead.duty_from, demands.clock_of(lead.demand_id)) == before
        event = session().scalars(select(AuditRow).where(AuditRow.name == "lead.handed_over")).one()
        assert event.target == office.lead
        assert event.payload["reason"] == "absence"
        told = session().scalars(select(Message).where(Message.kind == "lead.handed_over")).all()
        assert [message.user_id for message in told] == [office.colleague.user_id]
    with unit_of_work(), pytest.raises(TakenByColleague):
        institution.claim(office.clerk, office.lead)
    _hand(office.admin, office, office.clerk, "workload")
    _hand(office.clerk, office, office.admin, "conflict")


@pytest.mark.parametrize(
    ("by", "to", "reason", "error"),
    [
        ("colleague", "clerk", "absence", TakenByColleague),
        ("stranger", "stranger", "absence", LeadUnknown),
        ("clerk", "stranger", "absence", ColleagueUnknown),
        ("clerk", "clerk", "absence", ColleagueUnknown),
        ("clerk", "colleague", "because", ReasonRefused),
    ],
)
def test_what_cannot_be_handed_over_stays(
    office: Office, by: str, to: str, reason: str, error: type[FinmartError]
) -> None:
    with pytest.raises(error):
        _hand(getattr(office, by), office, getattr(office, to), reason)
    with unit_of_work(readonly=True):
        assert office.row.clerk_user_id == office.clerk.user_id


def test_what_has_ended_is_nobodys_work_any_more(office: Office) -> None:
    with unit_of_work():
        institution.log_contact(office.clerk, office.lead, channel=ContactChannel.PHONE, outcome=ContactOutcome.REACHED)
        institution.decline(office.clerk, office.lead, code="cash_flow", note="近一年经营流水不足以覆盖还款。")
    with pytest.raises(StepRefused):
        _hand(office.clerk, office, office.colleague)


def test_whoever_may_only_look_hands_nothing_over(office: Office) -> None:
    with unit_of_work(readonly=True), pytest.raises(FinmartError):
        handing.clerks(replace(office.clerk, permissions=frozenset()))
