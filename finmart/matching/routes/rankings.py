"""The operator's pages of the ranking rule: versions and drafts, writing one, trying it, letting it rank."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.forms.rankings import rule_form
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.rulesets import drafts
from finmart.matching.rulesets import service as rulesets
from finmart.matching.service import dry_runs
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.kernel.messages import Message
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.language import localized
from finmart.products import service as products

Answer = str | Response | tuple[str, int]

MANAGE = Permission.ALL_RULES_MANAGE


def _told(message: Message | None) -> str:
    """A sentence about a criterion, which is named in the language of this request too; empty for none."""
    if message is None:
        return ""
    params = {key: _(one) if isinstance(one, str) else one for key, one in message.params.items()}
    return say(Message(message.msgid, params))


def _hindrance(version: int) -> str:
    """Why the draft cannot be committed by whoever looks at it; empty when it can."""
    refused = drafts.hindrance(current_actor(), version)
    return _told(None if refused is None else refused.message)


@blueprint.get("/operator/rankings")
@requires(MANAGE)
def rankings() -> Answer:
    """Every version that ranks or ranked, and the drafts."""
    found = drafts.list_drafts(current_actor())
    return render_template("rankings/list.html", drafts=found, versions=rulesets.versions(), active=rulesets.active())


@blueprint.post("/operator/rankings/<int:version>/draft")
@requires(MANAGE)
def new_ranking(version: int) -> Answer:
    """A draft that begins as an existing version."""
    made = drafts.new_draft(current_actor(), version)
    return redirect(url_for("matching.ranking_draft", version=made.version))


@blueprint.route("/operator/rankings/<int:version>", methods=["GET", "POST"])
@requires(MANAGE)
def ranking_draft(version: int) -> Answer:
    """One draft: its criteria in order, their codes and weights, and why; what is committed can only be read."""
    actor = current_actor()
    frozen = None if request.method == "POST" else drafts.committed(version)
    if frozen is not None:
        return render_template("rankings/version.html", ruleset=frozen, active=rulesets.active())
    draft = drafts.draft_of(actor, version)
    form, status = rule_form(draft), 200
    if form.validate_on_submit():
        try:
            drafts.write_draft(actor, version, form.wording())
        except FinmartError as error:
            form.form_errors.append(_told(error.message))
            status = status_of(error)
        else:
            flash(_("底稿已保存。请试算，再由另一位运营人员核对后生效。"), "good")
            return redirect(url_for("matching.ranking_draft", version=version))
    elif form.is_submitted():
        status = 422
    shown = {"fault": _told(draft.fault), "hindrance": _hindrance(version)}
    return render_template("rankings/draft.html", draft=draft, form=form, **shown), status


@blueprint.post("/operator/rankings/<int:version>/trial")
@requires(MANAGE)
def try_ranking(version: int) -> Answer:
    """What the draft would change on stored demands; that it was tried is kept."""
    actor = current_actor()
    draft = drafts.draft_of(actor, version)
    tried = dry_runs.dry_run(actor, version)
    by_code = products.published_catalogue().by_code
    owners = {one.institution.code: one.institution for one in by_code.values()}
    return render_template(
        "rankings/trial.html",
        draft=draft,
        tried=tried,
        names={code: localized(one.name_zh, one.name_en) for code, one in by_code.items()},
        owners={code: localized(one.name_zh, one.name_en) for code, one in owners.items()},
        hindrance=_hindrance(version),
        most=dry_runs.MOST_DEMANDS,
        today=today(),
    )


@blueprint.post("/operator/rankings/<int:version>/commit")
@requires(MANAGE)
def commit_ranking(version: int) -> Answer:
    """Let the draft rank from now on; somebody else has written it, and it was tried."""
    drafts.commit_draft(current_actor(), version)
    flash(_("排序规则第 %(version)s 版已经生效，不能再改。", version=version), "good")
    return redirect(url_for("matching.rankings"))


@blueprint.post("/operator/rankings/<int:version>/withdraw")
@requires(MANAGE)
def withdraw_ranking(version: int) -> Answer:
    """Give the draft up."""
    drafts.withdraw_draft(current_actor(), version)
    flash(_("底稿已放弃。"), "good")
    return redirect(url_for("matching.rankings"))
