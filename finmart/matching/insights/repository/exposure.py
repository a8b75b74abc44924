"""Counting exposure from what results showed and from leads: different needs, along products or institutions."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from finmart.matching.demands.models import Demand
from finmart.matching.exposure.models import MatchExposure
from finmart.matching.insights.models import RegionClosure
from finmart.matching.insights.types.exposure import FRONT, Measure, Span
from finmart.matching.leads.models import Lead
from finmart.matching.leads.types.states import Channel
from finmart.matching.models import MatchRun
from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.db.session import session
from finmart.platform.kernel.clock import SHANGHAI
from finmart.products.models import Product

#: By what is counted: nothing (the whole), institutions or products, both by their codes.
By = Literal["", "institution", "product"]
Counts = dict[str, dict[Measure, int]]


def counts(span: Span, by: By, *, codes: frozenset[str] | None = None) -> Counts:
    """Code (empty for the whole) → measure → number of different needs; of the products with ``codes`` alone."""
    found: Counts = {}
    for query in (_shown(span, by, codes), _applied(span, by, codes)):
        for row in session().execute(query).mappings():
            values = found.setdefault(row["code"], dict.fromkeys(Measure, 0))
            values |= {Measure(name): int(value) for name, value in row.items() if name != "code"}
    return found


def _different(condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    column: Any = Demand.id if condition is None else case((condition, Demand.id))
    return func.count(func.distinct(column))


def _along(query: Select[Any], by: By) -> Select[Any]:
    keys: Mapping[str, Any] = {"institution": Organisation.code, "product": Product.code}
    if not by:
        return query
    return query.add_columns(keys[by].label("code")).group_by(keys[by])


def _within(query: Select[Any], span: Span, codes: frozenset[str] | None) -> Select[Any]:
    query = query.where(Demand.demonstration.is_(span.demonstration))
    if span.region is not None:
        inside = select(RegionClosure.descendant).where(RegionClosure.ancestor == span.region)
        query = query.where(Demand.region.in_(inside))
    return query if codes is None else query.where(Product.code.in_(codes))


def _shown(span: Span, by: By, codes: frozenset[str] | None) -> Select[Any]:
    columns: list[Any] = [
        _different().label(Measure.SHOWN.value),
        _different(MatchExposure.place.between(1, FRONT)).label(Measure.FRONT.value),
        _different(MatchExposure.opened_at.is_not(None)).label(Measure.OPENED.value),
    ]
    query: Select[Any] = (
        select(*columns)
        .select_from(MatchExposure)
        .join(MatchRun, MatchRun.id == MatchExposure.run_id)
        .join(Demand, Demand.id == MatchRun.demand_id)
        .join(Product, Product.code == MatchExposure.product_code)
        .join(Organisation, Organisation.id == Product.organisation_id)
        # What an address names without any result having shown it has no place, and counts for nothing.
        .where(MatchExposure.shown_on.between(span.since, span.until), MatchExposure.place >= 1)
    )
    return _within(_named(query, by), span, codes)


def _applied(span: Span, by: By, codes: frozenset[str] | None) -> Select[Any]:
    since = datetime.combine(span.since, time.min, SHANGHAI)
    until = datetime.combine(span.until, time.max, SHANGHAI)
    columns: list[Any] = [
        _different().label(Measure.APPLIED.value),
        _different(Lead.approved_amount.is_not(None)).label(Measure.APPROVED.value),
    ]
    query: Select[Any] = (
        select(*columns)
        .select_from(Lead)
        .join(Demand, Demand.id == Lead.demand_id)
        .join(Product, Product.code == Lead.product_code)
        .join(Organisation, Organisation.id == Product.organisation_id)
        .where(Lead.channel == Channel.DIRECT.value, Lead.created_at.between(since, until))
    )
    return _within(_named(query, by), span, codes)


def _named(query: Select[Any], by: By) -> Select[Any]:
    return _along(query, by) if by else query.add_columns(literal("").label("code"))


def holds(*, demonstration: bool) -> bool:
    """Whether any need of this kind was ever shown or applied for."""
    shown = (
        select(Demand.id)
        .join(MatchRun, MatchRun.demand_id == Demand.id)
        .join(MatchExposure, MatchExposure.run_id == MatchRun.id)
        .where(Demand.demonstration.is_(demonstration))
    )
    applied = select(Lead.id).where(Lead.demonstration.is_(demonstration), Lead.product_code != "")
    return any(session().scalar(query.limit(1)) is not None for query in (shown, applied))
