"""An institution's tree of branches: the list, adding, changing and moving, closing."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.accounts.forms.branches import BranchForm, CloseForm
from finmart.platform.accounts.routes.answers import refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service import branches as service
from finmart.platform.accounts.types.branches import MOST_LEVELS, BranchView
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language
from finmart.reference import regions

Answer = str | Response | tuple[str, int]


def branch_choices(actor: Actor, *, without: BranchView | None = None) -> list[SelectChoice]:
    """The branches that the actor looks after as they lie in the tree; the head office first for whoever is of it."""
    found = service.list_branches(actor)
    barred = _below(found, without) if without else set()
    choices = [
        SelectChoice(branch.public_id, "　" * (branch.level - 2) + branch.details.name)
        for branch in found
        if branch.public_id not in barred
    ]
    return choices if actor.branch_id is not None else [SelectChoice("", _("总部")), *choices]


def _below(found: list[BranchView], top: BranchView) -> set[str]:
    """``top`` and what lies below it; ``found`` has parents before children."""
    names = {top.public_id}
    for branch in found:
        if branch.parent_public_id in names:
            names.add(branch.public_id)
    return names


def region_choices() -> list[SelectChoice]:
    """The regions that a branch may serve, from the city down to streets and zones."""
    language = current_language()
    codes = [regions.CITY]
    for district in regions.districts():
        codes.append(district.code)
        codes.extend(each.code for each in regions.children(district.code))
    codes.extend(zone.code for zone in regions.zones() if zone.code not in codes)
    # Streets are indented below their district.
    return [SelectChoice(code, ("　" if len(code) > 6 else "") + regions.label(code, language)) for code in codes]


def _form(actor: Actor, branch: BranchView | None) -> BranchForm:
    stated: dict[str, object] = {"active_from": today(), "parent": request.args.get("parent", "")}
    if branch is not None:
        stated = vars(branch.details) | {"parent": branch.parent_public_id}
    form = BranchForm(data=stated)
    form.parent.choices = branch_choices(actor, without=branch)
    form.region.choices = region_choices()
    if branch is not None and branch.id == actor.branch_id:
        # The place of one's own branch is decided above it.
        form.parent.choices = [SelectChoice(branch.parent_public_id, _("由上级决定"))]
    return form


def _try(form: BranchForm, act: Callable[[], object]) -> int | None:
    """The status of a refusal, or None when it is done."""
    if not form.validate_on_submit():
        return 422
    try:
        act()
    except FinmartError as error:
        return refuse(form, error)
    return None


@blueprint.get("/institution/branches")
@requires(Permission.OWN_BRANCHES_READ)
def branches() -> str:
    """The tree as the reader looks after it."""
    actor = current_actor()
    found = service.list_branches(actor)
    return render_template(
        "accounts/branches.html",
        branches=found,
        names={branch.public_id: branch.details.name for branch in found},
        may_manage=actor.may(Permission.OWN_BRANCHES_MANAGE),
        actor=actor,
        most_levels=MOST_LEVELS,
        today=today(),
        place=lambda code: regions.label(code, current_language()),
    )


@blueprint.route("/institution/branches/new", methods=["GET", "POST"])
@requires(Permission.OWN_BRANCHES_MANAGE)
def new_branch() -> Answer:
    """Add a branch below the head office or another branch."""
    actor = current_actor()
    form = _form(actor, None)
    status = 200
    if request.method == "POST":
        refused = _try(form, lambda: service.add_branch(actor, form.details(), parent=form.parent.data))
        if refused is None:
            flash(_("网点已增加，公开页面上立即可见。"), "success")
            return redirect(url_for("accounts.branches"))
        status = refused
    return render_template("accounts/branch.html", form=form, branch=None), status


@blueprint.route("/institution/branches/<public_id>", methods=["GET", "POST"])
@requires(Permission.OWN_BRANCHES_MANAGE)
def branch(public_id: str) -> Answer:
    """State a branch anew, or move it."""
    actor = current_actor()
    found = service.read_branch(actor, public_id)
    form = _form(actor, found)
    status = 200
    if request.method == "POST":
        refused = _try(form, lambda: service.change_branch(actor, public_id, form.details(), parent=form.parent.data))
        if refused is None:
            flash(_("网点已更新。"), "success")
            return redirect(url_for("accounts.branches"))
        status = refused
    own = found.id == actor.branch_id
    return render_template("accounts/branch.html", form=form, branch=found, own=own), status


@blueprint.route("/institution/branches/<public_id>/close", methods=["GET", "POST"])
@requires(Permission.OWN_BRANCHES_MANAGE)
def close_branch(public_id: str) -> Answer:
    """Close a branch, after saying who takes over what depends on it."""
    actor = current_actor()
    found = service.read_branch(actor, public_id)
    form = CloseForm(data={"successor": found.parent_public_id})
    form.successor.choices = branch_choices(actor, without=found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate_on_submit():
            try:
                service.close_branch(actor, public_id, successor=form.successor.data)
            except FinmartError as error:
                status = refuse(form, error)
            else:
                flash(_("网点已关闭，下级网点、成员和在办申请已转到您选择的地方。"), "success")
                return redirect(url_for("accounts.branches"))
    needs = service.dependants(actor, public_id)
    return render_template("accounts/close_branch.html", form=form, branch=found, needs=needs), status
