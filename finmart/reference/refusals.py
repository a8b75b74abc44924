"""How pure code says no: one Chinese sentence with parameters, worded at display like every other message."""

from typing import Any


def N_(text: str) -> str:
    """Mark ``text`` for the message catalogue and return it unchanged."""
    return text


class Refusal(ValueError):
    """A value that a standard or a formula cannot accept; ``str()`` is one whole sentence.

    It lies below the house's own errors (``platform.kernel.errors``), so forms and services turn it into theirs with
    ``msgid`` and ``params``.
    """

    def __init__(self, msgid: str, **params: Any) -> None:
        self.msgid = msgid
        self.params = params
        super().__init__(msgid.format(**params) if params else msgid)
