"""One spelling of a text: half-width, lower case, simplified characters, without control characters."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

#: What a word may consist of; everything else parts words.
LETTERS = "0-9a-z\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{LETTERS}]+")
_PIECE = re.compile(r"[0-9a-z]+|[\u3400-\u9fff\uf900-\ufaff]")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@cache
def _converter() -> Any:
    # Its tables take a moment to load, and many a command never looks at a Chinese text.
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """``text`` in the one spelling that documents and queries share; most often as long as it was."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if plain.isascii():
        return plain
    converted: str = _converter().convert(plain)
    return converted


def pieces(text: str) -> list[str]:
    """Every Chinese character by itself, Latin words and numbers whole."""
    return _PIECE.findall(normal(text))


def pairs(text: str) -> list[str]:
    """Neighbouring pieces of each run two by two: a phrase of them is any part of a text, and each is rare.

    A run of one piece is that piece.
    """
    found: list[str] = []
    for run in WORD.findall(normal(text)):
        parts = _PIECE.findall(run)
        found += [first + second for first, second in pairwise(parts)] or parts
    return found


def is_chinese(text: str) -> bool:
    """Whether a Chinese character stands in ``text``."""
    return _CHINESE.search(text) is not None
