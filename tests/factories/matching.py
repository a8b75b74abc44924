"""Offers, facts and needs for tests of matching, from short descriptions."""

from datetime import date
from typing import Any

from finmart.conditions.json_form import parse_expression
from finmart.conditions.types import FactValue
from finmart.matching.engine.inputs import ApplicantFacts, Clause, DemandNeed, ProductOffer, VariantOffer
from finmart.matching.engine.json_form import clause
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.plain import Case
from finmart.matching.engine.rank import RankingRule
from finmart.matching.rulesets.service import shipped

SEEN_ON = date(2020, 2, 21)
WAN = 1_000_000


def fact(value: Any, *, origin: str = "computed") -> FactValue:
    """A fact as a profile holds it."""
    return FactValue(value=value, observed_until=SEEN_ON, source="invoices", origin=origin)


def facts(**values: Any) -> ApplicantFacts:
    """Facts by key."""
    return ApplicantFacts({key: fact(value) for key, value in values.items()})


def need(amount_wan: int = 100, months: int = 12, **values: Any) -> DemandNeed:
    """A need; guarantees default to an unsecured loan."""
    return DemandNeed(amount=amount_wan * WAN, term_days=30 * months, **{"guarantees": ("credit",), **values})


def case(known: ApplicantFacts, wanted: DemandNeed | None = None, *, rule: RankingRule | None = None) -> Case:
    """A case under the newest shipped rule unless another is given."""
    asked = wanted or need()
    return Case(with_need(known, asked), asked, rule or shipped().rule)


def condition(source: dict[str, Any], *, key: str = "", required: bool = True) -> Clause:
    """A clause; its key defaults to its operator."""
    return clause(
        {
            "key": key or next(iter(source)),
            "origin": "clause:1",
            "condition": source,
            "required": required,
            "text": "",
        }
    )


def variant(*clauses: Clause, limit: Any = None, **values: Any) -> VariantOffer:
    """A variant; amounts in 分, terms in days."""
    formula = None if limit is None else parse_expression(limit)
    return VariantOffer(key=values.pop("key", "standard"), clauses=clauses, limit=formula, **values)


def offer(code: str, *variants: VariantOffer, **values: Any) -> ProductOffer:
    """A product of the best-documented kind unless ``values`` say otherwise."""
    plain: dict[str, Any] = {
        "version": 1,
        "institution": "bank",
        "connected": True,
        "product_type": "credit_loan",
        "evidence_tier": "official_institution",
        "decision_days": None,
        "words": 0,
        "purposes": (),
    }
    return ProductOffer(code=code, variants=variants or (variant(),), **{**plain, **values})
