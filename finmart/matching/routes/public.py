"""The public page of the ranking rule."""

from flask import render_template
from werkzeug.wrappers import Response

from finmart.matching.routes.blueprint import blueprint
from finmart.matching.rulesets import service as rulesets
from finmart.platform.web.access import public

Answer = str | Response | tuple[str, int]


@blueprint.get("/ranking")
@public
def ranking() -> Answer:
    """The rule that ranks, whole and in words, and every version before it."""
    return render_template("matches/ranking.html", ruleset=rulesets.active(), versions=rulesets.versions())
