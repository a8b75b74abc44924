"""The plain evaluator: three values by Kleene's strong logic, exact numbers, and what was seen for each leaf.

Nothing here raises on a well-formed condition: what cannot be known, or does not have the type the operator needs, is
*unknown*, never *not met*.
"""

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

from finmart.conditions.types import (
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Case,
    Compare,
    Comparison,
    Computed,
    Condition,
    Converted,
    Day,
    Direction,
    Elapsed,
    Expression,
    Fact,
    Facts,
    FactValue,
    Flag,
    Leaf,
    LeafResult,
    Literal,
    MemberOf,
    Membership,
    Not,
    OnList,
    Result,
    State,
    TimeUnit,
    Unless,
    Window,
    is_day,
)
from finmart.conditions.units import BARE, DATE, RATIO, alike, unit
from finmart.conditions.walk import AS_OF, keys_of, keys_of_expression
from finmart.conditions.windows import window_value
from finmart.reference.facts import PPM, unit_of
from finmart.reference.industries import matches
from finmart.reference.regions import contains


def _unknown(*missing: str) -> Computed:
    return Computed(None, tuple(dict.fromkeys(missing)))


def _day(key: str, facts: Facts) -> date | None:
    known = facts.get(key)
    return known.value if known is not None and is_day(known.value) else None


def _number(key: str, facts: Facts) -> Computed:
    known = facts.get(key)
    if unit_of(key) == DATE:
        day = _day(key, facts)
        return _unknown(key) if day is None else Computed(Fraction(day.toordinal()))
    if known is None or isinstance(known.value, bool) or not isinstance(known.value, int):
        return _unknown(key)
    return Computed(Fraction(known.value))


def _times(calculation: Calculation, values: list[Fraction]) -> Fraction:
    """A ratio is in ppm, so a share of something divides by a million; a bare number is only a multiplier."""
    units = sorted(map(unit, calculation.operands))
    product = values[0] * values[1]
    return product / PPM if RATIO in units and BARE not in units else product


def _divide(calculation: Calculation, values: list[Fraction]) -> Fraction | None:
    """Two of a kind give a ratio in ppm; dividing by a ratio undoes multiplying by it."""
    if not values[1]:
        return None
    left, right = map(unit, calculation.operands)
    quotient = values[0] / values[1]
    return quotient * PPM if right == RATIO or (left != BARE and alike(left, right)) else quotient


def apply_operator(calculation: Calculation, values: list[Fraction]) -> Fraction | None:
    """What a calculation makes of its operands' values; None for a division by zero."""
    match calculation.operator:
        case Arithmetic.TIMES:
            return _times(calculation, values)
        case Arithmetic.DIVIDE:
            return _divide(calculation, values)
        case Arithmetic.PLUS:
            return sum(values, Fraction(0))
        case Arithmetic.MINUS:
            return values[0] - values[1]
        case Arithmetic.MIN:
            return min(values)
        case Arithmetic.MAX:
            return max(values)


def _calculate(calculation: Calculation, facts: Facts) -> Computed:
    parts = [compute(operand, facts) for operand in calculation.operands]
    missing = [key for part in parts for key in part.missing]
    values = [part.exact for part in parts if part.exact is not None]
    if len(values) < len(parts):
        return _unknown(*missing)
    exact = apply_operator(calculation, values)
    return Computed(exact) if exact is not None else _unknown(*keys_of_expression(calculation))


_DAYS_EACH = {TimeUnit.YEARS: 360, TimeUnit.MONTHS: 30, TimeUnit.DAYS: 1}


def _months_between(first: date, last: date) -> int:
    """Whole months from ``first`` to ``last``; below zero when ``last`` comes before."""
    if last < first:
        return -_months_between(last, first)
    months = 12 * (last.year - first.year) + last.month - first.month
    return months - 1 if last.day < first.day else months


def _elapsed(elapsed: Elapsed, facts: Facts) -> Computed:
    named, today = _day(elapsed.key, facts), _day(AS_OF, facts)
    if named is None or today is None:
        return _unknown(*(key for key, found in ((elapsed.key, named), (AS_OF, today)) if found is None))
    first, last = (named, today) if elapsed.direction is Direction.SINCE else (today, named)
    if elapsed.unit is TimeUnit.DAYS:
        return Computed(Fraction((last - first).days))
    months = _months_between(first, last)
    # Completed years: 23 months are one year, and 23 months before the day are minus one.
    return Computed(Fraction(months if elapsed.unit is TimeUnit.MONTHS else int(months / 12)))


def conversion_factor(converted: Converted) -> Fraction:
    """What a conversion multiplies by: a year is 12 months or 360 days."""
    given = unit(converted.operand)
    # An age is counted in years.
    per = _DAYS_EACH[TimeUnit(given) if given in set(TimeUnit) else TimeUnit.YEARS]
    return Fraction(per, _DAYS_EACH[converted.unit])


def _converted(converted: Converted, facts: Facts) -> Computed:
    inner = compute(converted.operand, facts)
    return inner if inner.exact is None else Computed(inner.exact * conversion_factor(converted))


def _case(case: Case, facts: Facts) -> Computed:
    for asked, value in case.branches:
        result = evaluate(asked, facts)
        if result.state is State.MET:
            return compute(value, facts)
        if result.state is State.UNKNOWN:
            return _unknown(*(key for leaf in result.leaves for key in leaf.missing))
    # No branch speaks of this applicant: the clause states no value for it.
    return compute(case.otherwise, facts) if case.otherwise else _unknown(*keys_of_expression(case))


def compute(expression: Expression, facts: Facts) -> Computed:
    """The expression's exact value (分, ppm, counts), or unknown with the keys of the facts that are missing.

    A division by zero is unknown: nobody could say what the share of nothing is.
    """
    match expression:
        case Literal(value):
            return Computed(Fraction(value))
        case Fact(key):
            return _number(key, facts)
        case Day(value):
            return Computed(Fraction(value.toordinal()))
        case Window():
            return window_value(expression, facts)
        case Elapsed():
            return _elapsed(expression, facts)
        case Converted():
            return _converted(expression, facts)
        case Calculation():
            return _calculate(expression, facts)
        case Case():
            return _case(expression, facts)


def _state(met: bool) -> State:
    return State.MET if met else State.NOT_MET


_COMPARE = {
    Compare.GE: lambda a, b: a >= b,
    Compare.GT: lambda a, b: a > b,
    Compare.LE: lambda a, b: a <= b,
    Compare.LT: lambda a, b: a < b,
    Compare.EQ: lambda a, b: a == b,
    Compare.NE: lambda a, b: a != b,
}


def _comparison(leaf: Comparison, facts: Facts) -> LeafResult:
    keys = keys_of(leaf)
    seen = {key: facts[key] for key in keys if key in facts}
    left, right = compute(leaf.left, facts), compute(leaf.right, facts)
    if left.exact is None or right.exact is None:
        missing = tuple(dict.fromkeys((*left.missing, *right.missing)))
        return LeafResult(leaf, State.UNKNOWN, seen, missing, left.amount, right.amount)
    state = _state(_COMPARE[leaf.operator](left.exact, right.exact))
    if unit(leaf.left) == DATE:
        # Days are shown as the facts that were seen; their ordinals mean nothing to anybody.
        return LeafResult(leaf, state, seen)
    return LeafResult(leaf, state, seen, (), left.amount, right.amount)


def _codes(value: object) -> frozenset[str] | None:
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, tuple | frozenset) and all(isinstance(code, str) for code in value):
        return frozenset(str(code) for code in value)
    return None


def _any(states: Iterable[State]) -> State:
    return at_least(1, states)


def _lies_in(code: str, outer: str, contains: Callable[[str, str], bool]) -> State:
    """A code coarser than what is asked for (a city where a district is wanted) may or may not lie in it: unknown."""
    if contains(outer, code):
        return State.MET
    return State.UNKNOWN if contains(code, outer) else State.NOT_MET


def _member(leaf: Membership, codes: frozenset[str]) -> State:
    wanted = frozenset(leaf.codes)
    match leaf.operator:
        case MemberOf.IN | MemberOf.HAS_ANY:
            return _state(bool(codes & wanted))
        case MemberOf.NOT_IN | MemberOf.HAS_NONE:
            return _state(not codes & wanted)
        case MemberOf.HAS_ALL:
            return _state(wanted <= codes)
        case MemberOf.INDUSTRY_IN:
            return _any(_lies_in(c, w, lambda outer, inner: matches(inner, outer)) for c in codes for w in wanted)
        case MemberOf.REGION_IN:
            return _any(_lies_in(c, w, contains) for c in codes for w in wanted)


def _seen(key: str, known: FactValue | None) -> dict[str, FactValue]:
    return {} if known is None else {key: known}


def _membership(leaf: Membership, facts: Facts) -> LeafResult:
    known = facts.get(leaf.key)
    codes = None if known is None else _codes(known.value)
    if codes is None:
        return LeafResult(leaf, State.UNKNOWN, _seen(leaf.key, known), (leaf.key,))
    state = _member(leaf, codes)
    missing = (leaf.key,) if state is State.UNKNOWN else ()
    return LeafResult(leaf, state, _seen(leaf.key, known), missing)


def _flag(leaf: Flag, facts: Facts) -> LeafResult:
    known = facts.get(leaf.key)
    if known is None or not isinstance(known.value, bool):
        return LeafResult(leaf, State.UNKNOWN, _seen(leaf.key, known), (leaf.key,))
    return LeafResult(leaf, _state(known.value == leaf.expected), _seen(leaf.key, known))


def _on_list(leaf: OnList, facts: Facts) -> LeafResult:
    """Judged on the day of the match. A flag instead of a last day: on the list without an end, or not on it."""
    entry, today = facts.get(leaf.key), facts.get(AS_OF)
    seen = {key: facts[key] for key in keys_of(leaf) if key in facts}
    if entry is not None and isinstance(entry.value, bool):
        return LeafResult(leaf, _state(entry.value), seen)
    missing = [] if entry is not None and is_day(entry.value) else [leaf.key]
    missing += [] if today is not None and is_day(today.value) else [AS_OF]
    if missing or entry is None or today is None:
        return LeafResult(leaf, State.UNKNOWN, seen, tuple(missing))
    return LeafResult(leaf, _state(_runs_on(entry.value, today.value, leaf)), seen)


def _runs_on(last: object, today: object, leaf: OnList) -> bool:
    if not (is_day(last) and is_day(today)):
        return False
    lasts = _months_between(today, last) >= leaf.remaining_months and (last - today).days >= leaf.remaining_days
    return last >= today and lasts


def evaluate_leaf(leaf: Leaf, facts: Facts) -> LeafResult:
    """One leaf on ``facts``."""
    match leaf:
        case Comparison():
            return _comparison(leaf, facts)
        case Membership():
            return _membership(leaf, facts)
        case Flag():
            return _flag(leaf, facts)
        case OnList():
            return _on_list(leaf, facts)


def at_least(count: int, states: Iterable[State]) -> State:
    """Kleene's "at least ``count`` of": decided as soon as the unknown ones can no longer change it."""
    found = list(states)
    met = found.count(State.MET)
    possible = met + found.count(State.UNKNOWN)
    if met >= count:
        return State.MET
    return State.UNKNOWN if possible >= count else State.NOT_MET


def negated(state: State) -> State:
    """Kleene's not."""
    return {State.MET: State.NOT_MET, State.NOT_MET: State.MET, State.UNKNOWN: State.UNKNOWN}[state]


def evaluate(condition: Condition, facts: Facts) -> Result:
    """The condition on ``facts``: its state and every leaf's, in the order in which they stand."""
    match condition:
        case All(parts):
            return _group(len(parts), parts, facts)
        case AnyOf(parts):
            return _group(1, parts, facts)
        case AtLeast(count, parts):
            return _group(count, parts, facts)
        case Unless(exception, part):
            return _group(1, (exception, part), facts)
        case Not(part):
            inner = evaluate(part, facts)
            return Result(negated(inner.state), inner.leaves)
        case _:
            leaf = evaluate_leaf(condition, facts)
            return Result(leaf.state, (leaf,))


def _group(count: int, parts: tuple[Condition, ...], facts: Facts) -> Result:
    results = [evaluate(part, facts) for part in parts]
    return Result(
        at_least(count, (result.state for result in results)),
        tuple(leaf for result in results for leaf in result.leaves),
    )
