"""Counting: which products and demands fall into which district and industry."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from finmart.matching.demands.models import Demand
from finmart.matching.engine.inputs import ProductOffer
from finmart.matching.insights.types import UNKNOWN, Cell, Dimension, Measure
from finmart.matching.models import MatchRun
from finmart.reference import industries, regions

Groups = dict[tuple[Measure, Dimension, str, bool], list[str]]


@dataclass(frozen=True)
class Counted:
    """One demand with where it belongs; ``industry`` is a section letter or ``unknown``."""

    public_id: str
    district: str
    industry: str
    matched: bool
    demonstration: bool


def district_of(region: str) -> str:
    """The county-level division of a published region; a zone that spans several stays unknown."""
    return regions.district_of(region) or UNKNOWN


def section_of(facts: Mapping[str, list[object]]) -> str:
    """The industry section that a run knew."""
    known = facts.get("industry")
    return (industries.section_of(str(known[0])) if known else None) or UNKNOWN


def counted(demand: Demand, run: MatchRun | None) -> Counted:
    """Where a demand belongs, by its own region and what its newest run knew and found."""
    return Counted(
        public_id=demand.public_id,
        district=district_of(demand.region),
        industry=section_of(run.inputs["facts"]) if run is not None else UNKNOWN,
        matched=run is not None and run.suitable > 0,
        demonstration=demand.demonstration,
    )


def _codes(offer: ProductOffer, operator: str, origin: str) -> tuple[str, ...]:
    """The codes of the clause that comes from a column; empty when the column states nothing."""
    for clause in offer.variants[0].clauses:
        if clause.origin == origin and operator in clause.source:
            return tuple(clause.source[operator][1])
    return ()


def open_to_district(offer: ProductOffer, district: str) -> bool:
    """Whether a product is offered in ``district``: its stated regions contain it, or it states none."""
    stated = _codes(offer, "region_in", "column:region_codes")
    return not stated or any(regions.contains(code, district) for code in stated)


def open_to_section(offer: ProductOffer, section: str) -> bool:
    """Whether some class of ``section`` is among the stated industries; one that states none is open to all."""
    stated = _codes(offer, "industry_in", "column:industries_include")
    return not stated or any(industries.section_of(code) == section for code in stated)


def product_cells(offers: Iterable[ProductOffer]) -> list[Cell]:
    """Products by district and by industry section; one product may stand in several, so these never add up."""
    found: list[Cell] = []
    known = tuple(offers)
    for region in regions.districts():
        members = tuple(offer.code for offer in known if open_to_district(offer, region.code))
        found.append(Cell(Measure.PRODUCTS, Dimension.DISTRICT, region.code, False, members))
    for section in industries.sections():
        members = tuple(offer.code for offer in known if open_to_section(offer, section.code))
        found.append(Cell(Measure.PRODUCTS, Dimension.INDUSTRY, section.code, False, members))
    return found


def demand_cells(demands: Iterable[Counted]) -> list[Cell]:
    """Demands, matched and unanswered ones, by district and by industry; real and demonstration ones apart."""
    groups: Groups = defaultdict(list)
    for demand in demands:
        answered = Measure.MATCHED if demand.matched else Measure.UNANSWERED
        for measure in (Measure.DEMANDS, answered):
            for dimension, code in ((Dimension.DISTRICT, demand.district), (Dimension.INDUSTRY, demand.industry)):
                groups[measure, dimension, code, demand.demonstration].append(demand.public_id)
    return [Cell(*key, tuple(members)) for key, members in sorted(groups.items())]
