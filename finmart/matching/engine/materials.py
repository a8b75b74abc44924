"""Which papers a product states that it wants, and what is known already of what they would prove."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from finmart.conditions.types import FactValue
from finmart.matching.engine.inputs import DEMAND, ApplicantFacts, OfferMaterial
from finmart.matching.engine.seen import SeenClause

#: Facts that somebody other than the applicant has said; only these stand for a paper.
SHARED_ORIGINS = frozenset({"computed", "imported"})


@dataclass(frozen=True)
class MaterialState:
    """One paper; ``held`` are the keys of shared facts that say what it would prove: without any it must be brought."""

    name: str
    held: tuple[str, ...]


@dataclass(frozen=True)
class Grounds:
    """The facts that conditions looked at, in order of first mention: shared, the applicant's own word, and missing."""

    held: tuple[str, ...]
    said: tuple[str, ...]
    missing: tuple[str, ...]


def key_of(fact: str) -> str:
    """The key of a fact that may name the code it must hold (``listed_in=caiyuan_letter``)."""
    return fact.partition("=")[0]


def _says(fact: str, known: FactValue | None) -> bool:
    """Whether a shared fact says what the paper would prove: yes, more than nothing, or the code that is named."""
    if known is None or known.origin not in SHARED_ORIGINS:
        return False
    code = fact.partition("=")[2]
    if code:
        return known.value == code or (isinstance(known.value, tuple | frozenset) and code in known.value)
    return bool(known.value)


def material_states(materials: Iterable[OfferMaterial], facts: ApplicantFacts) -> tuple[MaterialState, ...]:
    """Each paper with the shared facts that stand for it, in the product's order."""
    return tuple(
        MaterialState(
            material.name,
            tuple(key_of(fact) for fact in material.facts if _says(fact, facts.values.get(key_of(fact)))),
        )
        for material in materials
    )


def grounds_of(seen: Sequence[SeenClause]) -> Grounds:
    """What required conditions looked at, facts about the need itself left out.

    Missing is only what keeps a condition from an answer: of two ways, one that is met needs nothing of the other.
    """
    required = [one for one in seen if one.clause.required]
    leaves = [leaf for one in required for leaf in one.leaves]
    unanswered = [leaf for one in required if one.state == "u" for leaf in one.leaves]
    known = {key: fact for leaf in leaves for key, fact in leaf.seen.items() if not key.startswith(DEMAND)}
    missing = dict.fromkeys(key for leaf in unanswered for key in leaf.missing if not key.startswith(DEMAND))
    return Grounds(
        held=tuple(key for key, fact in known.items() if fact.origin in SHARED_ORIGINS),
        said=tuple(key for key, fact in known.items() if fact.origin not in SHARED_ORIGINS),
        missing=tuple(missing),
    )
