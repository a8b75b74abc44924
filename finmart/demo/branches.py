"""A few branches of the demonstration's banks, added as their administrators would."""

from collections.abc import Mapping
from dataclasses import replace

from finmart.demo.city import plan
from finmart.platform.accounts.service.branches import add_branch
from finmart.platform.accounts.service.organisations import find_organisation
from finmart.platform.accounts.service.tree import public_branches
from finmart.platform.accounts.types.branches import BranchDetails
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor

#: institution → its branches from the top: name, region, name of the parent (empty: the head office).
_BRANCHES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "ccb": (
        ("南昌分行（示例）", "360100", ""),
        ("东湖支行（示例）", "360102", "南昌分行（示例）"),
        ("西湖支行（示例）", "360103", "南昌分行（示例）"),
    ),
    "jxbank": (
        ("东湖支行（示例）", "360102", ""),
        ("青山湖支行（示例）", "360111", ""),
        ("八一网点（示例）", "360102", "东湖支行（示例）"),
    ),
}


def ensure_branches(actor: Actor) -> int:
    """Add the branches of the institutions that have none yet; returns how many were added."""
    return sum(_add(actor, code, rows) for code, rows in _BRANCHES.items())


def _add(actor: Actor, code: str, rows: tuple[tuple[str, str, str], ...]) -> int:
    card = find_organisation(OrganisationKind.INSTITUTION, code)
    if card is None or public_branches(card.id):
        return 0
    known = {"": ""}
    own = replace(
        actor,
        organisation_id=card.id,
        organisation_kind=card.kind.value,
        permissions=frozenset({Permission.OWN_BRANCHES_MANAGE}),
    )
    for name, region, parent in rows:
        details = BranchDetails(name, region, plan.REFERENCE_DATE, hours="周一至周五 9:00–17:00")
        known[name] = add_branch(own, details, parent=known[parent], demonstration=True)
    return len(rows)
