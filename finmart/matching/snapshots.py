"""The only place that makes engine types of products and credit facts."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from threading import Lock
from typing import NamedTuple

import structlog

from finmart.conditions.json_form import parse_expression
from finmart.conditions.types import FactValue
from finmart.conditions.walk import keys_of_expression
from finmart.matching import repository
from finmart.matching.demands.types.values import DemandView
from finmart.matching.engine.inputs import (
    ApplicantFacts,
    Clause,
    DemandNeed,
    FeePeriod,
    Json,
    OfferFee,
    OfferMaterial,
    ProductOffer,
    VariantOffer,
)
from finmart.matching.engine.json_form import clause, dump_offer, load_offer
from finmart.matching.engine.materials import key_of
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.online.engine import Engine
from finmart.matching.engine.plan.compiling import compiled
from finmart.matching.engine.plan.middle import Middle, middle_of
from finmart.matching.types.packed import canonical
from finmart.matching.types.speeds import Speed
from finmart.platform.kernel.money import Term
from finmart.products import service as products
from finmart.products.policies.types.values import PolicyClause
from finmart.products.types import Catalogue, Fee, PublishedProduct, Variant
from finmart.reference.materials import facts_for

log = structlog.get_logger(__name__)

#: Kinds of product that serve one purpose alone; every other kind serves any.
PURPOSES_SERVED: Mapping[str, tuple[str, ...]] = {
    "refinance_bridge": ("refinance",),
    "leasing": ("equipment",),
    "equity": ("equity",),
}
#: How a fee is charged, in the engine's words.
PERIODS: Mapping[str, FeePeriod] = {
    "once": "once",
    "year": "year",
    "month": "month",
    "day": "day",
    "deposit": "deposit",
}
#: Bytes of a SHA-256.
DIGEST = 32


@dataclass
class _Held:
    """A plan's engine once somebody has asked for it; ``lock`` is held while it is made."""

    engine: Engine | None = None
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class Plan:
    """All offers of one catalogue version; ``fingerprint`` is the SHA-256 over the SHA-256 of each one's JSON.

    Plans stored earlier carry the SHA-256 of all their JSON at once, and keep it.
    ``digests`` are those of the documents, one behind the other; ``former`` is the engine of the last plan
    before this one that has one.
    """

    catalogue_version: int
    fingerprint: str
    offers: tuple[ProductOffer, ...]
    documents: tuple[Json, ...]
    digests: bytes = field(default=b"", compare=False, repr=False)
    former: Engine | None = field(default=None, compare=False, repr=False)
    _held: _Held = field(default_factory=_Held, init=False, compare=False, repr=False)

    @property
    def by_digest(self) -> dict[str, Json]:
        """The documents in their order, by the hexadecimal digest of each."""
        return {self.digest(place).hex(): document for place, document in enumerate(self.documents)}

    def digest(self, place: int) -> bytes:
        """The digest of the document at a place."""
        return self.digests[place * DIGEST : (place + 1) * DIGEST]

    def offer(self, code: str) -> ProductOffer | None:
        """The offer ``code``; None when it was not on the shelf."""
        return next((offer for offer in self.offers if offer.code == code), None)

    @property
    def engine(self) -> Engine:
        """What answers applicants on these offers; made out of ``former`` where few products changed since.

        Threads that ask at once wait for the one that makes it.
        """
        held = self._held
        if held.engine is None:
            with held.lock:
                if held.engine is None:
                    held.engine = _engine(self.offers, self.former)
        return held.engine

    @property
    def nearest(self) -> Engine | None:
        """The plan's own engine or, until somebody has asked for it, the one before; None where neither is made."""
        return self._held.engine or self.former


def _engine(offers: tuple[ProductOffer, ...], former: Engine | None) -> Engine:
    return Engine(compiled(offers)) if former is None else former.following(offers)


class _Made(NamedTuple):
    """What was made of one product: its document, that one's digest, and the offer."""

    document: Json
    digest: bytes
    offer: ProductOffer


class _Kept(NamedTuple):
    """The plan made last, of which catalogue and measured speeds, and the products that it has offers of."""

    catalogue: Catalogue
    speeds: Mapping[str, Speed]
    listed: tuple[PublishedProduct, ...]
    plan: Plan

    def made(self, first: int, end: int) -> dict[int, _Made]:
        """What the products at the places ``first`` to ``end`` became, by their identity."""
        listed, plan = self.listed, self.plan
        return {
            id(listed[place]): _Made(plan.documents[place], plan.digest(place), plan.offers[place])
            for place in range(first, end)
        }


#: Before anything has been read.
_NOTHING = _Kept(Catalogue(0, (), {}), {}, (), Plan(0, "", (), ()))


class _Cache:
    """What is kept; a reader takes it whole, and ``lock`` is held while the next is made."""

    kept: _Kept = _NOTHING
    lock = Lock()


def _days(term: Term | None) -> int | None:
    return None if term is None else term.in_days


def _fee(fee: Fee) -> OfferFee:
    return OfferFee(fee.key, fee.rate, PERIODS.get(fee.per, "year"), fee.payer)


def _clauses(variant: Variant) -> tuple[Clause, ...]:
    return tuple(
        clause({"key": c.key, "origin": c.origin, "condition": c.condition, "required": c.required, "text": c.text_zh})
        for c in variant.clauses
    )


def variant_offer(variant: Variant) -> VariantOffer:
    """A variant as the engine reads it; terms become comparable days."""
    return VariantOffer(
        key=variant.key,
        amount_min=variant.amount_min,
        amount_max=variant.amount_max,
        term_min_days=_days(variant.term_min),
        term_max_days=_days(variant.term_max),
        rate_min=variant.rate_min,
        rate_max=variant.rate_max,
        rate_kind=variant.rate_kind,
        guarantee_modes=variant.guarantee_modes,
        repayment_modes=variant.repayment_modes,
        clauses=_clauses(variant),
        limit=parse_expression(variant.limit) if variant.limit is not None else None,
        fees=tuple(_fee(fee) for fee in variant.fees),
    )


def product_offer(product: PublishedProduct, speed: Speed | None = None) -> ProductOffer:
    """A published product as the engine reads it.

    ``speed`` is what was measured; it stands for what the source states.
    """
    return ProductOffer(
        code=product.code,
        version=product.version,
        institution=product.institution.code,
        connected=product.institution.connected,
        product_type=product.product_type,
        evidence_tier=product.evidence_tier,
        decision_days=speed.days if speed else product.decision_days,
        decisions=speed.decisions if speed else None,
        decided_between=(speed.since, speed.until) if speed and speed.since and speed.until else None,
        words=len(product.words),
        purposes=product.serves or PURPOSES_SERVED.get(product.product_type, ()),
        variants=tuple(variant_offer(variant) for variant in product.variants),
        materials=tuple(OfferMaterial(name, facts_for(name)) for name in product.materials),
    )


def policy_clause(stated: PolicyClause) -> Clause | None:
    """A policy's clause as the engine reads it; None for one that only words state."""
    if stated.condition is None:
        return None
    document = {"key": stated.code, "origin": "policy", "condition": stated.condition, "required": True, "text": ""}
    return clause(document)


def _digest(document: Json) -> bytes:
    return hashlib.sha256(canonical(document)).digest()


def _fingerprint(digests: bytes) -> str:
    return hashlib.sha256(digests).hexdigest()


def _fingerprint_at_once(documents: Sequence[Json]) -> str:
    """What plans were named by before each document had a digest of its own."""
    return hashlib.sha256(canonical(list(documents))).hexdigest()


def plan_of(documents: Sequence[Json], catalogue_version: int, stored: str = "") -> Plan:
    """The plan that stored documents hold, under the fingerprint it was ``stored`` by, be it an earlier kind.

    Documents that are not those of ``stored`` have another fingerprint, so that a replay tells.
    """
    digests = b"".join(map(_digest, documents))
    fingerprint = _fingerprint(digests)
    if stored not in {"", fingerprint} and stored == _fingerprint_at_once(documents):
        fingerprint = stored
    offers = tuple(load_offer(document) for document in documents)
    return Plan(catalogue_version, fingerprint, offers, tuple(documents), digests)


def _made(product: PublishedProduct, speed: Speed | None) -> _Made:
    """A product as the engine reads it; its document reads back as the same offer."""
    offer = product_offer(product, speed)
    document = dump_offer(offer)
    return _Made(document, _digest(document), offer)


def current_plan() -> Plan:
    """The plan of the catalogue as it is published now; made again when that or a measured speed changes.

    Whoever holds the plan before keeps it whole: plans are replaced, never changed.
    """
    return plan_for(products.published_catalogue(), repository.product_speeds())


def plan_for(catalogue: Catalogue, speeds: Mapping[str, Speed]) -> Plan:
    """The plan of a catalogue and measured speeds, made out of the one before; nothing is read.

    Threads that ask at once get the same one.
    """
    kept = _Cache.kept
    if not _is_of(kept, catalogue, speeds):
        with _Cache.lock:
            kept = _Cache.kept
            if not _is_of(kept, catalogue, speeds):
                kept = _Cache.kept = _next(kept, catalogue, speeds)
    return kept.plan


def _is_of(kept: _Kept, catalogue: Catalogue, speeds: Mapping[str, Speed]) -> bool:
    return kept.catalogue is catalogue and kept.speeds == speeds


def _next(before: _Kept, catalogue: Catalogue, speeds: Mapping[str, Speed]) -> _Kept:
    old, listed = before.plan, _matchable(catalogue)
    middle = middle_of(before.listed, listed)
    if speeds != before.speeds:
        # Any product may have become quicker or slower.
        middle = Middle(0, len(old.offers), len(listed))
    first, end, _new_end = middle
    made = _made_again(before, listed, speeds, middle)
    digests = old.digests[: first * DIGEST] + b"".join(one.digest for one in made) + old.digests[end * DIGEST :]
    plan = Plan(
        catalogue_version=catalogue.version,
        fingerprint=_fingerprint(digests),
        offers=(*old.offers[:first], *(one.offer for one in made), *old.offers[end:]),
        documents=(*old.documents[:first], *(one.document for one in made), *old.documents[end:]),
        digests=digests,
        former=old.nearest,
    )
    return _Kept(catalogue, speeds, listed, plan)


def _matchable(catalogue: Catalogue) -> tuple[PublishedProduct, ...]:
    """The products with a way to get them: one without would keep all others from being matched."""
    if all(map(attrgetter("variants"), catalogue.products)):
        return catalogue.products
    bare = [product.code for product in catalogue.products if not product.variants]
    log.warning("products_without_variants", codes=bare)
    return tuple(product for product in catalogue.products if product.variants)


def _made_again(
    before: _Kept, listed: Sequence[PublishedProduct], speeds: Mapping[str, Speed], middle: Middle
) -> list[_Made]:
    """What the products of ``middle`` become; what has not changed is the same object as in the plan before."""
    known = before.made(middle.first, middle.old_end)
    made = []
    for product in listed[middle.first : middle.new_end]:
        speed = speeds.get(product.code)
        kept = known.get(id(product)) if speed == before.speeds.get(product.code) else None
        made.append(kept or _made(product, speed))
    return made


def need_of(demand: DemandView, as_of: date) -> DemandNeed:
    """A demand as the engine reads it on the day ``as_of``; a month counts as 30 days."""
    return DemandNeed(
        amount=demand.amount,
        term_days=Term(months=demand.term_months).in_days,
        guarantees=demand.guarantees,
        purpose=demand.purpose,
        region=demand.region,
        as_of=as_of,
        reference=demand.public_id,
    )


@dataclass(frozen=True)
class Merged:
    """The facts a run uses, and the keys on which a declaration disagrees with what was imported."""

    facts: ApplicantFacts
    conflicts: tuple[str, ...]


def merged(imported: Mapping[str, FactValue], declared: Mapping[str, FactValue]) -> Merged:
    """Imported facts win over declared ones (DECISIONS 3); where they differ the key is named."""
    both = imported.keys() & declared.keys()
    conflicts = tuple(sorted(key for key in both if imported[key].value != declared[key].value))
    return Merged(ApplicantFacts({**declared, **imported}), conflicts)


def used_keys(offers: Iterable[ProductOffer]) -> frozenset[str]:
    """The facts that any offer speaks of, in a condition or in a limit."""
    keys: set[str] = set()
    for offer in offers:
        for variant in offer.variants:
            keys.update(*(c.facts for c in variant.clauses))
            keys.update(keys_of_expression(variant.limit) if variant.limit is not None else ())
    return frozenset(keys)


def material_keys(offers: Iterable[ProductOffer]) -> frozenset[str]:
    """The facts that say what the papers of any offer would prove."""
    stated = (material for offer in offers for material in offer.materials or ())
    return frozenset(key_of(fact) for material in stated for fact in material.facts)


def with_demand(facts: ApplicantFacts, demand: DemandView, as_of: date) -> ApplicantFacts:
    """The facts with those of a demand beside them."""
    return with_need(facts, need_of(demand, as_of))


def asked(facts: ApplicantFacts, need: DemandNeed, keys: frozenset[str]) -> ApplicantFacts:
    """What a run needs and stores: the facts that some offer speaks of, and those of the need; nothing else is kept."""
    kept = {key: value for key, value in facts.values.items() if key in keys}
    return with_need(replace(facts, values=kept), need)
