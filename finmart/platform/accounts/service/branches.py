"""An institution looks after its branches: adding, changing, moving and closing them.

The institution's row is locked first, so that two moves at once cannot make a circle.
"""

from collections.abc import Callable
from dataclasses import replace

from finmart.platform.accounts.models.branches import Branch
from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.repository import branches, organisations
from finmart.platform.accounts.service.tree import Tree, reach_of, tree_of, view_of
from finmart.platform.accounts.types.branches import (
    MOST_LEVELS,
    BranchChanged,
    BranchClosed,
    BranchDetails,
    BranchInItself,
    BranchNameTaken,
    BranchOpened,
    BranchOutOfReach,
    BranchRefused,
    BranchTooDeep,
    BranchUnknown,
    BranchView,
    Dependants,
    SuccessorMissing,
)
from finmart.platform.accounts.types.errors import OrganisationUnknown
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.reference import regions

#: The job of whoever keeps work at branches, told when one has closed.
CLOSED_JOB = "leads.branch_closed"


class _Work:
    count: Callable[[int], int] | None = None


def use_branch_work(count: Callable[[int], int]) -> None:
    """Tell the house how to count the living work at a branch (matching calls this)."""
    _Work.count = count


def list_branches(actor: Actor) -> list[BranchView]:
    """The branches that the actor looks after, parents before children. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_BRANCHES_READ)
    tree, reach = tree_of(_own(actor).id), reach_of(actor)
    members = branches.members_by_branch(actor.organisation_id or 0)
    return [view_of(tree, row, members.get(row.id, 0)) for row in tree.in_order() if reach is None or row.id in reach]


def read_branch(actor: Actor, public_id: str) -> BranchView:
    """One branch that the actor looks after. Raises ``PermissionMissing`` or ``BranchUnknown``."""
    found = (branch for branch in list_branches(actor) if branch.public_id == public_id)
    branch = next(found, None)
    if branch is None:
        raise BranchUnknown
    return branch


def dependants(actor: Actor, public_id: str) -> Dependants:
    """What would need another place if the branch closed. Raises ``PermissionMissing`` or ``BranchUnknown``."""
    branch = read_branch(actor, public_id)
    return Dependants(branch.children, branch.members, _Work.count(branch.id) if _Work.count else 0)


def add_branch(actor: Actor, details: BranchDetails, *, parent: str = "", demonstration: bool = False) -> str:
    """A new branch below ``parent`` (a public id; empty: the head office); its public id.

    Raises ``PermissionMissing``, ``BranchUnknown``, ``BranchOutOfReach``, ``BranchTooDeep``, ``BranchNameTaken`` or
    ``BranchRefused``.
    """
    organisation, tree = _locked(actor)
    checked = checked_details(tree, details, None)
    above = _parent(actor, tree, parent)
    if tree.level(above) + 1 > MOST_LEVELS:
        raise BranchTooDeep
    row = branches.add_branch(
        organisation_id=organisation.id,
        parent_id=above.id if above else None,
        demonstration=demonstration or organisation.demonstration,
        **vars(checked),
    )
    record(
        actor,
        BranchOpened(target=row.public_id, organisation=organisation.public_id, parent=_name(above), region=row.region),
    )
    return row.public_id


def change_branch(actor: Actor, public_id: str, details: BranchDetails, *, parent: str) -> None:
    """State a branch anew and put it below ``parent`` (empty: the head office).

    Raises what ``add_branch`` raises, and ``BranchInItself``.
    """
    _organisation, tree = _locked(actor)
    row = _within(actor, tree, public_id)
    checked = checked_details(tree, details, row)
    before = _stated(tree, row)
    _move(actor, tree, row, parent)
    if row.name != checked.name:
        branches.rename_for_people(row.id, checked.name)
    for column, value in vars(checked).items():
        setattr(row, column, value)
    after = _stated(tree, row)
    changed = [key for key in after if before[key] != after[key]]
    if changed:
        old, new = {key: before[key] for key in changed}, {key: after[key] for key in changed}
        record(actor, BranchChanged(target=row.public_id, old=old, new=new))


def close_branch(actor: Actor, public_id: str, *, successor: str | None) -> None:
    """Close a branch from today; ``successor`` (empty: the head office) takes what depends on it.

    Raises ``PermissionMissing``, ``BranchUnknown``, ``BranchOutOfReach``, ``SuccessorMissing``, ``BranchInItself`` or
    ``BranchTooDeep``.
    """
    _organisation, tree = _locked(actor)
    row = _within(actor, tree, public_id)
    needs = dependants(actor, public_id)
    if successor is None and not needs.none:
        raise SuccessorMissing
    if row.id == actor.branch_id:
        raise BranchOutOfReach
    to = _parent(actor, tree, successor) if successor is not None else tree.parent(row)
    if to is not None and to.id in tree.below(row.id):
        raise BranchInItself
    for child in [each for each in tree.by_id.values() if tree.parent(each) is row]:
        if tree.level(to) + tree.height(child.id) > MOST_LEVELS:
            raise BranchTooDeep
        child.parent_id = to.id if to else None
    branches.move_people(row.id, to.id if to else None, to.name if to else "")
    # A branch that was to open later never does.
    row.active_until, row.active_from = today(), min(row.active_from, today())
    record(
        actor,
        BranchClosed(
            target=row.public_id,
            successor=_name(to),
            children=needs.children,
            members=needs.members,
            work=needs.work,
        ),
    )
    enqueue(CLOSED_JOB, {"branch": row.id, "successor": to.id if to else None})


def own_tree(actor: Actor) -> Tree:
    """The tree of the actor's institution as it stands. Raises ``OrganisationUnknown``."""
    return tree_of(_own(actor).id)


def locked_tree(actor: Actor) -> Tree:
    """The same, held still until the transaction ends. Raises ``PermissionMissing`` or ``OrganisationUnknown``."""
    return _locked(actor)[1]


def own_branch_id(actor: Actor, public_id: str) -> int | None:
    """The inner id of a branch the actor looks after; of an empty name the head office's, None.

    Raises ``BranchUnknown`` or ``BranchOutOfReach``.
    """
    row = _parent(actor, tree_of(_own(actor).id), public_id)
    return row.id if row else None


def _move(actor: Actor, tree: Tree, row: Branch, parent: str) -> None:
    current = tree.parent(row)
    if parent == _name(current):
        return
    if row.id == actor.branch_id:
        raise BranchOutOfReach
    above = _parent(actor, tree, parent)
    if above is not None and above.id in tree.below(row.id):
        raise BranchInItself
    if tree.level(above) + tree.height(row.id) > MOST_LEVELS:
        raise BranchTooDeep
    row.parent_id = above.id if above else None


def checked_details(tree: Tree, details: BranchDetails, row: Branch | None) -> BranchDetails:
    """``details`` trimmed; ``row``: the branch they are of. Raises ``BranchRefused`` or ``BranchNameTaken``."""
    name = details.name.strip()
    if not 2 <= len(name) <= 80:
        raise BranchRefused(N_("网点名称需要 2 到 80 个字。"), column="name")
    if any(each.name == name for each in tree.by_id.values() if each is not row):
        raise BranchNameTaken
    if regions.find(details.region) is None:
        raise BranchRefused(N_("请选择网点所在的地区。"), column="region")
    if details.active_until is not None and details.active_until <= max(details.active_from, today()):
        said = N_("停止营业的日期要晚于今天和开始营业的日期；不确定就留空，现在就停请用“关闭网点”。")
        raise BranchRefused(said, column="active_until")
    return replace(
        details,
        name=name,
        address=details.address.strip()[:160],
        phone=details.phone.strip()[:40],
        hours=details.hours.strip()[:120],
    )


def _stated(tree: Tree, row: Branch) -> dict[str, str | None]:
    return {
        "name": row.name,
        "parent": _name(tree.parent(row)),
        "region": row.region,
        "address": row.address,
        "phone": row.phone,
        "hours": row.hours,
        "active_from": row.active_from.isoformat(),
        "active_until": row.active_until.isoformat() if row.active_until else None,
    }


def _name(row: Branch | None) -> str:
    return row.public_id if row else ""


def _own(actor: Actor) -> Organisation:
    organisation = organisations.organisation_by_id(actor.organisation_id or 0)
    if organisation is None or organisation.kind != "institution":
        raise OrganisationUnknown
    return organisation


def _locked(actor: Actor) -> tuple[Organisation, Tree]:
    require(actor, Permission.OWN_BRANCHES_MANAGE)
    organisation = _own(actor)
    organisations.organisation_by_public_id(organisation.public_id, lock=True)
    return organisation, tree_of(organisation.id)


def _within(actor: Actor, tree: Tree, public_id: str) -> Branch:
    row = next((each for each in tree.by_id.values() if each.public_id == public_id), None)
    reach = reach_of(actor)
    if row is None or (reach is not None and row.id not in reach):
        raise BranchUnknown
    return row


def _parent(actor: Actor, tree: Tree, public_id: str) -> Branch | None:
    if not public_id:
        if actor.branch_id is not None:
            raise BranchOutOfReach
        return None
    return _within(actor, tree, public_id)
