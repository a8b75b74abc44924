"""Announcements as everybody reads them: the list of today's, and one of them."""

from flask import Blueprint, render_template, url_for

from finmart.platform.announcements.service import read_shown, shown_to
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.access import public
from finmart.platform.web.actor import current_actor
from finmart.platform.web.menu import MenuItem
from finmart.platform.web.navigation import Headline, use_headlines

blueprint = Blueprint("announcements", __name__, url_prefix="/announcements")


@blueprint.get("")
@public
def shown() -> str:
    """What is announced today to this reader."""
    return render_template("announcements/list.html", announcements=shown_to(current_actor()))


@blueprint.get("/<public_id>")
@public
def announcement(public_id: str) -> str:
    """One announcement in full."""
    return render_template("announcements/announcement.html", announcement=read_shown(current_actor(), public_id))


def _headlines(actor: Actor) -> list[Headline]:
    return [
        Headline(one.title_zh, one.title_en, url_for("announcements.announcement", public_id=one.public_id))
        for one in shown_to(actor)
    ]


blueprints = (blueprint,)

MENU: tuple[MenuItem, ...] = ()

use_headlines(_headlines)
