"""The indicative limit of a variant: the stated cap, the formula over facts, or the smaller. Never a promise."""

from dataclasses import replace

from finmart.conditions.evaluate import compute
from finmart.conditions.types import Arithmetic, Calculation, Expression, Fact, FactValue, Literal, Window
from finmart.conditions.walk import keys_of_expression
from finmart.matching.engine.inputs import ApplicantFacts, VariantOffer
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


def indicative_limit(variant: VariantOffer, facts: ApplicantFacts) -> Limit:
    """Work the limit out. A formula with missing facts leaves it unknown and names them; below zero it is zero."""
    cap = variant.amount_max
    if variant.limit is None:
        return Limit(LimitBasis.NOT_STATED) if cap is None else Limit(LimitBasis.CAP, amount=cap)
    value = compute(variant.limit, facts.values)
    if value.amount is None:
        at_most = _smaller(cap, _at_most(variant.limit, facts, value.missing))
        return Limit(LimitBasis.FACTS_MISSING, at_most=at_most, missing=value.missing)
    amount = max(0, value.amount)
    if cap is None:
        return Limit(LimitBasis.FORMULA, amount=amount)
    return Limit(LimitBasis.CAP_AND_FORMULA, amount=min(cap, amount))
