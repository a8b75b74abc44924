"""Pages of the supermarket that everyone reads: the shelf, products, institutions."""

from typing import Any

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from finmart.platform.accounts.service.tree import public_branches
from finmart.platform.search.types import MAX_QUERY
from finmart.platform.web.access import public
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language
from finmart.platform.web.pages import Page, page_number
from finmart.products import filters, service
from finmart.products.drafts.service.confirming import is_stale, stale_days
from finmart.products.figures.service import figures_of
from finmart.products.forms.cost import FIELDS as COST_FIELDS
from finmart.products.particular_view import figures_said
from finmart.products.readings.service import note_reading
from finmart.products.routes.blueprint import blueprint
from finmart.products.routes.kept import Kept
from finmart.products.routes.own_figures import checked
from finmart.products.routes.sections import cost_sheet, sections
from finmart.products.search.index import FACETS
from finmart.products.service import PAGE_SIZE, Criteria, Found
from finmart.reference import regions

#: Contents of the shelf's page, one a language and question; about 80 KB each.
kept: Kept[Markup] = Kept(most=200)

#: A facet takes at most this many codes from an address; more is no choice but noise.
MAX_CODES = 20


def _clean(text: str, length: int) -> str:
    """What can be shown again in a page: without control characters, no longer than ``length``."""
    return "".join(character for character in text[:length] if character.isprintable()).strip()


def _criteria() -> Criteria:
    where = {
        # An address that somebody changed by hand filters by nothing that no product could be.
        facet: frozenset(code for code in request.args.getlist(facet)[:MAX_CODES] if filters.is_known(facet, code))
        for facet in FACETS
        if facet in request.args
    }
    sort = request.args.get("sort", "")
    return Criteria(
        # One character more than a search can mean, so that the search says that it was too long.
        text=_clean(request.args.get("q", ""), MAX_QUERY + 1),
        where={facet: codes for facet, codes in where.items() if codes},
        sort=sort if sort in filters.SORT_TITLES else "",
        page=page_number(request.args.get("page")),
    )


@blueprint.get("/products")
@public
def shelf() -> str:
    """The supermarket: words, filters with counts, an order, pages."""
    return render_template("products/shelf.html", shelf_content=_content(_criteria()))


def _content(criteria: Criteria) -> Markup:
    """What the shelf shows for ``criteria``: it depends on nothing of the reader but the language."""
    key = (service.stamp(), current_language(), criteria.key)
    known = kept.get(key)
    if known is not None:
        return known
    found = service.find_products(criteria)
    content = Markup(_rendered(criteria, found))  # noqa: S704 - a template's own output, escaped by it.  # nosec B704
    if not found.fallback:  # The spare index has answered: the next reader may already have the engine's answer.
        kept.put(key, content)
    return content


def _rendered(criteria: Criteria, found: Found) -> str:
    return render_template(
        "products/_shelf.html",
        criteria=criteria,
        found=found,
        page=Page(found.products, found.total, criteria.page, PAGE_SIZE),
        filters=filters.filters(criteria, found),
        chosen=filters.chosen_filters(criteria),
        without_filters=filters.without_filters(criteria),
        sorts=filters.sorts(criteria, found.sort),
        hints=filters.hints(criteria, found),
        suggestions=filters.SUGGESTIONS,
    )


@blueprint.get("/products/suggest")
@public
def suggest() -> str | Response:
    """Products that fit what is being typed: a part of the shelf's search field."""
    text = _clean(request.args.get("q", ""), MAX_QUERY + 1)
    if "HX-Request" not in request.headers:
        return redirect(url_for("products.shelf", q=text))
    return render_template("products/_suggestions.html", text=text, products=service.suggest(text))


@blueprint.get("/products/<code>")
@public
def show(code: str) -> str:
    """One product: what is stated, what is not, as of when, and what it would cost."""
    product = service.product(code)
    if request.method == "GET":
        note_reading(current_actor(), product.code, agent=request.user_agent.string)
    listed = service.institution(product.institution.code)
    confirmation = service.confirmation_of(code)
    return render_template(
        "products/product.html",
        institution=listed,
        confirmation=confirmation,
        stale=is_stale(confirmation.on if confirmation else product.recorded_on),
        stale_days=stale_days(),
        **places(listed.organisation_id),
        **sections(product),
        actor=current_actor(),
        **cost_sheet(product),
    )


@blueprint.get("/products/<code>/cost")
@public
def cost(code: str) -> str | Response:
    """The all-in cost sheet for a chosen amount, term and repayment method: a part of the product's page."""
    product = service.product(code)
    if "HX-Request" not in request.headers:
        chosen: dict[str, Any] = {name: request.args[name] for name in COST_FIELDS if name in request.args}
        return redirect(url_for("products.show", code=code, _anchor="cost", **chosen))
    return render_template("products/_cost.html", **cost_sheet(product))


def places(organisation_id: int) -> dict[str, object]:
    """The branches of an institution by region, those around an applicant first."""
    actor = current_actor()
    near = actor.region if actor.organisation_kind == "applicant" else None
    language = current_language()
    return {
        "branches": [
            (regions.label(code, language), found) for code, found in public_branches(organisation_id, near=near)
        ]
    }


@blueprint.get("/institutions")
@public
def institutions() -> str:
    """Every listed institution: who has a desk here, and how to reach the others."""
    return render_template("products/institutions.html", institutions=service.institutions())


@blueprint.get("/institutions/<code>")
@public
def institution(code: str) -> str:
    """One institution and its products."""
    listed = service.institution(code)
    said = figures_of(listed.organisation_id)
    return render_template(
        "products/institution.html",
        institution=listed,
        products=service.products_of(code),
        **checked(listed),
        **places(listed.organisation_id),
        said=said,
        figures=figures_said(said.kind, said.figures) if said else [],
    )
