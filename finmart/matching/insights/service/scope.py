"""Small numbers of real cases are not stated: neither themselves nor by subtraction from what stands beside them."""

from collections.abc import Sequence
from dataclasses import replace

from finmart.matching.insights.types.figures import Figure, Line
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.kernel.clock import today
from finmart.reference import regions

#: What ``fewest`` is called in the operator's dictionaries.
KEY = "figures.small_count"


def fewest() -> int:
    """Fewer real cases than this could point at somebody, as the operator has set; the demonstration at nobody."""
    return dictionaries.value(KEY, today())


def sees_all(region: str | None) -> bool:
    """Whether an official of ``region`` sees the whole city."""
    return region is not None and regions.contains(region, regions.CITY)


def is_few(value: int, least: int) -> bool:
    """Whether a count of real cases is too small to be stated: there are some, and fewer than ``least``."""
    return 0 < value < least


def guarded(lines: Sequence[Line], *, least: int, demonstration: bool) -> list[Line]:
    """Lines of one breakdown with figures of fewer than ``least`` real cases hidden.

    Where a single line of a stage is hidden, the next smallest is hidden too: the rest could be taken from the total.
    """
    if demonstration or not lines:
        return list(lines)
    hidden: dict[str, set[str]] = {}
    for stage in lines[0].figures:
        counts = sorted((line.figures[stage].value, line.code) for line in lines if line.figures[stage].value)
        few = [code for value, code in counts if is_few(value, least)]
        if len(few) == 1 and len(counts) > 1:
            few.append(next(code for _value, code in counts if code not in few))
        hidden[stage] = set(few)
    return [
        replace(line, figures={stage: _shown(one, line.code in hidden[stage]) for stage, one in line.figures.items()})
        for line in lines
    ]


def _shown(figure: Figure, hide: bool) -> Figure:
    return Figure(0, 0, few=True) if hide else figure
