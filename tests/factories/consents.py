"""A firm with a profile, its verified owner, and institutions that may read, for tests of consents."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from finmart.credit.service import consenting, deliveries, granted
from finmart.credit.service.consenting import Asked
from finmart.platform.accounts.models.subjects import SubjectClaim
from finmart.platform.accounts.service.organisations import organisation_card, set_reading_right
from finmart.platform.accounts.service.subjects import find_subject
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.consents.types import ConsentView
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.factories import accounts
from tests.factories.credit import IMPORTER, write_dataset, write_invoices

AS_OF = date(2020, 2, 21)
RIGHT = (date(2020, 1, 1), date(2040, 1, 1))


@dataclass(frozen=True)
class World:
    """A firm with a profile, its verified owner, an institution with a clerk, and another institution."""

    subject: int
    owner: Actor
    bank: int
    clerk: Actor
    other_bank: int
    other_clerk: Actor

    def asked(self, **changes: object) -> Asked:
        """What the owner ticks on the page, complete."""
        whole = Asked(
            institution=organisation_card(self.bank).public_id,
            purpose="loan_review",
            scopes=("registration", "invoices"),
            days=30,
            agreed=True,
        )
        return replace(whole, **changes)  # type: ignore[arg-type]

    def grant(self, **changes: object) -> ConsentView:
        """A consent in a unit of work of its own."""
        with unit_of_work():
            return consenting.grant_consent(self.owner, self.asked(**changes))


def make_world(folder: Path) -> World:
    """Two data sets about one firm, delivered from ``folder``; both institutions may read."""
    register = {"subject_code": "E1", "kind": "企业", "name": "E1有限公司", "date": "2020-02-01"}
    registration = [{**register, "industry": "5292", "employees": "20"}]
    invoices = write_invoices(folder / "invoices")
    write_dataset(folder / "registration", "registration", registration)
    deliveries.import_dataset(IMPORTER, "registration", folder / "registration", as_of=AS_OF)
    deliveries.import_dataset(IMPORTER, "invoices", invoices, as_of=AS_OF)
    with unit_of_work():
        found = find_subject("supplier_code", "E1")
        assert found is not None
        bank, other_bank = (accounts.organisation(OrganisationKind.INSTITUTION) for _ in range(2))
        for each in (bank, other_bank):
            set_reading_right(accounts.TESTS, each, qualified=RIGHT, agreement=RIGHT)
        return World(
            subject=found,
            owner=claimant(found),
            bank=bank,
            clerk=accounts.member("institution_clerk", organisation_id=bank),
            other_bank=other_bank,
            other_clerk=accounts.member("institution_clerk", organisation_id=other_bank),
        )


def claimant(subject_id: int, state: str = "verified") -> Actor:
    """The owner of a new applicant whose claim on the subject is in ``state``."""
    owner = accounts.member("applicant_owner")
    session().add(SubjectClaim(subject_id=subject_id, organisation_id=owner.organisation_id, state=state))
    session().flush()
    return owner


def read(actor: Actor, consent: ConsentView, purpose: str | None = None) -> granted.GrantedProfile:
    """A read as a page makes it."""
    with unit_of_work(readonly=True):
        return granted.granted_profile(actor, consent.public_id, purpose)
