"""Sums of facts times numbers: what compares two facts so needs no figure of its own, only the two columns."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from finmart.conditions.evaluate import conversion_factor
from finmart.conditions.types import Arithmetic, Calculation, Comparison, Converted, Expression, Fact, Literal
from finmart.conditions.units import BARE, RATIO, unit
from finmart.reference.facts import PPM


@dataclass(frozen=True)
class Line:
    """Each fact times its number, and ``rest`` besides."""

    facts: dict[Fact, Fraction] = field(default_factory=dict)
    rest: Fraction = Fraction(0)

    def times(self, number: Fraction) -> "Line":
        """All of it, so many times."""
        return Line({fact: each * number for fact, each in self.facts.items()}, self.rest * number)

    def plus(self, other: "Line") -> "Line":
        """Both together."""
        keys = dict.fromkeys((*self.facts, *other.facts))
        facts = {key: self.facts.get(key, Fraction(0)) + other.facts.get(key, Fraction(0)) for key in keys}
        return Line(facts, self.rest + other.rest)


def line_of(expression: Expression) -> Line | None:
    """What an expression is, if it is such a sum."""
    match expression:
        case Literal(value):
            return Line(rest=Fraction(value))
        case Fact():
            return Line({expression: Fraction(1)})
        case Converted(_, operand):
            found = line_of(operand)
            return found and found.times(conversion_factor(expression))
        case Calculation():
            return _calculated(expression)
        case _:
            return None


def _calculated(calculation: Calculation) -> Line | None:
    found = [each for each in map(line_of, calculation.operands) if each is not None]
    if len(found) != len(calculation.operands):
        return None
    match calculation.operator:
        case Arithmetic.PLUS:
            return sum_of(found)
        case Arithmetic.MINUS:
            return found[0].plus(found[1].times(Fraction(-1)))
        case Arithmetic.TIMES if not all(each.facts for each in found):
            units = set(map(unit, calculation.operands))
            share = Fraction(1, PPM) if RATIO in units and BARE not in units else Fraction(1)
            one, other = sorted(found, key=lambda each: len(each.facts))
            return other.times(one.rest * share)
        case _:
            return None


def sum_of(lines: list[Line]) -> Line:
    """All of them together."""
    found = Line()
    for each in lines:
        found = found.plus(each)
    return found


def of_two(leaf: Comparison) -> Line | None:
    """The left side less the right one, in whole numbers, if it is two facts times something other than zero.

    What is multiplied with zero, or taken from itself, must still be known.
    """
    left, right = line_of(leaf.left), line_of(leaf.right)
    if left is None or right is None:
        return None
    found = left.plus(right.times(Fraction(-1)))
    if len(found.facts) != 2 or not all(found.facts.values()):
        return None
    return found.times(Fraction(lcm(*(each.denominator for each in (*found.facts.values(), found.rest)))))
