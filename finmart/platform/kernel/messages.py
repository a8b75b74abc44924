"""Sentences for people, kept as a Chinese msgid and parameters and worded only when they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:
    """Mark ``text`` for the message catalogue and return it unchanged."""
    return text


@dataclass(frozen=True)
class Message:
    """One sentence: ``msgid`` is Chinese with ``{name}`` placeholders, ``params`` fills them."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid.format(**self.params) if self.params else self.msgid
