"""Work of matching that runs beside requests."""

from datetime import timedelta

from finmart.matching.insights.service.figures import count_figures
from finmart.platform.jobs.registry import Payload, job, periodic
from finmart.platform.kernel.actor import system_actor


@job("figures.count")
def count_now(_payload: Payload) -> None:
    """Count the officials' figures; a second run makes a second count of the same day."""
    count_figures(system_actor("figures.count", "officials' figures"))


@periodic("figures.nightly", every=timedelta(days=1))
def count_nightly() -> None:
    """Count the officials' figures once a day."""
    count_figures(system_actor("figures.nightly", "officials' figures"))
