"""The facts of firms' invoices, worked out from nothing but the CSV files of the tax authority's shape."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.independent.conditions import Facts

SERIES, YEAR = 36, 12
VOID = "作废发票"
ENCODINGS = ("utf-8-sig", "gb18030")
#: Names of sole traders begin so; every other name of the file is a firm's.
SOLE_TRADER = "个体经营"
Row = dict[str, str]


def table(path: Path) -> list[Row]:
    """All rows of a CSV file, by column."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def lines(path: Path) -> Iterator[Row]:
    """The rows of a gzipped CSV file with every cell trimmed."""
    with gzip.open(path, "rt", encoding=ENCODINGS[0], newline="") as stream:
        for row in csv.DictReader(stream):
            yield {key: (value or "").strip() for key, value in row.items()}


def day(text: str) -> date:
    """``2017/8/4`` or ``2017-08-04``."""
    year, month, number = (int(part) for part in text.replace("-", "/").split(" ")[0].split("/"))
    return date(year, month, number)


def trailing_month(of: date, today: date) -> int:
    """How many whole months back a day lies: 0 is the latest."""
    return 12 * (today.year - of.year) + today.month - of.month - (1 if of.day > today.day else 0)


def invoice_facts(folder: Path, firms: set[str], today: date) -> dict[str, Facts]:
    """firm → its facts: valid sales by trailing month and what follows from them."""
    sums: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    oldest: dict[str, int] = {}
    first: dict[str, date] = {}
    delivered = 0
    for side in ("output", "input"):
        seen: set[tuple[str, ...]] = set()
        for row in lines(folder / f"{side}_invoices.csv.gz"):
            firm, whole = row["企业代号"], tuple(row.values())
            on = day(row["开票日期"])
            month = trailing_month(on, today)
            delivered = max(delivered, month + 1)
            if firm not in firms or whole in seen:
                continue
            seen.add(whole)
            if on > today:
                continue
            oldest[firm] = max(oldest.get(firm, 0), month)
            if row["发票状态"] != VOID:
                sums[firm, side][month] += int(Decimal(row["金额"]) * 100)
                if side == "output":
                    first[firm] = min(first.get(firm, on), on)
    kinds = {row["企业代号"]: row["企业名称"] for row in table(folder / "enterprises.csv")}
    return {
        firm: {
            **_facts(sums[firm, "output"], oldest[firm], first.get(firm), today, delivered),
            "subject_kind": "individual_business" if kinds[firm].startswith(SOLE_TRADER) else "enterprise",
        }
        for firm in firms
    }


def _facts(months: Mapping[int, int], oldest: int, first: date | None, today: date, delivered: int) -> Facts:
    series = tuple(months.get(month, 0) for month in range(min(oldest + 1, SERIES)))
    facts: Facts = {"sales_monthly": series}
    # A year's figures are known where the delivery covers a year; a year's revenue where the firm's record does.
    if delivered >= YEAR:
        facts["sales_12m"] = sum(months.get(month, 0) for month in range(YEAR))
        if oldest + 1 >= YEAR:
            facts["annual_revenue"] = facts["sales_12m"]
    if first is not None:
        facts["sales_span_months"] = trailing_month(first, today)
    return facts
