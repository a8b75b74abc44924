"""Words of one meaning, as data: groups that stand for each other, words that lead to others, words that say little."""

import csv
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from finmart.platform.search.normal import is_chinese, normal

#: What a group is called in an index: no word that anybody types.
GROUP = "synonym0"


@dataclass(frozen=True)
class Synonyms:
    """``groups``: words that mean the same. ``leads``: from a word to others, never back. ``weak``: they rank, but a
    product need not have them. ``empty``: words that are dropped from a question that has others.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    leads: tuple[tuple[str, tuple[str, ...]], ...] = ()
    weak: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()

    @cached_property
    def group_of(self) -> dict[str, str]:
        """word → the token of its group."""
        return {word: f"{GROUP}{number}" for number, words in enumerate(self.groups) for word in words}

    @cached_property
    def words_of(self) -> dict[str, tuple[str, ...]]:
        """The token of a group → its words."""
        return {f"{GROUP}{number}": words for number, words in enumerate(self.groups)}

    @cached_property
    def led_to(self) -> dict[str, tuple[str, ...]]:
        """word → what it leads to."""
        return dict(self.leads)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that must be kept whole."""
        led = (word for lead, others in self.leads for word in (lead, *others))
        return frozenset((*self.group_of, *led, *self.weak, *self.empty))

    def tokens(self, text: str) -> list[str]:
        """The groups of which a word stands in the normal ``text``."""
        return [
            f"{GROUP}{number}" for number, words in enumerate(self.groups) if any(_stands(word, text) for word in words)
        ]

    def fingerprint(self) -> str:
        """What changes when the words do: an index made with others must be written again."""
        described = repr((self.groups, self.leads))
        return hashlib.sha256(described.encode()).hexdigest()[:16]


def _stands(word: str, text: str) -> bool:
    if is_chinese(word):
        return word in text
    return f" {word} " in f" {text} "


def read_synonyms(path: Path) -> Synonyms:
    """Read ``kind,words,means``; ``;`` parts words.

    The kind is ``group``, ``leads`` (from words to means), ``weak`` or ``empty``.
    """
    groups: list[tuple[str, ...]] = []
    leads: dict[str, tuple[str, ...]] = {}
    loose: dict[str, set[str]] = {"weak": set(), "empty": set()}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = tuple(normal(word.strip()) for word in row["words"].split(";"))
            if row["kind"] == "group":
                groups.append(words)
            elif row["kind"] == "leads":
                means = tuple(normal(word.strip()) for word in row["means"].split(";"))
                leads |= dict.fromkeys(words, means)
            else:
                loose[row["kind"]].update(words)
    return Synonyms(tuple(groups), tuple(leads.items()), frozenset(loose["weak"]), frozenset(loose["empty"]))
