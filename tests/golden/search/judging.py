"""How relevance is judged: by what the catalogue file states of a product, never by what an engine found.

Grades: 3 = what was asked for, stated plainly; 2 = serves the need, but under another name or with one part of the
question not stated; 1 = related; nothing = not relevant. ``README.md`` beside this file says more.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from finmart.products.catalogue import DATA

#: Types under which one borrows money for the business; the others help, insure or invest.
LOANS = frozenset(
    (
        *("credit_loan", "tax_loan", "mortgage_loan", "pledge_loan", "agri", "startup", "green", "ip_pledge", "order"),
        *("supply_chain", "receivable", "inventory"),
    )
)


@dataclass(frozen=True)
class Row:
    """One product as the file states it; a figure that is not stated is None."""

    code: str
    name: str
    owner: str
    kind: str
    subjects: frozenset[str]
    least: float
    most: float | None
    months: float | None
    rate: float | None
    guarantee: frozenset[str]
    collateral: str
    marks: frozenset[str]
    places: frozenset[str]
    programme: str
    online: str
    industries: str
    repayment: str
    text: str


Rule = Callable[[Row], bool]
Grades = Callable[[Row], int]


def _figure(cell: str) -> float | None:
    return float(cell) if cell else None


def _codes(cell: str) -> frozenset[str]:
    return frozenset(cell.split(";")) - {""}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def rows() -> tuple[Row, ...]:
    """The whole catalogue."""
    owners = {row["code"]: f"{row['code']} {row['name_zh']} {row['name_en']}" for row in _rows("institutions.csv")}
    return tuple(
        Row(
            code=row["product_code"],
            name=row["name_zh"],
            owner=owners[row["institution_code"]],
            kind=row["product_type"],
            subjects=_codes(row["target_subjects"]),
            least=_figure(row["amount_min_wan"]) or 0,
            most=_figure(row["amount_max_wan"]),
            months=_figure(row["term_max_months"]),
            # A guarantee or insurance fee stands in the rate columns too; the clause in words says so.
            rate=None if "rate列为担保" in row["other_conditions_zh"] else _figure(row["rate_min_pct"]),
            guarantee=_codes(row["guarantee_modes"]),
            collateral=row["collateral_kinds"],
            marks=_codes(row["qualifications_any"]),
            places=_codes(row["region_codes"]),
            programme=row["policy_program"],
            online=row["online_level"],
            industries=row["industries_include"],
            repayment=row["repayment_modes"],
            text=row["other_conditions_zh"],
        )
        for row in _rows("catalogue.csv")
    )


def is_(*codes: str) -> Rule:
    """One of these products."""
    return lambda row: row.code in codes


def name(*words: str) -> Rule:
    """Any of the words stands in the product's name."""
    return lambda row: any(word in row.name for word in words)


def owner(*words: str) -> Rule:
    """Any of the words stands in the institution's names or is its code."""
    return lambda row: any(word in row.owner for word in words)


def text(*words: str) -> Rule:
    """Any of the words stands in the conditions in words."""
    return lambda row: any(word in row.text for word in words)


def kind(*codes: str) -> Rule:
    """The product is of one of these types."""
    return lambda row: row.kind in codes


def loan(row: Row) -> bool:
    """One borrows with it."""
    return row.kind in LOANS


def for_(*codes: str) -> Rule:
    """It is for one of these kinds of subject."""
    return lambda row: bool(row.subjects & set(codes))


def by(*codes: str) -> Rule:
    """One of these guarantee modes is stated."""
    return lambda row: bool(row.guarantee & set(codes))


def against(*words: str) -> Rule:
    """Any of the words stands among the kinds of collateral."""
    return lambda row: any(word in row.collateral for word in words)


def mark(*codes: str) -> Rule:
    """One of these qualifications opens it."""
    return lambda row: bool(row.marks & set(codes))


def programme(*words: str) -> Rule:
    """It belongs to a programme of that name."""
    return lambda row: any(word in row.programme for word in words)


def field(code: str) -> Rule:
    """It names industries that begin with ``code``."""
    return lambda row: any(part.startswith(code) for part in row.industries.split(";"))


def repaid(*words: str) -> Rule:
    """Any of the words stands among the ways of repayment."""
    return lambda row: any(word in row.repayment for word in words)


def place(prefix: str) -> Rule:
    """It is offered in a region whose code begins with ``prefix``."""
    return lambda row: any(code.startswith(prefix) for code in row.places)


def all_(*rules: Rule) -> Rule:
    """Every one of the rules."""
    return lambda row: all(rule(row) for rule in rules)


def no(rule: Rule) -> Rule:
    """Not so."""
    return lambda row: not rule(row)


def grade(three: Rule | None = None, two: Rule | None = None, one: Rule | None = None) -> Grades:
    """The first of the rules that holds gives the grade."""
    steps = ((3, three), (2, two), (1, one))
    return lambda row: next((points for points, rule in steps if rule is not None and rule(row)), 0)


def either(*rules: Rule) -> Rule:
    """Any of the rules."""
    return lambda row: any(rule(row) for rule in rules)


def _compared(stated: float | None, holds: Callable[[float], bool]) -> float:
    """1 when it is stated and holds, 0 when it is not stated, -9 when it is stated and does not."""
    if stated is None:
        return 0
    return 1 if holds(stated) else -9


def need(
    wan: float | None = None,
    months: float | None = None,
    percent: float | None = None,
    guarantee: str = "",
    rule: Rule | None = None,
) -> Grades:
    """A need in figures: 3 when every part is stated and met, 2 when one is not stated, 1 when more are not.

    Whatever is stated and contradicts makes it worthless. ``rule`` is a further part that must hold (else nothing).
    What is no loan can be 1 at most, a guarantee 2: somebody who types figures looks for money first.
    """

    def judge(row: Row) -> int:
        parts = []
        if wan is not None:
            parts.append(_compared(row.most, lambda most: row.least <= wan <= most))
        if months is not None:
            parts.append(_compared(row.months, lambda longest: longest >= months))
        if percent is not None:
            parts.append(_compared(row.rate, lambda lowest: lowest <= percent))
        if guarantee:
            parts.append(_compared(float(guarantee in row.guarantee) if row.guarantee else None, bool))
        if (rule and not rule(row)) or min(parts) < 0:
            return 0
        met = sum(parts)
        points = 3 if met == len(parts) else 2 if met == len(parts) - 1 and met else 1 if met else 0
        return min(points, 3 if loan(row) or rule else 2 if row.kind == "guarantee" else 1)

    return judge


def judged(rules: Iterable[tuple[str, Grades]]) -> list[dict[str, Any]]:
    """The lines of the file of queries; every third is held out while the engine is tuned."""
    return [
        {
            "query": query,
            "relevant": {row.code: points for row in rows() if (points := grades(row))},
            "held_out": number % 3 == 0,
        }
        for number, (query, grades) in enumerate(rules, start=1)
    ]
