"""Industries and places as staff type them: names or codes, several in one field."""

import re
from collections.abc import Iterable

from finmart.conditions.errors import BadCondition
from finmart.platform.kernel.messages import N_
from finmart.reference import naming

NAMED = ("industry", "region")
_BETWEEN = re.compile(r"[;；,，、\s]+")


def codes_meant(kind: str, typed: str) -> list[str]:
    """The codes of what is typed; a word that names no single industry or place stays as it is."""
    words = [word for word in _BETWEEN.split(typed) if word]
    return [naming.code_called(kind, word) or word for word in words] if kind in NAMED else words


def refuse_unnamed(kind: str, codes: Iterable[str]) -> None:
    """Raise ``BadCondition`` for the first of ``codes`` that names no single industry or place."""
    for word in codes if kind in NAMED else ():
        if naming.code_called(kind, word) is None:
            near = naming.names_near(kind, word)
            if near:
                message = N_("“{word}”不止一个，请写全名，例如：{near}。")
                raise BadCondition("codes", "several", message, word=word[:20], near="、".join(near))
            raise BadCondition("codes", "unnamed", N_("没有找到“{word}”，请换一个说法，或填代码。"), word=word[:20])
