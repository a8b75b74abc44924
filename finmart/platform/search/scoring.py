"""How well a document answers a question: one rule for both engines, over the few that an engine puts first.

An engine finds widely and orders roughly, each in its own way. Whoever looks at a page sees the order made here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from finmart.platform.search.normal import WORD, is_chinese, normal
from finmart.platform.search.sounds import sounds_of
from finmart.platform.search.types import NOT_STATED, Document, Field, IndexSpec, Need
from finmart.platform.search.words import Parsed, Term

#: So many of an engine's first answers are ordered exactly: more pages than anybody turns.
WINDOW = 60
#: What a word in further fields adds to its best place.
OTHERS = 0.1
#: A synonym is nearly the word itself; what a word leads to answers it less well.
GROUP_SHARE = 0.85
LEAD_SHARE = 0.5
#: The further back among the words that it leads to.
LATER_LEAD = 0.85
#: Latin letters: the beginning of a word, the whole sound of a name's end, the beginning of one.
BEGINNING = 0.7
SOUND = 0.9
#: What the smallest part of a proper name still counts.
PART_OF_NAME = 0.4
#: A weak word decides between answers that are otherwise alike.
WEAK_SHARE = 0.15
#: Who types the whole of a name wants that one: what covering it adds, in weights of the name's field.
COVERING = 0.5

#: field → its words, its synonym groups, its sounds; each with a space at either end of every word.
Profile = Mapping[str, Sequence[str]]
#: The same in one row, in the order of the spec's fields.
Row = tuple[str, ...]


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def profile_of(document: Document, spec: IndexSpec) -> dict[str, list[str]]:
    """What an index keeps of ``document`` so that it can be scored."""
    kept = {}
    for field in spec.fields:
        text = normal(document.texts.get(field.name, ""))
        sounds = sounds_of(text) if field.short and spec.sounding else []
        kept[field.name] = [_spaced(WORD.findall(text)), _spaced(spec.synonyms.tokens(text)), _spaced(sounds)]
    return kept


@dataclass(frozen=True)
class _Column:
    """One field of all documents that are scored."""

    field: Field
    words: Sequence[str]
    groups: Sequence[str]
    sounds: Sequence[str]


def _standing(term: Term, column: _Column) -> list[float]:
    """How plainly ``term`` stands in one field of each document: 1 for the word itself, 0 for not at all."""
    found = _literal(term.text, column)
    if column.field.proper:
        found = [value and value * _share(term.text, words) for value, words in zip(found, column.words, strict=True)]
    if term.group:
        group = f" {term.group} "
        found = [
            GROUP_SHARE if value < GROUP_SHARE and group in groups else value
            for value, groups in zip(found, column.groups, strict=True)
        ]
    for place, lead in enumerate(term.leads):
        share = LEAD_SHARE * LATER_LEAD**place
        found = [
            share if value < share and lead in words else value
            for value, words in zip(found, column.words, strict=True)
        ]
    return found


def _share(text: str, words: str) -> float:
    """How much ``text`` says of the name in which it is most of it."""
    holding = [len(word) for word in words.split() if text in word]
    return PART_OF_NAME + (1 - PART_OF_NAME) * len(text) / min(holding) if holding else 1.0


def _literal(text: str, column: _Column) -> list[float]:
    if is_chinese(text):
        if len(text) == 1 and not column.field.short:
            return [0.0] * len(column.words)
        return [1.0 if text in words else 0.0 for words in column.words]
    whole, begun = f" {text} ", f" {text}"
    if len(text) < 2 or text.isdigit():
        return [1.0 if whole in words else 0.0 for words in column.words]
    return [_latin(whole, begun, words, sounds) for words, sounds in zip(column.words, column.sounds, strict=True)]


def _latin(whole: str, begun: str, words: str, sounds: str) -> float:
    if whole in words:
        return 1.0
    if whole in sounds:
        return SOUND
    return BEGINNING if begun in words or begun in sounds else 0.0


def row_of(profile: Profile, spec: IndexSpec) -> Row:
    """``profile`` as it is scored."""
    return tuple(part for field in spec.fields for part in profile[field.name])


def scores(rows: Sequence[Row], parsed: Parsed, spec: IndexSpec) -> list[float]:
    """The relevance of each document to the terms, the same wherever it was found and whatever else was."""
    if not rows:
        return []
    parts = list(zip(*rows, strict=True))
    columns = [_Column(field, *parts[3 * place : 3 * place + 3]) for place, field in enumerate(spec.fields)]
    total = np.zeros(len(rows))
    for term in parsed.terms:
        places = np.array([_standing(term, column) for column in columns])
        places *= np.array([[field.weight] for field in spec.fields])
        best = places.max(axis=0)
        points = best + OTHERS * (places.sum(axis=0) - best)
        total += points * (WEAK_SHARE if term.weak or term.soft else 1.0)
    values: list[float] = (total + _covered(columns[0], parsed)).tolist()
    return values


def _covered(name: _Column, parsed: Parsed) -> list[float]:
    """What the terms make up of each Chinese name, in weights of its field."""
    most = name.field.weight * COVERING
    sizes = [0] * len(name.words)
    for text in (term.text for term in parsed.terms if len(term.text) > 1):
        sizes = [size + len(text) if text in words else size for size, words in zip(sizes, name.words, strict=True)]
    return [
        most * min(1.0, size / _chinese_size(words)) if size else 0.0
        for size, words in zip(sizes, name.words, strict=True)
    ]


@lru_cache(maxsize=65536)
def _chinese_size(words: str) -> int:
    return sum(1 for character in words if is_chinese(character)) or len(words)


def met(need: Need, numbers: Mapping[str, int | None], facets: Mapping[str, Sequence[str]]) -> bool | None:
    """Whether a document meets ``need``; None when it does not say. Plain and slow: engines are held to it."""
    if need.facet:
        codes = facets.get(need.facet, ())
        return True if need.code in codes else None if NOT_STATED in codes or not codes else False
    begins = numbers.get(need.begins)
    if begins is not None and begins > need.value:
        return False
    stated = numbers.get(need.reaches or need.within)
    if stated is None:
        return None
    return stated >= need.value if need.reaches else stated <= need.value
