"""What the factory registers: the pages and the menu."""

from flask import Blueprint
from flask_babel import lazy_gettext

from finmart.credit.routes import batches, consents, granted, profile, quarantine
from finmart.credit.routes.blueprint import blueprint
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.menu import MenuItem

#: Importing a page module hangs its routes on the blueprint.
PAGES = (batches, consents, granted, profile, quarantine)

blueprints: tuple[Blueprint, ...] = (blueprint,)

MENU: tuple[MenuItem, ...] = (
    MenuItem(
        "applicant", "credit.profile", lazy_gettext("信用档案"), "file-earmark-text", 30, Permission.OWN_PROFILE_READ
    ),
    MenuItem(
        "applicant", "credit.consents", lazy_gettext("授权管理"), "shield-check", 35, Permission.OWN_CONSENTS_MANAGE
    ),
    MenuItem(
        "institution",
        "credit.granted_profiles",
        lazy_gettext("授权档案"),
        "file-earmark-person",
        30,
        Permission.GRANTED_PROFILES_READ,
    ),
    MenuItem("operator", "credit.batches", lazy_gettext("数据批次"), "database", 40, Permission.ALL_BATCHES_READ),
    MenuItem("operator", "credit.quarantine", lazy_gettext("隔离区"), "funnel", 50, Permission.ALL_QUARANTINE_READ),
)
