"""How to reach whoever runs the platform: what the operator has entered, and what nobody has yet."""

from flask import Blueprint, render_template

from finmart.platform.dictionaries.service import words
from finmart.platform.dictionaries.types import ENTRIES, Group
from finmart.platform.kernel.clock import today
from finmart.platform.web.access import public
from finmart.platform.web.menu import MenuItem

blueprint = Blueprint("dictionaries", __name__)


@blueprint.get("/contact")
@public
def contact() -> str:
    """The published telephone numbers; one that is missing is said to be missing."""
    lines = [(entry.label, words(key, today())) for key, entry in ENTRIES.items() if entry.group is Group.CONTACTS]
    return render_template("home/contact.html", lines=lines)


blueprints = (blueprint,)

MENU: tuple[MenuItem, ...] = ()
