"""Every clause that states an amount, against figures worked out from the collected columns alone."""

import csv
import json
from datetime import date
from typing import Any

import pytest

from finmart.conditions.types import Value
from finmart.config import ROOT
from finmart.products.policies.service.amounts import amount, figures_of
from finmart.products.policies.service.files import read_policies
from finmart.products.policies.types.errors import ClauseGivesNothing, FigureMissing, FigureRefused, NothingToCompute
from finmart.products.policies.types.values import Policy, PolicyClause

CLAUSES: dict[str, tuple[Policy, PolicyClause]] = {
    clause.code: (policy, clause) for policy in read_policies() for clause in policy.clauses
}
with (ROOT / "tests" / "golden" / "policy_amounts.csv").open(encoding="utf-8", newline="") as file:
    VECTORS = [(row["clause"], row["day"], json.loads(row["figures"]), int(row["fen"])) for row in csv.DictReader(file)]
EXPIRED = sorted(code for code, (policy, _clause) in CLAUSES.items() if policy.code == "HF7")


@pytest.mark.parametrize(("code", "day", "figures", "fen"), VECTORS)
def test_an_amount_is_right_to_the_fen(code: str, day: str, figures: dict[str, Any], fen: int) -> None:
    policy, clause = CLAUSES[code]
    assert set(figures) == set(figures_of(clause))
    assert amount(policy, clause, figures, day=date.fromisoformat(day)).fen == fen


def test_every_clause_with_an_amount_is_tried() -> None:
    assert {code for code, _day, _figures, _fen in VECTORS} == {
        code for code, (_policy, clause) in CLAUSES.items() if clause.formula is not None
    }
    assert sum(CLAUSES[code][1].formula is not None for code in EXPIRED) == 59


@pytest.mark.parametrize("code", EXPIRED)
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 11, 21), date(2023, 3, 17)])
def test_an_expired_clause_gives_nothing_outside_its_days(code: str, day: date) -> None:
    policy, clause = CLAUSES[code]
    ones: dict[str, Value] = dict.fromkeys(figures_of(clause), 1)
    with pytest.raises((ClauseGivesNothing, NothingToCompute)):
        amount(policy, clause, ones, day=day)


def test_a_day_of_the_past_is_said_to_be_then() -> None:
    policy, clause = CLAUSES["HF7-01-2"]
    found = amount(policy, clause, {}, day=date(2024, 6, 1))
    assert (found.fen, found.then) == (200_000_000, True)


@pytest.mark.parametrize("key", ["demand.subsidised_principal", "demand.subsidised_days"])
def test_figures_that_cannot_be_used_are_named(key: str) -> None:
    policy, clause = CLAUSES["NP-01-1"]
    whole: dict[str, Value] = {"demand.subsidised_principal": 100, "demand.subsidised_days": 30}
    day = date(2026, 6, 1)
    with pytest.raises(FigureRefused, match="不能小于零"):
        amount(policy, clause, {**whole, key: -1}, day=day)
    with pytest.raises(FigureMissing, match="请填写"):
        amount(policy, clause, {name: value for name, value in whole.items() if name != key}, day=day)
