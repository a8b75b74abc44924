"""Firm size (划型) by 国统字〔2017〕213号, as 工信部联企业〔2011〕300号 lays down: large, medium, small, micro.

A class needs *every* indicator of its industry at or above the lower bound; one that falls short puts the firm one
class down, so it is micro when any indicator is below the bound of small. An industry the rule does not cover is "not
determined", a missing indicator "insufficient data": neither ever becomes micro.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from finmart.reference import industries
from finmart.reference.tables import rows

FEN_PER_WAN = 1_000_000
MONEY = frozenset({"revenue", "total_assets"})


class Size(StrEnum):
    """The outcome; the last two are not sizes but the reasons why there is none."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"
    NOT_DETERMINED = "not_determined"
    INSUFFICIENT_DATA = "insufficient_data"

    @property
    def is_determined(self) -> bool:
        """Whether this is one of the four sizes."""
        return self not in (Size.NOT_DETERMINED, Size.INSUFFICIENT_DATA)


class Reason(StrEnum):
    """Why the outcome is what it is."""

    ALL_BOUNDS_MET = "all_bounds_met"
    BELOW_BOUND = "below_bound"
    NOT_COVERED = "not_covered"
    MISSING_INDICATOR = "missing_indicator"
    UNKNOWN_INDUSTRY = "unknown_industry"
    INDUSTRY_TOO_COARSE = "industry_too_coarse"


#: Chinese and English words of each size, for pages.
LABELS = {
    Size.LARGE: ("大型", "Large"),
    Size.MEDIUM: ("中型", "Medium"),
    Size.SMALL: ("小型", "Small"),
    Size.MICRO: ("微型", "Micro"),
    Size.NOT_DETERMINED: ("不适用划型标准", "Not determined"),
    Size.INSUFFICIENT_DATA: ("数据不足", "Insufficient data"),
}


@dataclass(frozen=True)
class Bounds:
    """Lower bounds of one indicator, inclusive: head count, or 分 for money."""

    indicator: str
    large: int
    medium: int
    small: int

    def size_of(self, value: int) -> Size:
        """The class this indicator alone would allow."""
        if value >= self.large:
            return Size.LARGE
        if value >= self.medium:
            return Size.MEDIUM
        return Size.SMALL if value >= self.small else Size.MICRO


@dataclass(frozen=True)
class Rule:
    """One row of the standard; without ``bounds`` it names an industry that is not covered."""

    id: str
    industry_zh: str
    industry_en: str
    bounds: tuple[Bounds, ...]


@dataclass(frozen=True)
class FirmSize:
    """The outcome with its basis.

    ``used`` are the indicators with the values seen, ``limiting`` those that held the firm down (or are missing).
    """

    size: Size
    reason: Reason
    rule: str | None
    used: tuple[tuple[str, int], ...] = ()
    limiting: tuple[str, ...] = ()


def firm_size(
    industry: str, *, employees: int | None = None, revenue: int | None = None, total_assets: int | None = None
) -> FirmSize:
    """Determine the size of a firm.

    ``industry`` is a GB/T 4754-2017 code of any level, with or without the letter; ``employees`` counts people,
    ``revenue`` (yearly) and ``total_assets`` are 分; None means not known.
    """
    rule, reason = rule_for(industry)
    if rule is None:
        return FirmSize(Size.INSUFFICIENT_DATA, reason, None)
    if not rule.bounds:
        return FirmSize(Size.NOT_DETERMINED, Reason.NOT_COVERED, rule.id)
    given = {"employees": employees, "revenue": revenue, "total_assets": total_assets}
    missing = tuple(bound.indicator for bound in rule.bounds if given[bound.indicator] is None)
    used = tuple((bound.indicator, value) for bound in rule.bounds if (value := given[bound.indicator]) is not None)
    if missing:
        return FirmSize(Size.INSUFFICIENT_DATA, Reason.MISSING_INDICATOR, rule.id, used, missing)
    return _sized(rule, dict(used))


def indicators_for(industry: str) -> tuple[str, ...]:
    """Which indicators the industry's rule asks for; empty when there is none."""
    rule, _ = rule_for(industry)
    return tuple(bound.indicator for bound in rule.bounds) if rule else ()


@cache
def rule_for(industry: str) -> tuple[Rule | None, Reason]:
    """The rule of an industry; or None with the reason: unknown, or so coarse that several rules apply."""
    found = industries.find(industry)
    if found is None:
        return None, Reason.UNKNOWN_INDUSTRY
    below = [node.code for node in industries.classes(found.code)] if found.level < 4 else [found.code]
    ids = {_rule_id(code) for code in below}
    if len(ids) != 1:
        return None, Reason.INDUSTRY_TOO_COARSE
    return _rules()[ids.pop()], Reason.ALL_BOUNDS_MET


def _sized(rule: Rule, values: dict[str, int]) -> FirmSize:
    order = (Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE)
    allowed = {bound.indicator: bound.size_of(values[bound.indicator]) for bound in rule.bounds}
    size = min(allowed.values(), key=order.index)
    if size is Size.LARGE:
        return FirmSize(size, Reason.ALL_BOUNDS_MET, rule.id, tuple(values.items()))
    limiting = tuple(indicator for indicator, each in allowed.items() if each is size)
    return FirmSize(size, Reason.BELOW_BOUND, rule.id, tuple(values.items()), limiting)


@cache
def _rules() -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for row in rows("firm_size.csv"):
        known = found.get(row["rule"]) or Rule(row["rule"], row["industry_zh"], row["industry_en"], ())
        bounds = (*known.bounds, _bounds(row)) if row["indicator"] else ()
        found[row["rule"]] = Rule(known.id, known.industry_zh, known.industry_en, bounds)
    return found


def _bounds(row: dict[str, str]) -> Bounds:
    unit = FEN_PER_WAN if row["indicator"] in MONEY else 1
    return Bounds(
        row["indicator"], int(row["large_min"]) * unit, int(row["medium_min"]) * unit, int(row["small_min"]) * unit
    )


@cache
def _prefixes() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows("firm_size.csv"):
        for entry in row["codes"].split(";"):
            first, _, last = entry.partition("-")
            codes = [f"{number:02d}" for number in range(int(first), int(last) + 1)] if last else [first]
            found.update(dict.fromkeys(codes, row["rule"]))
    return found


def _rule_id(code: str) -> str:
    """The rule of a class: its division's, or that of its group where the standard splits a division."""
    prefixes = _prefixes()
    return prefixes.get(code[:3]) or prefixes[code[:2]]
