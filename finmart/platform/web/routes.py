"""Pages of the house itself: the front page, what data is kept, the language switch, and htmx from its wheel."""

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from finmart.config import LANGUAGES, Settings
from finmart.platform.web import home as front
from finmart.platform.web.access import public
from finmart.platform.web.actor import current_actor
from finmart.platform.web.assets import htmx_source
from finmart.platform.web.language import choose, keep_for
from finmart.platform.web.menu import MenuItem
from finmart.reference.collected import collected

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """The front page: what this is, three doors, real counts."""
    return render_template("home/home.html", figures=front.figures())


@blueprint.get("/about/data")
@public
def about_data() -> str:
    """Which data is collected, why, who sees it, and how long it is kept."""
    return render_template("home/data.html", kinds=collected())


@blueprint.get("/about/promises")
@public
def about_promises() -> str:
    """What the platform promises, and how far each promise is kept today."""
    return render_template("home/promises.html")


def safe_address(address: str | None) -> str:
    """``address`` when it lies on this site, the front page otherwise."""
    found = address or "/"
    # Browsers read a backslash as a slash and drop control characters, so either could lead elsewhere.
    inside = found.startswith("/") and not found.startswith("//")
    return found if inside and "\\" not in found and all(character > " " for character in found) else "/"


@blueprint.get("/language/<language>")
@public
def language(language: str) -> BaseResponse:
    """Keep the choice of a language for this browser, and for letters to whoever is signed in; back to the page."""
    if language not in LANGUAGES:
        abort(404)
    choose(language)
    keep_for(current_actor(), language)
    return redirect(safe_address(request.args.get("next")))


@blueprint.get("/assets/htmx.min.js")
@public
def htmx() -> Response:
    """htmx from its wheel."""
    return Response(htmx_source(), mimetype="text/javascript")


@blueprint.get("/design")
@public
def design() -> str:
    """All components on one page; only where somebody develops or tests."""
    settings: Settings = current_app.config["FINMART"]
    if settings.is_production:
        abort(404)
    return render_template("home/design.html")


blueprints = (blueprint,)

MENU = (MenuItem("public", "web.home", _l("首页"), "house", 0),)
