"""The blueprint on which every page of products hangs, and the words that go with every template."""

from flask import Blueprint

from finmart.platform.search.words import highlighted
from finmart.products import indexed, presentation, wording

blueprint = Blueprint("products", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    # Other domains' pages show products too, so the words go with every template.
    return {
        "product_highlights": highlighted,
        "product_indexed": indexed.all_said,
        "product_list": wording.listed,
        "product_materials": wording.materials,
        "product_places": wording.places_of,
        "product_snippet": presentation.snippet,
        "product_word": wording.word,
        "product_words": wording.words,
    }
