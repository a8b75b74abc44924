"""Round ticks for an axis that always shows zero. Drawing only: floats are fine here, no figure is made of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Pixels between the lowest and the highest tick.
HEIGHT = 168
MOST_STEPS = 4


@dataclass(frozen=True)
class Scale:
    """An axis from ``low`` ≤ 0 to ``high`` ≥ 0 with a tick each ``step``."""

    low: float
    high: float
    step: float

    def y(self, value: float) -> float:
        """Pixels from the top of the plot."""
        return round((self.high - value) / (self.high - self.low) * HEIGHT, 2)

    @property
    def ticks(self) -> list[float]:
        """The values of the ticks, lowest first."""
        count = round((self.high - self.low) / self.step)
        return [self.low + index * self.step for index in range(count + 1)]


def _round_step(span: float) -> float:
    rough = span / MOST_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)


def scale_of(values: Sequence[float]) -> Scale:
    """An axis that holds zero and all ``values``; all-zero and empty lists get an axis from 0 to 1."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return Scale(0.0, 1.0, 1.0)
    step = _round_step(high - low)
    return Scale(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)
