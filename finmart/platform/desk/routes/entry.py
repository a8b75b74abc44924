"""What the factory registers: the operator's desk and its menu."""

from flask import Blueprint
from flask_babel import lazy_gettext

from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.routes import (
    announcements,
    audit,
    claims,
    dictionaries,
    disputes,
    jobs,
    links,
    organisations,
    switches,
    users,
)
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.web.menu import MenuItem

#: Importing a page module hangs its routes on the blueprint.
PAGES = (announcements, audit, claims, dictionaries, disputes, jobs, links, organisations, switches, users)

blueprints: tuple[Blueprint, ...] = (blueprint,)

_ANNOUNCEMENTS = Permission.ALL_ANNOUNCEMENTS_MANAGE

MENU: tuple[MenuItem, ...] = (
    MenuItem("operator", "desk.claims", lazy_gettext("认领核实"), "patch-check", 10, Permission.ALL_CLAIMS_READ),
    MenuItem("operator", "desk.users", lazy_gettext("用户"), "people", 20, Permission.ALL_USERS_READ),
    MenuItem("operator", "desk.organisations", lazy_gettext("单位"), "building", 30, Permission.ALL_ORGANISATIONS_READ),
    MenuItem("operator", "desk.jobs", lazy_gettext("后台任务"), "gear-wide-connected", 64, Permission.ALL_JOBS_READ),
    MenuItem("operator", "desk.announcements", lazy_gettext("公告"), "megaphone", 66, _ANNOUNCEMENTS),
    MenuItem("operator", "desk.dictionaries", lazy_gettext("字典"), "book", 67, Permission.ALL_DICTIONARIES_MANAGE),
    MenuItem("operator", "desk.switches", lazy_gettext("功能开关"), "toggles", 68, Permission.ALL_SWITCHES_MANAGE),
    MenuItem("operator", "desk.audit", lazy_gettext("审计记录"), "journal-text", 70, Permission.ALL_AUDIT_READ),
)
