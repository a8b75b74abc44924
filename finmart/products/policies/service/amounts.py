"""What a clause comes to, to the 分, for the figures somebody gives; a clause that is not in force comes to nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from finmart.conditions.evaluate import compute
from finmart.conditions.json_form import parse_expression
from finmart.conditions.types import FactValue, Value
from finmart.conditions.walk import AS_OF, keys_of_expression
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.products.policies.types.errors import ClauseGivesNothing, FigureMissing, FigureRefused, NothingToCompute
from finmart.products.policies.types.values import Policy, PolicyClause, Standing, standing
from finmart.reference.facts import fact

SOURCE = "declaration"


@dataclass(frozen=True)
class Amount:
    """What a clause comes to in 分 on ``day``; ``then``: on a day of the past, so that nobody is paid it now."""

    fen: int
    day: date
    then: bool


def figures_of(clause: PolicyClause) -> tuple[str, ...]:
    """The facts that the formula is worked out of, in order of first mention; none when it states a fixed sum."""
    if clause.formula is None:
        return ()
    return tuple(key for key in dict.fromkeys(keys_of_expression(parse_expression(clause.formula))) if key != AS_OF)


def amount(policy: Policy, clause: PolicyClause, figures: Mapping[str, Value], *, day: date | None = None) -> Amount:
    """What ``clause`` comes to for ``figures`` (分, counts, days) on ``day``, today by default; never below zero.

    Raises ``NothingToCompute``, ``ClauseGivesNothing`` on a day on which it is not in force, ``FigureMissing`` or
    ``FigureRefused``.
    """
    on = day or today()
    if clause.formula is None:
        raise NothingToCompute
    if standing(policy, on, clause) is not Standing.IN_FORCE:
        raise ClauseGivesNothing(on)
    known = {key: FactValue(value, None, SOURCE, "declared") for key, value in figures.items()}
    for key in figures_of(clause):
        if key not in known:
            raise FigureMissing(fact(key).label_zh)
        value = known[key].value
        if isinstance(value, int) and value < 0:
            raise FigureRefused(N_("“{name}”不能小于零。"), name=fact(key).label_zh)
    known[AS_OF] = FactValue(on, None, "demand", "demand")
    found = compute(parse_expression(clause.formula), known).amount
    if found is None:
        raise NothingToCompute
    return Amount(max(0, found), on, on < today())
