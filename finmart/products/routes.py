"""Pages of the supermarket: the shelf, products, institutions, and an institution's own listing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.clock import today
from finmart.platform.search.types import MAX_QUERY
from finmart.platform.search.words import highlighted
from finmart.platform.web.access import public, requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say
from finmart.platform.web.home import HomeFigure
from finmart.platform.web.menu import MenuItem
from finmart.platform.web.pages import Page, page_number
from finmart.products import costs, filters, presentation, service, wording
from finmart.products.forms import FIELDS as COST_FIELDS
from finmart.products.forms import CostForm
from finmart.products.search import FACETS
from finmart.products.service import PAGE_SIZE, Criteria
from finmart.products.types import PublishedProduct

blueprint = Blueprint("products", __name__)

#: A facet takes at most this many codes from an address; more is no choice but noise.
MAX_CODES = 20


def _clean(text: str, length: int) -> str:
    """What can be shown again in a page: without control characters, no longer than ``length``."""
    return "".join(character for character in text[:length] if character.isprintable()).strip()


def _criteria() -> Criteria:
    where = {
        facet: frozenset(filter(None, (_clean(code, 40) for code in request.args.getlist(facet)[:MAX_CODES])))
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


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    # Other domains' pages show products too, so the words go with every template.
    return {
        "product_highlights": highlighted,
        "product_list": wording.listed,
        "product_places": wording.places_of,
        "product_snippet": presentation.snippet,
        "product_word": wording.word,
        "product_words": wording.words,
    }


@blueprint.get("/products")
@public
def shelf() -> str:
    """The supermarket: words, filters with counts, an order, pages."""
    criteria = _criteria()
    found = service.find_products(criteria)
    return render_template(
        "products/shelf.html",
        criteria=criteria,
        found=found,
        page=Page(found.products, found.total, criteria.page, PAGE_SIZE),
        filters=filters.filters(criteria, found),
        chosen=filters.chosen_filters(criteria),
        without_filters=filters.without_filters(criteria),
        sorts=filters.sorts(criteria),
        suggestions=filters.SUGGESTIONS,
    )


def _sheet(product: PublishedProduct) -> dict[str, object]:
    form = CostForm(request.args, product=product)
    wanted = form.wanted()
    if wanted is None:
        return {"product": product, "form": form, "sheet": None}
    sheet = costs.sheet(product, wanted)
    return {
        "product": product,
        "form": form,
        "sheet": sheet,
        "cost_rows": presentation.cost_rows(sheet),
        "compound": presentation.headline(sheet, "compound_rate"),
        "simple": presentation.headline(sheet, "simple_rate"),
        "reason": say(sheet.reason) if sheet.reason else "",
    }


@blueprint.get("/products/<code>")
@public
def show(code: str) -> str:
    """One product: what is stated, what is not, as of when, and what it would cost."""
    product = service.product(code)
    return render_template(
        "products/product.html",
        institution=service.institution(product.institution.code),
        last_confirmed_on=service.last_confirmed_on(code),
        conditions=presentation.conditions(product),
        limits=presentation.limits(product),
        notes=presentation.notes_by_kind(product.notes),
        unstated=presentation.unstated(product),
        to_be_confirmed=presentation.to_be_confirmed(product),
        actor=current_actor(),
        **_sheet(product),
    )


@blueprint.get("/products/<code>/cost")
@public
def cost(code: str) -> str | Response:
    """The all-in cost sheet for a chosen amount, term and repayment method: a part of the product's page."""
    product = service.product(code)
    if "HX-Request" not in request.headers:
        chosen: dict[str, Any] = {name: request.args[name] for name in COST_FIELDS if name in request.args}
        return redirect(url_for("products.show", code=code, _anchor="cost", **chosen))
    return render_template("products/_cost.html", **_sheet(product))


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
    return render_template("products/institution.html", institution=listed, products=service.products_of(code))


@blueprint.get("/institution/products")
@requires(Permission.OWN_PRODUCTS_READ)
def own() -> str:
    """The products of the signed-in person's institution, each with when it was last confirmed."""
    actor = current_actor()
    may_confirm = actor.may(Permission.OWN_PRODUCTS_CONFIRM)
    return render_template(
        "products/own.html", listed=service.own_products(actor), may_confirm=may_confirm, today=today()
    )


@blueprint.post("/institution/products/<code>/confirm")
@requires(Permission.OWN_PRODUCTS_CONFIRM)
def confirm(code: str) -> Response:
    """Say that the listing of a product is still right."""
    service.confirm_listing(current_actor(), code)
    flash(_("已确认：该产品的公开信息仍然准确。"), "success")
    return redirect(url_for("products.own"))


def figures() -> list[HomeFigure]:
    """Real counts for the front page."""
    catalogue = service.published_catalogue()
    basis = _("公开信息整理，第 %(version)s 版目录", version=catalogue.version)
    owners = {product.institution.code for product in catalogue.products}
    return [
        HomeFigure(_("产品"), str(len(catalogue.products)), basis, today(), url_for("products.shelf")),
        HomeFigure(_("机构"), str(len(owners)), basis, today(), url_for("products.institutions")),
    ]


blueprints = (blueprint,)
FIGURES = (figures,)

MENU = (
    MenuItem("public", "products.shelf", lazy_gettext("融资产品"), "shop", 10),
    MenuItem("public", "products.institutions", lazy_gettext("金融机构"), "bank", 20),
    MenuItem("applicant", "products.shelf", lazy_gettext("融资产品"), "shop", 20),
    MenuItem("institution", "products.own", lazy_gettext("我的产品"), "box-seam", 10, Permission.OWN_PRODUCTS_READ),
    MenuItem("institution", "products.shelf", lazy_gettext("融资产品"), "shop", 40),
    MenuItem("official", "products.shelf", lazy_gettext("融资产品"), "shop", 40),
    MenuItem("operator", "products.shelf", lazy_gettext("融资产品"), "shop", 80),
)
