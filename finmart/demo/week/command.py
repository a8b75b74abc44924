"""Playing the week in this installation, and reporting what it came to."""

from collections.abc import Callable
from dataclasses import asdict

from finmart.config import Settings
from finmart.demo import load, members
from finmart.demo.city.subjects import subjects
from finmart.demo.week import asking, story
from finmart.demo.week.outcome import outcome
from finmart.demo.week.recount import differing
from finmart.matching.exposure import service as exposure
from finmart.matching.insights.service.figures import count_figures
from finmart.platform.accounts.service.organisations import holds_demonstration
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import system_actor

Report = Callable[[str], None]
COUNTER = system_actor("finmart demo week", "officials' figures")


def play_week(settings: Settings, *, seed: int, count: int, report: Report) -> dict[str, int]:
    """Play a week of ``count`` demands; the city is loaded first where it is not there.

    Returns how the week's demands stand, and what must be zero: demands without an owner or clock, declines without
    a coded reason, officials' figures that an independent recount does not give. Raises ``DemonstrationRefused``.
    """
    load.refuse_elsewhere(settings)
    with unit_of_work(readonly=True):
        loaded = holds_demonstration()
    if not loaded:
        load.load_city(settings, report)
    registrar = system_actor(
        "finmart demo week", "applicants of the week", frozenset({Permission.ALL_ORGANISATIONS_MANAGE})
    )
    with unit_of_work():
        ids = members.ensure_subjects(registrar, subjects())
        organisations = members.ensure_applicants(asking.drawn(seed, count), ids)
    week = story.play(seed, count, organisations, ids, report)
    exposure.flush()
    report("counting the officials' figures")
    with unit_of_work():
        count_figures(COUNTER)
    with unit_of_work(readonly=True):
        found = outcome(asker.public_id for asker in week.askers)
        return {**asdict(found), "figures_differing": differing()}
