"""Small numbers of real cases are not stated: neither themselves nor by subtraction from what stands beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from finmart.matching.insights.types.figures import Figure, Line
from finmart.matching.insights.types.stages import STANDS, LeadStage, Stage
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.kernel.clock import today
from finmart.reference import regions

#: A stage that only such lines have → figures of which the first is the sum of the others (of applications, nearly).
SUMS: Mapping[str, tuple[str, ...]] = {
    Stage.UNANSWERED: (Stage.DEMANDS, *STANDS),
    LeadStage.RECEIVED: (LeadStage.DECIDED, LeadStage.APPROVED, LeadStage.DECLINED),
}
#: A figure of a breakdown: code of the line, and stage.
Place = tuple[str, str]
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

    Where a single figure of a column is hidden, the next smallest is hidden too: the rest could be taken from the
    total. The same holds for the figures of a line that add up.
    """
    if demonstration or not lines:
        return list(lines)
    hidden = {(line.code, stage) for line in lines for stage, one in line.figures.items() if is_few(one.value, least)}
    sums = _sums(lines)
    while more := {next_one for group in sums if (next_one := _second(group, hidden)) is not None}:
        hidden |= more
    return [
        replace(line, figures={stage: _shown(one, (line.code, stage) in hidden) for stage, one in line.figures.items()})
        for line in lines
    ]


def _sums(lines: Sequence[Line]) -> list[Mapping[Place, int]]:
    """Figures that add up, by place: each column of several lines, and the sums of each line; zeros hide nothing."""
    columns = [[(line.code, stage) for line in lines] for stage in lines[0].figures]
    sums = [group for only, group in SUMS.items() if only in lines[0].figures]
    rows = [[(line.code, stage) for stage in group] for line in lines for group in sums]
    known = {(line.code, stage): one.value for line in lines for stage, one in line.figures.items()}
    return [{place: known[place] for place in group if known[place]} for group in columns + rows]


def _second(group: Mapping[Place, int], hidden: set[Place]) -> Place | None:
    """What else must be hidden because a single figure of ``group`` is; None where nothing must or can be."""
    stated = sorted((value, place) for place, value in group.items() if place not in hidden)
    return stated[0][1] if stated and len(stated) == len(group) - 1 else None


def _shown(figure: Figure, hide: bool) -> Figure:
    return Figure(0, 0, few=True) if hide else figure
