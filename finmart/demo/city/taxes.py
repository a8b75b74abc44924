"""Taxes of the city, worked out from the same invoices that its firms show: nothing contradicts anything."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from finmart.demo.city import ledger, plan
from finmart.demo.city.dice import Dice
from finmart.demo.city.ledger import PURCHASE, SALE
from finmart.demo.city.subjects import CitySubject

#: Grade letter and how many of 100 firms; a firm in its first year is M (国家税务总局公告2018年第8号).
_GRADES = (("A", 26), ("B", 55), ("C", 13), ("D", 6))
#: A 小型微利企业 effectively pays 5 % of its profit, others 25 %.
_SMALL_PROFIT = 300_000_000
_SMALL_RATE, _FULL_RATE = 5, 25
#: What wages, rent and the like take of the margin, percent.
_OVERHEAD = 62
#: Even with more input tax than output tax some value-added tax and surcharges are paid: per mille of sales.
_LEAST_BURDEN = 6


@dataclass(frozen=True)
class TaxMonth:
    """What was declared and paid for one month; 分. ``day`` is the day of payment, in the month after."""

    period: date
    day: date
    sales: int
    value_added_tax: int
    income_tax: int

    @property
    def paid(self) -> int:
        """Both taxes together."""
        return self.value_added_tax + self.income_tax


def grade(subject: CitySubject) -> str:
    """The tax credit grade of the latest assessment (A, B, M, C or D)."""
    if subject.established is not None and subject.established.year >= plan.REFERENCE_DATE.year - 1:
        return "M"
    return Dice("grade", subject.number).weighted(_GRADES)


def tax_months(subject: CitySubject) -> tuple[TaxMonth, ...]:
    """Every month whose return was due by the reference date, oldest first; months without business are missing."""
    found, totals = [], _by_month(subject)
    for back in reversed(range(1, plan.INVOICE_MONTHS)):
        first, after = ledger.month_start(back), ledger.month_start(back - 1)
        sales = totals[SALE, first]
        if sales > 0:
            found.append(_tax_month(subject, first, after, sales, totals[PURCHASE, first]))
    return tuple(found)


def _by_month(subject: CitySubject) -> Counter[tuple[str, date]]:
    """(direction, first day of the month) → valid invoices without tax, in 分."""
    found: Counter[tuple[str, date]] = Counter()
    for invoice in ledger.invoices(subject):
        if not invoice.void:
            found[invoice.direction, invoice.day.replace(day=1)] += invoice.amount
    return found


def _tax_month(subject: CitySubject, first: date, after: date, sales: int, purchases: int) -> TaxMonth:
    value_added = _value_added_tax(subject, sales, purchases)
    profit = max(0, sales - purchases) * (100 - _OVERHEAD) // 100
    share = _SMALL_RATE if profit * 12 <= _SMALL_PROFIT else _FULL_RATE
    day = after.replace(day=Dice("tax day", subject.number, first.isoformat()).between(8, 15))
    return TaxMonth(first, day, sales, value_added, profit * share // 100)


def _value_added_tax(subject: CitySubject, sales: int, purchases: int) -> int:
    """A sole trader is a small-scale taxpayer at 1 %; a firm pays on what it added."""
    if subject.sole_trader or subject.trade is None:
        return sales // 100
    return max((sales - purchases) * subject.trade.vat_pct // 100, sales * _LEAST_BURDEN // 1000)
