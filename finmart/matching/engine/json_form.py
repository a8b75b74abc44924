"""Facts, needs, offers and outcomes as JSON, exactly there and back: what a run stores and a replay reads."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from finmart.conditions.json_form import dump_expression, parse_condition, parse_expression
from finmart.conditions.types import FactValue
from finmart.conditions.walk import keys_of
from finmart.matching.engine.inputs import (
    ApplicantFacts,
    Clause,
    DemandNeed,
    Json,
    OfferFee,
    OfferMaterial,
    ProductOffer,
    VariantOffer,
)

#: Raised when an older reader would misread what a newer writer stores.
FORM = 1


def _tagged(value: Any) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple | list):
        return {"list": list(value)}
    if isinstance(value, frozenset | set):
        return {"set": sorted(value)}
    return value


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "date" in value:
        return date.fromisoformat(value["date"])
    return frozenset(value["set"]) if "set" in value else tuple(value["list"])


def dump_facts(facts: ApplicantFacts) -> Json:
    """key → [value, day until which it was observed, source, origin]."""
    return {
        key: [_tagged(f.value), f.observed_until.isoformat() if f.observed_until else None, f.source, f.origin]
        for key, f in facts.values.items()
    }


def load_facts(document: Mapping[str, Any]) -> ApplicantFacts:
    """The facts that ``dump_facts`` wrote."""
    return ApplicantFacts(
        {
            key: FactValue(_untagged(value), date.fromisoformat(until) if until else None, source, origin)
            for key, (value, until, source, origin) in document.items()
        }
    )


def dump_need(need: DemandNeed) -> Json:
    """The need's own fields; without a reference it reads as it did before there were any."""
    fields = asdict(need) if need.reference else {k: v for k, v in asdict(need).items() if k != "reference"}
    as_of = need.as_of.isoformat() if need.as_of else None
    return {**fields, "guarantees": list(need.guarantees), "as_of": as_of}


def load_need(document: Json) -> DemandNeed:
    """The need that ``dump_need`` wrote."""
    as_of = date.fromisoformat(document["as_of"]) if document["as_of"] else None
    return DemandNeed(**{**document, "guarantees": tuple(document["guarantees"]), "as_of": as_of})


def clause(document: Json) -> Clause:
    """A clause from its JSON: key, origin, condition, required, text."""
    condition = parse_condition(document["condition"])
    return Clause(
        key=document["key"],
        origin=document["origin"],
        condition=condition,
        required=document["required"],
        source=document["condition"],
        facts=frozenset(keys_of(condition)),
        text=document["text"],
    )


def _dump_variant(variant: VariantOffer) -> Json:
    return {
        "key": variant.key,
        "amount": [variant.amount_min, variant.amount_max],
        "term": [variant.term_min_days, variant.term_max_days],
        "rate": [variant.rate_min, variant.rate_max, variant.rate_kind],
        "guarantees": list(variant.guarantee_modes),
        "repayment": list(variant.repayment_modes),
        "limit": dump_expression(variant.limit) if variant.limit is not None else None,
        "fees": [[fee.key, fee.rate, fee.per, fee.payer] for fee in variant.fees],
        "clauses": [
            {"key": c.key, "origin": c.origin, "condition": c.source, "required": c.required, "text": c.text}
            for c in variant.clauses
        ],
    }


def _load_variant(document: Json) -> VariantOffer:
    amount, term, rate = document["amount"], document["term"], document["rate"]
    return VariantOffer(
        key=document["key"],
        amount_min=amount[0],
        amount_max=amount[1],
        term_min_days=term[0],
        term_max_days=term[1],
        rate_min=rate[0],
        rate_max=rate[1],
        rate_kind=rate[2],
        guarantee_modes=tuple(document["guarantees"]),
        repayment_modes=tuple(document["repayment"]),
        clauses=tuple(clause(entry) for entry in document["clauses"]),
        limit=parse_expression(document["limit"]) if document["limit"] is not None else None,
        fees=tuple(OfferFee(*fee) for fee in document["fees"]),
    )


_PLAIN = (
    "code",
    "version",
    "institution",
    "connected",
    "product_type",
    "evidence_tier",
    "decision_days",
    "words",
)


def dump_offer(offer: ProductOffer) -> Json:
    """An offer with its variants and clauses."""
    plain = {name: getattr(offer, name) for name in _PLAIN}
    # What few offers have is left out of the others, so that these keep the digest they had before there was any.
    if offer.decisions is not None:
        plain["decisions"] = offer.decisions
    if offer.decided_between is not None:
        plain["decided_between"] = [day.isoformat() for day in offer.decided_between]
    if offer.materials is not None:
        plain["materials"] = [[material.name, list(material.facts)] for material in offer.materials]
    return {**plain, "purposes": list(offer.purposes), "variants": [_dump_variant(v) for v in offer.variants]}


def _between(days: list[str] | None) -> tuple[date, date] | None:
    return (date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None


def _materials(stated: list[Any] | None) -> tuple[OfferMaterial, ...] | None:
    return None if stated is None else tuple(OfferMaterial(name, tuple(facts)) for name, facts in stated)


def load_offer(document: Json) -> ProductOffer:
    """The offer that ``dump_offer`` wrote."""
    plain = {name: document[name] for name in _PLAIN}
    variants = tuple(_load_variant(variant) for variant in document["variants"])
    return ProductOffer(
        **plain,
        purposes=tuple(document["purposes"]),
        variants=variants,
        decisions=document.get("decisions"),
        decided_between=_between(document.get("decided_between")),
        materials=_materials(document.get("materials")),
    )
