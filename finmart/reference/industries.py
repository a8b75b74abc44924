"""Industries by GB/T 4754-2017: section letter, two-digit division, three-digit group, four-digit class.

A class is kept as its four digits without the letter; the section is told apart from it.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from finmart.reference.refusals import N_, Refusal
from finmart.reference.tables import rows


@dataclass(frozen=True)
class Industry:
    """One node: ``code`` is a letter (section) or two to four digits, ``level`` 1 to 4."""

    code: str
    section: str
    level: int
    label_zh: str
    label_en: str

    @property
    def parent(self) -> str | None:
        """The code one level up."""
        return None if self.level == 1 else self.section if self.level == 2 else self.code[:-1]


class UnknownIndustry(Refusal):
    """No industry has this code."""


@cache
def _industries() -> dict[str, Industry]:
    return {
        row["code"]: Industry(row["code"], row["section"], int(row["level"]), row["label_zh"], row["label_en"])
        for row in rows("industries.csv")
    }


def normalise(code: str) -> str:
    """``C3911`` and ``3911`` are one class, written ``3911``; a section stays its letter."""
    text = code.strip().upper()
    return text[1:] if len(text) > 1 and text[0].isalpha() else text


def find(code: str) -> Industry | None:
    """The node with this code, with or without its section letter; None if unknown or under another section."""
    found = _industries().get(normalise(code))
    letter = code.strip().upper()[:1]
    return None if found is None or (letter.isalpha() and letter != found.section) else found


def industry(code: str) -> Industry:
    """The node with this code. Raises ``UnknownIndustry``."""
    found = find(code)
    if found is None:
        raise UnknownIndustry(N_("国民经济行业分类（GB/T 4754-2017）中没有代码“{code}”。"), code=code[:12])
    return found


def section_of(code: str) -> str | None:
    """The section letter of a code of any level; None if unknown."""
    found = find(code)
    return found.section if found else None


@lru_cache(maxsize=1 << 15)
def matches(code: str, prefix: str) -> bool:
    """Whether the industry lies in ``prefix``: ``A``, ``A0111``, ``F5292``, ``R90``, ``N786`` or without the letter.

    An unknown code lies in nothing; a code that is coarser than the prefix (``A`` for ``A01``) does not lie in it.
    """
    found, outer = find(code), find(prefix)
    if found is None or outer is None:
        return False
    return found.section == outer.section if outer.level == 1 else found.code.startswith(outer.code)


def sections() -> tuple[Industry, ...]:
    """The 20 sections, A to T."""
    return tuple(node for node in _industries().values() if node.level == 1)


def everything() -> tuple[Industry, ...]:
    """All nodes of every level."""
    return tuple(_industries().values())


def classes(prefix: str = "") -> tuple[Industry, ...]:
    """All classes, or those in ``prefix``, ordered by code."""
    every = (node for node in _industries().values() if node.level == 4)
    return tuple(node for node in every if not prefix or matches(node.code, prefix))


def named(words: str) -> tuple[Industry, ...]:
    """The classes that are called ``words`` or, if none is, those whose name holds it; ordered by code."""
    sought = words.strip().casefold()
    if not sought:
        return ()
    every = classes()
    exact = tuple(node for node in every if sought in (node.label_zh, node.label_en.casefold()))
    return exact or tuple(node for node in every if sought in f"{node.label_zh} {node.label_en.casefold()}")


def label(code: str, language: str = "zh") -> str:
    """The industry's name. In English below the divisions: the nearest named level, with the code.

    An unknown code is shown as it is.
    """
    found = find(code)
    if found is None:
        return code
    if language != "en":
        return found.label_zh
    return found.label_en or f"{_english_above(found)} ({found.code})"


def _english_above(node: Industry) -> str:
    above = _industries()[node.parent or node.section]
    return above.label_en or _english_above(above)
