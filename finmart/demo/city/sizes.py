"""How big a subject is: heads first, then sales, assets and capital that such a business has."""

from dataclasses import dataclass
from datetime import date

from finmart.demo.city import plan
from finmart.demo.city.dice import Dice
from finmart.demo.city.trades import Trade

WAN = 1_000_000

#: Heads of an enterprise: lowest, highest, and how many of 100 enterprises.
HEADS = (((2, 9), 38), ((10, 38), 36), ((39, 110), 18), ((120, 290), 6), ((320, 900), 2))
#: Above this many heads only manufacturers and builders grow in this city.
MOST_HEADS_ELSEWHERE = 110


@dataclass(frozen=True)
class SubjectSize:
    """Amounts in 分; ``mu`` is the farmed area."""

    established: date | None
    capital: int = 0
    employees: int = 0
    sales: int = 0
    assets: int = 0
    mu: int = 0


def size_of(kind: str, trade: Trade | None, story: str, dice: Dice) -> SubjectSize:
    """A plausible size for a subject of ``kind`` in ``trade``."""
    if trade is None:
        return SubjectSize(None)
    if kind == "farmer":
        return SubjectSize(None, mu=dice.between(6, 180))
    employees = _employees(kind, trade, story, dice)
    sales = max(3 * WAN, dice.around(employees * trade.sales_per_head_wan * WAN, 35))
    sales -= sales % (WAN // 100)
    return SubjectSize(
        established=_established(story, dice),
        capital=_round_capital(sales * dice.between(8, 45) // 100, kind),
        employees=employees,
        sales=sales,
        assets=dice.around(sales * trade.assets_pct // 100, 25),
        mu=dice.between(120, 2600) if kind == "cooperative" else 0,
    )


def _employees(kind: str, trade: Trade, story: str, dice: Dice) -> int:
    if kind == "individual_business":
        return dice.between(1, 8)
    if kind == "cooperative":
        return dice.between(6, 46)
    low, high = dice.weighted(HEADS)
    heads = dice.between(low, high)
    if trade.industry[0] not in "1234" or story == "new":
        heads = min(heads, MOST_HEADS_ELSEWHERE if story != "new" else 24)
    return heads


def _established(story: str, dice: Dice) -> date:
    if story == "new":
        months = dice.between(4, 11)
        index = plan.REFERENCE_DATE.year * 12 + plan.REFERENCE_DATE.month - 1 - months
        return date(index // 12, index % 12 + 1, dice.between(1, 28))
    years = dice.weighted(((dice.between(1, 2), 20), (dice.between(3, 5), 32), (dice.between(6, 10), 30), (14, 18)))
    return date(plan.REFERENCE_DATE.year - years - dice.below(3), dice.between(1, 10), dice.between(1, 28))


def _round_capital(amount: int, kind: str) -> int:
    """Registered capital is a round sum: 50, 100, 200, 500, 1 000 or 3 000 万元 and the like."""
    if kind == "individual_business":
        return 10 * WAN if amount < 40 * WAN else 30 * WAN
    steps = (50, 100, 200, 300, 500, 800, 1_000, 2_000, 3_000, 5_000)
    return next((step * WAN for step in steps if amount <= step * WAN), 10_000 * WAN)
