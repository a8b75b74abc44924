"""What the page of a product shows, for the public page and for the preview of a draft alike."""

from flask import request

from finmart.platform.web.errors import say
from finmart.products import charging, costs, particular_view, policy_view, presentation
from finmart.products.forms.cost import CostForm
from finmart.products.policies.service.reliefs import relief_lines
from finmart.products.types import PublishedProduct


def sections(product: PublishedProduct) -> dict[str, object]:
    """The parts of the page beside the product itself."""
    return {
        "conditions": presentation.conditions(product),
        "limits": presentation.limits(product),
        "notes": presentation.notes_by_kind(product.notes),
        "unstated": presentation.unstated(product),
        "particulars": particular_view.particulars_said(product),
        "particulars_unsaid": particular_view.particulars_unsaid(product),
        "to_be_confirmed": presentation.to_be_confirmed(product),
    }


def cost_sheet(product: PublishedProduct) -> dict[str, object]:
    """The cost of ``product`` for what this request asks, or for the usual choice."""
    form = CostForm(request.args, product=product)
    wanted = form.wanted()
    if wanted is None:
        return {"product": product, "form": form, "sheet": None}
    sheet = costs.sheet(product, wanted)
    return {
        "product": product,
        "form": form,
        "sheet": sheet,
        "no_loan": charging.is_no_loan(product),
        "cost_rows": presentation.cost_rows(product, sheet),
        "compound": presentation.headline(sheet, "compound_rate"),
        "simple": presentation.headline(sheet, "simple_rate"),
        "reason": say(sheet.reason) if sheet.reason else "",
        # For everybody: whether somebody qualifies is said on the page of their own match.
        "reliefs": [policy_view.shown_relief(line) for line in relief_lines(product, sheet)],
    }
