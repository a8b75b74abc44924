"""The words an index knows, with their sounds: what a misspelt word probably meant."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from finmart.platform.search.normal import WORD, is_chinese, normal
from finmart.platform.search.sounds import sound

#: Shorter windows sound like too many other words to be replaced unless nothing was found as typed.
SURE_LENGTH = 3
#: No name that people mistype is longer.
MAX_WINDOW = 12
#: One slip in a word of so many letters or characters, two in a long one.
ONE_SLIP = {True: 3, False: 5}
TWO_SLIPS = 9


def known_words(words: Iterable[str]) -> dict[str, str]:
    """Each normal word of two characters or more with its sound, in order of the words."""
    whole = {part for word in words for part in WORD.findall(normal(word)) if len(part) > 1}
    return {word: sound(word) for word in sorted(whole)}


class Lexicon:
    """Known words: ``sounds`` gives each word's sound; unless ``sounding`` nothing is taken for what sounds like it."""

    def __init__(self, sounds: Mapping[str, str], *, sounding: bool = True) -> None:
        self._sounds = sounds
        self._sounding = sounding

    def __contains__(self, word: str) -> bool:
        return word in self._sounds

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word, sounding in self._sounds.items() if self._sounding else ():
            if is_chinese(word):
                found.setdefault(sounding, []).append(word)
        return found

    @cached_property
    def _by_ends(self) -> dict[str, list[str]]:
        """Words and sounds by how they begin and how they end, to compare only what can be alike."""
        found: dict[str, list[str]] = {}
        for word in (*self._sounds, *self._by_sound):
            for end in set(_ends(word)):
                found.setdefault(end, []).append(word)
        return found

    def sounding(self, typed: str) -> list[str]:
        """The known words that sound exactly like ``typed``."""
        return self._by_sound.get(typed, [])

    def correct(self, run: str, *, boldly: bool) -> tuple[str, str] | None:
        """What in ``run`` (letters without a gap) was probably misspelt, and what was meant; None when nothing was.

        Longer parts first, and a part that sounds like a known word before one that differs by a slip of the hand.
        Without ``boldly`` only parts of three characters or more that sound exactly like a known word.
        """
        found = self._homophone(run, 2 if boldly else SURE_LENGTH) if is_chinese(run) else None
        return found or (self._slip(run) if boldly and run else None)

    def _homophone(self, run: str, least: int) -> tuple[str, str] | None:
        for part in _windows(run, least):
            if part in self._sounds:
                before, _known, after = run.partition(part)
                return self._homophone(before, SURE_LENGTH) or self._homophone(after, SURE_LENGTH)
            meant = self._by_sound.get(sound(part))
            if meant:
                return part, meant[0]
        return None

    def _slip(self, run: str) -> tuple[str, str] | None:
        if run in self._sounds or run in self._by_sound:
            return None
        chinese = is_chinese(run)
        allowed = 0 if len(run) < ONE_SLIP[chinese] else 1 if len(run) < TWO_SLIPS else 2
        near = {
            word for end in _ends(run) for word in self._by_ends.get(end, ()) if abs(len(word) - len(run)) <= allowed
        }
        best = min(((slips(run, word, allowed), word) for word in near), default=(allowed + 1, ""))
        return (run, best[1]) if best[0] <= allowed else None


def _ends(word: str) -> tuple[str, str]:
    width = 1 if is_chinese(word) else 2
    return f"{word[:width]}…", f"…{word[-width:]}"


def _windows(run: str, least: int) -> Iterator[str]:
    """The parts of ``run``, longest first, then from the left."""
    for length in range(min(len(run), MAX_WINDOW), least - 1, -1):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


def slips(first: str, second: str, most: int) -> int:
    """How many letters were left out, added, replaced or swapped with a neighbour; ``most + 1`` for any more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
