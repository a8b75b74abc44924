"""Asking and turning switches."""

from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.switches import repository
from finmart.platform.switches.types import (
    DEFINITIONS,
    Switch,
    SwitchedOff,
    SwitchSet,
    SwitchUnknown,
    SwitchView,
)


def is_on(name: str) -> bool:
    """Whether the thing is switched on; one read a unit of work, however often it is asked.

    Raises ``ValueError`` for a name that is not in the code.
    """
    switch = Switch(name)
    return repository.positions().get(switch.value, DEFINITIONS[switch].default)


def require_on(name: str) -> None:
    """Let pass what is switched on. Raises ``SwitchedOff`` with the sentence people are told."""
    if not is_on(name):
        raise SwitchedOff(Switch(name))


def list_switches(actor: Actor) -> list[SwitchView]:
    """All switches and how they stand. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_SWITCHES_MANAGE)
    turned = {row.name: row for row in repository.rows()}
    return [
        SwitchView(switch, definition, is_on(switch), turned[switch].changed_at if switch in turned else None)
        for switch, definition in DEFINITIONS.items()
    ]


def turn(actor: Actor, name: str, *, on: bool, reason: str) -> None:
    """Turn a switch; as it stands already nothing happens. Raises ``PermissionMissing`` or ``SwitchUnknown``."""
    require(actor, Permission.ALL_SWITCHES_MANAGE)
    if name not in set(Switch):
        raise SwitchUnknown
    old = is_on(name)
    if old == on:
        return
    repository.turn(name, on=on, reason=reason.strip(), user_id=actor.user_id)
    record(actor, SwitchSet(target=name, old=old, new=on))
