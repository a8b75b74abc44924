"""Money, rates and terms are exact, and refuse what they cannot hold exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import MAX_FEN, Money, Rate, Term


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_every_amount_survives_the_way_through_wan(fen: int) -> None:
    assert Money.from_wan(str(Money(fen).wan)) == Money(fen)


@given(st.decimals(min_value=-1000, max_value=1000, places=4))
def test_every_percentage_of_four_decimals_is_exact(percent: Decimal) -> None:
    assert Rate.from_percent(str(percent)).percent == percent


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("300", 300_000_000),
        (" 35.5 ", 35_500_000),
        ("0.000001", 1),
        ("1,234.5", 1_234_500_000),
        ("12，345", 12_345_000_000),
        (f"1.{'0' * 40}", 1_000_000),
    ],
)
def test_amounts_in_wan(text: str, fen: int) -> None:
    assert Money.from_wan(text).fen == fen


@pytest.mark.parametrize(
    "text",
    [
        *("", "abc", "1e400", "NaN", "Infinity", "0.0000001", "12,34", "1" * 30, "十万"),
        # What arithmetic would round away is refused as well.
        *("1e-99999999", f"1.{'0' * 40}1"),
    ],
)
def test_what_is_not_an_amount_is_refused_with_one_sentence(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Money.from_wan(text)
    assert str(refusal.value).endswith("。")


def test_yuan_have_two_decimals() -> None:
    assert Money.from_yuan("19.99").fen == 1999
    with pytest.raises(BadInput):
        Money.from_yuan("19.999")


def test_a_rate_keeps_a_ten_thousandth_of_a_percent() -> None:
    assert Rate.from_percent("3.15").ppm == 31_500
    with pytest.raises(BadInput):
        Rate.from_percent("3.15001")


def test_a_term_is_months_or_days_never_both() -> None:
    assert Term(months=12).in_days == 360
    assert Term(days=10).in_days == 10
    with pytest.raises(ValueError, match="either months or days"):
        Term(months=1, days=1)
    with pytest.raises(ValueError, match="either months or days"):
        Term()
