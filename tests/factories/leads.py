"""A small world of applicants, institutions and time, for tests of leads."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from finmart.matching.demands import service as demands
from finmart.matching.demands.types.values import NewDemand
from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.service.organisations import find_organisation
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import session
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.products import service as products
from tests.factories import accounts

WAN = 1_000_000
#: A Monday morning in Nanchang, in a week without holidays.
MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOUSE = system_actor("test", "clocks in working days")
OPERATOR = Actor(name="operator", organisation_kind="operator", role="operator", permissions=permissions_of("operator"))


@dataclass
class Calendar:
    """A clock that a test moves by hand."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        """The instant."""
        return self.at

    def pass_days(self, days: int) -> None:
        """Move on by so many days."""
        self.at += timedelta(days=days)

    @property
    def day(self) -> date:
        """The day in Nanchang, mornings being the same day in UTC."""
        return self.at.date()


@dataclass(frozen=True)
class Desk:
    """A connected institution: somebody who works there, and its products with the most each lends."""

    actor: Actor
    code: str
    caps: dict[str, int | None] = field(default_factory=dict)

    @property
    def product(self) -> str:
        """One of its products that lends most."""
        return max(self.caps, key=lambda code: (self.caps[code] or 10**18, code))


def applicant(*, demonstration: bool = False) -> Actor:
    """A firm that has signed up, or one of the demonstration."""
    made = accounts.signed_up()
    session().get_one(Organisation, made.organisation_id).demonstration = demonstration
    return made


def desks() -> list[Desk]:
    """Every connected institution of the catalogue that lists a product, in order of code."""
    found: dict[str, dict[str, int | None]] = {}
    for product in products.published_catalogue().products:
        if product.institution.connected:
            found.setdefault(product.institution.code, {})[product.code] = product.amount_max
    return [Desk(_clerk(code), code, found[code]) for code in sorted(found)]


def _clerk(code: str) -> Actor:
    card = find_organisation(OrganisationKind.INSTITUTION, code)
    assert card is not None
    return Actor(
        name=f"clerk of {code}",
        organisation_id=card.id,
        organisation_kind="institution",
        role="institution_admin",
        permissions=permissions_of("institution_admin"),
    )


def draft(actor: Actor, *, amount: int = 50 * WAN, urgency: str = "open") -> str:
    """A demand that is written down and not published; its public id."""
    new = NewDemand(amount, 12, "working_capital", ("credit",), "360113", urgency)
    organisation_id = actor.organisation_id or 0
    saved = demands.save_demand(actor, new, organisation_id=organisation_id, subject_id=None)
    return saved.public_id
