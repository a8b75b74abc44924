"""The applicant's own profile: what shared data says about it, where each datum comes from, and who has read it."""

import json

from flask import Response, abort, render_template

from finmart.credit.datasets.registry import DATASETS
from finmart.credit.pipeline import copies
from finmart.credit.routes import wording
from finmart.credit.routes.blueprint import blueprint
from finmart.credit.routes.sheet import sheet_of
from finmart.credit.service import declaring, reading
from finmart.credit.types.errors import ProfileMissing
from finmart.credit.types.values import Profile
from finmart.platform.accounts.service.claims import own_claim
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor

Answer = str | tuple[str, int] | Response


def _own(actor: Actor, purpose: str) -> Profile | None:
    """The actor's own profile, the read noted first; None before verification or before anything is published."""
    subject_id = reading.profile_subject(actor)
    if subject_id is None:
        return None
    try:
        return reading.read_profile(actor, subject_id, purpose=purpose)
    except ProfileMissing:
        return None


@blueprint.get("/profile")
@requires(Permission.OWN_PROFILE_READ)
def profile() -> Answer:
    """The whole profile, or what is needed before there is one."""
    actor = current_actor()
    found = _own(actor, "view")
    if found is None:
        return _before_there_is_one(actor)
    return render_template("credit/profile.html", profile=found, sheet=sheet_of(found), words=wording)


def _before_there_is_one(actor: Actor) -> str:
    claim = own_claim(actor)
    return render_template(
        "credit/no_profile.html",
        claim=claim.value if claim else "",
        datasets=tuple(DATASETS.values()),
        declared=declaring.own_declarations(actor.organisation_id or 0),
        words=wording,
    )


@blueprint.get("/profile/download")
@requires(Permission.OWN_PROFILE_READ)
def download() -> Answer:
    """The profile as a JSON file: a copy of one's own data (个人信息保护法 45)."""
    found = _own(current_actor(), "download")
    if found is None:
        abort(404)
    text = json.dumps(copies.download(found), ensure_ascii=False, indent=2)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="finmart-profile-{found.version_public_id}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
