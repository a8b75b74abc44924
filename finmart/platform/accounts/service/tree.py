"""An institution's tree of branches: where each lies, what is below it, who reaches it, where work goes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from finmart.platform.accounts.models.branches import Branch
from finmart.platform.accounts.repository import branches, organisations
from finmart.platform.accounts.types.branches import BranchDetails, BranchUnknown, BranchView
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.reference import regions


@dataclass(frozen=True)
class Tree:
    """The branches of one institution by inner id; whose parent is not among them lies below the head office."""

    by_id: dict[int, Branch] = field(default_factory=dict)

    def parent(self, branch: Branch) -> Branch | None:
        """The branch right above; None: the head office."""
        return self.by_id.get(branch.parent_id or 0)

    def above(self, branch_id: int) -> list[int]:
        """The branch and those above it, nearest first."""
        found: list[int] = []
        row = self.by_id.get(branch_id)
        while row is not None and row.id not in found:
            found.append(row.id)
            row = self.parent(row)
        return found

    def below(self, branch_id: int) -> frozenset[int]:
        """The branch and everything below it."""
        return frozenset(each for each in self.by_id if branch_id in self.above(each))

    def level(self, branch: Branch | None) -> int:
        """1 for the head office, one more for each step down."""
        return 1 if branch is None else 1 + len(self.above(branch.id))

    def height(self, branch_id: int) -> int:
        """How many levels a branch takes with everything below it."""
        top = self.level(self.by_id[branch_id])
        return 1 + max(self.level(self.by_id[each]) for each in self.below(branch_id)) - top

    def in_order(self) -> list[Branch]:
        """Parents before their children, siblings by region and name."""

        def from_(parent: Branch | None) -> Iterable[Branch]:
            children = (row for row in self.by_id.values() if self.parent(row) is parent)
            for row in sorted(children, key=lambda each: (each.region, each.name, each.id)):
                yield row
                yield from from_(row)

        return list(from_(None))


def tree_of(organisation_id: int) -> Tree:
    """The tree of an institution as it stands today."""
    return Tree({row.id: row for row in branches.branches_of(organisation_id, today())})


def reach_of(actor: Actor) -> frozenset[int] | None:
    """Inner ids of the branches the actor looks after; None: all, and the head office's own work."""
    if actor.branch_id is None:
        return None
    # A branch that has closed since is still the actor's own; nothing else is.
    return tree_of(actor.organisation_id or 0).below(actor.branch_id) | {actor.branch_id}


def reach_within(actor: Actor, public_id: str) -> frozenset[int] | None:
    """A branch that the actor looks after with what is below it; without a name all that the actor reaches.

    Raises ``BranchUnknown``.
    """
    if not public_id:
        return reach_of(actor)
    tree, reach = tree_of(actor.organisation_id or 0), reach_of(actor)
    row = next((each for each in tree.by_id.values() if each.public_id == public_id), None)
    if row is None or (reach is not None and row.id not in reach):
        raise BranchUnknown
    return tree.below(row.id)


def reaches(actor: Actor, branch_id: int | None) -> bool:
    """Whether something of a branch (None: of the head office) is the actor's to look after."""
    reach = reach_of(actor)
    return reach is None or branch_id in reach


def user_ids_reaching(organisation_id: int, branch_id: int | None) -> frozenset[int]:
    """The members of an institution today who look after a branch: its own, those above, the head office's."""
    above = set(tree_of(organisation_id).above(branch_id)) | {branch_id} if branch_id is not None else set()
    return frozenset(
        user.id
        for membership, user in organisations.members_of(organisation_id)
        if membership.branch_id is None or membership.branch_id in above
    )


def branch_for(organisation_id: int, region: str) -> int | None:
    """The branch that work from ``region`` goes to: whose own region holds it most closely; None: the head office.

    Of two branches for the same region the one higher in the tree takes it.
    """
    lies_in = (region, *regions.ancestors(region))
    tree = tree_of(organisation_id)
    open_now = [row for row in tree.by_id.values() if row.active_from <= today() and row.region in lies_in]
    nearest = min(open_now, key=lambda row: (lies_in.index(row.region), tree.level(row), row.id), default=None)
    return nearest.id if nearest else None


def heirs_of_closed() -> dict[int, int | None]:
    """Every closed branch → the nearest branch above it that is open; None: the head office."""
    closed = {row.id: row.parent_id for row in branches.closed_branches(today())}

    def heir(branch_id: int) -> int | None:
        above = closed[branch_id]
        return heir(above) if above in closed else above

    return {branch_id: heir(branch_id) for branch_id in closed}


def public_branches(organisation_id: int, *, near: str | None = None) -> list[tuple[str, list[BranchView]]]:
    """The open branches as everybody sees them: region → branches, those around ``near`` first, then by code."""
    tree = tree_of(organisation_id)
    groups: dict[str, list[BranchView]] = {}
    for row in tree.in_order():
        if row.active_from <= today():
            groups.setdefault(row.region, []).append(view_of(tree, row))
    around = (near, *regions.ancestors(near)) if near else ()

    def order(group: tuple[str, list[BranchView]]) -> tuple[int, str]:
        code = group[0]
        if near and regions.contains(near, code):
            return 0, code
        return (1 + around.index(code), code) if code in around else (len(around) + 1, code)

    return sorted(groups.items(), key=order)


def view_of(tree: Tree, row: Branch, members: int = 0) -> BranchView:
    """A branch as pages show it."""
    parent = tree.parent(row)
    return BranchView(
        id=row.id,
        public_id=row.public_id,
        parent_public_id=parent.public_id if parent else "",
        details=BranchDetails(
            row.name, row.region, row.active_from, row.address, row.phone, row.hours, row.active_until
        ),
        level=tree.level(row),
        members=members,
        children=sum(tree.parent(each) is row for each in tree.by_id.values()),
    )
