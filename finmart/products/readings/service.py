"""How often product pages are read: by signed-in applicants, by the signed-out public; nobody else counts."""

import re
from collections.abc import Iterable
from datetime import date

from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.jobs.gathering import Gathering
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products.readings import repository
from finmart.products.readings.repository import Reading

APPLICANT, PUBLIC = "applicant", "public"
#: What programs call themselves that read pages for nobody in particular. Whoever names nothing is one too.
_PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|scrap|curl|wget|python|java/|go-http|okhttp|headless|monitor|preview|lighthouse",
    re.IGNORECASE,
)

_noted: Gathering[Reading] = Gathering("products.readings", repository.count_up)


def is_program(agent: str) -> bool:
    """Whether a user agent is a program rather than somebody's browser."""
    return not agent.strip() or _PROGRAMS.search(agent) is not None


def channel_of(actor: Actor) -> str | None:
    """The channel an actor reads in; None for staff, officials and operators, who read for their work."""
    if not actor.is_signed_in:
        return PUBLIC
    return APPLICANT if actor.organisation_kind == OrganisationKind.APPLICANT else None


def note_reading(actor: Actor, code: str, *, agent: str) -> None:
    """Note that a product's page was read; who read it is not kept."""
    channel = channel_of(actor)
    if channel is not None and not is_program(agent):
        _noted.add([(code, today(), channel)])


def readings(*, since: date, until: date, codes: Iterable[str] | None = None) -> dict[str, dict[str, int]]:
    """Product → channel → how often its page was read from ``since`` to ``until``, both included."""
    return repository.totals(since=since, until=until, codes=codes)


def flush() -> int:
    """Count what was noted in this process; how much it was."""
    return _noted.flush()
