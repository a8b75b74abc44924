"""Keeping house: the audit trail's seals and their check, and counts of rates that nobody needs any more."""

from datetime import timedelta

from finmart.platform.audit.sealing import ROWS, seal
from finmart.platform.audit.verifying import keep, verify
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.db.session import reading_beside, unit_of_work
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.jobs.registry import Payload, own_units, periodic
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.keys import service
from finmart.platform.throttle.storage import sweep

#: Seals a run at most: a writer on SQLite keeps others waiting meanwhile.
SEALS = 5


@periodic("audit.seal", every=timedelta(minutes=1))
def seal_rows() -> None:
    """Seal what was written since the last time; after a very busy minute the rest waits for the next one."""
    for _seal in range(SEALS):
        if seal() < ROWS:
            return


@periodic("audit.verify_nightly", every=timedelta(days=1))
def verify_nightly() -> None:
    """Look at the whole chain once a day."""
    actor = _verifier("audit.verify_nightly")
    with reading_beside():
        report = verify(actor)
    keep(actor, report)


def ask_to_verify(actor: Actor) -> None:
    """Have the whole chain looked at soon, beside the requests. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_AUDIT_VERIFY)
    enqueue("audit.verify", {})


@own_units("audit.verify")
def verify_now(_payload: Payload) -> None:
    """Look at the whole chain because somebody asked."""
    actor = _verifier("audit.verify")
    with unit_of_work(readonly=True, snapshot=True):
        report = verify(actor)
    with unit_of_work():
        keep(actor, report)


@periodic("keys.note", every=timedelta(hours=1))
def note_keys() -> None:
    """Write down the check values of keys that are new."""
    service.note()


@periodic("rates.sweep", every=timedelta(minutes=10))
def sweep_rates() -> None:
    """Drop counts whose time is over."""
    sweep()


def _verifier(name: str) -> Actor:
    return system_actor(name, "check of the audit trail", frozenset({Permission.ALL_AUDIT_VERIFY}))
