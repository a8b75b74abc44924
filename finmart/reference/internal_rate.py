"""The internal rate of return: the rate at which what is paid back is worth what was received."""

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext

from finmart.reference.refusals import N_, Refusal

_CONTEXT = Context(prec=28)
# Newton's error squares with each step, so a step this small leaves far less than the 1e-6 of a rate's last place.
_CLOSE = Decimal("1e-12")
_STEPS = 200

#: (period, amount): amounts in 分, negative when the borrower receives, positive when it pays.
Flows = Sequence[tuple[int, int]]


class NoRate(Refusal):
    """These flows have no internal rate, for example when the charges eat the whole loan."""

    def __init__(self) -> None:
        super().__init__(N_("费用不少于实际到手的金额，无法折算年化成本。"))


def discount_factor(flows: Flows) -> Decimal:
    """The factor of one period that makes the flows' sum zero: 1 / (1 + rate). Raises ``NoRate``.

    ``flows`` are ordered by period and begin with what is received at period 0. The sum grows with the factor
    around 1, where the search starts; Newton's steps are kept inside a bracket, so it always ends.
    """
    if not flows or flows[0][0] != 0 or flows[0][1] >= 0:
        raise NoRate
    with localcontext(_CONTEXT):
        low, high = _bracket(flows)
        factor = high
        for _ in range(_STEPS):
            value, slope = _value_and_slope(flows, factor)
            if value == 0:
                return factor
            low, high = (low, factor) if value > 0 else (factor, high)
            step = factor - value / slope if slope > 0 else low
            if abs(step - factor) < _CLOSE or high - low < _CLOSE:
                return step
            factor = step if low < step < high else (low + high) / 2
    raise NoRate


def simple_rate(factor: Decimal, periods: int) -> int:
    """The rate of a period times ``periods`` a year, in ppm."""
    with localcontext(_CONTEXT):
        return _ppm((1 / factor - 1) * periods)


def compound_rate(factor: Decimal, periods: int) -> int:
    """The rate of a period compounded over the ``periods`` of a year, in ppm."""
    with localcontext(_CONTEXT):
        return _ppm(factor**-periods - 1)


def _ppm(rate: Decimal) -> int:
    return int((rate * 1_000_000).to_integral_value(rounding="ROUND_HALF_UP"))


def _bracket(flows: Flows) -> tuple[Decimal, Decimal]:
    """Factors between which the sum changes sign: negative at the low one, not negative at the high one."""
    low, high = Decimal(0), Decimal(1)
    while _value_and_slope(flows, high)[0] < 0:
        low, high = high, high * 2
        if high > 1024:
            raise NoRate
    return low, high


def _value_and_slope(flows: Flows, factor: Decimal) -> tuple[Decimal, Decimal]:
    """Σ amount·factorᵖ and its derivative, by Horner's scheme over the gaps between periods."""
    value, slope, last = Decimal(0), Decimal(0), flows[-1][0]
    for period, amount in reversed(flows):
        if gap := last - period:
            power = factor ** (gap - 1) if gap > 1 else Decimal(1)
            slope = (slope * factor + gap * value) * power
            value = value * factor * power
        value, last = value + amount, period
    return value, slope
