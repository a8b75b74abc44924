"""How well a document answers a question: one rule for both engines, over the few that an engine puts first.

An engine finds widely and orders roughly, each in its own way. Whoever looks at a page sees the order made here.
"""

from collections.abc import Mapping, Sequence

from finmart.platform.search.normal import WORD, is_chinese, normal
from finmart.platform.search.sounds import sounds_of
from finmart.platform.search.types import NOT_STATED, Document, Field, IndexSpec, Need
from finmart.platform.search.words import Parsed, Term

#: So many of an engine's first answers are ordered exactly: more pages than anybody turns.
WINDOW = 200
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


def _standing(term: Term, kept: Sequence[str], field: Field) -> float:
    """How plainly ``term`` stands in one field: 1 for the word itself, 0 for not at all."""
    words, groups, sounds = kept
    found = _literal(term, words, sounds, short=field.short)
    if found and field.proper:
        found *= _share(term.text, words)
    if found < GROUP_SHARE and term.group and f" {term.group} " in groups:
        found = GROUP_SHARE
    led = (place for place, lead in enumerate(term.leads) if lead in words)
    if found < LEAD_SHARE and (place := next(led, None)) is not None:
        found = max(found, LEAD_SHARE * LATER_LEAD**place)
    return found


def _share(text: str, words: str) -> float:
    """How much ``text`` says of the name in which it is most of it."""
    holding = [len(word) for word in words.split() if text in word]
    return PART_OF_NAME + (1 - PART_OF_NAME) * len(text) / min(holding) if holding else 1.0


def _literal(term: Term, words: str, sounds: str, *, short: bool) -> float:
    text = term.text
    if is_chinese(text):
        return 1.0 if text in words and (short or len(text) > 1) else 0.0
    if f" {text} " in words:
        return 1.0
    if len(text) < 2 or text.isdigit():
        return 0.0
    if f" {text} " in sounds:
        return SOUND
    return BEGINNING if f" {text}" in words or f" {text}" in sounds else 0.0


def score(profile: Profile, parsed: Parsed, spec: IndexSpec) -> float:
    """The relevance of a document to the terms, the same wherever it was found."""
    total = 0.0
    for term in parsed.terms:
        places = [field.weight * _standing(term, profile[field.name], field) for field in spec.fields]
        best = max(places)
        total += (best + OTHERS * (sum(places) - best)) * (WEAK_SHARE if term.weak or term.soft else 1.0)
    return total + _covered(profile, parsed, spec)


def _covered(profile: Profile, parsed: Parsed, spec: IndexSpec) -> float:
    """What the terms make up of the Chinese name, in weights of its field."""
    name = spec.fields[0]
    words = profile[name.name][0]
    size = sum(1 for character in words if is_chinese(character))
    covered = sum(len(term.text) for term in parsed.terms if len(term.text) > 1 and term.text in words)
    return name.weight * COVERING * min(1.0, covered / size) if size else 0.0


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
