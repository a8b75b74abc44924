"""Chinese text as words: cut by rjieba, with the trade's own words added first, the same way for both sides."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import rjieba

from finmart.platform.search.types import MAX_QUERY, MAX_TERMS

#: Frequent enough that the dictionary never cuts such a word into pieces.
USER_WORD_FREQUENCY = 1_000_000
#: Words that say nothing about what is looked for; a query of nothing else keeps them.
EMPTY_WORDS = frozenset(
    (
        *(
            "的",
            "了",
            "吗",
            "呢",
            "和",
            "与",
            "或",
            "及",
            "我",
            "要",
            "想",
            "我要",
            "我想",
            "有",
            "哪些",
            "怎么",
            "什么",
        ),
        *("可以", "如何", "一个", "and", "or", "of", "the", "for", "a", "an", "in", "to", "with"),
    )
)

_PIECE = re.compile(r"[0-9a-z]+|[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[0-9a-z\u3400-\u9fff\uf900-\ufaff]+")


def normal(text: str) -> str:
    """Full-width forms to half-width, upper case to lower."""
    return unicodedata.normalize("NFKC", text).lower()


def pieces(text: str) -> list[str]:
    """Every Chinese character by itself, Latin words and numbers whole; a phrase of them finds any part of a text."""
    return _PIECE.findall(normal(text))


#: People say 信用贷 for any loan of the kind 信用贷款: this last character is no part of the name's own word.
LOAN = "贷"


@dataclass(frozen=True)
class Parsed:
    """A query as terms; ``shortened`` when it was cut to what a search can mean.

    ``stems``: of a term that ends with ``LOAN``, the word before it; who has that word and is a loan is found too.
    """

    terms: tuple[str, ...]
    shortened: bool
    stems: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[str, ...]:
        """Every word that may stand in what was found, for highlighting."""
        return tuple(dict.fromkeys((*self.terms, *self.stems.values())))


class Segmenter:
    """Cuts texts and queries into words; ``words`` are the names and terms of the trade."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._jieba = rjieba.Jieba()
        self._known: set[str] = set()
        self.add(words)

    def add(self, words: Iterable[str]) -> None:
        """Teach further words; one that is known already costs nothing."""
        for word in words:
            for whole in _WORD.findall(normal(word)):
                if len(whole) > 1 and whole not in self._known:
                    self._known.add(whole)
                    self._jieba.add_word(whole, USER_WORD_FREQUENCY, "n")

    def of_text(self, text: str) -> list[str]:
        """The words of a text, long ones also in their parts."""
        return [word for token in self._jieba.cut_for_search(normal(text)) for word in _WORD.findall(token)]

    def of_query(self, text: str) -> Parsed:
        """The terms of a query, in order, without repeats and empty words."""
        cut = normal(text[:MAX_QUERY])
        found = [word for token in self._jieba.cut(cut) for word in _WORD.findall(token)]
        telling = [word for word in found if word not in EMPTY_WORDS] or found
        terms = tuple(dict.fromkeys(telling))
        kept = terms[:MAX_TERMS]
        stems = {term: stem for term in kept if (stem := self._stem(term))}
        return Parsed(kept, len(text) > MAX_QUERY or len(terms) > MAX_TERMS, stems)

    def _stem(self, term: str) -> str:
        """The word before ``LOAN`` when it is one word of two characters or more; else nothing."""
        stem = term.removesuffix(LOAN)
        if stem == term or len(stem) < 2 or stem.isascii():
            return ""
        # Without guessing at unknown words: what the dictionary does not hold is a name, not a kind.
        return stem if self._jieba.cut(stem, False) == [stem] else ""


def highlighted(text: str, terms: Iterable[str]) -> list[tuple[str, bool]]:
    """``text`` in pieces, each with whether it is one of ``terms`` (case and width do not matter)."""
    wanted = sorted({re.escape(term) for term in terms if term}, key=len, reverse=True)
    shown = normal(text)
    if not wanted or len(shown) != len(text):
        return [(text, False)]
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in re.finditer("|".join(wanted), shown):
        if match.start() > end:
            parts.append((text[end : match.start()], False))
        parts.append((text[match.start() : match.end()], True))
        end = match.end()
    if end < len(text) or not parts:
        parts.append((text[end:], False))
    return parts
