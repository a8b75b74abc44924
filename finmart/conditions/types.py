"""What the condition language consists of: expressions over facts, conditions over expressions, three values.

Everything is frozen plain data. Units: money is an int of 分, rates and ratios are ints of parts per million, counts,
years, months and days are ints, dates are ``date``, sets are tuples of codes, a monthly series is a tuple of ints whose
index 0 is the latest trailing month and whose length is what the data covers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias, TypeGuard

#: The version of the language that ``json_form`` reads and writes.
LANGUAGE_VERSION = 1

#: What a fact can hold; None never: a fact that is not known is absent.
Value: TypeAlias = int | str | bool | date | tuple[int, ...] | tuple[str, ...] | frozenset[str]


class State(StrEnum):
    """Kleene's three values."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FactValue:
    """One known fact: its value, the day until which it was observed, its source and origin."""

    value: Value
    observed_until: date | None
    source: str
    origin: str


Facts: TypeAlias = Mapping[str, FactValue]


def is_day(value: object) -> TypeGuard[date]:
    """Whether a value is a calendar day; a moment is none, though Python takes it for one, and compares with none."""
    return isinstance(value, date) and not isinstance(value, datetime)


@dataclass(frozen=True)
class Fact:
    """The value of a fact of the dictionary, by its key."""

    key: str


@dataclass(frozen=True)
class Literal:
    """A number written in a condition; ``unit`` None means the unit of the other side."""

    value: int
    unit: str | None = None


class WindowOf(StrEnum):
    """What a window asks of the months it looks at."""

    SUM = "sum"
    COUNT = "count"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    GROWTH = "growth"
    LONGEST_GAP = "longest_gap"
    COVERS = "covers"


@dataclass(frozen=True)
class Window:
    """A figure over ``months`` trailing months of a monthly series, after leaving out the latest ``skip``.

    count: months above zero; growth: against the ``months`` before, in ppm; longest_gap: most consecutive months
    without a positive value; covers: months the series reaches back; ``every`` n with count: how many whole blocks of
    n months hold at least one month above zero.
    """

    series: str
    months: int
    of: WindowOf
    skip: int = 0
    every: int | None = None


class Arithmetic(StrEnum):
    """What can be worked out of expressions."""

    TIMES = "times"
    PLUS = "plus"
    MINUS = "minus"
    DIVIDE = "divide"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True)
class Calculation:
    """Two or more operands; times, minus and divide take exactly two."""

    operator: Arithmetic
    operands: tuple["Expression", ...]


@dataclass(frozen=True)
class Day:
    """A calendar day written in a condition; it is compared with facts that are days."""

    value: date


class TimeUnit(StrEnum):
    """In what a length of time is counted."""

    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"


class Direction(StrEnum):
    """Whether time runs from the day in the fact to the day of the match, or from the match to that day."""

    SINCE = "since"
    UNTIL = "until"


@dataclass(frozen=True)
class Elapsed:
    """Whole years, months or days between the day that ``key`` holds and the day of the match; may be below zero."""

    direction: Direction
    key: str
    unit: TimeUnit


@dataclass(frozen=True)
class Converted:
    """An age or a length of time said in another unit: a year is 12 months or 360 days, a month 30 days."""

    unit: TimeUnit
    operand: "Expression"


@dataclass(frozen=True)
class Case:
    """The value of the first branch whose condition is met; ``otherwise`` when none is (None: then it is unknown).

    A branch that is unknown leaves the whole unknown, because a later one may not be asked before it is decided.
    """

    branches: tuple[tuple["Condition", "Expression"], ...]
    otherwise: "Expression | None" = None


Expression: TypeAlias = Fact | Literal | Day | Window | Elapsed | Converted | Calculation | Case


class Compare(StrEnum):
    """How two expressions are compared."""

    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"
    EQ = "eq"
    NE = "ne"


@dataclass(frozen=True)
class Comparison:
    """``left`` compared with ``right``."""

    operator: Compare
    left: Expression
    right: Expression


class MemberOf(StrEnum):
    """How a fact's code or codes stand to a list."""

    IN = "in"
    NOT_IN = "not_in"
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"
    HAS_NONE = "has_none"
    INDUSTRY_IN = "industry_in"
    REGION_IN = "region_in"


@dataclass(frozen=True)
class Membership:
    """Whether the fact ``key`` stands so to ``codes``."""

    operator: MemberOf
    key: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Flag:
    """Whether the fact ``key`` is true (or false)."""

    key: str
    expected: bool


@dataclass(frozen=True)
class OnList:
    """Whether the dated certificate or list entry ``key`` (a date, its last valid day) still runs.

    ``remaining_months`` and ``remaining_days``: it must run at least that long after the day of the match.
    """

    key: str
    remaining_months: int = 0
    remaining_days: int = 0


@dataclass(frozen=True)
class All:
    """Every part is met."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part is met."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The part is not met."""

    part: "Condition"


@dataclass(frozen=True)
class AtLeast:
    """At least ``count`` parts are met."""

    count: int
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Unless:
    """``part`` is met, or ``exception`` is."""

    exception: "Condition"
    part: "Condition"


Condition: TypeAlias = Comparison | Membership | Flag | OnList | All | AnyOf | Not | AtLeast | Unless
Leaf: TypeAlias = Comparison | Membership | Flag | OnList


@dataclass(frozen=True)
class Clause:
    """A condition as a product states it: ``required`` excludes when it is not met, otherwise it is a preference."""

    condition: Condition
    required: bool = True


@dataclass(frozen=True)
class Computed:
    """An expression's value: ``exact`` is None when it cannot be known, and then ``missing`` names why."""

    exact: Fraction | None
    missing: tuple[str, ...] = ()

    @property
    def amount(self) -> int | None:
        """The value as a whole number, rounded down (分 or ppm never round up in someone's favour)."""
        return None if self.exact is None else self.exact.numerator // self.exact.denominator


@dataclass(frozen=True)
class LeafResult:
    """One leaf: its state, the facts seen, the keys that were missing, and the compared numbers where there are any."""

    condition: Leaf
    state: State
    seen: Mapping[str, FactValue] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    left: int | None = None
    right: int | None = None


@dataclass(frozen=True)
class Result:
    """A condition's state and every leaf in the order in which it stands."""

    state: State
    leaves: tuple[LeafResult, ...]
