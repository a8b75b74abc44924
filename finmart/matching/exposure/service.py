"""Noting what results show and lead to. A page that is read writes nothing: a gathering does it, seconds later."""

from collections.abc import Iterable

from finmart.matching import repository as runs
from finmart.matching.engine.rows import Row
from finmart.matching.exposure import repository
from finmart.matching.exposure.types import Noted
from finmart.matching.types.errors import RunUnknown
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.jobs.gathering import Gathering
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now

_noted: Gathering[Noted] = Gathering("matching.exposure", repository.write)


def note_shown(run: str, rows: Iterable[Row]) -> None:
    """Note that the result of ``run`` (public id) put these rows before its applicant."""
    at = now()
    _noted.add([Noted(run, row.code, at, version=row.version, place=row.place) for row in rows])


def note_opened(actor: Actor, run: str, code: str) -> None:
    """Note that a product's page was opened from a result of the actor's own.

    Raises ``PermissionMissing`` or ``RunUnknown``.
    """
    require(actor, Permission.OWN_DEMANDS_READ)
    found = runs.run_owner(run)
    if found is None or found != actor.organisation_id:
        raise RunUnknown
    _noted.add([Noted(run, code, now(), opened=True)])


def flush() -> int:
    """Write what was noted in this process; how much it was."""
    return _noted.flush()
