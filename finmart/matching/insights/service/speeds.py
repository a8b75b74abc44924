"""Measured speed: the median of working days from an application to its decision, where enough were decided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_high

from finmart.matching.types.speeds import Speed

#: Fewer decisions say more of single cases than of the product.
FEWEST_DECISIONS = 5


@dataclass(frozen=True)
class Decided:
    """One application's decision: on which product, after how many working days, on which day, for whom."""

    product_code: str
    days: int
    on: date
    applicant: int


def measured_speeds(decided: Iterable[Decided], *, least: int) -> dict[str, Speed]:
    """Product code → its measured speed; of two middle ones the slower counts.

    A product needs ``FEWEST_DECISIONS``, and ``least`` of different applicants: fewer could point at somebody.
    """
    found: defaultdict[str, list[Decided]] = defaultdict(list)
    for one in decided:
        found[one.product_code].append(one)
    return {code: _speed(own) for code, own in found.items() if _are_enough(own, least)}


def _are_enough(decided: Sequence[Decided], least: int) -> bool:
    return len(decided) >= max(FEWEST_DECISIONS, least) and len({one.applicant for one in decided}) >= least


def _speed(decided: Sequence[Decided]) -> Speed:
    days = [one.on for one in decided]
    # Whole months, so that no figure names the day of anybody's decision.
    since, until = (day.replace(day=1) for day in (min(days), max(days)))
    return Speed(median_high(one.days for one in decided), len(decided), since, until)
