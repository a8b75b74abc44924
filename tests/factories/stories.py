"""Leads in any state in the demonstration city, brought there by the services as people would."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from finmart.matching.demands.types.values import NewDemand
from finmart.matching.leads.service import applicant, institution, materials, operator
from finmart.matching.leads.service.materials import NewMaterial
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome, Terms
from finmart.matching.service import demands as matching
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products import service as products
from finmart.reference.repayment import Method
from tests.factories.files import PDF
from tests.factories.leads import OPERATOR, WAN

ASKED = 20 * WAN
TERMS = Terms(amount=15 * WAN, rate=43_500, months=12, method=Method.EQUAL_INSTALMENT)
#: An institution of the city whose staff have accounts.
BANK = "jxbank"
OF_ROLE = "SELECT organisation_id FROM membership WHERE role = :role ORDER BY id LIMIT 1"


@dataclass(frozen=True)
class Story:
    """One demand, its lead where there is one, and who stands on either side."""

    owner: Actor
    clerk: Actor
    demand: str
    lead: str = ""
    material: str = ""
    file: str = ""


def _actor(role: str, organisation_id: int) -> Actor:
    return Actor(
        name=role,
        organisation_id=organisation_id,
        organisation_kind=role.split("_", maxsplit=1)[0],
        role=role,
        permissions=permissions_of(role),
    )


def _scalar(query: str, **values: Any) -> Any:
    return session().execute(text(query), values).scalar_one()


def product_of(organisation_id: int, *, least: int = ASKED) -> str:
    """A product of a connected institution that lends at least so much."""
    code = organisation_card(organisation_id).code
    return next(p.code for p in products.products_of(code or "") if p.amount_max is None or p.amount_max >= least)


def _ask(applicant_id: int | None, institution_id: int | None, amount: int) -> Story:
    owner = _actor("applicant_owner", applicant_id or _scalar(OF_ROLE, role="applicant_owner"))
    bank = _scalar("SELECT id FROM organisation WHERE kind = 'institution' AND code = :code", code=BANK)
    new = NewDemand(amount, 12, "working_capital", ("credit", "joint"), "360113", "month")
    demand = matching.new_demand(owner, new).public_id
    return Story(owner, _actor("institution_admin", institution_id or bank), demand)


def _open(story: Story) -> Story:
    applicant.open_to_institutions(story.owner, story.demand, places=3)
    return story


def _assigned(story: Story) -> Story:
    _open(story)
    card = organisation_card(story.clerk.organisation_id or 0)
    lead = operator.dispatch(OPERATOR, story.demand, institution_public_id=card.public_id)
    return replace(story, lead=lead)


def _interested(story: Story) -> Story:
    _open(story)
    code = product_of(story.clerk.organisation_id or 0)
    lead = institution.take_card(story.clerk, story.demand, product_code=code, terms=TERMS)
    return replace(story, lead=lead)


def _received(story: Story) -> Story:
    code = product_of(story.clerk.organisation_id or 0)
    return replace(story, lead=applicant.apply(story.owner, story.demand, product_code=code))


def _contacted(story: Story) -> Story:
    done = _received(story)
    phone, reached = ContactChannel.PHONE, ContactOutcome.REACHED
    institution.log_contact(done.clerk, done.lead, channel=phone, outcome=reached)
    return done


def _materials(story: Story) -> Story:
    done = _contacted(story)
    institution.ask_materials(done.clerk, done.lead, [NewMaterial("business_licence")])
    query = (
        "SELECT lead_material.public_id FROM lead_material JOIN lead ON lead.id = lead_id WHERE lead.public_id = :id"
    )
    return replace(done, material=_scalar(query, id=done.lead))


def _handed(story: Story) -> Story:
    done = _materials(story)
    materials.hand_over(done.owner, done.lead, done.material, name="licence.pdf", content=PDF)
    return replace(done, file=_scalar("SELECT public_id FROM stored_file ORDER BY id DESC LIMIT 1"))


def _review(story: Story) -> Story:
    done = _contacted(story)
    institution.give_opinion(done.clerk, done.lead, note="初步可以受理")
    return done


def _approved(story: Story) -> Story:
    done = _review(story)
    institution.approve(done.clerk, done.lead, TERMS)
    return done


def _contracted(story: Story) -> Story:
    done = _approved(story)
    applicant.accept(done.owner, done.lead)
    return done


def _funded(story: Story) -> Story:
    done = _contracted(story)
    institution.draw_down(done.clerk, done.lead, amount=TERMS.amount, on=today())
    return done


def _declined(story: Story) -> Story:
    done = _contacted(story)
    institution.decline(done.clerk, done.lead, code="cash_flow", note="流水覆盖不足")
    return done


def _withdrawn(story: Story) -> Story:
    done = _review(story)
    applicant.withdraw_demand(done.owner, done.demand, reason="not_needed")
    return done


WAYS: dict[str, Callable[[Story], Story]] = {
    "draft": lambda story: story,
    "open": _open,
    "assigned": _assigned,
    "interested": _interested,
    "received": _received,
    "contacted": _contacted,
    "materials": _materials,
    "handed": _handed,
    "review": _review,
    "approved": _approved,
    "contracted": _contracted,
    "funded": _funded,
    "declined": _declined,
    "withdrawn": _withdrawn,
}


def story(
    state: str, *, applicant_id: int | None = None, institution_id: int | None = None, amount: int = ASKED
) -> Story:
    """A demand of an applicant and its lead at an institution, in ``state``.

    By default the applicant and the institution whose people the tests sign in.
    """
    with unit_of_work():
        return WAYS[state](_ask(applicant_id, institution_id, amount))
