"""Policies at the operator's desk: new versions, new policies, last days."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import BadInput, Conflict
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.products import policy_view
from finmart.products.forms.policies import EndForm, NewPolicyForm, PolicyForm
from finmart.products.forms.steps import told_apart
from finmart.products.policies.service import desk
from finmart.products.policies.service.shelf import history
from finmart.products.policies.types.labels import KINDS, LEVELS
from finmart.products.policies.types.values import Policy
from finmart.products.routes.blueprint import blueprint

Answer = str | Response | tuple[str, int]
#: A form whose shape is wrong.
WRONG_SHAPE = 422


@blueprint.get("/operator/policies")
@requires(Permission.ALL_POLICIES_MANAGE)
def operator_policies() -> str:
    """Every policy with how it stands."""
    found = desk.all_policies(current_actor())
    return render_template(
        "policies/desk.html", policies=found, standings={one.code: policy_view.shown_standing(one) for one in found}
    )


@blueprint.route("/operator/policies/new", methods=["GET", "POST"])
@requires(Permission.ALL_POLICIES_MANAGE)
def operator_new_policy() -> Answer:
    """Publish a policy that is not here yet."""
    form = NewPolicyForm(seen="0")
    form.level.choices = [SelectChoice(code, policy_view.word("level", code)) for code in LEVELS]
    form.kind.choices = [SelectChoice(code, policy_view.word("kind", code)) for code in KINDS]
    refused = None
    if form.is_submitted():
        refused = _attempt(form, lambda: _publish_new(form))
        if refused is None:
            flash(_("政策已发布。"), "good")
            return redirect(url_for("products.operator_policy", code=form.code.data))
    return render_template("policies/new.html", form=form), refused or 200


@blueprint.route("/operator/policies/<code>", methods=["GET", "POST"])
@requires(Permission.ALL_POLICIES_MANAGE)
def operator_policy(code: str) -> Answer:
    """One policy: publish a new version of what is said of the document."""
    policy = desk.read(current_actor(), code)
    form = _form(policy)
    if not form.is_submitted():
        return _page(policy, form, None)
    refused = _attempt(form, lambda: _publish(policy, form))
    if refused is None:
        flash(_("新版本已公开，原来的版本保留在历史中。"), "good")
        return redirect(url_for("products.operator_policy", code=code))
    return _page(policy, form, None), refused


@blueprint.post("/operator/policies/<code>/end")
@requires(Permission.ALL_POLICIES_MANAGE)
def end_policy(code: str) -> Answer:
    """Note the last day of a policy."""
    actor = current_actor()
    policy, form = desk.read(actor, code), EndForm()

    def act() -> None:
        desk.end(actor, code, last=form.last.data, seen=_seen(form), reason=form.reason.data)

    refused = _attempt(form, act)
    if refused is None:
        flash(_("失效日期已登记；到期后这项政策只供查阅。"), "good")
        return redirect(url_for("products.operator_policy", code=code))
    return _page(policy, _form(policy, formdata=None), form), refused


def _attempt(form: FlaskForm, act: Callable[[], None]) -> int | None:
    """Run ``act`` when ``form`` is valid. None when it went well, else the status with which to show the form."""
    if not form.validate_on_submit():
        return WRONG_SHAPE
    try:
        act()
    except (BadInput, Conflict) as error:
        form.form_errors.append(say(error.message))
        return status_of(error)
    return None


def _seen(form: FlaskForm) -> int:
    """The version that the form was made of; a made-up one is none."""
    text = form.seen.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _form(policy: Policy, **more: None) -> PolicyForm:
    names = ("title_zh", "title_en", "doc_no", "valid_from", "valid_to", "valid_to_zh", *desk.TEXTS)
    shown = {name: getattr(policy, name) for name in names}
    return PolicyForm(data={**shown, "seen": str(policy.version), "departments": "；".join(policy.departments)}, **more)


def _head(form: PolicyForm) -> desk.Head:
    names = (form.departments.data or "").replace(";", "；").split("；")
    return desk.Head(
        title_zh=form.title_zh.data or "",
        title_en=form.title_en.data or "",
        doc_no=form.doc_no.data or "",
        departments=tuple(dict.fromkeys(name.strip() for name in names if name.strip())),
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
        valid_to_zh=form.valid_to_zh.data or "",
        texts={name: (form[name].data or "").replace("\r\n", "\n") for name in desk.TEXTS},
    )


def _publish(policy: Policy, form: PolicyForm) -> None:
    desk.publish_version(current_actor(), policy.code, _head(form), seen=_seen(form), reason=form.reason.data)


def _publish_new(form: NewPolicyForm) -> None:
    desk.publish_new(
        current_actor(),
        form.code.data,
        _head(form),
        level=form.level.data,
        kind=form.kind.data,
        rule_zh=form.rule_zh.data,
        reason=form.reason.data,
    )


def _page(policy: Policy, form: PolicyForm, end_form: EndForm | None) -> str:
    blank = EndForm(formdata=None, seen=str(policy.version))
    return render_template(
        "policies/operator.html",
        policy=policy,
        standing=policy_view.shown_standing(policy),
        form=form,
        end_form=told_apart(end_form or blank, "end"),
        history=history(policy.code),
    )
