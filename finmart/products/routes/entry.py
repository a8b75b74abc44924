"""What the factory registers: the supermarket's pages, its menu, and its figures on the front page."""

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from finmart.platform.accounts.service.onboarding import use_institution_kinds
from finmart.platform.accounts.types.onboarding import Choice
from finmart.platform.authz.permissions import Permission
from finmart.platform.dictionaries.service import use_scopes
from finmart.platform.dictionaries.types import Scope
from finmart.platform.kernel.clock import today
from finmart.platform.web.home import HomeFigure
from finmart.platform.web.menu import MenuItem
from finmart.products import service
from finmart.products.labels import INSTITUTION_KINDS, PRODUCT_TYPES
from finmart.products.routes import (
    bulk,
    checking,
    comparing,
    conditions,
    desk,
    editing,
    language,
    limits,
    listing,
    operator,
    own_figures,
    policies,
    policy_desk,
    reporting,
    reports,
    shelf,
)
from finmart.products.routes.blueprint import blueprint

#: Importing a page module hangs its routes on the blueprint.
PAGES = (
    bulk,
    checking,
    comparing,
    conditions,
    desk,
    editing,
    language,
    limits,
    listing,
    operator,
    own_figures,
    policies,
    policy_desk,
    reporting,
    reports,
    shelf,
)


def figures() -> list[HomeFigure]:
    """Real counts for the front page."""
    catalogue = service.published_catalogue()
    basis = _("公开信息整理，第 %(version)s 版目录", version=catalogue.version)
    owners = {product.institution.code for product in catalogue.products}
    return [
        HomeFigure(_("产品"), str(len(catalogue.products)), basis, today(), url_for("products.shelf")),
        HomeFigure(_("机构"), str(len(owners)), basis, today(), url_for("products.institutions")),
    ]


def _institution_kinds() -> list[Choice]:
    return [Choice(code, one.zh, one.en) for code, one in INSTITUTION_KINDS.items()]


def _product_types() -> list[Scope]:
    return [Scope(code, one.zh, one.en) for code, one in PRODUCT_TYPES.items()]


# The operator's desk offers these lists and may not know this domain.
use_institution_kinds(_institution_kinds)
use_scopes(_product_types)

blueprints: tuple[Blueprint, ...] = (blueprint,)
FIGURES = (figures,)

MENU = (
    MenuItem("public", "products.shelf", lazy_gettext("融资产品"), "shop", 10),
    MenuItem("public", "products.policies", lazy_gettext("惠企政策"), "award", 15),
    MenuItem("public", "products.institutions", lazy_gettext("金融机构"), "bank", 20),
    MenuItem("applicant", "products.shelf", lazy_gettext("融资产品"), "shop", 20),
    MenuItem("applicant", "products.policies", lazy_gettext("惠企政策"), "award", 25),
    MenuItem("institution", "products.own", lazy_gettext("我的产品"), "box-seam", 10, Permission.OWN_PRODUCTS_READ),
    MenuItem(
        "institution", "products.queue", lazy_gettext("产品复核"), "check2-square", 12, Permission.OWN_PRODUCTS_APPROVE
    ),
    MenuItem(
        "institution",
        "products.reports",
        lazy_gettext("产品反馈"),
        "chat-square-text",
        14,
        Permission.OWN_REPORTS_HANDLE,
    ),
    MenuItem("institution", "products.shelf", lazy_gettext("融资产品"), "shop", 40),
    MenuItem("institution", "products.policies", lazy_gettext("惠企政策"), "award", 42),
    MenuItem("official", "products.shelf", lazy_gettext("融资产品"), "shop", 40),
    MenuItem("official", "products.policies", lazy_gettext("惠企政策"), "award", 42),
    MenuItem(
        "operator",
        "products.operator_queue",
        lazy_gettext("产品复核"),
        "check2-square",
        32,
        Permission.ALL_PRODUCTS_APPROVE,
    ),
    MenuItem(
        "operator",
        "products.unconfirmed",
        lazy_gettext("待核对的信息"),
        "calendar-check",
        33,
        Permission.ALL_PRODUCTS_APPROVE,
    ),
    MenuItem(
        "operator",
        "products.operator_reports",
        lazy_gettext("产品反馈"),
        "chat-square-text",
        34,
        Permission.ALL_REPORTS_HANDLE,
    ),
    MenuItem(
        "operator",
        "products.operator_policies",
        lazy_gettext("政策维护"),
        "award",
        36,
        Permission.ALL_POLICIES_MANAGE,
    ),
    MenuItem("operator", "products.shelf", lazy_gettext("融资产品"), "shop", 80),
)
