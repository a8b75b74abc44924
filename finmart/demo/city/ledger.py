"""Invoices of the city: what a firm sold and bought, month by month, as its trade and its story have it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from finmart.demo.city import plan
from finmart.demo.city.dice import Dice
from finmart.demo.city.subjects import CitySubject
from finmart.demo.city.trades import SEASONS

SALE, PURCHASE = "sale", "purchase"
#: Of 100 invoices so many are voided, and so many are taken back by a red-letter one.
VOIDED, TAKEN_BACK = 3, 1
#: Sales and purchases grow or shrink by this share of today's level with each month counted back, in thousandths.
_TREND = {"growing": -18, "shrinking": 26}
#: No invoices for this many months, this many months before the reference date.
_GAP = (3, 5)
#: A long business year has more lines in a bigger firm: from this many heads on, percent of the trade's lines.
_LINES = ((120, 200), (39, 140), (10, 95), (0, 60))


@dataclass(frozen=True)
class Invoice:
    """One invoice: ``amount`` without tax, ``tax``, both 分 and negative when it takes another one back."""

    direction: str
    number: str
    day: date
    counterparty: str
    amount: int
    tax: int
    void: bool

    @property
    def total(self) -> int:
        """What was invoiced altogether, in 分."""
        return self.amount + self.tax


@cache
def invoices(subject: CitySubject) -> tuple[Invoice, ...]:
    """All invoices of one subject, oldest first; none for whoever has no trade of its own."""
    if subject.trade is None or not subject.sales:
        return ()
    found: list[Invoice] = []
    for back in reversed(range(plan.INVOICE_MONTHS)):
        if _is_open(subject, back):
            found.extend(_month(subject, back, SALE))
            found.extend(_month(subject, back, PURCHASE))
    found.sort(key=lambda invoice: (invoice.day, invoice.number))
    return tuple(found)


def total(subject: CitySubject, direction: str, first: date, last: date) -> int:
    """Valid invoices of a direction between two days, both included, without tax, in 分."""
    return sum(
        invoice.amount
        for invoice in invoices(subject)
        if invoice.direction == direction and not invoice.void and first <= invoice.day <= last
    )


def vat(subject: CitySubject, direction: str, first: date, last: date) -> int:
    """The tax on them, in 分."""
    return sum(
        invoice.tax
        for invoice in invoices(subject)
        if invoice.direction == direction and not invoice.void and first <= invoice.day <= last
    )


@cache
def month_start(back: int) -> date:
    """The first day of the month ``back`` months before the reference date's."""
    index = plan.REFERENCE_DATE.year * 12 + plan.REFERENCE_DATE.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def _is_open(subject: CitySubject, back: int) -> bool:
    start = month_start(back)
    if subject.established is not None and (start.year, start.month) <= (
        subject.established.year,
        subject.established.month,
    ):
        return False
    ago, length = _GAP
    return not (subject.story == "gap" and ago <= back < ago + length)


def _level(subject: CitySubject, back: int) -> int:
    """Sales of the month in 分 (a purchase is a share of them)."""
    trade = subject.trade
    if trade is None:
        return 0
    season = SEASONS[trade.season][month_start(back).month - 1]
    trend = max(150, 1000 + _TREND.get(subject.story, 0) * back)
    return subject.sales // 12 * season // 100 * trend // 1000


def _month(subject: CitySubject, back: int, direction: str) -> Iterator[Invoice]:
    dice = Dice("ledger", subject.number, back, direction)
    trade = subject.trade
    if trade is None:
        return
    level = dice.around(_level(subject, back), 18)
    lines = trade.sales_lines if direction == SALE else trade.purchase_lines
    if direction == PURCHASE:
        level = level * trade.cost_pct // 100
    scale = next(percent for heads, percent in _LINES if subject.employees >= heads)
    count = max(1, (lines * scale + dice.below(100)) // 100)
    shares = [dice.between(40, 160) for _ in range(count)]
    whole = sum(shares)
    for place, share in enumerate(shares, start=1):
        amount = level * share // whole
        yield from _invoice(subject, back, direction, place, amount, dice)


def _invoice(subject: CitySubject, back: int, direction: str, place: int, amount: int, dice: Dice) -> Iterator[Invoice]:
    start = month_start(back)
    day = start.replace(day=dice.between(1, 28))
    rate = subject.trade.vat_pct if subject.trade and subject.is_firm else 1
    tax = (amount * rate + 50) // 100
    other = _counterparty(subject, direction, dice)
    side = 1 if direction == SALE else 2
    number = f"{side}{subject.number:03d}{back:02d}{place:02d}"
    void = dice.chance(VOIDED)
    yield Invoice(direction, number + "0", day, other, amount, tax, void)
    if void:
        yield Invoice(direction, number + "1", day, other, amount, tax, False)
    elif dice.chance(TAKEN_BACK):
        later = start.replace(day=dice.between(day.day, 28))
        yield Invoice(direction, number + "2", later, other, -amount, -tax, False)


def _counterparty(subject: CitySubject, direction: str, dice: Dice) -> str:
    """A few partners take most of it; the one of a concentrated firm takes four fifths."""
    known = 4 + subject.number % 9 + (subject.employees // 12 if direction == SALE else subject.employees // 25)
    if subject.story == "concentrated" and direction == SALE and dice.chance(80):
        rank = 0
    else:
        rank = min(dice.below(known), dice.below(known))
    side = "K" if direction == SALE else "G"
    return f"DEM-{side}{(subject.number * 37 + rank * 11) % 900:03d}"
