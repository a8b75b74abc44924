"""Figures over trailing months for all rows at once: the column-wise reading of ``conditions.windows``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Window, WindowOf
from finmart.matching.engine.bulk import exact
from finmart.matching.engine.bulk.exact import ONE, Exact
from finmart.matching.engine.bulk.table import Monthly
from finmart.reference.facts import PPM


def _longest_gap(above: NDArray[np.bool_]) -> NDArray[np.int16]:
    longest = np.zeros(above.shape[1], dtype=np.int16)
    running = longest.copy()
    for month in above:
        running += 1
        running *= ~month
        np.maximum(longest, running, out=longest)
    return longest


def _count(above: NDArray[np.bool_], every: int | None) -> NDArray[np.int16]:
    if every is None:
        return above.sum(axis=0, dtype=np.int16)
    blocks = [above[start : start + every].any(axis=0) for start in range(0, len(above) - every + 1, every)]
    return np.sum(blocks, axis=0, dtype=np.int16) if blocks else np.zeros(above.shape[1], dtype=np.int16)


def _growth(months: NDArray[np.int64], before: NDArray[np.int64], known: exact.Mask) -> Exact:
    base, latest = before.sum(axis=0), months.sum(axis=0)
    above = base > 0
    over = exact.product(latest - base, np.array([PPM]))
    return Exact(over, np.where(above, base, 1), known & above)


def _figure(window: Window, months: NDArray[np.int64], known: exact.Mask) -> Exact:
    found: NDArray[Any]
    match window.of:
        case WindowOf.SUM:
            found = months.sum(axis=0)
        case WindowOf.MEAN:
            return Exact(months.sum(axis=0), np.array([len(months)]), known)
        case WindowOf.MAX:
            found = months.max(axis=0)
        case WindowOf.MIN:
            found = months.min(axis=0)
        case WindowOf.LONGEST_GAP:
            found = _longest_gap(months > 0)
        case _:
            found = _count(months > 0, window.every)
    return Exact(found.astype(np.int64, copy=False), ONE, known)


def window_values(window: Window, series: Monthly) -> Exact:
    """The window's figure in every row; unknown where the series does not reach back far enough."""
    if window.of is WindowOf.COVERS:
        return exact.whole(np.maximum(series.lengths, 0).astype(np.int64), series.lengths >= 0)
    start, end = window.skip, window.skip + window.months
    reach = end + window.months if window.of is WindowOf.GROWTH else end
    if len(series.months) < reach:
        return exact.unknown()
    known = series.lengths >= reach
    if window.of is WindowOf.GROWTH:
        return _growth(series.months[start:end], series.months[end:reach], known)
    return _figure(window, series.months[start:end], known)
