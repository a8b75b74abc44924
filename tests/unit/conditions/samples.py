"""Conditions, expressions and facts for tests: by hand, and as hypothesis strategies over the real dictionary."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from finmart.conditions.types import (
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Case,
    Compare,
    Comparison,
    Condition,
    Converted,
    Day,
    Direction,
    Elapsed,
    Expression,
    Fact,
    FactValue,
    Flag,
    Literal,
    MemberOf,
    Membership,
    Not,
    OnList,
    TimeUnit,
    Unless,
    Window,
    WindowOf,
)
from finmart.reference import facts as dictionary

SEEN_ON = date(2020, 2, 21)
WAN = 1_000_000


def known(value: Any) -> FactValue:
    """A fact as a profile holds it."""
    return FactValue(value, SEEN_ON, "vat_invoices", "computed")


def facts(**values: Any) -> dict[str, FactValue]:
    """Facts by key; two underscores stand for the dot."""
    return {key.replace("__", "."): known(value) for key, value in values.items()}


def keys(*kinds: str) -> list[str]:
    """The dictionary's keys of these kinds."""
    return [key for key, definition in dictionary.facts().items() if definition.kind in kinds]


NUMBERS = keys("money", "ratio", "count", "years", "months", "days")
CODES = {
    **{key: [c.code for c in dictionary.fact(key).choices] for key in keys("code", "codes")},
    **{key: ["A", "C", "A0111", "F5292", "R90", "3911", "J"] for key in keys("industry")},
    **{key: ["360000", "360100", "360113", "360121", "110105", "NC-GX"] for key in keys("region")},
}
_GROUPED = {
    MemberOf.IN: ("code", "codes"),
    MemberOf.NOT_IN: ("code", "codes"),
    MemberOf.HAS_ANY: ("codes",),
    MemberOf.HAS_ALL: ("codes",),
    MemberOf.HAS_NONE: ("codes",),
    MemberOf.INDUSTRY_IN: ("industry",),
    MemberOf.REGION_IN: ("region",),
}

_integers = st.integers(-(10**12), 10**12)
_literals = st.builds(Literal, _integers, st.sampled_from([None, "money", "ratio", "count", "months"]))
_windows = st.builds(
    Window,
    st.sampled_from(keys("series")),
    st.integers(1, 36),
    st.sampled_from(list(WindowOf)),
    st.integers(0, 12),
    st.none() | st.integers(1, 12),
)
_DATES = keys("date")
_days = st.builds(Day, st.dates(date(1990, 1, 1), date(2040, 12, 31)))
_elapsed = st.builds(
    Elapsed, st.sampled_from(list(Direction)), st.sampled_from(_DATES), st.sampled_from(list(TimeUnit))
)
_leaves = st.builds(Fact, st.sampled_from(NUMBERS + _DATES)) | _literals | _days | _windows | _elapsed


def _calculations(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.sampled_from([Arithmetic.TIMES, Arithmetic.MINUS, Arithmetic.DIVIDE])
    lists = st.sampled_from([Arithmetic.PLUS, Arithmetic.MIN, Arithmetic.MAX])
    return st.builds(Calculation, pairs, st.tuples(inner, inner)) | st.builds(
        Calculation, lists, st.lists(inner, min_size=2, max_size=3).map(tuple)
    )


def _converted(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.builds(Converted, st.sampled_from(list(TimeUnit)), inner)


@st.composite
def _memberships(draw: st.DrawFn) -> Membership:
    operator = draw(st.sampled_from(list(MemberOf)))
    key = draw(st.sampled_from(keys(*_GROUPED[operator])))
    codes = draw(st.lists(st.sampled_from(CODES[key]), min_size=1, max_size=4, unique=True))
    return Membership(operator, key, tuple(codes))


_plain = _memberships() | st.builds(Flag, st.sampled_from(keys("flag")), st.booleans())


def _cases(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    branches = st.lists(st.tuples(_plain, inner), min_size=1, max_size=2).map(tuple)
    return st.builds(Case, branches, st.none() | inner)


expressions: st.SearchStrategy[Expression] = st.recursive(
    _leaves, lambda inner: _calculations(inner) | _converted(inner) | _cases(inner), max_leaves=4
)


_simple: st.SearchStrategy[Condition] = (
    st.builds(Comparison, st.sampled_from(list(Compare)), expressions, expressions)
    | _plain
    | st.builds(OnList, st.sampled_from(_DATES), st.integers(0, 12), st.integers(0, 60))
)


def _at_least(parts: tuple[Condition, ...]) -> st.SearchStrategy[Condition]:
    return st.builds(AtLeast, st.integers(1, len(parts)), st.just(parts))


def _groups(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    lists = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return (
        st.builds(All, lists)
        | st.builds(AnyOf, lists)
        | st.builds(Not, inner)
        | st.builds(Unless, inner, inner)
        | lists.flatmap(_at_least)
    )


conditions: st.SearchStrategy[Condition] = st.recursive(_simple, _groups, max_leaves=6)


#: Mostly of an ordinary size, now and then so large that sums leave 64 bits.
_months = st.integers(-(10**9), 10**9) | st.sampled_from([1 << 40, -(1 << 62), 1 << 62, (1 << 63) - 1, 1 << 63])


def values_of(key: str) -> st.SearchStrategy[Any]:
    """Values of the fact's own kind."""
    kind = dictionary.fact(key).kind
    if kind == "series":
        return st.lists(_months, max_size=40).map(tuple)
    if kind == "flag":
        return st.booleans()
    if kind == "date":
        return st.dates(date(2015, 1, 1), date(2030, 12, 31))
    if kind == "codes":
        return st.lists(st.sampled_from(CODES[key]), max_size=4, unique=True).map(tuple)
    if key in CODES:
        return st.sampled_from(CODES[key])
    return _integers


_SOME = st.sampled_from([*dictionary.facts()])


@st.composite
def profiles(draw: st.DrawFn) -> dict[str, FactValue]:
    """Some known facts with values of their kinds."""
    chosen = draw(st.lists(_SOME, max_size=40, unique=True))
    return {key: known(draw(values_of(key))) for key in chosen}


_ODD: list[Any] = [(), ("x", 1), (None, 1), (1.5,), frozenset(), frozenset({1}), ["A"], [1], {}, None]


@st.composite
def strange_profiles(draw: st.DrawFn) -> dict[str, FactValue]:
    """Facts whose values have any type at all, as a broken supplier might deliver them."""
    anything = st.one_of(
        *(_integers, st.booleans(), st.text(max_size=3), st.dates(), st.datetimes(), st.floats(), _months),
        st.sampled_from(_ODD),
    )
    chosen = draw(st.lists(_SOME, max_size=20, unique=True))
    return {key: known(draw(anything)) for key in chosen}
