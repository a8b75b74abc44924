"""The editor's "who would this admit" for what is typed and not saved: the same page again, with the count on it."""

from typing import Any

from flask import url_for

from finmart.conditions.sentence import sentence
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.service import drafted
from finmart.matching.service.drafted import DraftAdmission, Line
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import BadInput, FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.language import current_language
from finmart.platform.web.navigation import stand_under
from finmart.products.drafts.service import desk, trying
from finmart.products.routes.conditions import condition_page
from finmart.products.routes.editing import form_over, product_page, show_refusal

Answer = str | tuple[str, int]


def worded(found: DraftAdmission) -> list[tuple[str, Line]]:
    """Each required condition as a sentence, with what it does to the sample."""
    language = current_language()
    return [(sentence(line.clause.condition, language), line) for line in found.lines]


def _shown(found: DraftAdmission) -> dict[str, Any]:
    return {"tried": found, "tried_lines": worded(found)}


def _status(error: FinmartError) -> int:
    """What cannot be used as it was typed is the form's own fault, whatever its error means elsewhere."""
    status = status_of(error)
    return 422 if isinstance(error, BadInput) else status


@blueprint.post("/institution/prospects/<product_code>/conditions/<key>/admits")
@requires(Permission.SAMPLE_PROSPECTS_READ)
def try_condition(product_code: str, key: str) -> Answer:
    """Whom the product would admit with the condition in the builder; nothing is saved."""
    stand_under(url_for("products.own"))
    page = condition_page(product_code, key)
    if page.builder.fault is not None:
        return page.shown(in_vain=True), 422
    actor = current_actor()
    try:
        typed = trying.typed_condition(actor, product_code, page.builder.tree, key=page.old_key, required=page.required)
        found = drafted.who_would_the_typed_admit(actor, typed)
    except FinmartError as error:
        return page.shown(say(error.message), in_vain=True), _status(error)
    return page.shown(**_shown(found))


@blueprint.post("/institution/prospects/product-admits", defaults={"product_code": ""})
@blueprint.post("/institution/prospects/<product_code>/product-admits")
@requires(Permission.SAMPLE_PROSPECTS_READ)
def try_product(product_code: str) -> Answer:
    """Whom the product would admit as its form says it, a new one without a code too; nothing is saved."""
    stand_under(url_for("products.own"))
    actor = current_actor()
    view = desk.editable(actor, product_code) if product_code else None
    form = form_over(view)
    if not form.validate_on_submit():
        return product_page(form, view), 422
    try:
        found = drafted.who_would_the_typed_admit(actor, trying.typed_sheet(actor, product_code, form.sheet()))
    except FinmartError as error:
        status = show_refusal(form, error)
        return product_page(form, view), status
    return product_page(form, view, **_shown(found))
