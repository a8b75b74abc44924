"""Resident IDs: date and check digit, no look-up of divisions, masked on screens."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.reference import resident_ids
from finmart.reference.resident_ids import ResidentIdRefusal

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@given(st.integers(100000, 999999), st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.integers(0, 999))
def test_made_numbers_are_valid_whatever_the_division(division: int, born: date, sequence: int) -> None:
    text = resident_ids.make(str(division), born, sequence)
    total = sum(int(digit) * weight for digit, weight in zip(text, WEIGHTS, strict=False))
    assert text[-1] == "10X98765432"[total % 11]
    assert resident_ids.parse(text).born == born


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("99999919900230001X", "date"),
        ("999999199002280011", "check"),
        ("9.99999E+17", "scientific"),
        ("99999919900228001x", "writing"),
        ("999999900228001", "old"),
        ("9999991990022800", "length"),
        ("99999A19900228001X", "character"),
    ],
)
def test_what_is_wrong_is_said_without_repeating_the_number(text: str, reason: str) -> None:
    with pytest.raises(ResidentIdRefusal) as caught:
        resident_ids.parse(text)
    assert caught.value.reason == reason
    assert text not in str(caught.value)
    assert not resident_ids.is_valid(text)


def test_screens_show_six_characters() -> None:
    number = resident_ids.make("999999", date(1990, 2, 28), 1)
    assert resident_ids.parse(number).masked == f"9999{'*' * 12}{number[-2:]}"
    assert resident_ids.masked("12345") == "*****"
