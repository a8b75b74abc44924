"""Money, rates and terms as exact integers; 万元 and % exist only in forms and words."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
PPM_PER_PERCENT = 10_000
#: No figure of a form has more decimals; with more, arithmetic would round before what is too fine could be refused.
MOST_DECIMALS = 12
#: Ten trillion yuan: more than any sum this platform can meet, and safely inside a 64-bit integer of 分.
MAX_FEN = 10**15

_GROUPED = re.compile(r"^[+-]?\d{1,3}([,，]\d{3})+(\.\d+)?$")


def _decimal(text: str) -> Decimal:
    cleaned = text.strip()
    if _GROUPED.match(cleaned):
        cleaned = cleaned.replace(",", "").replace("，", "")
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        raise BadInput(N_("“{text}”不是一个数，请只填数字，例如 120 或 35.5。"), text=text[:40]) from None
    if not number.is_finite():
        raise BadInput(N_("“{text}”不是一个数，请只填数字，例如 120 或 35.5。"), text=text[:40])
    if number and _decimals(number) > MOST_DECIMALS:
        raise _too_fine(text)
    return number


def _decimals(number: Decimal) -> int:
    """How many decimals a finite number needs; counted on its digits, as arithmetic would round first."""
    _sign, digits, exponent = number.as_tuple()
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return -(int(exponent) + zeros)


def _too_fine(text: str) -> BadInput:
    return BadInput(N_("“{text}”的小数位太多，请减少小数位。"), text=text[:40])


def _exact(number: Decimal, text: str) -> int:
    if number != number.to_integral_value():
        raise _too_fine(text)
    return int(number)


@dataclass(frozen=True, order=True)
class Money:
    """An amount in 分 (1/100 yuan), an exact integer."""

    fen: int

    @classmethod
    def from_wan(cls, text: str) -> Self:
        """Parse an amount in 万元, at most six decimals. Raises ``BadInput`` for anything else."""
        number = _decimal(text)
        if abs(number) * FEN_PER_WAN > MAX_FEN:
            raise BadInput(N_("金额“{text}”太大，请核对单位：这里填的是万元。"), text=text[:40])
        return cls(_exact(number * FEN_PER_WAN, text))

    @classmethod
    def from_yuan(cls, text: str) -> Self:
        """Parse an amount in 元, at most two decimals. Raises ``BadInput`` for anything else."""
        number = _decimal(text)
        if abs(number) * FEN_PER_YUAN > MAX_FEN:
            raise BadInput(N_("金额“{text}”太大，请核对单位：这里填的是元。"), text=text[:40])
        return cls(_exact(number * FEN_PER_YUAN, text))

    @property
    def wan(self) -> Decimal:
        """The amount in 万元, exact."""
        return Decimal(self.fen) / FEN_PER_WAN


@dataclass(frozen=True, order=True)
class Rate:
    """A rate or ratio in parts per million, that is 1/10 000 of a percent: 3.15 % is 31 500."""

    ppm: int

    @classmethod
    def from_percent(cls, text: str) -> Self:
        """Parse a percentage with at most four decimals. Raises ``BadInput`` for anything else."""
        number = _decimal(text)
        if abs(number) > 1000:
            raise BadInput(N_("比率“{text}”太大，请核对单位：这里填的是百分数。"), text=text[:40])
        return cls(_exact(number * PPM_PER_PERCENT, text))

    @property
    def percent(self) -> Decimal:
        """The rate in %, exact."""
        return Decimal(self.ppm) / PPM_PER_PERCENT


@dataclass(frozen=True)
class Term:
    """A length of time in whole months or, for bridge loans and the like, in days: exactly one of the two."""

    months: int | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        if (self.months is None) == (self.days is None):
            raise ValueError("a term has either months or days")

    @property
    def in_days(self) -> int:
        """A comparable length: a month counts as 30 days, a year (12 months) as 360, as interest does."""
        return self.days if self.days is not None else 30 * (self.months or 0)
