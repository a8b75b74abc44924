"""Where one of the reader's demands stands: whose turn it is, its applications, what can be done now."""

from dataclasses import dataclass, field

from finmart.matching.demands import service as demands
from finmart.matching.demands.types.clocks import Owner
from finmart.matching.demands.types.states import DemandState
from finmart.matching.demands.types.values import DemandView
from finmart.matching.leads.service import reading
from finmart.matching.leads.types.states import LeadState
from finmart.matching.leads.types.values import Card, LeadView
from finmart.matching.routes.leads import wording
from finmart.matching.routes.leads.wording import Turn
from finmart.platform.accounts.service.organisations import organisation_cards
from finmart.platform.kernel.actor import Actor
from finmart.platform.switches import service as switches
from finmart.platform.switches.types import Switch


@dataclass(frozen=True)
class ShownLead:
    """One application in a list: the institution, its product, and whose turn it is."""

    lead: LeadView
    institution: str
    product: str
    turn: Turn | None


@dataclass(frozen=True)
class Standing:
    """A demand as its applicant sees it; ``living`` is institution code → the application that runs there."""

    turn: Turn | None = None
    #: The application on which the reader's own step is due.
    asked: LeadView | None = None
    applications: list[ShownLead] = field(default_factory=list)
    living: dict[str, LeadView] = field(default_factory=dict)
    card: Card | None = None
    may_apply: bool = False
    may_open: bool = False
    may_finish: bool = False
    applications_off: bool = False
    board_off: bool = False

    @property
    def placed(self) -> set[str]:
        """The steps whose forms stand on the page, and show there why they were refused."""
        opens = {"places"} if self.may_open and not self.board_off else set()
        return opens | ({"withdraw"} if self.may_apply else set())


def shown(lead: LeadView) -> ShownLead:
    """An application in a list, for its applicant."""
    institution = wording.institution_name(lead.organisation_id)
    return ShownLead(
        lead, institution, wording.product_name(lead), wording.turn_of_lead(lead, Owner.APPLICANT, institution)
    )


def standing_of(actor: Actor, demand: DemandView) -> Standing:
    """Where one of the actor's own demands stands."""
    found = [shown(lead) for lead, _demand, _name in reading.applications_of(actor, demand)]
    living = [one for one in found if one.lead.is_live]
    clock = demands.clock_of(demand.id)
    asked = next((one for one in living if clock is not None and one.lead.id == clock.lead_id), None)
    declined = any(one.lead.state is LeadState.DECLINED for one in found)
    return Standing(
        turn=wording.turn_of_demand(clock, Owner.APPLICANT, asked.institution if asked else ""),
        asked=asked.lead if asked and asked.turn and asked.turn.mine else None,
        applications=found,
        living=_by_institution([one.lead for one in living]),
        card=reading.own_card(actor, demand) if demand.is_open else None,
        may_apply=demand.is_open,
        may_open=demand.is_open and not demand.on_board,
        may_finish=demand.state is DemandState.PUBLISHED and declined and not living,
        applications_off=not switches.is_on(Switch.DIRECT_APPLICATIONS),
        board_off=not switches.is_on(Switch.OPEN_DEMANDS),
    )


def _by_institution(leads: list[LeadView]) -> dict[str, LeadView]:
    cards = organisation_cards(lead.organisation_id for lead in leads)
    return {cards[lead.organisation_id].code or "": lead for lead in leads}
