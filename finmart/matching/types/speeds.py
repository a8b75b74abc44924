"""How long institutions take to decide on a product, as measured here."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Speed:
    """The median of working ``days`` from an application to its decision, on so many ``decisions``.

    ``since`` and ``until`` are the first days of the months of the first and of the last decision; None for what was
    measured before they were kept.
    """

    days: int
    decisions: int
    since: date | None = None
    until: date | None = None
