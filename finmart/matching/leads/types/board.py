"""Sifting the board of anonymous needs by what their cards say, and by nothing that the cards keep back."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from finmart.matching.demands.types.values import URGENCY_DAYS
from finmart.matching.engine.fit import guarantee_fit, purpose_fit, term_fit
from finmart.matching.engine.inputs import DemandNeed, ProductOffer, VariantOffer
from finmart.matching.engine.results import Fit
from finmart.matching.leads.types.values import Card
from finmart.reference import regions

_WAN = 1_000_000
DAYS_OF_A_MONTH = 30
#: code → above how many 分 or months, up to how many; None: no end
AMOUNTS: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {
        "50": (0, 50 * _WAN),
        "200": (50 * _WAN, 200 * _WAN),
        "500": (200 * _WAN, 500 * _WAN),
        "1000": (500 * _WAN, 1000 * _WAN),
        "more": (1000 * _WAN, None),
    }
)
TERMS: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {"6": (0, 6), "12": (6, 12), "36": (12, 36), "more": (36, None)}
)
SORTS = ("new", "urgent", "large", "small", "places")
_SOMETIME = 10_000


@dataclass(frozen=True)
class OwnProduct:
    """A product of the institution as far as a card can be compared with it: terms, whom it is for, where it is."""

    offer: ProductOffer
    kinds: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()


def _band(bands: Mapping[str, tuple[int, int | None]], value: int) -> str:
    return next(code for code, (above, most) in bands.items() if value > above and (most is None or value <= most))


def _amount_fits(need: DemandNeed, variant: VariantOffer) -> bool:
    least, most = variant.amount_min, variant.amount_max
    return (least is None or need.amount >= least) and (most is None or need.amount <= most)


def fits(need: Card, product: OwnProduct) -> bool:
    """Whether some way of ``product`` reaches what the card asks for; what either side leaves open stands in no way."""
    asked = DemandNeed(need.amount, need.term_months * DAYS_OF_A_MONTH, need.guarantees, need.purpose)
    if product.kinds and need.applicant_kind and need.applicant_kind not in product.kinds:
        return False
    if product.region_codes and not any(regions.contains(code, need.district) for code in product.region_codes):
        return False
    if purpose_fit(asked, product.offer) is Fit.NONE:
        return False
    open_ = (Fit.FULL, Fit.NOT_STATED)
    return any(
        _amount_fits(asked, variant) and term_fit(asked, variant)[0] in open_ and guarantee_fit(asked, variant) in open_
        for variant in product.offer.variants
    )


#: facet → the codes under which a need is found
_CODES: Mapping[str, Callable[[Card], tuple[str, ...]]] = MappingProxyType(
    {
        "region": lambda need: (need.district,),
        "amount": lambda need: (_band(AMOUNTS, need.amount),),
        "term": lambda need: (_band(TERMS, need.term_months),),
        "guarantee": lambda need: need.guarantees,
        "purpose": lambda need: (need.purpose,),
        "urgency": lambda need: (need.urgency,),
        "kind": lambda need: (need.applicant_kind,) if need.applicant_kind else (),
    }
)
PRODUCT = "product"
FACETS = (PRODUCT, *_CODES)
_ORDERS: Mapping[str, Callable[[Card], float]] = MappingProxyType(
    {
        "new": lambda _need: 0,
        "urgent": lambda need: URGENCY_DAYS.get(need.urgency, _SOMETIME),
        "large": lambda need: -need.amount,
        "small": lambda need: need.amount,
        "places": lambda need: -need.places_left,
    }
)


@dataclass(frozen=True)
class BoardAsked:
    """What the reader asked for: codes by facet (one of a facet's codes is enough, every facet counts), an order."""

    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: str = SORTS[0]

    def toggled(self, facet: str, code: str) -> "BoardAsked":
        """The same with ``code`` chosen, or no longer."""
        codes = self.where.get(facet, frozenset()) ^ {code}
        rest = {name: chosen for name, chosen in self.where.items() if name != facet}
        return BoardAsked({**rest, facet: codes} if codes else rest, self.sort)

    def without(self, facet: str) -> "BoardAsked":
        """The same without one facet."""
        return BoardAsked({name: codes for name, codes in self.where.items() if name != facet}, self.sort)


@dataclass(frozen=True)
class Sifted:
    """The needs that were asked for, in their order; ``facets`` counts what each code would give beside the others.

    ``wider``: facet → how many there would be without it, for those whose choice costs something.
    """

    needs: tuple[Card, ...]
    facets: Mapping[str, Mapping[str, int]]
    wider: Mapping[str, int]


def sift(needs: Sequence[Card], products: Mapping[str, OwnProduct], asked: BoardAsked) -> Sifted:
    """``needs``, which stand newest first, by what was asked for; ``products`` are the reader's own, by code."""

    def codes(facet: str, need: Card) -> tuple[str, ...]:
        if facet == PRODUCT:
            return tuple(code for code, product in products.items() if fits(need, product))
        return _CODES[facet](need)

    by_facet = {facet: [codes(facet, need) for need in needs] for facet in FACETS}

    def misses(place: int) -> tuple[str, ...]:
        return tuple(facet for facet, chosen in asked.where.items() if not chosen.intersection(by_facet[facet][place]))

    missed = [misses(place) for place in range(len(needs))]
    found = [need for need, facets in zip(needs, missed, strict=True) if not facets]
    counted = {
        facet: _counts(by_facet[facet][place] for place, others in enumerate(missed) if set(others) <= {facet})
        for facet in FACETS
    }
    only = Counter(facets[0] for facets in missed if len(facets) == 1)
    wider = {facet: len(found) + only[facet] for facet in asked.where if only[facet]}
    return Sifted(tuple(sorted(found, key=_ORDERS[asked.sort])), counted, wider)


def _counts(codes: Iterable[tuple[str, ...]]) -> Counter[str]:
    return Counter(code for each in codes for code in each)
