"""What applicants do during the week: apply or open a card, choose, hand in, accept, and go on after a decline."""

from finmart.demo.city.dice import Dice
from finmart.demo.week.asking import Asker
from finmart.matching.leads.service import applicant, materials
from finmart.matching.leads.service.reading import open_lead
from finmart.matching.leads.types.states import LeadState
from finmart.matching.leads.types.values import LeadView
from finmart.products import service as products

#: The smallest file that is a document: a page without words.
BLANK_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def begin(asker: Asker) -> None:
    """Six in ten apply to the best product, the others open a card to all."""
    if asker.choices and asker.dice.chance(60):
        apply_to_next(asker)
    else:
        applicant.open_to_institutions(asker.actor, asker.public_id, places=3)


def apply_to_next(asker: Asker) -> None:
    """Apply to the next product of the match, for what it lends at most."""
    code = asker.choices.pop(0)
    cap = products.product(code).amount_max
    amount = min(asker.wants.amount, cap) if cap is not None else asker.wants.amount
    applicant.apply(asker.actor, asker.public_id, product_code=code, amount=amount)


def answer(asker: Asker, lead: LeadView) -> None:
    """Do, or leave for later, what a lead waits for."""
    dice = asker.dice
    if lead.state is LeadState.INTERESTED:
        if dice.chance(55):
            applicant.reveal(asker.actor, lead.public_id)
        elif dice.chance(20):
            applicant.refuse(asker.actor, lead.public_id, reason="cost")
    elif lead.state is LeadState.APPROVED:
        if dice.chance(60):
            applicant.accept(asker.actor, lead.public_id)
        elif dice.chance(15):
            applicant.refuse(asker.actor, lead.public_id, reason="amount")
    elif lead.state in {LeadState.MATERIALS, LeadState.SUPPLEMENT} and dice.chance(45):
        hand_in(asker, lead)


def hand_in(asker: Asker, lead: LeadView) -> None:
    """Upload what is asked for, one file each, and say that it is all there."""
    for material in open_lead(asker.actor, lead.public_id).materials:
        if not material.files:
            materials.hand_over(
                asker.actor, lead.public_id, material.public_id, name=f"{material.code}.pdf", content=BLANK_PDF
            )
    materials.hand_in(asker.actor, lead.public_id)


def go_on(asker: Asker, *, declined: bool) -> None:
    """No institution is at work any more: try another product, open a card, end it, or wait."""
    dice = asker.dice
    if asker.choices and dice.chance(30):
        apply_to_next(asker)
    elif dice.chance(15):
        applicant.open_to_institutions(asker.actor, asker.public_id, places=3)
    elif declined and dice.chance(30):
        applicant.finish(asker.actor, asker.public_id)
    elif dice.chance(8):
        applicant.withdraw_demand(asker.actor, asker.public_id, reason="no_product")


def changes_its_mind(dice: Dice) -> bool:
    """Whether an applicant withdraws out of the blue: a few in a hundred a day."""
    return dice.chance(2)
