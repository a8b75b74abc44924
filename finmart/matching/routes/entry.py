"""What the factory registers: the blueprint with all pages, and the menu."""

from flask import Blueprint
from flask_babel import lazy_gettext

from finmart.matching.routes import applicant, institution, official, operator, public
from finmart.matching.routes.blueprint import blueprint
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.menu import MenuItem

#: Importing a page module hangs its routes on the blueprint.
PAGES = (applicant, institution, official, operator, public)

blueprints: tuple[Blueprint, ...] = (blueprint,)

_READ, _WRITE = Permission.OWN_DEMANDS_READ, Permission.OWN_DEMANDS_WRITE
_DECLARE, _SAMPLE = Permission.OWN_FACTS_DECLARE, Permission.SAMPLE_PROSPECTS_READ
_FIGURES, _RUNS = Permission.REGION_FIGURES_READ, Permission.ALL_RUNS_READ

MENU: tuple[MenuItem, ...] = (
    MenuItem("public", "matching.ranking", lazy_gettext("排序规则"), "list-ol", 60),
    MenuItem("applicant", "matching.home", lazy_gettext("我的融资"), "house", 0, _READ),
    MenuItem("applicant", "matching.new_demand", lazy_gettext("填写需求"), "pencil-square", 10, _WRITE),
    MenuItem("applicant", "matching.declared", lazy_gettext("我的填报"), "card-checklist", 40, _DECLARE),
    MenuItem("institution", "matching.desk", lazy_gettext("工作台"), "house", 0, Permission.OWN_PRODUCTS_READ),
    MenuItem("institution", "matching.prospects_page", lazy_gettext("谁会符合"), "people", 20, _SAMPLE),
    MenuItem("official", "matching.overview", lazy_gettext("总览"), "bar-chart", 0, _FIGURES),
    MenuItem("operator", "matching.stored_runs", lazy_gettext("匹配记录"), "list-check", 60, _RUNS),
)
