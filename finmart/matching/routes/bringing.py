"""What an applicant must bring to a product, and what the platform has of it already, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.materials import MaterialState, grounds_of, material_states
from finmart.matching.engine.seen import SeenClause
from finmart.matching.routes import wording
from finmart.platform.web import filters
from finmart.platform.web.language import current_language, localized
from finmart.reference.materials import known_materials


def _(text: str, **params: object) -> str:
    return str(gettext(text, **params))


@dataclass(frozen=True)
class ShownMaterial:
    """One paper that the source states; ``held`` are the shared data that say the same, empty where it is brought."""

    name: str
    held: str


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
        stated=[ShownMaterial(_name(state.name), _held(state.held, facts)) for state in states],
        shared=_labels(grounds.held),
        said=_labels(grounds.said),
        missing=_labels(grounds.missing),
    )


def _note(states: Sequence[MaterialState]) -> str:
    held = sum(bool(state.held) for state in states)
    bring = len(states) - held
    if not states:
        return _("来源没有写明")
    if not held:
        return _("您带 %(bring)s 项", bring=bring)
    if not bring:
        return _("平台已有 %(held)s 项", held=held)
    return _("您带 %(bring)s 项，平台已有 %(held)s 项", bring=bring, held=held)


def _name(name: str) -> str:
    known = known_materials().get(name)
    return name if known is None else localized(name, known.name_en)


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
