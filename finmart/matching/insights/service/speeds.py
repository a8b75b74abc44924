"""Measured speed: the median of working days from an application to its decision, where enough were decided."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median_high

#: Fewer decisions say more of single cases than of the product.
FEWEST_DECISIONS = 5


def measured_speeds(decided: Iterable[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    """Product code → the median of its days and their number; of two middle ones the slower counts.

    ``decided`` are (product code, working days to the decision), one an application.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    for code, days in decided:
        found[code].append(days)
    return {code: (median_high(days), len(days)) for code, days in found.items() if len(days) >= FEWEST_DECISIONS}
