"""Exposure of products and institutions: for officials in their region, for an institution about itself.

Reading counts are pages, not cases, and are stated as they are. All other figures count needs: small numbers of real
ones are hidden as in every book of figures (docs/adr/0063).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from finmart.matching.insights.repository import exposure as asking
from finmart.matching.insights.service import figures
from finmart.matching.insights.service.scope import Place, Sum, fewest, hide
from finmart.matching.insights.types.exposure import (
    PERIODS,
    Exposure,
    InstitutionExposure,
    Measure,
    ProductExposure,
    Span,
)
from finmart.matching.insights.types.figures import Figure, Line
from finmart.matching.types.events import ExposureExported
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products import service as products
from finmart.products.readings import service as readings

Counts = Mapping[str, Mapping[Measure, int]]
_NONE: Mapping[Measure, int] = dict.fromkeys(Measure, 0)


def span(days: int, *, demonstration: bool, region: str | None = None) -> Span:
    """The last ``days`` days up to today; a period that is not offered is the shortest."""
    days = days if days in PERIODS else PERIODS[0]
    return Span(today() - timedelta(days=days - 1), today(), demonstration, region)


def shows_demonstration() -> bool:
    """Whether only the demonstration has anything to show."""
    return not asking.holds(demonstration=False) and asking.holds(demonstration=True)


def exposure(actor: Actor, days: int, *, demonstration: bool) -> Exposure:
    """Everything of the official's region. Raises ``PermissionMissing`` or ``NotCounted`` (regions are not known)."""
    figures.last_count(actor)
    asked = span(days, demonstration=demonstration, region=actor.region or "")
    read = {code: sum(one.values()) for code, one in readings.readings(since=asked.since, until=asked.until).items()}
    owners = {one.code: one.institution.code for one in products.published_catalogue().products}
    by_product = asking.counts(asked, "product")
    lines, whole = _guarded(asked, by_product, asking.counts(asked, "institution"), asking.counts(asked, ""), owners)
    found = [
        ProductExposure(code, owners[code], read.get(code, 0), lines["product", code])
        for code in sorted(owners)
        if code in by_product or read.get(code)
    ]
    groups = [_institution(code, found, lines) for code in sorted({one.institution for one in found})]
    groups.sort(key=lambda one: (-one.line.figures[Measure.SHOWN].value, one.code))
    return Exposure(asked, whole, sum(read.values()), tuple(groups))


def _institution(
    code: str, found: Sequence[ProductExposure], lines: Mapping[tuple[str, str], Line]
) -> InstitutionExposure:
    own = sorted(
        (one for one in found if one.institution == code),
        key=lambda one: (-one.line.figures[Measure.SHOWN].value, one.code),
    )
    return InstitutionExposure(code, sum(one.reads for one in own), lines["institution", code], tuple(own))


def _guarded(
    asked: Span, by_product: Counts, by_institution: Counts, whole: Counts, owners: Mapping[str, str]
) -> tuple[dict[tuple[str, str], Line], Line]:
    """Every line with small figures hidden. A need met by two products counts once in the sum of both, so a sum tells
    less than usual; it is guarded as if it told all."""
    known: dict[Place, int] = {}
    for table, counts in (("product", by_product), ("institution", by_institution), ("", whole)):
        known |= {(table, code, one): value for code, values in counts.items() for one, value in values.items()}
    hidden = set() if asked.demonstration else hide(known, _sums(known, owners), least=fewest())
    codes = [("product", code) for code in owners] + [("institution", code) for code in set(owners.values())]
    return {place: _line(*place, known, hidden) for place in codes}, _line("", "", known, hidden)


def _sums(known: Mapping[Place, int], owners: Mapping[str, str]) -> list[Sum]:
    found = []
    for one in Measure:
        of_institution: dict[str, list[Place]] = {}
        for code, owner in owners.items():
            if known.get(("product", code, one)):
                of_institution.setdefault(owner, []).append(("product", code, one))
        found += [Sum(("institution", owner, one), tuple(places)) for owner, places in of_institution.items()]
        if of_institution:
            found.append(Sum(("", "", one), tuple(("institution", owner, one) for owner in of_institution)))
    return found


def _line(table: str, code: str, known: Mapping[Place, int], hidden: set[Place]) -> Line:
    shown = {
        one.value: Figure(0, few=True) if (table, code, one) in hidden else Figure(known.get((table, code, one), 0))
        for one in Measure
    }
    return Line(code, shown)


def note_export(actor: Actor, found: Exposure) -> None:
    """Record that the figures were taken away as a file. Raises ``PermissionMissing``."""
    require(actor, Permission.REGION_FIGURES_EXPORT)
    record(
        actor, ExposureExported(target=str(found.span.until), products=sum(len(i.products) for i in found.institutions))
    )


def own_product(actor: Actor, code: str, days: int = PERIODS[0]) -> tuple[Span, ProductExposure]:
    """One product of the actor's institution. Raises ``PermissionMissing`` or ``ProductUnknown``."""
    require(actor, Permission.OWN_PRODUCTS_READ)
    listed = next((one for one in products.own_products(actor) if one.product.code == code), None)
    if listed is None:
        raise products.ProductUnknown
    asked = span(days, demonstration=shows_demonstration())
    counts = asking.counts(asked, "product", codes=frozenset({code})).get(code, _NONE)
    known: dict[Place, int] = {("product", code, one): value for one, value in counts.items()}
    hidden = set() if asked.demonstration else hide(known, (), least=fewest())
    read = readings.readings(since=asked.since, until=asked.until, codes=[code]).get(code, {})
    return asked, ProductExposure(
        code,
        listed.product.institution.code,
        sum(read.values()),
        _line("product", code, known, hidden),
        by_applicants=read.get(readings.APPLICANT, 0),
    )
