"""Where leads go in an institution with branches: the nearest one, another one by hand, a successor's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from finmart.matching.jobs import look_at_closed_branches, take_over_branch
from finmart.matching.leads.models import Lead
from finmart.matching.leads.service import applicant, handing, institution, reading
from finmart.matching.leads.types.errors import ColleagueUnknown, LeadUnknown, StepRefused, TakenByColleague
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome
from finmart.matching.routes import entry
from finmart.platform.accounts.models.branches import Branch
from finmart.platform.accounts.repository import organisations
from finmart.platform.accounts.service import branches
from finmart.platform.accounts.types.branches import BranchDetails, BranchOutOfReach, BranchUnknown, SuccessorMissing
from finmart.platform.audit.models import AuditRow
from finmart.platform.consents import service as consents
from finmart.platform.consents.types import ConsentUnknown, NewConsent, Purpose
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.notices.models import Message
from tests.factories import accounts as made
from tests.factories.leads import Desk, desks, draft
from tests.factories.leads import applicant as new_applicant
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

pytestmark = pytest.mark.database

#: Where the demands of ``tests.factories.leads`` lie, and two of its neighbours.
HERE, THERE, CITY = "360113", "360102", "360100"


@dataclass(frozen=True)
class Bank:
    """A bank with a branch where the demand lies and one elsewhere, each with a clerk, and one at the head office."""

    desk: Desk
    admin: Actor
    head: Actor
    here: str
    there: str
    clerk_here: Actor
    clerk_there: Actor
    stranger: Actor

    def ask(self) -> str:
        """A new application from the region of ``here``; the public id of the lead."""
        owner = new_applicant()
        return applicant.apply(owner, draft(owner), product_code=self.desk.product)

    def branch_id(self, public_id: str) -> int:
        """The inner id of a branch."""
        return branches.read_branch(self.admin, public_id).id


@pytest.fixture
def bank(stock: Stock) -> Iterator[Bank]:
    """On the catalogue's database; what the test writes is rolled back."""
    with rolled_back(stock.engine), unit_of_work():
        desk, other = desks()[0], desks()[1]
        admin = made.member("institution_admin", organisation_id=desk.actor.organisation_id)
        here, there = (_branch(admin, name, region) for name, region in (("新建区支行", HERE), ("东湖支行", THERE)))
        yield Bank(
            desk,
            admin,
            made.member("institution_clerk", organisation_id=admin.organisation_id),
            here,
            there,
            _clerk_at(admin, here),
            _clerk_at(admin, there),
            made.member("institution_admin", organisation_id=other.actor.organisation_id),
        )


def _branch(admin: Actor, name: str, region: str, parent: str = "") -> str:
    return branches.add_branch(admin, BranchDetails(name, region, date(2026, 1, 5)), parent=parent)


def _clerk_at(admin: Actor, branch: str, role: str = "institution_clerk") -> Actor:
    """A new member of the institution who belongs to a branch."""
    found = branches.read_branch(admin, branch)
    person = made.member(role, organisation_id=admin.organisation_id)
    own = {user.id: membership for membership, user in organisations.members_of(admin.organisation_id or 0)}
    row = own[person.user_id or 0]
    row.branch_id, row.branch = found.id, found.details.name
    session().flush()
    return replace(person, branch_id=found.id)


def _consent(owner: Actor, bank: Bank) -> str:
    """A consent of ``owner`` for the bank; its public id."""
    until = today() + timedelta(days=30)
    institution_id = bank.admin.organisation_id or 0
    new = NewConsent(made.subject(), institution_id, Purpose.LOAN_REVIEW, ("invoices",), until, "1")
    return consents.grant(owner, new).public_id


def _row(lead: str) -> Lead:
    return session().scalars(select(Lead).where(Lead.public_id == lead)).one()


def _sees(actor: Actor, lead: str) -> bool:
    """Whether the lead stands in somebody's inbox; their page of it must agree."""
    listed = lead in {each.public_id for each, _demand in reading.inbox(actor).items}
    try:
        reading.card_of_lead(actor, lead)
    except LeadUnknown:
        assert not listed
        return False
    assert listed
    return True


def _told(lead: str, kind: str = "lead.received") -> set[int]:
    found = session().scalars(select(Message).where(Message.kind == kind))
    return {message.user_id for message in found if lead in message.path}


def test_an_application_goes_to_the_branch_whose_region_holds_the_demand(bank: Bank) -> None:
    lead = bank.ask()
    assert _row(lead).branch_id == bank.branch_id(bank.here)
    assert [_sees(each, lead) for each in (bank.clerk_here, bank.head, bank.admin)] == [True, True, True]
    assert not _sees(bank.clerk_there, lead)
    told = _told(lead)
    assert {bank.clerk_here.user_id, bank.head.user_id} <= told
    assert bank.clerk_there.user_id not in told


def test_without_a_branch_around_it_the_head_office_has_the_application(bank: Bank) -> None:
    branches.close_branch(bank.admin, bank.here, successor="")
    lead = bank.ask()
    assert _row(lead).branch_id is None
    assert _sees(bank.head, lead)
    assert not _sees(bank.clerk_there, lead)
    city = _branch(bank.admin, "市分行", CITY)
    assert _row(bank.ask()).branch_id == bank.branch_id(city)


def test_a_lead_passed_to_another_branch_is_seen_there_alone(bank: Bank) -> None:
    lead = bank.ask()
    institution.claim(bank.clerk_here, lead)
    due = _row(lead).due_on
    handing.pass_to_branch(bank.admin, lead, branch=bank.there)
    row = _row(lead)
    assert (row.branch_id, row.clerk_user_id, row.due_on) == (bank.branch_id(bank.there), None, due)
    assert _sees(bank.clerk_there, lead)
    assert not _sees(bank.clerk_here, lead)
    assert bank.clerk_there.user_id in _told(lead, "lead.routed")
    assert bank.clerk_here.user_id not in _told(lead, "lead.routed")
    event = session().scalars(select(AuditRow).where(AuditRow.name == "lead.routed")).one()
    assert event.payload["old_branch"] == bank.branch_id(bank.here)
    with pytest.raises(LeadUnknown):
        institution.claim(bank.clerk_here, lead)
    institution.claim(bank.clerk_there, lead)
    handing.pass_to_branch(bank.admin, lead, branch="")
    assert _row(lead).branch_id is None
    assert not _sees(bank.clerk_there, lead)


def test_whoever_does_not_look_after_both_ends_passes_nothing(bank: Bank) -> None:
    lead = bank.ask()
    local = _clerk_at(bank.admin, bank.here, "institution_admin")
    foreign = _clerk_at(bank.admin, bank.there, "institution_admin")
    for stranger in (foreign, bank.stranger, bank.clerk_there):
        with pytest.raises(LeadUnknown):
            handing.pass_to_branch(stranger, lead, branch=bank.there)
    with pytest.raises(BranchUnknown):
        handing.pass_to_branch(local, lead, branch=bank.there)
    with pytest.raises(BranchOutOfReach):
        handing.pass_to_branch(local, lead, branch="")
    assert _row(lead).branch_id == bank.branch_id(bank.here)
    outlet = _branch(local, "长堎网点", HERE, parent=bank.here)
    handing.pass_to_branch(local, lead, branch=outlet)
    assert _row(lead).branch_id == bank.branch_id(outlet)
    assert _sees(bank.clerk_here, lead)


def test_colleagues_of_another_branch_are_not_offered(bank: Bank) -> None:
    lead = bank.ask()
    institution.claim(bank.clerk_here, lead)
    there = {each.user_id: each.public_id for each in handing.clerks(bank.admin)}
    offered = {each.user_id for each in handing.clerks_for(bank.admin, lead)}
    assert bank.clerk_there.user_id not in offered
    assert {bank.clerk_here.user_id, bank.head.user_id} <= offered
    with pytest.raises(ColleagueUnknown):
        clerk = bank.clerk_there.user_id or 0
        handing.pass_to_colleague(bank.clerk_here, lead, colleague=there[clerk], reason="absence")
    handing.pass_to_colleague(bank.clerk_here, lead, colleague=there[bank.head.user_id or 0], reason="absence")
    with pytest.raises(TakenByColleague):
        handing.pass_to_branch(bank.clerk_here, lead, branch=bank.here)


def test_a_closing_branch_gives_its_living_leads_to_its_successor(bank: Bank) -> None:
    living, claimed, ended = bank.ask(), bank.ask(), bank.ask()
    institution.claim(bank.clerk_here, claimed)
    institution.claim(bank.clerk_here, ended)
    institution.log_contact(bank.clerk_here, ended, channel=ContactChannel.PHONE, outcome=ContactOutcome.REACHED)
    institution.decline(bank.clerk_here, ended, code="cash_flow", note="近一年经营流水不足以覆盖还款。")
    closing = bank.branch_id(bank.here)
    assert entry.PAGES  # Whoever registers the pages tells the house how to count work at branches.
    assert branches.dependants(bank.admin, bank.here).work == 2
    with pytest.raises(SuccessorMissing):
        branches.close_branch(bank.admin, bank.here, successor=None)
    branches.close_branch(bank.admin, bank.here, successor=bank.there)
    payload = {"branch": closing, "successor": bank.branch_id(bank.there)}
    take_over_branch(payload)
    take_over_branch(payload)
    assert {_row(each).branch_id for each in (living, claimed)} == {bank.branch_id(bank.there)}
    assert _row(ended).branch_id == closing
    # The clerk went to the successor with everybody of the branch and goes on with what was begun.
    assert _row(claimed).clerk_user_id == bank.clerk_here.user_id
    assert bank.clerk_there.user_id in _told(living, "lead.routed")
    assert len(list(session().scalars(select(AuditRow).where(AuditRow.name == "lead.routed")))) == 2
    with pytest.raises(StepRefused):
        handing.pass_to_branch(bank.admin, ended, branch=bank.there)


def test_somebody_who_does_not_reach_the_successor_gives_the_lead_up(bank: Bank) -> None:
    lead = bank.ask()
    institution.claim(bank.clerk_here, lead)
    handing.branch_closed(bank.admin, bank.branch_id(bank.here), None)
    assert (_row(lead).branch_id, _row(lead).clerk_user_id) == (None, None)
    assert _sees(bank.head, lead)
    assert not _sees(bank.clerk_here, lead)


def test_nothing_waits_at_a_branch_that_ended_on_its_day(bank: Bank) -> None:
    lead = bank.ask()
    outer = _branch(bank.admin, "市分行", CITY)
    row = session().scalars(select(Branch).where(Branch.public_id == bank.here)).one()
    row.parent_id, row.active_until = bank.branch_id(outer), today()
    session().flush()
    look_at_closed_branches()
    look_at_closed_branches()
    assert _row(lead).branch_id == bank.branch_id(outer)
    assert len(list(session().scalars(select(AuditRow).where(AuditRow.name == "lead.routed")))) == 1


def test_a_branch_uses_the_consents_of_its_own_applicants_alone(bank: Bank) -> None:
    owner = new_applicant()
    lead = applicant.apply(owner, draft(owner), product_code=bank.desk.product)
    consent = _consent(owner, bank)
    for reader in (bank.clerk_here, bank.head, bank.admin):
        assert consents.given_consent(reader, consent).public_id == consent
        assert [each.public_id for each in consents.given_consents(reader).items] == [consent]
    with pytest.raises(ConsentUnknown):
        consents.given_consent(bank.clerk_there, consent)
    assert consents.given_consents(bank.clerk_there).items == []
    handing.pass_to_branch(bank.admin, lead, branch=bank.there)
    assert consents.given_consent(bank.clerk_there, consent).public_id == consent
    with pytest.raises(ConsentUnknown):
        consents.given_consent(bank.clerk_here, consent)
