"""What the factory registers: the blueprint with all pages, and the menu."""

from flask import Blueprint
from flask_babel import lazy_gettext

from finmart.matching.leads.service.handing import count_at_branch
from finmart.matching.leads.service.reading import applicants_in_reach
from finmart.matching.routes import (
    applicant,
    coverage,
    exposure,
    found,
    institution,
    official,
    operator,
    policies,
    prospects,
    public,
    rankings,
    recommended,
    trying,
)
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads import applications, demand, desk, inbox, stuck, working
from finmart.platform.accounts.service.branches import use_branch_work
from finmart.platform.authz.permissions import Permission
from finmart.platform.consents.service import use_reach
from finmart.platform.web.menu import MenuItem

# The institution's pages of branches count what is under way there and may not know this domain; nor may consents,
# which the people of a branch use for the applications of that branch alone.
use_branch_work(count_at_branch)
use_reach(applicants_in_reach)

#: Importing a page module hangs its routes on the blueprint.
PAGES = (
    applicant,
    coverage,
    exposure,
    found,
    institution,
    official,
    operator,
    policies,
    prospects,
    public,
    rankings,
    recommended,
    trying,
    applications,
    demand,
    desk,
    inbox,
    stuck,
    working,
)

blueprints: tuple[Blueprint, ...] = (blueprint,)

_READ, _WRITE = Permission.OWN_DEMANDS_READ, Permission.OWN_DEMANDS_WRITE
_DECLARE, _SAMPLE = Permission.OWN_FACTS_DECLARE, Permission.SAMPLE_PROSPECTS_READ
_PROFILE = Permission.OWN_PROFILE_READ
_CONSENTS, _PROSPECTS = Permission.OWN_CONSENTS_MANAGE, Permission.OWN_PROSPECTS_READ
_LEADS, _STUCK = Permission.OWN_LEADS_READ, Permission.ALL_DEMANDS_READ
_FIGURES, _RUNS = Permission.REGION_FIGURES_READ, Permission.ALL_RUNS_READ

MENU: tuple[MenuItem, ...] = (
    MenuItem("public", "matching.ranking", lazy_gettext("排序规则"), "list-ol", 60),
    MenuItem("applicant", "matching.home", lazy_gettext("我的融资"), "house", 0, _READ),
    MenuItem("applicant", "matching.applications", lazy_gettext("我的申请"), "send", 5, _READ),
    MenuItem("applicant", "matching.new_demand", lazy_gettext("填写需求"), "pencil-square", 10, _WRITE),
    MenuItem("applicant", "matching.own_policies_page", lazy_gettext("我符合的政策"), "award-fill", 27, _PROFILE),
    MenuItem("applicant", "matching.found", lazy_gettext("被机构找到"), "binoculars", 45, _CONSENTS),
    MenuItem("applicant", "matching.declared", lazy_gettext("我的填报"), "card-checklist", 40, _DECLARE),
    MenuItem("institution", "matching.desk", lazy_gettext("工作台"), "house", 0, Permission.OWN_PRODUCTS_READ),
    MenuItem("institution", "matching.inbox", lazy_gettext("申请收件箱"), "inbox", 3, _LEADS),
    MenuItem("institution", "matching.board", lazy_gettext("需求公开栏"), "megaphone", 5, _LEADS),
    MenuItem("institution", "matching.prospects_page", lazy_gettext("样本试算"), "sliders", 20, _SAMPLE),
    MenuItem("institution", "matching.prospect_counts", lazy_gettext("符合的数量"), "people-fill", 21, _PROSPECTS),
    MenuItem("official", "matching.overview", lazy_gettext("总览"), "bar-chart", 0, _FIGURES),
    MenuItem("official", "matching.coverage", lazy_gettext("供给覆盖"), "grid", 5, _FIGURES),
    MenuItem("official", "matching.exposure", lazy_gettext("产品展示"), "eye", 10, _FIGURES),
    MenuItem("operator", "matching.stuck", lazy_gettext("待处理需求"), "hourglass-split", 15, _STUCK),
    MenuItem(
        "operator", "matching.rankings", lazy_gettext("排序规则的版本"), "list-ol", 61, Permission.ALL_RULES_MANAGE
    ),
    MenuItem("operator", "matching.stored_runs", lazy_gettext("匹配记录"), "list-check", 60, _RUNS),
)
