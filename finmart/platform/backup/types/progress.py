"""How long work says what it is at."""

from collections.abc import Callable

Report = Callable[[str], None]


def silent(_text: str) -> None:
    """Say nothing."""
