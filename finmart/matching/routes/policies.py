"""The applicant's own standing to the policies in force."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.engine.results import Verdict
from finmart.matching.forms.answers import answers_form
from finmart.matching.routes import presentation, wording
from finmart.matching.routes.answering import kept_or_status
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.presentation import ShownClause
from finmart.matching.routes.wording import VERDICT_STATES
from finmart.matching.service import demands as matching
from finmart.matching.service.asking import asker
from finmart.matching.service.policies import JudgedClause, own_policies
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.products import policy_view
from finmart.products.policy_view import ShownPolicyClause
from finmart.reference.industries import classes

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class ShownJudgement:
    """One clause in force with how the applicant stands to it, in words."""

    policy_code: str
    title: str
    shown: ShownPolicyClause
    state: str
    label: str
    checks: tuple[ShownClause, ...]


def _judgement(one: JudgedClause) -> ShownJudgement:
    return ShownJudgement(
        policy_code=one.policy.code,
        title=policy_view.title(one.policy),
        shown=policy_view.shown_clause(one.policy, one.clause),
        state=VERDICT_STATES[one.verdict],
        label=wording.verdict_label(one.verdict),
        checks=() if one.seen is None else (presentation.shown_clause(one.seen),),
    )


@blueprint.route("/policies/own", methods=["GET", "POST"])
@requires(Permission.OWN_PROFILE_READ)
def own_policies_page() -> Answer:
    """Which clauses in force the applicant meets, does not meet, or cannot be judged on yet."""
    actor = current_actor()
    found = own_policies(actor)
    form = answers_form(found.asks, asker(actor))
    status = kept_or_status(form, lambda answers: matching.declare(actor, answers, commitment=form.commitment.data))
    if status is None:
        flash(_("已保存，已按新的填报重新核对政策。"), "good")
        return redirect(url_for("matching.own_policies_page"))
    met = found.counts.get(Verdict.MET, 0) + found.counts.get(Verdict.MET_CHECKED, 0)
    unknown = found.counts.get(Verdict.OPEN, 0) + found.counts.get(Verdict.UNCHECKED, 0)
    return (
        render_template(
            "policies/own.html",
            found=found,
            judged=[_judgement(one) for one in found.judged],
            counts={"met": met, "open": unknown, "not_met": found.counts.get(Verdict.NOT_MET, 0)},
            form=form,
            industries=classes(),
        ),
        status,
    )
