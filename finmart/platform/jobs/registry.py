"""Which function does the work an outbox row names, and which run every so often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Payload = dict[str, Any]
Work = Callable[[Payload], None]


@dataclass(frozen=True)
class Periodic:
    """A job that runs when ``every`` has passed since its last lease."""

    name: str
    every: timedelta
    work: Callable[[], None]


JOBS: dict[str, Work] = {}
#: Jobs that open their own units of work, because they wait for machines elsewhere in between.
OWN_UNITS: set[str] = set()
PERIODIC: dict[str, Periodic] = {}


def job(name: str) -> Callable[[Work], Work]:
    """Register the function that does the work of outbox rows called ``name``. It must bear being run twice."""

    def register(work: Work) -> Work:
        if JOBS.setdefault(name, work) is not work:
            raise ValueError(f"two functions for the job {name}")
        return work

    return register


def own_units(name: str) -> Callable[[Work], Work]:
    """Register as ``job`` does, for work that talks to another machine: no transaction is open while it waits.

    Its effect and its being done are then not one commit, so a process that dies in between does the work again.
    """
    OWN_UNITS.add(name)
    return job(name)


def periodic(name: str, every: timedelta) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that runs every so often, on one machine at a time."""

    def register(work: Callable[[], None]) -> Callable[[], None]:
        PERIODIC[name] = Periodic(name, every, work)
        return work

    return register
