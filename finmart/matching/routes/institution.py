"""The institution's pages: its desk, and whom its products would admit on the demonstration sample."""

from flask import render_template, request
from werkzeug.wrappers import Response

from finmart.conditions.sentence import sentence
from finmart.matching.leads.service import reading
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.trying import worded
from finmart.matching.service import drafted, prospects
from finmart.matching.service.prospects import Admission, Reason
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language
from finmart.products import service as products
from finmart.products.types import ListedProduct

Answer = str | Response | tuple[str, int]


def _reasons(admission: Admission) -> list[tuple[str, Reason]]:
    """Each required condition as a sentence, with how many fail it, alone or with others, and who cannot be told."""
    language = current_language()
    return [(sentence(reason.clause.condition, language), reason) for reason in admission.reasons]


@blueprint.get("/institution")
@requires(Permission.OWN_PRODUCTS_READ)
def desk() -> Answer:
    """The institution's desk: what waits for it, what it lists, what is left in words, what was confirmed when."""
    actor = current_actor()
    listed = products.own_products(actor)
    counts = reading.inbox_counts(actor) if actor.may(Permission.OWN_LEADS_READ) else None
    return render_template("prospects/desk.html", listed=listed, never=_never_confirmed(listed), counts=counts)


def _never_confirmed(listed: list[ListedProduct]) -> int:
    return sum(1 for one in listed if one.last_confirmed_on is None)


@blueprint.get("/institution/prospects")
@requires(Permission.SAMPLE_PROSPECTS_READ)
def prospects_page() -> Answer:
    """Choose one of the institution's products and see whom it would admit in the demonstration sample."""
    actor = current_actor()
    listed = products.own_products(actor)
    codes = [one.product.code for one in listed]
    wanted = request.args.get("product", "")
    code = wanted if wanted in codes else next(iter(codes), "")
    admission = prospects.who_would_this_admit(actor, code) if code else None
    return render_template(
        "prospects/prospects.html",
        listed=listed,
        code=code,
        admission=admission,
        reasons=_reasons(admission) if admission else (),
    )


@blueprint.get("/institution/prospects/<product_code>/admits")
@requires(Permission.SAMPLE_PROSPECTS_READ)
def admits(product_code: str) -> Answer:
    """Whom one product would admit: a part of the product's page."""
    admission = prospects.who_would_this_admit(current_actor(), product_code)
    return render_template("prospects/_admits.html", admission=admission, reasons=_reasons(admission))


@blueprint.get("/institution/prospects/<product_code>/draft-admits")
@requires(Permission.SAMPLE_PROSPECTS_READ)
def draft_admits(product_code: str) -> Answer:
    """Whom the draft of one own product would admit, beside what is public: a part of the draft's pages."""
    found = drafted.who_would_a_draft_admit(current_actor(), product_code)
    return render_template("prospects/_draft_admits.html", found=found, lines=worded(found))
