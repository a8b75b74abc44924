"""Coverage of the shelf as officials see it: of their region, with small numbers hidden in one book."""

from collections import defaultdict
from collections.abc import Mapping

from finmart.matching.insights.repository import coverage as stored
from finmart.matching.insights.service.scope import Place, Sum, fewest, hide, sees_all
from finmart.matching.insights.types.coverage import (
    ALL,
    DEMANDING,
    STANDINGS,
    Counted,
    Coverage,
    CoverageHead,
    GroupCount,
    ProductCount,
    ProductLine,
    ShelfLine,
    Stage,
    counted_of,
)
from finmart.matching.insights.types.figures import UNKNOWN, Book, Figure, Line, NotCounted
from finmart.matching.insights.types.stages import OF_DEMANDS, Dimension
from finmart.matching.types.numbers import LEAST, rounded
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.reference import regions

#: What the products' figures are called beside the breakdowns.
PRODUCT = "product"
WHOLE = ("", "")
Known = dict[Place, int]


def holds(actor: Actor, *, demonstration: bool) -> bool:
    """Whether real subjects, or the demonstration's, have been counted. Raises ``PermissionMissing``."""
    require(actor, Permission.REGION_FIGURES_READ)
    return stored.holds(demonstration=demonstration)


def coverage(actor: Actor, shelf: str, *, demonstration: bool) -> Coverage:
    """How the subjects of the official's region stand to a shelf, to all others, and to every product.

    A shelf that there is not is the first one. Raises ``PermissionMissing`` or ``NotCounted``.
    """
    require(actor, Permission.REGION_FIGURES_READ)
    row = stored.newest(demonstration=demonstration)
    if row is None:
        raise NotCounted
    counted = _inside(counted_of(row.document), actor.region or "")
    # The demonstration points at nobody.
    least = 0 if demonstration else least_told()
    return arranged(stored.head_of(row), counted, shelf, least=least, exact=demonstration)


def least_told() -> int:
    """Fewer real subjects than this are not told: an institution may move a bound between two nights."""
    return max(LEAST, fewest())


def arranged(head: CoverageHead, counted: Counted, shelf: str, *, least: int, exact: bool) -> Coverage:
    """What was counted as it may be told: figures of fewer than ``least`` hidden, the others ``exact`` or in steps."""
    known = _known(counted)
    told = Told(known, hide(known, _sums(counted, known), least=least), exact=exact)
    shelves = tuple(ShelfLine(one, counted.shelves[one], told.line(WHOLE, one)) for one in _order(counted.shelves))
    chosen = next((one for one in shelves if one.code == shelf), shelves[0])

    def lines(along: Dimension, shelf: str) -> list[Line]:
        return [told.line((along.value, code), shelf) for code in _codes(known, along)]

    products = (ProductLine(one.code, one.unchecked, told.product(one.code)) for one in counted.products)
    return Coverage(
        head,
        chosen,
        shelves,
        Book(chosen.line, {one: lines(one, chosen.code) for one in OF_DEMANDS}),
        {one.code: lines(Dimension.KIND, one.code) for one in shelves},
        tuple(sorted(products, key=_fewest_first)),
    )


def _order(shelves: Mapping[str, int]) -> list[str]:
    """What tells most first: products that ask how somebody does business, all, then types by how many there are."""
    return sorted(shelves, key=lambda one: (one != DEMANDING, one != ALL, -shelves[one], one))


def _fewest_first(one: ProductLine) -> tuple[int, int, str]:
    """By what is told; a hidden number is some, and stands before whatever may be told."""
    met, open_ = (one.line.figures[stage] for stage in (Stage.MET, Stage.OPEN))
    return (1 if met.few else met.value), (1 if open_.few else open_.value), one.code


def _inside(counted: Counted, viewer: str) -> Counted:
    """What lies in the region of an official; of whom no place is known, only who sees the whole city is told."""

    def within(place: str) -> bool:
        return sees_all(viewer) if place == UNKNOWN else regions.contains(viewer, place)

    products = (
        ProductCount(one.code, one.unchecked, {place: pair for place, pair in one.by_place.items() if within(place)})
        for one in counted.products
    )
    return Counted(counted.shelves, tuple(one for one in counted.groups if within(one.place)), tuple(products))


def _lines_of(group: GroupCount) -> list[tuple[str, str]]:
    """The breakdowns and codes that a group counts in."""
    if group.dimension:
        return [(group.dimension, group.code)]
    return [WHOLE, (Dimension.DISTRICT.value, regions.district_of(group.place) or UNKNOWN)]


def _known(counted: Counted) -> Known:
    """Every figure there is: of each line and shelf, and of each product."""
    known: Known = defaultdict(int, {(*WHOLE, Stage.SUBJECTS): 0})
    known.update(((*WHOLE, _stage(shelf, one)), 0) for shelf in counted.shelves for one in STANDINGS)
    for group in counted.groups:
        for table, code in _lines_of(group):
            known[table, code, Stage.SUBJECTS] += group.subjects
            for shelf, (met, open_) in group.by_shelf.items():
                parts = (met, open_, group.subjects - met - open_)
                for stage, value in zip(STANDINGS, parts, strict=True):
                    known[table, code, _stage(shelf, stage)] += value
    subjects = known[*WHOLE, Stage.SUBJECTS]
    for one in counted.products:
        met, open_ = one.everywhere
        for stage, value in zip(STANDINGS, (met, open_, subjects - met - open_), strict=True):
            known[PRODUCT, one.code, stage] = value
    return dict(known)


def _stage(shelf: str, stage: Stage) -> str:
    return f"{shelf}/{stage.value}"


def _codes(known: Known, dimension: Dimension) -> list[str]:
    name = dimension.value
    codes = {code for table, code, _stage in known if table == name}
    return sorted(codes, key=lambda code: (code == UNKNOWN, code))


def _sums(counted: Counted, known: Known) -> list[Sum]:
    """Every line by its standings, every column by its lines, every product by its standings.

    Shelves and products share the number of subjects, so that what is hidden on one is not told by another.
    """
    lines = {(table, code) for table, code, _stage in known if table != PRODUCT}
    stages = [Stage.SUBJECTS.value, *(_stage(shelf, one) for shelf in counted.shelves for one in STANDINGS)]
    found = [
        ((*line, Stage.SUBJECTS.value), [(*line, _stage(shelf, one)) for one in STANDINGS])
        for line in sorted(lines)
        for shelf in counted.shelves
    ]
    found += [
        ((*WHOLE, stage), [(along.value, code, stage) for code in codes])
        for along, codes in {each: _codes(known, each) for each in OF_DEMANDS}.items()
        for stage in stages
    ]
    found += [
        ((*WHOLE, Stage.SUBJECTS.value), [(PRODUCT, one.code, stage.value) for stage in STANDINGS])
        for one in counted.products
    ]
    sums = [Sum(total, tuple(place for place in parts if known[place])) for total, parts in found + _alone(counted)]
    return [one for one in sums if one.parts]


def _alone(counted: Counted) -> list[tuple[Place, list[Place]]]:
    """A product that is all there is on a shelf says what the shelf says."""
    single = [shelf for shelf, products in counted.shelves.items() if products == 1]
    return [
        ((*WHOLE, _stage(shelf, stage)), [(PRODUCT, one.code, stage.value)])
        for shelf in single
        for one in counted.products
        if one.everywhere == counted.of_shelf(shelf)
        for stage in STANDINGS
    ]


class Told:
    """Figures as they may be told."""

    def __init__(self, known: Known, hidden: set[Place], *, exact: bool) -> None:
        self._known, self._hidden, self._exact = known, hidden, exact

    def line(self, line: tuple[str, str], shelf: str) -> Line:
        """One line of a breakdown, by a shelf."""
        stages = {Stage.SUBJECTS.value: Stage.SUBJECTS.value, **{one.value: _stage(shelf, one) for one in STANDINGS}}
        return Line(line[1], {stage: self._figure((*line, name)) for stage, name in stages.items()})

    def product(self, code: str) -> Line:
        """One product."""
        return Line(code, {stage.value: self._figure((PRODUCT, code, stage.value)) for stage in STANDINGS})

    def _figure(self, place: Place) -> Figure:
        if place in self._hidden:
            return Figure(0, few=True)
        value = self._known[place]
        return Figure(value if self._exact else rounded(value))
