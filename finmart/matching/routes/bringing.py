"""What an applicant must bring to a product, and what the platform has of it already, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.materials import MaterialState, grounds_of, material_states
from finmart.matching.engine.seen import SeenClause
from finmart.matching.routes import wording
from finmart.platform.web import filters
from finmart.platform.web.language import current_language
from finmart.products.wording import material
from finmart.reference.materials import is_sometimes


def _(text: str, **params: object) -> str:
    return str(gettext(text, **params))


@dataclass(frozen=True)
class ShownMaterial:
    """One paper that the source states; ``held`` are the shared data that say the same, empty where it is brought.

    ``sometimes``: the source wants it only in the case that its name tells.
    """

    name: str
    held: str
    sometimes: bool


@dataclass(frozen=True)
class ShownMaterials:
    """The papers stated, and the facts behind the conditions: shared, on the applicant's word alone, and not known."""

    note: str
    stated: Sequence[ShownMaterial]
    shared: str
    said: str
    missing: str


def shown_materials(
    offer: ProductOffer | None, seen: Sequence[SeenClause], facts: ApplicantFacts
) -> ShownMaterials | None:
    """What to bring to ``offer``; None for one that was stored before materials were kept."""
    if offer is None or offer.materials is None:
        return None
    states, grounds = material_states(offer.materials, facts), grounds_of(seen)
    return ShownMaterials(
        note=_note(states),
        stated=[
            ShownMaterial(material(state.name), _held(state.held, facts), is_sometimes(state.name)) for state in states
        ],
        shared=_labels(grounds.held),
        said=_labels(grounds.said),
        missing=_labels(grounds.missing),
    )


def _note(states: Sequence[MaterialState]) -> str:
    held = [state for state in states if state.held]
    lacking = [state for state in states if not state.held]
    sometimes = sum(is_sometimes(state.name) for state in lacking)
    parts = []
    if bring := len(lacking) - sometimes:
        parts.append(_("您带 %(bring)s 项", bring=bring))
    if held:
        parts.append(_("平台已有 %(held)s 项", held=len(held)))
    if sometimes:
        parts.append(_("视情况 %(count)s 项", count=sometimes))
    return wording.separator().join(parts) or _("来源没有写明")


def _labels(keys: Iterable[str]) -> str:
    return wording.separator().join(wording.fact_label(key) for key in keys)


def _held(keys: Sequence[str], facts: ApplicantFacts) -> str:
    return wording.separator().join(_worded(key, facts) for key in keys)


def _worded(key: str, facts: ApplicantFacts) -> str:
    """A shared fact with its value and until when it was observed."""
    fact = facts.values[key]
    said = f"{wording.fact_label(key)} {wording.value_words(key, fact)}"
    if fact.observed_until is None:
        return said
    return _("%(fact)s（截至 %(day)s）", fact=said, day=filters.day(fact.observed_until, current_language()))
