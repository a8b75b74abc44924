"""The trades of the city: what they sell, how much a head turns over, what it costs, when in the year."""

from dataclasses import dataclass
from functools import cache

from finmart.reference.tables import rows

#: Sales of each calendar month in percent of an average one.
SEASONS = {
    "steady": (92, 78, 104, 102, 102, 103, 101, 100, 104, 103, 105, 106),
    "spring": (80, 78, 130, 150, 140, 110, 90, 82, 84, 84, 84, 88),
    "summer": (70, 66, 80, 95, 120, 150, 165, 150, 100, 78, 66, 60),
    "autumn": (84, 70, 92, 94, 96, 98, 98, 104, 120, 116, 124, 104),
    "winter": (150, 110, 84, 82, 84, 84, 86, 88, 104, 96, 104, 128),
    "harvest": (70, 60, 66, 70, 76, 88, 130, 110, 120, 160, 140, 110),
    "construction": (60, 44, 92, 110, 118, 116, 104, 98, 112, 116, 118, 112),
    "yearend": (72, 62, 92, 90, 92, 112, 90, 92, 104, 98, 124, 172),
}


@dataclass(frozen=True)
class Trade:
    """One kind of business.

    Shares are percent, lines are invoices of an average month, sales are 万元 a head and year.
    """

    key: str
    kinds: tuple[str, ...]
    industry: str
    words: tuple[str, ...]
    weight: int
    sales_per_head_wan: int
    cost_pct: int
    vat_pct: int
    sales_lines: int
    purchase_lines: int
    season: str
    assets_pct: int
    districts: tuple[str, ...]
    qualifications: tuple[str, ...]


@cache
def trades() -> tuple[Trade, ...]:
    """All trades, in the order of the file."""
    return tuple(
        Trade(
            row["key"],
            tuple(row["kinds"].split(";")),
            row["industry"],
            tuple(row["words"].split(";")),
            int(row["weight"]),
            int(row["sales_per_head_wan"]),
            int(row["cost_pct"]),
            int(row["vat_pct"]),
            int(row["sales_lines"]),
            int(row["purchase_lines"]),
            row["season"],
            int(row["assets_pct"]),
            tuple(code for code in row["districts"].split(";") if code),
            tuple(code for code in row["qualifications"].split(";") if code),
        )
        for row in rows("trades.csv", "finmart.demo.city")
    )


@cache
def trades_of(kind: str) -> tuple[tuple[Trade, int], ...]:
    """The trades that subjects of ``kind`` follow, with their weights."""
    return tuple((trade, trade.weight) for trade in trades() if kind in trade.kinds)
