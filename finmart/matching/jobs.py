"""Work of matching that runs beside requests."""

from datetime import timedelta

from finmart.credit.types.states import PROFILES_JOB
from finmart.matching.insights.service import coverage_count
from finmart.matching.insights.service.figures import count_figures
from finmart.matching.leads.service.handing import branch_closed
from finmart.matching.leads.service.passing import due_demands, pass_time
from finmart.matching.prospecting.service import counting
from finmart.matching.recommendations.service.keeping import look, refresh
from finmart.matching.service.applicants import CHANGED_JOB
from finmart.platform.accounts.service.branches import CLOSED_JOB
from finmart.platform.accounts.service.tree import heirs_of_closed
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.outbox import at_hand, enqueue
from finmart.platform.jobs.registry import Payload, job, own_units, periodic
from finmart.platform.kernel.actor import system_actor
from finmart.platform.kernel.clock import midnight, today

_LOOK, _COVERAGE = "leads.pass_time", "matching.coverage"


@job("figures.count")
def count_now(_payload: Payload) -> None:
    """Count the officials' figures; a second run makes a second count of the same day."""
    count_figures(system_actor("figures.count", "officials' figures"))


@periodic("figures.nightly", every=timedelta(days=1))
def count_nightly() -> None:
    """Count the officials' figures once a day."""
    count_figures(system_actor("figures.nightly", "officials' figures"))


@own_units(_COVERAGE)
def count_coverage(_payload: Payload) -> None:
    """Hold all subjects against all products: the real ones, or where there are none the demonstration's.

    A second run replaces the first one's result. Reading and working out hold no lock.
    """
    actor = system_actor(_COVERAGE, "coverage of the shelf", frozenset({Permission.ALL_PROFILES_RUN}))
    with unit_of_work(readonly=True):
        prepared = coverage_count.prepare_tonight(actor, as_of=today())
    if prepared is not None:
        counted = coverage_count.work_out(prepared)
        with unit_of_work():
            coverage_count.store(actor, prepared, counted)


@periodic("matching.coverage_nightly", every=timedelta(days=1))
def count_coverage_nightly() -> None:
    """Have coverage counted once a day, in units of work of its own."""
    enqueue(_COVERAGE, {})


@job(_LOOK)
def pass_time_of(payload: Payload) -> None:
    """Do for one demand what the day asks for; a second time it finds nothing to do."""
    pass_time(system_actor(_LOOK, "clocks in working days"), payload["demand"])


@job(CLOSED_JOB)
def take_over_branch(payload: Payload) -> None:
    """Give what a closed branch worked on to its successor; a second time it finds nothing."""
    branch_closed(system_actor(CLOSED_JOB, "a branch has closed"), payload["branch"], payload["successor"])


@periodic("leads.closed_branches", every=timedelta(hours=1))
def look_at_closed_branches() -> None:
    """Let nothing wait at a closed branch: one that ended on its day, or got an application while it was closing."""
    actor = system_actor("leads.closed_branches", "a branch has closed")
    for branch_id, heir in heirs_of_closed().items():
        branch_closed(actor, branch_id, heir)


@own_units(counting.JOB)
def count_prospects(payload: Payload) -> None:
    """Count an institution's products over all subjects; a second time it finds nothing left to count.

    Reading and working out hold no lock, so that nobody waits for a city of subjects.
    """
    basis = "how many subjects meet a product's conditions"
    actor = system_actor(counting.JOB, basis, frozenset({Permission.ALL_PROFILES_RUN}))
    with unit_of_work(readonly=True):
        prepared = counting.prepare(actor, payload["organisation"])
    if prepared is not None:
        found = counting.work_out(prepared)
        with unit_of_work():
            counting.store(actor, prepared, found)


@job(CHANGED_JOB)
def refresh_recommendation(payload: Payload) -> None:
    """Work out one applicant's products without a demand; a second time nothing has changed."""
    permitted = frozenset({Permission.ALL_PROFILES_RUN})
    refresh(system_actor(CHANGED_JOB, "products open without a demand", permitted), payload["organisation"])


@job(PROFILES_JOB)
def look_after_profiles(_payload: Payload) -> None:
    """Have those looked at again whose profile has a newer version."""
    look(newcomers=False)


@periodic("recommendations.nightly", every=timedelta(days=1))
def look_at_recommendations() -> None:
    """Once a day have those looked at again under whom catalogue, rule, profile or claim has moved, and newcomers."""
    look(newcomers=True)


@periodic("leads.clocks", every=timedelta(minutes=10))
def look_at_clocks() -> None:
    """Have every demand looked at for which today may have to do something, each in a unit of work of its own.

    Once a day: what a look leaves undone waits for another day, and so does whatever a step brings. Work that waits
    because nobody does it is not written down again.
    """
    at_work = {payload["demand"] for payload in at_hand(_LOOK, since=midnight())}
    for demand_id in due_demands():
        if demand_id not in at_work:
            enqueue(_LOOK, {"demand": demand_id})
