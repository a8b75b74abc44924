"""The indicative limit of a variant: the stated cap, the formula over facts, or the smaller. Never a promise."""

from dataclasses import dataclass, replace

from finmart.conditions.evaluate import compute
from finmart.conditions.types import Arithmetic, Calculation, Expression, Fact, FactValue, Literal, Window
from finmart.conditions.walk import keys_of_expression
from finmart.matching.engine.inputs import ApplicantFacts, VariantOffer
from finmart.matching.engine.interval import Extended, bounds
from finmart.matching.engine.results import Limit, LimitBasis
from finmart.reference.facts import unit_of

#: What is counted or stated in these units is taken as not below zero when nobody has stated it.
NEVER_NEGATIVE = frozenset({"money", "count", "people", "times"})
_SUPPOSED = FactValue(value=0, observed_until=None, source="supposed", origin="supposed")


def _never_negative(expression: Expression) -> bool:
    match expression:
        case Literal(value):
            return value >= 0
        case Fact(key):
            return unit_of(key) in NEVER_NEGATIVE
        case Window():
            return False
        case Calculation(Arithmetic.MINUS, _operands):
            return False
        case Calculation(_, operands):
            return all(_never_negative(operand) for operand in operands)
        case _:
            return False


def _only_lowers(expression: Expression, key: str, *, lowering: bool = False) -> bool:
    """Whether a larger ``key`` can only lower the value of the whole."""
    if key not in keys_of_expression(expression):
        return True
    match expression:
        case Fact():
            return lowering
        case Calculation(Arithmetic.TIMES | Arithmetic.DIVIDE, operands) if not all(map(_never_negative, operands)):
            return False
        case Calculation(Arithmetic.MINUS | Arithmetic.DIVIDE, (left, right)):
            return _only_lowers(left, key, lowering=lowering) and _only_lowers(right, key, lowering=not lowering)
        case Calculation(_, operands):
            return all(_only_lowers(operand, key, lowering=lowering) for operand in operands)
        case _:
            return False


def _at_most(formula: Expression, facts: ApplicantFacts, missing: tuple[str, ...]) -> int | None:
    """What the formula gives at most: where what is missing can only lower it, with nothing of it.

    A debt that nobody has stated is the example: the limit is not known, but it is not above the one without debt.
    """
    if not all(unit_of(key) in NEVER_NEGATIVE and _only_lowers(formula, key) for key in missing):
        return None
    supposed = replace(facts, values={**facts.values, **dict.fromkeys(missing, _SUPPOSED)})
    amount = compute(formula, supposed.values).amount
    return None if amount is None else max(0, amount)


def _smaller(first: int | None, second: int | None) -> int | None:
    return min((value for value in (first, second) if value is not None), default=None)


@dataclass(frozen=True)
class FormulaLimit:
    """What a formula alone gives: ``amount``, or where facts are ``missing`` what it gives at least and at most."""

    amount: int | None
    at_most: int | None = None
    missing: tuple[str, ...] = ()
    at_least: int | None = None


def _whole(end: Extended) -> int | None:
    """An end in 分, rounded down and not below zero; None where there is none."""
    return None if isinstance(end, float) else max(0, end.numerator // end.denominator)


def formula_limit(formula: Expression, facts: ApplicantFacts, *, interval: bool = True) -> FormulaLimit:
    """Work a formula out; below zero it is zero.

    ``interval`` gives both ends of what is not known; without it only the upper one, as the first ranking rule
    reads limits.
    """
    value = compute(formula, facts.values)
    if value.amount is not None:
        return FormulaLimit(max(0, value.amount))
    if not interval:
        return FormulaLimit(None, _at_most(formula, facts, value.missing), value.missing)
    found = bounds(formula, facts.values)
    return FormulaLimit(None, _whole(found.high), value.missing, _whole(found.low) or 0)


def capped_limit(cap: int | None, found: FormulaLimit | None) -> Limit:
    """The limit of a stated cap and of what a formula gives, where there is one; exact where both ends are the same."""
    if found is None:
        return Limit(LimitBasis.NOT_STATED) if cap is None else Limit(LimitBasis.CAP, amount=cap)
    known = LimitBasis.FORMULA if cap is None else LimitBasis.CAP_AND_FORMULA
    if found.amount is not None:
        return Limit(known, amount=_smaller(cap, found.amount))
    at_most = _smaller(cap, found.at_most)
    at_least = None if found.at_least is None else _smaller(cap, found.at_least)
    if at_least is not None and at_least == at_most:
        # What is missing cannot change it.
        return Limit(known, amount=at_least)
    return Limit(LimitBasis.FACTS_MISSING, at_most=at_most, missing=found.missing, at_least=at_least)


def indicative_limit(variant: VariantOffer, facts: ApplicantFacts, *, interval: bool = True) -> Limit:
    """Work the limit out. A formula with missing facts leaves it open and names them (``formula_limit``)."""
    found = None if variant.limit is None else formula_limit(variant.limit, facts, interval=interval)
    return capped_limit(variant.amount_max, found)
