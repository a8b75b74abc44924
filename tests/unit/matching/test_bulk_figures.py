"""What kernels work out beside the leaves (sums of months, two facts compared) stands as the plain evaluator says."""

import random
from typing import Any

import pytest

from finmart.matching.engine.bulk import everyone
from finmart.matching.engine.bulk.catalogue import compiled
from finmart.matching.engine.bulk.everyone import NUMPY, Machine, machine
from finmart.matching.engine.bulk.table import table_of
from finmart.matching.engine.inputs import ApplicantFacts
from finmart.matching.engine.plain import clause_state
from tests.factories import matching as made
from tests.factories.matching import condition, offer, variant

machines = pytest.mark.parametrize("by", [NUMPY, machine()], ids=lambda each: each.name)
#: Months of this size are kept in four bytes, in eight, and in eight where a growth could overflow.
SIZES = (3, 1 << 33, 1 << 45)


def _agrees(asked: list[dict[str, Any]], subjects: list[ApplicantFacts], by: Machine) -> None:
    """Each condition is a product of its own; who meets it, and who may, are counted and named alike."""
    conditions = [condition(each) for each in asked]
    catalogue = compiled([offer(f"p{place}", variant(each)) for place, each in enumerate(conditions)])
    states = [[clause_state(each, facts).state for each in conditions] for facts in subjects]
    table = table_of(subjects)
    for given in (table, everyone.with_figures(catalogue, table)):
        found = everyone.answer(catalogue, given, most=len(asked), by=by)
        for place, source in enumerate(asked):
            column = [row[place] for row in states]
            assert found.counts[place].tolist() == [column.count("m"), len(column) - column.count("n")], source
        named = [[place for place in row if place >= 0] for row in found.top.tolist()]
        assert named == [[place for place, state in enumerate(row) if state == "m"] for row in states]


@machines
@pytest.mark.parametrize("size", SIZES)
def test_windows_of_one_series_are_summed_together(by: Machine, size: int) -> None:
    chosen = random.Random(size)
    series = [[chosen.choice((-1, 0, 0, 1, 2)) * size for _ in range(chosen.randint(0, 9))] for _ in range(150)]
    subjects = [made.facts(**({"sales_monthly": tuple(each)} if each else {})) for each in series]
    bounds = {"sum": (0, size, 3 * size), "mean": (0, size // 2), "count": (1, 2), "longest_gap": (0, 1, 3)}
    bounds |= {"growth": (-1_000_000, -333_333, 0, 500_000), "max": (size,), "covers": (3,)}
    asked = [
        {operator: [{"window": {"series": "sales_monthly", "months": months, "of": of}}, {"value": value}]}
        for months in (1, 2, 3, 4, 6)
        for of, values in bounds.items()
        for value in values
        for operator in ("ge", "gt", "le")
    ]
    _agrees(asked, subjects, by)


@machines
@pytest.mark.parametrize("size", [1, 1 << 40, 1 << 48])
def test_sums_of_two_facts_are_compared_as_columns(by: Machine, size: int) -> None:
    chosen = random.Random(size)
    keys = ("loans_outstanding", "sales_12m", "annual_tax")
    subjects = [
        made.facts(**{key: chosen.randint(-3, 9) * size for key in keys if chosen.random() < 0.8}) for _ in range(150)
    ]
    loans, sales, tax = ({"fact": key} for key in keys)
    sides = [
        [{"times": [loans, {"value": 3}]}, sales],
        [{"plus": [sales, {"times": [{"value": 2}, tax]}]}, {"value": 5 * size}],
        [{"minus": [sales, {"times": [{"value": 500_000, "unit": "ratio"}, tax]}]}, loans],
        [{"minus": [sales, {"times": [{"value": 500_000, "unit": "ratio"}, tax]}]}, {"value": 2 * size}],
        [{"plus": [sales, {"minus": [loans, tax]}, tax]}, tax],
        [{"plus": [sales, {"times": [loans, {"value": 0}]}]}, tax],
        [{"minus": [sales, sales]}, loans],
    ]
    asked = [{operator: each} for each in sides for operator in ("ge", "gt", "le", "lt", "eq")]
    _agrees(asked + [{"not": each} for each in asked], subjects, by)
