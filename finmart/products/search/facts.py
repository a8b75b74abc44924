"""Finding a fact of the dictionary by what somebody types: its words, its definition, its sound or its initials."""

from functools import cache

from finmart.platform.search.normal import normal
from finmart.platform.search.sounds import sounds_of
from finmart.reference.facts import FactDefinition, facts

MOST = 12


@cache
def _sounds() -> dict[str, tuple[str, ...]]:
    return {key: tuple(sounds_of(known.label_zh)) for key, known in facts().items()}


def _rank(known: FactDefinition, query: str, sounds: tuple[str, ...]) -> int | None:
    """How well a fact fits, the smaller the better; None when it does not."""
    label = normal(known.label_zh)
    if label.startswith(query):
        return 0
    if query in label or query in known.label_en.lower():
        return 1
    if any(sound.startswith(query) for sound in sounds):
        return 2
    if query in known.key or any(query in normal(choice.label_zh) for choice in known.choices):
        return 3
    return 4 if query in normal(known.definition_zh) else None


def found_facts(text: str, kinds: frozenset[str] | None = None) -> list[FactDefinition]:
    """At most ``MOST`` facts, the best first, those of one rank with the shorter label first; none for blank text.

    ``kinds`` are the kinds of facts that can stand where one is looked for; None for every kind that can be checked.
    """
    query = normal(text).strip().replace(" ", "")
    if not query:
        return []
    ranked = [
        (rank, len(known.label_zh), known.key, known)
        for key, known in facts().items()
        if (known.kind != "text" if kinds is None else known.kind in kinds)
        and (rank := _rank(known, query, _sounds()[key])) is not None
    ]
    return [known for _rank_of, _length, _key, known in sorted(ranked, key=lambda each: each[:3])[:MOST]]
