"""Bounds that nothing can satisfy: outside what a value can be, or contradicting each other inside one ``all``."""

from collections.abc import Iterator
from dataclasses import dataclass

from finmart.conditions.errors import BadCondition
from finmart.conditions.types import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Comparison,
    Condition,
    Expression,
    Fact,
    Literal,
    MemberOf,
    Membership,
    Window,
    WindowOf,
)
from finmart.conditions.units import AGE
from finmart.reference.facts import facts
from finmart.reference.refusals import N_

_LOWER = frozenset({Compare.GE, Compare.GT, Compare.EQ})
_UPPER = frozenset({Compare.LE, Compare.LT, Compare.EQ})
#: Facts of these kinds are never below zero; money and ratios may be.
_NEVER_NEGATIVE = frozenset({"count", "years", "months", "days"})
#: Ten trillion yuan in 分, and a million million of anything: more has been typed in a wrong unit.
MOST_MONEY, _MOST_COUNTED = 10**15, 10**12
#: Nobody has been older; an age above it is a number in the wrong place.
_OLDEST = 130


@dataclass(frozen=True)
class _Range:
    """``low`` to ``high``; None is unbounded, an open end does not belong to it."""

    low: int | None = None
    high: int | None = None
    low_open: bool = False
    high_open: bool = False

    def and_(self, other: "_Range") -> "_Range":
        lows = [(r.low, r.low_open) for r in (self, other) if r.low is not None]
        highs = [(-r.high, r.high_open) for r in (self, other) if r.high is not None]
        low, low_open = max(lows, default=(None, False))
        high, high_open = max(highs, default=(None, False))
        return _Range(low, None if high is None else -high, low_open, high_open)

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))


def _possible_fact(key: str) -> _Range:
    known = facts().get(key)
    if known is not None and known.kind == "money":
        return _Range(-MOST_MONEY, MOST_MONEY)
    if known is None or known.kind not in _NEVER_NEGATIVE:
        return _Range()
    return _Range(0, _OLDEST if known.unit == AGE else _MOST_COUNTED)


def _possible(expression: Expression) -> _Range:
    """What the value of a fact or window can be at all."""
    match expression:
        case Fact(key):
            return _possible_fact(key)
        case Window(_, months, WindowOf.COUNT, _, every):
            return _Range(0, months // (every or 1))
        case Window(_, months, WindowOf.LONGEST_GAP):
            return _Range(0, months)
        case Window(_, _, WindowOf.COVERS):
            return _Range(low=0)
        case _:
            return _Range()


def _asked(condition: Comparison) -> _Range | None:
    """The range a bound by a plain number asks for; None for anything else."""
    if not isinstance(condition.right, Literal):
        return None
    value, operator = condition.right.value, condition.operator
    return _Range(
        value if operator in _LOWER else None,
        value if operator in _UPPER else None,
        operator is Compare.GT,
        operator is Compare.LT,
    )


def impossible(condition: Comparison, path: str) -> Iterator[BadCondition]:
    """A bound outside what the value can be, such as fewer than zero months."""
    asked = _asked(condition)
    if asked is not None and asked.and_(_possible(condition.left)).is_empty:
        yield BadCondition(path, "impossible", N_("没有任何数值能满足这个条件，请核对数值。"))


def _ranges_clash(parts: tuple[Condition, ...]) -> bool:
    found: dict[Expression, _Range] = {}
    for part in parts:
        asked = _asked(part) if isinstance(part, Comparison) else None
        if isinstance(part, Comparison) and asked is not None:
            found[part.left] = found.get(part.left, _Range()).and_(asked)
    return any(each.is_empty for each in found.values())


def _codes_clash(parts: tuple[Condition, ...]) -> bool:
    """One code that must be in two lists without a common code, or in a list that is ruled out."""
    wanted: dict[str, frozenset[str]] = {}
    for part in parts:
        if isinstance(part, Membership) and part.operator is MemberOf.IN and _is_single(part.key):
            wanted[part.key] = wanted.get(part.key, frozenset(part.codes)) & frozenset(part.codes)
    for part in parts:
        if isinstance(part, Membership) and part.operator is MemberOf.NOT_IN and part.key in wanted:
            wanted[part.key] -= frozenset(part.codes)
    return any(not codes for codes in wanted.values())


def _is_single(key: str) -> bool:
    known = facts().get(key)
    return known is not None and known.kind == "code"


def contradiction(condition: Condition, path: str) -> Iterator[BadCondition]:
    """Parts of one ``all`` that cannot be met together, and parts of any group that stand there twice."""
    if not isinstance(condition, All | AnyOf | AtLeast):
        return
    if len(set(condition.parts)) < len(condition.parts):
        yield BadCondition(path, "part_twice", N_("同一个条件在一组里写了两次。"))
    if isinstance(condition, All) and (_ranges_clash(condition.parts) or _codes_clash(condition.parts)):
        yield BadCondition(path, "contradiction", N_("这一组里的条件互相矛盾，没有人能同时满足。"))
