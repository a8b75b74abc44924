"""Industries and places as staff type them: names or codes, several in one field."""

import re
from collections.abc import Iterable

from finmart.conditions.errors import BadCondition
from finmart.platform.kernel.messages import N_
from finmart.reference import naming

NAMED = ("industry", "region")
_BETWEEN = re.compile(r"[;；,，\s]+")
#: Stands between words and, in some industries, inside of a name: 酒、饮料及茶叶批发.
_PAUSE = "、"
#: No name consists of more words between pauses; and of a longer text nothing is looked up, so that it costs nothing.
LONGEST_RUN, LONGEST = 5, 4_000


def codes_meant(kind: str, typed: str) -> list[str]:
    """The codes of what is typed; a word that names no single industry or place stays as it is."""
    parts = [part for part in _BETWEEN.split(typed) if part]
    if kind not in NAMED or len(typed) > LONGEST:
        return [word for part in parts for word in part.split(_PAUSE) if word]
    return [code for part in parts for code in _meant(kind, part)]


def _meant(kind: str, part: str) -> list[str]:
    """The codes in words between pauses, the longest name first."""
    words = [word for word in part.split(_PAUSE) if word]
    found = []
    while words:
        runs = ((length, _PAUSE.join(words[:length])) for length in range(min(LONGEST_RUN, len(words)), 0, -1))
        length, code = next(
            ((length, code) for length, run in runs if (code := naming.code_called(kind, run))), (1, words[0])
        )
        found.append(code)
        words = words[length:]
    return found


def refuse_unnamed(kind: str, codes: Iterable[str]) -> None:
    """Raise ``BadCondition`` for the first of ``codes`` that names no single industry or place."""
    for word in codes if kind in NAMED else ():
        if naming.code_called(kind, word) is None:
            near = naming.names_near(kind, word)
            if near:
                message = N_("“{word}”不止一个，请写全名，例如：{near}。")
                raise BadCondition("codes", "several", message, word=word[:20], near="；".join(near))
            raise BadCondition("codes", "unnamed", N_("没有找到“{word}”，请换一个说法，或填代码。"), word=word[:20])
