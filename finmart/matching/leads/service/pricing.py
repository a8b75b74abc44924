"""What an offer would cost the applicant, worked out before anything is kept."""

from finmart.matching.leads.models import Lead
from finmart.matching.leads.service.checks import checked_terms
from finmart.matching.leads.service.institution import own_product
from finmart.matching.leads.service.stepping import must_be, open_case
from finmart.matching.leads.types.states import LeadState, LeadStep, Side, after
from finmart.matching.leads.types.values import Sheet, Terms
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor


def price_decision(actor: Actor, public_id: str, terms: Terms) -> Sheet:
    """The all-in cost of a decision on a lead.

    Raises ``LeadUnknown``, ``NotYourStep``, ``StepRefused``, ``TermsRefused`` or ``AmountAboveCap``.
    """
    case = open_case(actor, public_id, lock=False)
    must_be(actor, case, Side.INSTITUTION)
    after(LeadState(case.lead.state), LeadStep.APPROVE)
    return checked_terms(case.lead, terms)


def price_bid(actor: Actor, terms: Terms, *, product_code: str, asked: int) -> Sheet:
    """The all-in cost of a bid with one of the own products for a card that asks ``asked`` 分.

    Raises ``PermissionMissing``, ``ProductNotYours``, ``TermsRefused`` or ``AmountAboveCap``.
    """
    require(actor, Permission.OWN_LEADS_WORK)
    product = own_product(actor, product_code)
    return checked_terms(Lead(product_cap=product.amount_max, asked_amount=asked), terms)
