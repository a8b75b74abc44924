"""Small numbers of real cases are not stated: neither themselves nor by subtraction from what stands beside them."""

from collections.abc import Sequence
from dataclasses import replace

from finmart.matching.insights.types.figures import Figure, Line
from finmart.reference import regions

#: Fewer real cases than this could point at somebody; the demonstration points at nobody.
FEWEST = 3


def sees_all(region: str | None) -> bool:
    """Whether an official of ``region`` sees the whole city."""
    return region is not None and regions.contains(region, regions.CITY)


def is_few(value: int) -> bool:
    """Whether a count of real cases is too small to be stated."""
    return 0 < value < FEWEST


def guarded(lines: Sequence[Line], *, demonstration: bool) -> list[Line]:
    """Lines of one breakdown with small figures of real cases hidden.

    Where a single line of a stage is hidden, the next smallest is hidden too: the rest could be taken from the total.
    """
    if demonstration or not lines:
        return list(lines)
    hidden: dict[str, set[str]] = {}
    for stage in lines[0].figures:
        counts = sorted((line.figures[stage].value, line.code) for line in lines if line.figures[stage].value)
        few = [code for value, code in counts if is_few(value)]
        if len(few) == 1 and len(counts) > 1:
            few.append(next(code for _value, code in counts if code not in few))
        hidden[stage] = set(few)
    return [
        replace(line, figures={stage: _shown(one, line.code in hidden[stage]) for stage, one in line.figures.items()})
        for line in lines
    ]


def _shown(figure: Figure, hide: bool) -> Figure:
    return Figure(0, 0, few=True) if hide else figure
