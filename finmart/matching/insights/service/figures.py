"""Officials' figures: counted by a job, kept with their cases, never taken from live tables."""

import csv
import io

from finmart.matching import snapshots
from finmart.matching.insights import repository
from finmart.matching.insights.models import InsightCount
from finmart.matching.insights.service.counting import counted, demand_cells, district_of, product_cells, section_of
from finmart.matching.insights.service.scope import scoped, sees
from finmart.matching.insights.types import (
    UNKNOWN,
    Cell,
    CellUnknown,
    Count,
    Dimension,
    MaskedDemand,
    Measure,
    NotCounted,
)
from finmart.matching.types.events import FiguresCounted, FiguresExported
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.reference import industries, regions

#: Demands are counted once each; these measures may be summed over one dimension.
ADDITIVE = (Measure.DEMANDS, Measure.MATCHED, Measure.UNANSWERED)
COLUMNS = ("as_of", "counted_at", "measure", "dimension", "code", "label_zh", "label_en", "demonstration", "value")

#: What a case is called that belongs to no district (a zone may span several) or to no known industry.
NOWHERE = {
    Dimension.DISTRICT: ("跨区县的开发区或全市", "Zone across districts, or city-wide"),
    Dimension.INDUSTRY: ("行业未知", "Industry not known"),
}


def count_figures(actor: Actor) -> Count:
    """Count everything now and keep it. For the nightly job and the command, under a system actor's basis."""
    plan = snapshots.current_plan()
    demands = repository.published_demands()
    runs = repository.latest_runs(demand.id for demand in demands)
    cells = [*product_cells(plan.offers), *demand_cells(counted(d, runs.get(d.id)) for d in demands)]
    totals = {Measure.PRODUCTS.value: len(plan.offers)}
    for measure in ADDITIVE:
        by_district = (c for c in cells if c.measure is measure and c.dimension is Dimension.DISTRICT)
        totals[measure.value] = sum(cell.value for cell in by_district)
    row = repository.add_count(counted_at=now(), as_of=today(), catalogue_version=plan.catalogue_version, totals=totals)
    repository.add_cells([_columns(row.id, cell) for cell in cells])
    record(actor, FiguresCounted(target=row.public_id, cells=len(cells)))
    return _count(row)


def _columns(count_id: int, cell: Cell) -> dict[str, object]:
    return {
        "count_id": count_id,
        "measure": cell.measure.value,
        "dimension": cell.dimension.value,
        "code": cell.code,
        "demonstration": cell.demonstration,
        "value": cell.value,
        "members": list(cell.members),
    }


def _count(row: InsightCount) -> Count:
    cells = tuple(
        Cell(Measure(c.measure), Dimension(c.dimension), c.code, c.demonstration, tuple(c.members))
        for c in repository.cells(count_id=row.id)
    )
    totals = {Measure(key): value for key, value in row.totals.items()}
    return Count(row.public_id, row.counted_at, row.as_of, row.catalogue_version, totals, cells)


def last_count(actor: Actor) -> Count:
    """The last count as the actor's region may see it. Raises ``PermissionMissing`` or ``NotCounted``."""
    found = last_count_or_none(actor)
    if found is None:
        raise NotCounted
    return found


def last_count_or_none(actor: Actor) -> Count | None:
    """The last count, None before the first. Raises ``PermissionMissing``."""
    require(actor, Permission.REGION_FIGURES_READ)
    row = repository.newest_count()
    return None if row is None else scoped(_count(row), actor.region)


def cell(actor: Actor, measure: Measure, dimension: Dimension, code: str) -> tuple[Count, tuple[str, ...], bool]:
    """The cases of one figure (real and demonstration ones), and whether some are too few to be listed.

    Raises ``PermissionMissing`` or ``CellUnknown``.
    """
    count = last_count(actor)
    found = [c for c in count.by(measure, dimension) if c.code == code]
    if not found:
        raise CellUnknown
    return count, tuple(member for one in found for member in one.members), any(one.few for one in found)


def masked_demands(actor: Actor, public_ids: tuple[str, ...]) -> tuple[MaskedDemand, ...]:
    """Demands of the actor's region without anything that names their applicant. Raises ``PermissionMissing``."""
    require(actor, Permission.REGION_FIGURES_READ)
    demands = repository.demands_by_public_id(public_ids)
    runs = repository.latest_runs(demand.id for demand in demands)
    found = []
    for demand in demands:
        if not sees(actor.region, district_of(demand.region)):
            continue
        run = runs.get(demand.id)
        found.append(
            MaskedDemand(
                number=f"{demand.public_id[:4]}****",
                district=district_of(demand.region),
                industry=section_of(run.inputs["facts"]) if run else "unknown",
                amount=demand.amount,
                term_months=demand.term_months,
                purpose=demand.purpose,
                state=demand.state,
                created_at=demand.created_at,
                suitable=run.suitable if run else None,
                open=run.open if run else None,
                demonstration=demand.demonstration,
            )
        )
    return tuple(found)


def code_label(dimension: Dimension, code: str, language: str) -> str:
    """A district's or section's name; what belongs to none says why."""
    if code == UNKNOWN:
        zh, en = NOWHERE[dimension]
        return en if language == "en" else zh
    return regions.label(code, language) if dimension is Dimension.DISTRICT else industries.label(code, language)


def export_csv(actor: Actor) -> str:
    """The last count as CSV text, one line a figure. Raises ``PermissionMissing`` or ``NotCounted``."""
    require(actor, Permission.REGION_FIGURES_EXPORT)
    count = last_count(actor)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in count.cells:
        writer.writerow(
            [
                count.as_of.isoformat(),
                count.counted_at.isoformat(timespec="seconds"),
                one.measure.value,
                one.dimension.value,
                one.code,
                code_label(one.dimension, one.code, "zh"),
                code_label(one.dimension, one.code, "en"),
                "yes" if one.demonstration else "no",
                one.shown,
            ]
        )
    record(actor, FiguresExported(target=count.public_id, cells=len(count.cells)))
    return out.getvalue()
