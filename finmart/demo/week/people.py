"""Who acts in the week: staff of institutions, applicants, the operator, and the house's own clock."""

from finmart.demo.needs import applicant_actor
from finmart.platform.accounts.service.organisations import find_organisation
from finmart.platform.accounts.types.errors import OrganisationUnknown
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.authz.roles import permissions_of
from finmart.platform.kernel.actor import Actor, system_actor

BASIS = "demonstration week"
HOUSE = system_actor("demonstration week", "clocks in working days")

__all__ = ["HOUSE", "applicant_actor", "institution_actor", "operator_actor"]


def institution_actor(code: str) -> Actor:
    """Somebody at the desk of a connected institution. Raises ``OrganisationUnknown``."""
    card = find_organisation(OrganisationKind.INSTITUTION, code)
    if card is None:
        raise OrganisationUnknown
    return Actor(
        name="demonstration",
        organisation_id=card.id,
        organisation_kind="institution",
        role="institution_admin",
        basis=BASIS,
        permissions=permissions_of("institution_admin"),
    )


def operator_actor() -> Actor:
    """Somebody who runs the platform."""
    return Actor(
        name="demonstration",
        organisation_kind="operator",
        role="operator",
        basis=BASIS,
        permissions=permissions_of("operator"),
    )
