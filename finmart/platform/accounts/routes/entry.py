"""What the factory registers: the blueprint with all pages, the menu, and how a cookie becomes a person."""

from flask import Blueprint
from flask_babel import lazy_gettext

from finmart.platform.accounts.routes import (
    account,
    branch_file,
    branches,
    claims,
    counter,
    invitations,
    members,
    preferences,
    reset,
    second_factor,
    sign_in,
    sign_up,
    sso,
)
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.organisations import holds_demonstration
from finmart.platform.accounts.service.people import keep_language
from finmart.platform.accounts.service.sessions import load_actor
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.actor import use_actor_loader
from finmart.platform.web.language import use_language_keeper
from finmart.platform.web.menu import MenuItem
from finmart.platform.web.navigation import use_demonstration_check

#: Importing a page module hangs its routes on the blueprint.
PAGES = (
    account,
    branch_file,
    branches,
    claims,
    counter,
    invitations,
    members,
    preferences,
    reset,
    second_factor,
    sign_in,
    sign_up,
    sso,
)

blueprints: tuple[Blueprint, ...] = (blueprint,)

MENU: tuple[MenuItem, ...] = (
    MenuItem("applicant", "accounts.members", lazy_gettext("成员"), "people", 80, Permission.OWN_MEMBERS_READ),
    MenuItem(
        "official", "accounts.counter", lazy_gettext("窗口核实"), "patch-check", 5, Permission.COUNTER_CLAIMS_VERIFY
    ),
    MenuItem("institution", "accounts.branches", lazy_gettext("网点"), "diagram-3", 78, Permission.OWN_BRANCHES_READ),
    MenuItem("institution", "accounts.members", lazy_gettext("成员"), "people", 80, Permission.OWN_MEMBERS_READ),
)

use_actor_loader(load_actor)
use_demonstration_check(holds_demonstration)
use_language_keeper(keep_language)
