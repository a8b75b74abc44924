"""What the factory registers: the operator's desk and its menu."""

from flask import Blueprint
from flask_babel import lazy_gettext

from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.routes import audit, claims, disputes, organisations, users
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.web.menu import MenuItem

#: Importing a page module hangs its routes on the blueprint.
PAGES = (audit, claims, disputes, organisations, users)

blueprints: tuple[Blueprint, ...] = (blueprint,)

MENU: tuple[MenuItem, ...] = (
    MenuItem("operator", "desk.claims", lazy_gettext("认领核实"), "patch-check", 10, Permission.ALL_CLAIMS_READ),
    MenuItem("operator", "desk.users", lazy_gettext("用户"), "people", 20, Permission.ALL_USERS_READ),
    MenuItem("operator", "desk.organisations", lazy_gettext("单位"), "building", 30, Permission.ALL_ORGANISATIONS_READ),
    MenuItem("operator", "desk.audit", lazy_gettext("审计记录"), "journal-text", 70, Permission.ALL_AUDIT_READ),
)
