"""Officials' figures: counted by a job into facts, read back for a region, never taken from live tables."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from finmart.matching import repository, snapshots
from finmart.matching.insights.models import InsightDemand, InsightLead
from finmart.matching.insights.repository import asking, counting
from finmart.matching.insights.repository.asking import Asked, Counts
from finmart.matching.insights.service.counting import product_cells
from finmart.matching.insights.service.facts import about, allowed_days, demand_fact, lead_fact, reached
from finmart.matching.insights.service.scope import fewest, guarded, is_few
from finmart.matching.insights.service.speeds import Decided, measured_speeds
from finmart.matching.insights.types.figures import (
    Book,
    CellUnknown,
    CountHead,
    Figure,
    Line,
    MaskedDemand,
    MaskedLead,
    NotCounted,
    ProductCell,
    Question,
    Timing,
)
from finmart.matching.insights.types.stages import OF_DEMANDS, OF_LEADS, Days, Dimension, LeadStage, Stage
from finmart.matching.leads.models import Lead
from finmart.matching.models import MatchRun
from finmart.matching.types.events import FiguresCounted
from finmart.matching.types.speeds import Speed
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.web.pages import Page
from finmart.reference import regions

PAGE_SIZE = 30
TENTHS = 10


def count_figures(actor: Actor) -> CountHead:
    """Count everything now and keep it. For the nightly job and the command, under a system actor's basis."""
    write_regions()
    plan = snapshots.current_plan()
    row = counting.add_count(counted_at=now(), as_of=today(), catalogue_version=plan.catalogue_version, totals={})
    cells = [
        {
            "count_id": row.id,
            "measure": "products",
            "dimension": cell.dimension.value,
            "code": cell.code,
            "demonstration": False,
            "value": len(cell.members),
            "members": list(cell.members),
        }
        for cell in product_cells(plan.offers)
    ]
    of_demands, of_leads = _facts(row.id)
    counting.replace_facts(cells, of_demands, of_leads)
    repository.replace_product_speeds(_speeds(row.id))
    row.totals = {"products": len(plan.offers), "demands": len(of_demands), "applications": len(of_leads)}
    record(actor, FiguresCounted(target=row.public_id, cells=len(cells) + len(of_demands) + len(of_leads)))
    return _head()


def _speeds(count_id: int) -> dict[str, Speed]:
    decided = (Decided(*one) for one in counting.decided_days(count_id))
    return measured_speeds(decided, least=fewest())


def _facts(count_id: int) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    runs, kinds = counting.latest_runs(), counting.applicant_kinds()
    stands, institutions = reached(counting.steps()), counting.institution_ids()
    within = allowed_days()
    by_demand: dict[int, list[Lead]] = {}
    for lead in counting.leads():
        by_demand.setdefault(lead.demand_id, []).append(lead)
    of_demands: list[dict[str, object]] = []
    of_leads: list[dict[str, object]] = []
    for demand in counting.published_demands():
        run, own = runs.get(demand.id), by_demand.get(demand.id, [])
        of = about(demand, run, kinds)
        of_demands.append({"count_id": count_id, **demand_fact(demand, of, run, own, stands)})
        for lead in own:
            columns = lead_fact(lead, demand, of, stands[lead.id], institutions[lead.organisation_id], within)
            if columns is not None:
                of_leads.append({"count_id": count_id, **columns})
    return of_demands, of_leads


def write_regions() -> None:
    """Bring the regions that queries know up to the reference tables; a second time it does nothing."""
    nodes = regions.everything()
    if counting.region_codes() == {node.code for node in nodes}:
        return
    closure = [
        {"ancestor": above, "descendant": node.code, "depth": depth}
        for node in nodes
        for depth, above in enumerate((node.code, *regions.ancestors(node.code)))
    ]
    rows = [{"code": node.code, "kind": node.kind.value, "parent": node.parent} for node in nodes]
    counting.replace_regions(rows, closure)


def _head() -> CountHead:
    row = asking.newest_count()
    if row is None:
        raise NotCounted
    # Countings of an earlier release kept other totals.
    counted = [row.totals.get(name, 0) for name in ("products", "demands", "applications")]
    return CountHead(row.id, row.public_id, row.counted_at, row.as_of, row.catalogue_version, *counted)


def last_count(actor: Actor) -> CountHead:
    """When was counted last, and what. Raises ``PermissionMissing`` or ``NotCounted``."""
    require(actor, Permission.REGION_FIGURES_READ)
    return _head()


def holds(actor: Actor, *, demonstration: bool) -> bool:
    """Whether the last count holds demonstration (or real) demands at all. Raises as ``last_count`` does."""
    return asking.holds(last_count(actor).id, demonstration=demonstration)


def _asked(actor: Actor, question: Question) -> Asked:
    head = last_count(actor)
    return Asked(
        count_id=head.id,
        viewer=actor.region or "",
        demonstration=question.demonstration,
        since=question.since,
        until=question.until,
        where=tuple(sorted(question.where.items())),
    )


def demands(actor: Actor, question: Question) -> Book:
    """All stages of the demands of the actor's region, whole and along every dimension; small real numbers hidden.

    A book is of all cases of a period: ``where`` counts for lists of cases alone.
    Raises ``PermissionMissing`` or ``NotCounted``.
    """
    return _book(asking.demand_counts, OF_DEMANDS, actor, question)


def applications(actor: Actor, question: Question) -> Book:
    """All stages of the applications that institutions received, as ``demands`` has those of demands."""
    return _book(asking.lead_counts, OF_LEADS, actor, question)


def exact_demands(actor: Actor, question: Question, dimension: Dimension | None) -> dict[str, Counts]:
    """The stages of demands as they are, small numbers among them: for a recount, never for a page or a file."""
    return asking.demand_counts(_asked(actor, question), dimension)


def exact_applications(actor: Actor, question: Question, dimension: Dimension | None) -> dict[str, Counts]:
    """The stages of applications as they are: for a recount, never for a page or a file."""
    return asking.lead_counts(_asked(actor, question), dimension)


def newest_runs() -> dict[int, MatchRun]:
    """demand id → its newest run, for a recount."""
    return counting.latest_runs()


def _figures(counts: Counts) -> dict[str, Figure]:
    return {stage: Figure(value, amount) for stage, (value, amount) in counts.items()}


def _book(
    counted: Callable[[Asked, Dimension | None], dict[str, Counts]],
    dimensions: Sequence[Dimension],
    actor: Actor,
    question: Question,
) -> Book:
    asked = _asked(actor, replace(question, where={}))
    whole = Line("", _figures(counted(asked, None)[""]))
    by = {one: [Line(code, _figures(c)) for code, c in counted(asked, one).items()] for one in dimensions}
    return guarded(Book(whole, by), least=fewest(), demonstration=question.demonstration)


def timings(actor: Actor, question: Question) -> list[Timing]:
    """Median and ninetieth percentile of each kind of timing, in tenths of a working day. Raises as ``demands``.

    Where the number of its applications may not be stated, neither is the timing.
    """
    days = asking.lead_days(_asked(actor, replace(question, where={})))
    whole = applications(actor, question).whole.figures
    return [
        Timing(kind, 0, None, None, few=True)
        if kind in _TIMED and whole[_TIMED[kind]].few
        else _timing(kind, days[kind.value], demonstration=question.demonstration)
        for kind in Days
    ]


#: The figure that a timing's number of applications tells.
_TIMED = {Days.CONTACT: LeadStage.CONTACTED, Days.DECISION: LeadStage.DECIDED, Days.DRAW_DOWN: LeadStage.FUNDED}


def _timing(kind: Days, days: Sequence[int], *, demonstration: bool) -> Timing:
    if not demonstration and is_few(len(days), fewest()):
        return Timing(kind, 0, None, None, few=True)
    if not days:
        return Timing(kind, 0, None, None)
    middle = (days[(len(days) - 1) // 2] + days[len(days) // 2]) * TENTHS // 2
    # The nearest rank: the smallest value that at least nine in ten do not exceed.
    ninetieth = days[-(-len(days) * 9 // 10) - 1] * TENTHS
    return Timing(kind, len(days), middle, ninetieth)


def months(actor: Actor, *, demonstration: bool) -> list[date]:
    """The first days of the months from the first demand of the region to the last count, newest first."""
    head = last_count(actor)
    first = asking.first_published(Asked(head.id, actor.region or "", demonstration)) or head.as_of
    numbers = range(head.as_of.year * 12 + head.as_of.month - 1, first.year * 12 + first.month - 2, -1)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def product_figures(actor: Actor) -> list[ProductCell]:
    """Products open to each district of the actor's region and to each industry. Raises as ``last_count`` does."""
    cells = [
        ProductCell(Dimension(row.dimension), row.code, tuple(row.members))
        for row in asking.product_cells(count_id=last_count(actor).id)
    ]
    region = actor.region or ""
    return [c for c in cells if c.dimension is not Dimension.DISTRICT or regions.contains(region, c.code)]


def demand_cases(actor: Actor, question: Question, stage: Stage, *, number: int = 1) -> Page[MaskedDemand]:
    """The masked demands that one figure counts.

    Raises as ``demands`` does, or ``CellUnknown`` for a figure that is hidden or stands in no breakdown.
    """
    if demands(actor, question).figure(stage, question.where).few:
        raise CellUnknown
    asked = _asked(actor, question)
    number = max(1, number)
    rows, total = asking.demand_cases(asked, stage, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return Page([masked_demand(row) for row in rows], total, number, PAGE_SIZE)


def lead_cases(actor: Actor, question: Question, stage: LeadStage, *, number: int = 1) -> Page[MaskedLead]:
    """The masked applications that one figure counts. Raises as ``demand_cases`` does."""
    if applications(actor, question).figure(stage, question.where).few:
        raise CellUnknown
    asked = _asked(actor, question)
    number = max(1, number)
    rows, total = asking.lead_cases(asked, stage, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return Page([_masked_lead(row) for row in rows], total, number, PAGE_SIZE)


def masked_demand(row: InsightDemand) -> MaskedDemand:
    """A demand without anything that names its applicant."""
    return MaskedDemand(
        public_id=row.public_id,
        district=row.district,
        industry=row.industry,
        size=row.size,
        kind=row.kind,
        amount=row.amount,
        purpose=row.purpose,
        outcome=row.outcome,
        published_on=row.published_on,
        answered=row.answered,
        approved_amount=row.approved_amount,
        funded_amount=row.funded_amount,
        demonstration=row.demonstration,
    )


def _masked_lead(row: InsightLead) -> MaskedLead:
    return MaskedLead(
        public_id=row.public_id,
        institution=row.institution,
        product_type=row.product_type,
        district=row.district,
        industry=row.industry,
        received_on=row.received_on,
        state=row.state,
        decline_code=row.reason,
        contact_days=row.contact_days,
        decision_days=row.decision_days,
        approved_amount=row.approved_amount,
        funded_amount=row.funded_amount,
        demonstration=row.demonstration,
    )
