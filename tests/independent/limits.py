"""A second reading of indicative limits: a formula is tried at the corners of what is not known. No project code."""

import csv
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from tests.independent.conditions import Facts, apply, state_of, value_of

#: Stands for a number without a bound; whatever is larger than ``BEYOND`` came of one.
HUGE, BEYOND = Fraction(10**60), Fraction(10**40)
Ends = tuple[Fraction, Fraction]
#: Fact → the least and the most that it can be at all.
Bounds = Mapping[str, Ends]
ANYTHING = (-HUGE, HUGE)


class Limit(NamedTuple):
    """The limit in 分 where it is known; otherwise the least and the most it can be, and whether facts are missing."""

    amount: int | None
    least: int | None = None
    most: int | None = None
    missing: bool = False

    @property
    def available(self) -> int | None:
        """What may be reckoned with at most."""
        return self.most if self.amount is None else self.amount


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def kinds_in(folder: Path) -> dict[str, str]:
    """Fact → its kind, from the dictionary's CSV files."""
    return {row["key"]: row["kind"] for path in sorted(folder.glob("facts/*.csv")) for row in _rows(path)}


def bounds_in(folder: Path) -> Bounds:
    """The bounds of every fact of the dictionary, from its CSV files."""

    def ends(row: Mapping[str, str]) -> Ends:
        return Fraction(row["low"] or -HUGE), Fraction(row["high"] or HUGE)

    stated = _rows(folder / "fact_bounds.csv")
    kinds = {row["kind"]: ends(row) for row in stated if not row["key"]}
    named = {row["key"]: ends(row) for row in stated if row["key"]}
    return {key: named.get(key) or kinds.get(kind, ANYTHING) for key, kind in kinds_in(folder).items()}


def _hull(found: list[Fraction]) -> Ends:
    return min(found), max(found)


def ends_of(expression: dict[str, Any], facts: Facts, bounds: Bounds) -> Ends:
    """The least and the most the expression gives, whatever the missing facts are within their bounds."""
    known = None if "case" in expression else value_of(expression, facts)
    if known is not None:
        return known, known
    if "fact" in expression:
        return bounds[expression["fact"]]
    if "window" in expression:
        return _of_window(expression["window"])
    if "case" in expression:
        return _of_case(expression, facts, bounds)
    operator, operands = next(iter(expression.items()))
    if operator in ("since", "until", "to"):
        return ANYTHING
    parts = [ends_of(operand, facts, bounds) for operand in operands]
    if operator == "divide" and parts[1][0] <= 0 <= parts[1][1]:
        return ANYTHING
    tried = [apply(operator, list(corner)) for corner in product(*parts)]
    return _hull([value for value in tried if value is not None])


def _of_window(body: Mapping[str, Any]) -> Ends:
    return (Fraction(0), Fraction(body["months"] // body.get("every", 1))) if body["of"] == "count" else ANYTHING


def _of_case(expression: dict[str, Any], facts: Facts, bounds: Bounds) -> Ends:
    """Of all branches that may be the one, up to the first that is met."""
    found: list[Fraction] = []
    for asked, value in expression["case"]:
        state = state_of(asked, facts)
        found += ends_of(value, facts, bounds) if state is not False else ()
        if state:
            return _hull(found)
    return _hull([*found, *(ends_of(expression["else"], facts, bounds) if "else" in expression else ANYTHING)])


def limit_of(formula: dict[str, Any] | None, cap: int | None, facts: Facts, bounds: Bounds) -> Limit:
    """The smaller of the cap and of what the formula gives, below zero nothing; known where both ends are the same."""
    if formula is None:
        return Limit(cap)

    def fen(end: Fraction) -> int:
        amount = max(0, end.numerator // end.denominator)
        return amount if cap is None else min(cap, amount)

    value = value_of(formula, facts)
    if value is not None:
        return Limit(fen(value))
    low, high = ends_of(formula, facts, bounds)
    least, most = fen(low), fen(high) if cap is not None or high < BEYOND else None
    return Limit(most) if least == most else Limit(None, least, most, missing=True)
