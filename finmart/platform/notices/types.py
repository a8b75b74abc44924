"""What is sent to people outside of a page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """One message: ``kind`` names the occasion, ``phone`` is where it goes, ``text`` is stored and sent as it is."""

    kind: str
    phone: str
    text: str
