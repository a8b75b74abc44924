"""An institution's side of consents: whose profiles it may see, and one of them as far as its consent goes."""

from flask import render_template, request

from finmart.credit.datasets.registry import DATASETS
from finmart.credit.routes import wording
from finmart.credit.routes.blueprint import blueprint
from finmart.credit.routes.sheet import sheet_of
from finmart.credit.service import consenting, granted
from finmart.credit.types.errors import ConsentEnded
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.pages import page_number


@blueprint.get("/institution/profiles")
@requires(Permission.GRANTED_PROFILES_READ)
def granted_profiles() -> str:
    """Consents given to the institution, ended ones too, the newest first; no datum of anybody stands here."""
    actor = current_actor()
    return render_template(
        "credit/granted_profiles.html",
        page=consenting.given_consents(actor, number=page_number(request.args.get("page"))),
        ready=consenting.may_read_now(actor),
        words=wording,
    )


@blueprint.get("/institution/profiles/<public_id>")
@requires(Permission.GRANTED_PROFILES_READ)
def granted_profile(public_id: str) -> str | tuple[str, int]:
    """A profile as far as a consent opens it; that it is read has been noted and is told to its subject."""
    try:
        found = granted.granted_profile(current_actor(), public_id)
    except ConsentEnded as ended:
        return render_template("credit/ended_profile.html", sentence=say(ended.message)), status_of(ended)
    closed = [name for name in DATASETS if name not in found.consent.scopes]
    return render_template(
        "credit/granted_profile.html",
        profile=found.profile,
        consent=found.consent,
        sheet=sheet_of(found.profile, found.consent.scopes),
        closed=closed,
        words=wording,
    )
