"""Branches of an institution: what goes in and out, what is refused, what is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from finmart.platform.kernel.messages import N_

#: Levels of the tree, the head office counted as the first.
MOST_LEVELS = 5


@dataclass(frozen=True)
class BranchDetails:
    """What staff state of a branch; open on the days ``active_from`` ≤ day < ``active_until``."""

    name: str
    region: str
    active_from: date
    address: str = ""
    phone: str = ""
    hours: str = ""
    active_until: date | None = None


@dataclass(frozen=True)
class BranchView:
    """A branch in its tree: ``level`` 2 lies right below the head office, ``members`` counts its own only."""

    id: int
    public_id: str
    parent_public_id: str
    details: BranchDetails
    level: int
    members: int = 0
    children: int = 0


@dataclass(frozen=True)
class Dependants:
    """What needs another place before a branch closes."""

    children: int
    members: int
    work: int

    @property
    def none(self) -> bool:
        """Whether the branch can close without anything moving."""
        return not (self.children or self.members or self.work)


class BranchUnknown(NotFound):
    """No such open branch of the institution, or one out of the actor's reach."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个网点，它可能已经关闭，或不在您负责的范围内。"))


class BranchOutOfReach(NotAllowed):
    """Somebody of a branch acts on what lies outside it."""

    def __init__(self) -> None:
        super().__init__(N_("您只能管理本网点及其下级网点，请联系上级机构的管理员。"))


class BranchTooDeep(BadInput):
    """The tree would have more levels than people can follow."""

    def __init__(self) -> None:
        super().__init__(N_("连同总部最多 {most} 级，请选择更高一级的上级网点。"), most=MOST_LEVELS)


class BranchInItself(BadInput):
    """A branch would come to lie below itself."""

    def __init__(self) -> None:
        super().__init__(N_("不能把网点放到它自己或它的下级之下，请选择另一个上级网点。"))


class BranchNameTaken(Conflict):
    """Two open branches of one institution would have the same name."""

    def __init__(self) -> None:
        super().__init__(N_("已有同名的网点，请换一个名称。"))


class BranchRefused(BadInput):
    """What is stated of a branch in ``column`` cannot be right; the sentence says why."""

    def __init__(self, msgid: str, *, column: str) -> None:
        super().__init__(msgid)
        self.column = column


class SuccessorMissing(BadInput):
    """A branch closes while something still depends on it."""

    def __init__(self) -> None:
        super().__init__(N_("请先选择由哪个网点接手它的下级网点、成员和在办的申请。"))


@dataclass(frozen=True, kw_only=True)
class BranchOpened(AuditEvent):
    """A branch was added; ``target`` is it, ``parent`` empty for the head office."""

    name: ClassVar[str] = "branch.opened"
    organisation: str
    parent: str
    region: str


@dataclass(frozen=True, kw_only=True)
class BranchChanged(AuditEvent):
    """What is stated of a branch, or its place, changed; ``target`` is it."""

    name: ClassVar[str] = "branch.changed"
    old: Mapping[str, str | None]
    new: Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class BranchClosed(AuditEvent):
    """A branch closed; ``target`` is it, ``successor`` took over (empty: the head office)."""

    name: ClassVar[str] = "branch.closed"
    successor: str
    children: int
    members: int
    work: int


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(AuditEvent):
    """A member's role or branch changed; ``target`` is the membership."""

    name: ClassVar[str] = "membership.changed"
    user: str
    old_role: str
    role: str
    old_branch: str
    branch: str
