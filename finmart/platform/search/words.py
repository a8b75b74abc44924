"""What somebody typed, as terms: cut by rjieba with the trade's own words added, the same way for both engines."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import rjieba

from finmart.platform.search.lexicon import Lexicon
from finmart.platform.search.normal import WORD, is_chinese, normal, pairs
from finmart.platform.search.synonyms import Synonyms
from finmart.platform.search.types import MAX_QUERY, MAX_TERMS

#: Frequent enough that the dictionary never cuts such a word into pieces.
USER_WORD_FREQUENCY = 1_000_000
#: People say 信用贷 for any loan of the kind 信用贷款: this last character is no part of the name's own word.
LOAN = "贷"


@dataclass(frozen=True)
class Term:
    """One thing that is looked for.

    ``group``: the token of its synonyms. ``leads``: other words that answer it less well. ``weak``: it ranks, but
    need not be there unless nothing else was asked for. ``soft``: it never need be there.
    """

    text: str
    group: str = ""
    leads: tuple[str, ...] = ()
    weak: bool = False
    soft: bool = False

    @property
    def chinese(self) -> bool:
        """Whether it is searched as a part of a text; a Latin word is searched by its beginning and as a sound."""
        return is_chinese(self.text)

    @property
    def pairs(self) -> list[str]:
        """The pairs of pieces that stand for it; a single Chinese character stands for itself."""
        return pairs(self.text)


@dataclass(frozen=True)
class Parsed:
    """A question as terms; ``shortened`` when it was cut to what a search can mean.

    ``corrected`` says what was taken for what; ``shown`` are the words that may stand in what was found.
    """

    terms: tuple[Term, ...]
    shortened: bool = False
    corrected: tuple[tuple[str, str], ...] = ()
    shown: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[Term, ...]:
        """The terms that every answer has; the weak ones when there are no others."""
        asked = tuple(term for term in self.terms if not term.soft)
        return tuple(term for term in asked if not term.weak) or asked


class Segmenter:
    """Cuts texts and questions; ``sounds`` are the known words with their sounds (heard only if ``sounding``)."""

    def __init__(self, sounds: Mapping[str, str], synonyms: Synonyms, *, sounding: bool = True) -> None:
        self.lexicon = Lexicon(sounds, sounding=sounding)
        self.synonyms = synonyms
        self._loose = synonyms.weak | synonyms.empty
        self._jieba = rjieba.Jieba()
        for word in sorted({*sounds, *synonyms.words}):
            if len(word) > 1 and is_chinese(word):
                self._jieba.add_word(word, USER_WORD_FREQUENCY, "n")

    def of_text(self, text: str) -> list[str]:
        """The words of a text, long ones also in their parts."""
        return [word for token in self._jieba.cut_for_search(normal(text)) for word in WORD.findall(token)]

    def of_query(self, text: str, soft: str = "", *, boldly: bool = False) -> Parsed:
        """The terms of a question; ``soft`` are words that only rank. ``boldly``: nothing was found as it was typed."""
        runs = _joined(WORD.findall(normal(text[:MAX_QUERY])))
        corrected: list[tuple[str, str]] = []
        for place, run in enumerate(runs):
            found = self.lexicon.correct(run, boldly=boldly)
            if found is not None:
                corrected.append(found)
                runs[place] = run.replace(*found)
        words = self._telling(self._cut(" ".join(runs)))
        terms = self._terms(words)
        softly = [replace(term, soft=True) for term in self._terms(self._cut(normal(soft))) if term not in terms]
        kept = (*terms[:MAX_TERMS], *softly)
        return Parsed(kept, len(text) > MAX_QUERY or len(terms) > MAX_TERMS, tuple(corrected), self._shown(kept))

    def of_alike(self, text: str, soft: str = "") -> Parsed:
        """The terms of a question and the known words inside them: what is like what was asked for has some of them."""
        asked = self.of_query(text, soft, boldly=True)
        inside = (part for term in asked.terms for part in self._inside(term.text))
        more = [term for term in self._terms(inside) if term not in asked.terms]
        return Parsed((*asked.terms, *more)[:MAX_TERMS], shown=asked.shown)

    def _inside(self, word: str) -> list[str]:
        """The known words of two characters or more within a longer one."""
        if not is_chinese(word):
            return []
        parts = (word[start:end] for start in range(len(word)) for end in range(start + 2, len(word) + 1))
        return [part for part in parts if part != word and part in self.lexicon]

    def _cut(self, text: str) -> list[str]:
        """The words of each run; characters that the dictionary makes no words of are one together."""
        found: list[str] = []
        for run in WORD.findall(text):
            single = False
            for word in self._jieba.cut(run):
                alone = len(word) == 1 and is_chinese(word) and word not in self._loose
                if alone and single:
                    found[-1] += word
                else:
                    found.append(word)
                single = alone
        return found

    def _telling(self, words: list[str]) -> list[str]:
        return [word for word in words if word not in self.synonyms.empty] or words

    def _terms(self, words: Iterable[str]) -> list[Term]:
        """One term a word; of words that mean the same only the first."""
        found: dict[str, Term] = {}
        for word in words:
            group = self.synonyms.group_of.get(word, "")
            leads = (*self.synonyms.led_to.get(word, ()), *self._stem(word))
            term = Term(word, group, leads, weak=word in self.synonyms.weak)
            found.setdefault(group or word, term)
        return list(found.values())

    def _stem(self, word: str) -> tuple[str, ...]:
        """The word before ``LOAN`` when it is one word of two characters or more; else nothing."""
        stem = word.removesuffix(LOAN)
        if stem == word or len(stem) < 2 or not is_chinese(stem):
            return ()
        # Without guessing at unknown words: what the dictionary does not hold is a name, not a kind.
        return (stem,) if self._jieba.cut(stem, False) == [stem] else ()

    def _shown(self, terms: Iterable[Term]) -> tuple[str, ...]:
        shown: dict[str, None] = {}
        for term in terms:
            others = self.synonyms.words_of.get(term.group, ())
            shown |= dict.fromkeys((term.text, *others, *term.leads, *self.lexicon.sounding(term.text)))
        return tuple(shown)


def _joined(runs: list[str]) -> list[str]:
    """Runs with the syllables of one sound together: ``zhuan dai`` is ``zhuandai``, while ``tax loan`` stays two."""
    found: list[str] = []
    for run in runs:
        if found and _SYLLABLE.fullmatch(run) and _SYLLABLES.fullmatch(found[-1]):
            found[-1] += run
        else:
            found.append(run)
    return found


_INITIAL = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINAL = "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ui|un|uo|ue|ve|a|e|i|o|u|v"
_SYLLABLE = re.compile(f"(?:{_INITIAL})(?:{_FINAL})")
_SYLLABLES = re.compile(f"(?:(?:{_INITIAL})(?:{_FINAL}))+")


def highlighted(text: str, terms: Iterable[str]) -> list[tuple[str, bool]]:
    """``text`` in pieces, each with whether it is one of ``terms`` (case, width and script do not matter)."""
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
