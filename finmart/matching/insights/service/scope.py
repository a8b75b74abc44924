"""Small numbers of real cases are not stated: neither themselves nor by subtraction from what stands beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from finmart.matching.insights.types.figures import Book, Figure, Line
from finmart.matching.insights.types.stages import STANDS, Dimension, LeadStage, Stage
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.kernel.clock import today
from finmart.reference import regions

#: Figures of a line of which the first is the sum of the others (of applications, nearly); other names occur in both.
SUMS: tuple[tuple[str, ...], ...] = (
    (Stage.DEMANDS, *STANDS),
    (LeadStage.DECIDED, LeadStage.APPROVED, LeadStage.DECLINED),
)
#: A figure: the breakdown it stands in ("" for the whole), code of the line, and stage.
Place = tuple[str, str, str]
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


@dataclass(frozen=True)
class Sum:
    """Figures that add up: the sum, and what it is the sum of; zeros hide nothing and stay out."""

    total: Place
    parts: tuple[Place, ...]

    def next_hidden(self, known: Mapping[Place, int], hidden: set[Place]) -> Place | None:
        """What else must be hidden lest a hidden figure follow from the rest; None where nothing must or can be."""
        gaps = [place for place in self.parts if place in hidden]
        stated = sorted((known[place], place) for place in (*self.parts, self.total) if place not in hidden)
        single = len(gaps) + (self.total in hidden) == 1
        # Where the total is stated, gaps that add up to their own number are one case each.
        ones = self.total not in hidden and len(gaps) > 1 and sum(known[place] for place in gaps) == len(gaps)
        return stated[0][1] if stated and (single or ones) else None


def hide(known: Mapping[Place, int], sums: Iterable[Sum], *, least: int) -> set[Place]:
    """The places of small figures, and of those from which they would follow by one of the ``sums``."""
    hidden = {place for place, value in known.items() if is_few(value, least)}
    every = list(sums)
    while more := {place for one in every if (place := one.next_hidden(known, hidden)) is not None}:
        hidden |= more
    return hidden


def guarded(book: Book, *, least: int, demonstration: bool) -> Book:
    """A book with figures of fewer than ``least`` real cases hidden, and those from which they would follow.

    Every breakdown splits the same whole, so the whole stands in each of its columns: a figure that is hidden in one
    breakdown is hidden wherever the others would give it away. What several books or periods give away together is
    docs/adr/0063.
    """
    if demonstration:
        return book
    known = {
        (table, line.code, stage): one.value for table, line in _lines(book) for stage, one in line.figures.items()
    }
    hidden = hide(known, _sums(book, known), least=least)
    return Book(
        _hiding("", book.whole, hidden),
        {along: [_hiding(along, line, hidden) for line in lines] for along, lines in book.by.items()},
    )


def _lines(book: Book) -> list[tuple[str, Line]]:
    """Every line with the breakdown that it stands in."""
    return [("", book.whole), *((along, line) for along, lines in book.by.items() for line in lines)]


def _sums(book: Book, known: Mapping[Place, int]) -> list[Sum]:
    """Each column of each breakdown under the whole, and the sums of each line."""
    columns = [
        (("", book.whole.code, stage), [(along.value, line.code, stage) for line in lines])
        for along, lines in book.by.items()
        for stage in book.whole.figures
    ]
    of_demands, of_leads = SUMS
    total, *parts = of_demands if Stage.DEMANDS in book.whole.figures else of_leads
    rows = [
        ((table, line.code, total), [(table, line.code, part) for part in parts if part in line.figures])
        for table, line in _lines(book)
    ]
    found = [Sum(place, tuple(one for one in of if known[one])) for place, of in columns + rows]
    return [one for one in found if one.parts]


def _hiding(table: Dimension | str, line: Line, hidden: set[Place]) -> Line:
    shown = {
        stage: Figure(0, 0, few=True) if (str(table), line.code, stage) in hidden else one
        for stage, one in line.figures.items()
    }
    return replace(line, figures=shown)
