"""The applicant's own profile: what shared data says about it, where each datum comes from, and who has read it."""

import json

from flask import Response, abort, render_template

from finmart.credit import service
from finmart.credit.routes import wording
from finmart.credit.routes.blueprint import blueprint
from finmart.credit.routes.groups import groups_of, series_of, shares_of, trade_of
from finmart.credit.types.errors import ProfileMissing
from finmart.credit.types.values import Profile
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor

Answer = str | tuple[str, int] | Response


def _own(actor: Actor, purpose: str) -> Profile | None:
    """The actor's own profile, the read noted first; None before verification or before anything is published."""
    subject_id = service.profile_subject(actor)
    if subject_id is None:
        return None
    try:
        return service.read_profile(actor, subject_id, purpose=purpose)
    except ProfileMissing:
        return None


@blueprint.get("/profile")
@requires(Permission.OWN_PROFILE_READ)
def profile() -> Answer:
    """The whole profile, or what is needed before there is one."""
    actor = current_actor()
    found = _own(actor, "view")
    if found is None:
        return render_template("credit/no_profile.html", verified=service.profile_subject(actor) is not None)
    groups = groups_of(found)
    return render_template(
        "credit/profile.html",
        profile=found,
        groups=groups,
        known=sum(len(group.known) for group in groups),
        trade=trade_of(found),
        customers=shares_of(found, "customer"),
        suppliers=shares_of(found, "supplier"),
        taxes=series_of(found, "tax_monthly"),
        words=wording,
    )


@blueprint.get("/profile/download")
@requires(Permission.OWN_PROFILE_READ)
def download() -> Answer:
    """The profile as a JSON file: a copy of one's own data (个人信息保护法 45)."""
    found = _own(current_actor(), "download")
    if found is None:
        abort(404)
    text = json.dumps(service.download(found), ensure_ascii=False, indent=2)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="finmart-profile-{found.version_public_id}.json"'
    return answer
