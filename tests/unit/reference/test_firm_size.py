"""Firm size: the 160 vectors, and what never becomes micro."""

import pytest

from finmart.reference import industries
from finmart.reference.firm_size import FEN_PER_WAN, LABELS, Reason, Size, firm_size, indicators_for
from tests.golden.vectors import vectors

VECTORS = vectors("firm_size_vectors.csv")


def whole(text: str, unit: int = 1) -> int | None:
    return int(text) * unit if text else None


def test_there_are_160_vectors() -> None:
    assert len(VECTORS) == 160


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{row['gbt4754_2017_code']}-{row['why']}" for row in VECTORS])
def test_vector(vector: dict[str, str]) -> None:
    found = firm_size(
        vector["gbt4754_2017_code"],
        employees=whole(vector["employees"]),
        revenue=whole(vector["revenue_wan"], FEN_PER_WAN),
        total_assets=whole(vector["total_assets_wan"], FEN_PER_WAN),
    )
    assert found.size == vector["expected"].lower()


def test_129_classes_are_not_covered() -> None:
    sizes = [firm_size(node.code, employees=1, revenue=1, total_assets=1).size for node in industries.classes()]
    assert sizes.count(Size.NOT_DETERMINED) == 129
    assert Size.INSUFFICIENT_DATA not in sizes


def test_a_bound_counts_to_the_fen() -> None:
    bound = 2000 * FEN_PER_WAN
    assert firm_size("3911", employees=300, revenue=bound).size is Size.MEDIUM
    below = firm_size("3911", employees=300, revenue=bound - 1)
    assert (below.size, below.limiting, below.rule) == (Size.SMALL, ("revenue",), "SZ02")


def test_a_missing_indicator_is_never_guessed() -> None:
    found = firm_size("3911", revenue=1)
    assert (found.size, found.reason) == (Size.INSUFFICIENT_DATA, Reason.MISSING_INDICATOR)
    assert found.limiting == ("employees",)
    assert found.used == (("revenue", 1),)


@pytest.mark.parametrize(
    ("code", "reason"),
    [("9999", Reason.UNKNOWN_INDUSTRY), ("59", Reason.INDUSTRY_TOO_COARSE), ("G", Reason.INDUSTRY_TOO_COARSE)],
)
def test_an_industry_without_one_rule_is_insufficient(code: str, reason: Reason) -> None:
    found = firm_size(code, employees=1, revenue=1, total_assets=1)
    assert (found.size, found.reason) == (Size.INSUFFICIENT_DATA, reason)


def test_a_section_with_one_rule_is_enough() -> None:
    assert firm_size("C", employees=1000, revenue=40000 * FEN_PER_WAN).size is Size.LARGE
    assert indicators_for("E") == ("revenue", "total_assets")
    assert indicators_for("J") == ()


def test_every_outcome_has_words() -> None:
    assert set(LABELS) == set(Size)
    assert [size for size in Size if size.is_determined] == [Size.LARGE, Size.MEDIUM, Size.SMALL, Size.MICRO]
