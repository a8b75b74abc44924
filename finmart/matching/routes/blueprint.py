"""The one blueprint of matching's pages; every page module hangs its routes on it."""

from flask import Blueprint

from finmart.matching.routes import wording
from finmart.matching.routes.leads import offers
from finmart.matching.routes.leads import wording as leads

blueprint = Blueprint("matching", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """Wording for templates, under names of its own: included parts and fragments need it too."""
    return {"lead_words": leads, "match_words": wording, "offer_words": offers}
