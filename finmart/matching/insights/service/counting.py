"""Where a case belongs, and which products of the catalogue are open to a district or an industry."""

from collections.abc import Iterable, Mapping

from finmart.matching.engine.inputs import ProductOffer
from finmart.matching.insights.types.figures import UNKNOWN, ProductCell
from finmart.matching.insights.types.stages import Dimension
from finmart.reference import industries, regions


def district_of(region: str) -> str:
    """The county-level division of a published region; a zone that spans several stays unknown."""
    return regions.district_of(region) or UNKNOWN


def section_of(facts: Mapping[str, list[object]]) -> str:
    """The industry section that a run knew."""
    known = facts.get("industry")
    return (industries.section_of(str(known[0])) if known else None) or UNKNOWN


def size_of(facts: Mapping[str, list[object]]) -> str:
    """The size of the firm that a run knew (国统字〔2017〕213号)."""
    known = facts.get("firm_size")
    return str(known[0]) if known else UNKNOWN


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


def product_cells(offers: Iterable[ProductOffer]) -> list[ProductCell]:
    """Products by district and by industry section; one product may stand in several, so these never add up."""
    found: list[ProductCell] = []
    known = tuple(offers)
    for region in regions.districts():
        members = tuple(offer.code for offer in known if open_to_district(offer, region.code))
        found.append(ProductCell(Dimension.DISTRICT, region.code, members))
    for section in industries.sections():
        members = tuple(offer.code for offer in known if open_to_section(offer, section.code))
        found.append(ProductCell(Dimension.INDUSTRY, section.code, members))
    return found
