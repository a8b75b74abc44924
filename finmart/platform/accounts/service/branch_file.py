"""Many branches out of a file: every row becomes a branch, or none does; a row may lie below another of its file."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from finmart.platform.accounts.service.branches import add_branch, checked_details, locked_tree, own_tree
from finmart.platform.accounts.service.tree import Tree, reach_of
from finmart.platform.accounts.types.branch_file import (
    COLUMNS,
    MOST_ROWS,
    REQUIRED,
    BranchFileRefused,
    CheckedFile,
    PlannedBranch,
    RowFault,
)
from finmart.platform.accounts.types.branches import (
    MOST_LEVELS,
    BranchDetails,
    BranchInItself,
    BranchNameTaken,
    BranchOutOfReach,
    BranchRefused,
    BranchTooDeep,
)
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.files.inspection.tables import Table, TableRow, name_in, read_table
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_, Message
from finmart.reference import regions

#: column → how many characters it holds.
LONGEST = {"address": 160, "phone": 40, "hours": 120}
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
#: What ``_Plan.level`` answers for a row that lies below itself.
CIRCLE = 0


def check_branches(actor: Actor, content: bytes) -> CheckedFile:
    """What ``import_branches`` would make of a file; nothing is written.

    Raises ``PermissionMissing``, ``OrganisationUnknown``, ``TableRefused`` or another error of reading a file.
    """
    require(actor, Permission.OWN_BRANCHES_MANAGE)
    return _check(actor, own_tree(actor), content)


def import_branches(actor: Actor, content: bytes) -> int:
    """Add a branch for every row of a CSV file or workbook, parents first; how many there are.

    Raises what ``check_branches`` raises, and ``BranchFileRefused`` with every fault of every row.
    """
    checked = _check(actor, locked_tree(actor), content)
    if checked.faults:
        raise BranchFileRefused(checked.faults)
    rows = {row.number: row for row in checked.table.rows}
    known = {branch.name: branch.public_id for branch in own_tree(actor).by_id.values()} | {"": ""}
    for planned in sorted(checked.planned, key=lambda each: (each.level, each.row)):
        details = _details(rows[planned.row])
        known[planned.name] = add_branch(actor, details, parent=known[planned.parent])
    return len(checked.planned)


@dataclass(frozen=True)
class _Plan:
    """The rows of a file over the tree as it stands, within what the actor looks after."""

    actor: Actor
    tree: Tree
    rows: tuple[TableRow, ...]

    @cached_property
    def named(self) -> dict[str, TableRow]:
        """Rows by what others may call them: a name, or a code, which wins."""
        by_name = {row.cells["name"]: row for row in reversed(self.rows)}
        return by_name | {row.cells["code"]: row for row in reversed(self.rows) if row.cells.get("code")}

    @cached_property
    def standing(self) -> dict[str, int]:
        """name → level of the branches that stand already and that the actor looks after."""
        reach = reach_of(self.actor)
        return {
            branch.name: self.tree.level(branch)
            for branch in self.tree.by_id.values()
            if reach is None or branch.id in reach
        }

    def above(self, row: TableRow) -> TableRow | None:
        """The row of the file that ``row`` lies below."""
        return self.named.get(row.cells.get("parent", ""))

    def parent_name(self, row: TableRow) -> str:
        """The name of what ``row`` lies below; empty for the head office."""
        above = self.above(row)
        return above.cells["name"] if above is not None else row.cells.get("parent", "")

    def level(self, row: TableRow) -> int:
        """On which level ``row`` would lie; ``CIRCLE`` where it lies below itself."""
        seen, steps, at = {row.number}, 1, row
        while (above := self.above(at)) is not None:
            if above.number in seen:
                return CIRCLE
            seen.add(above.number)
            steps, at = steps + 1, above
        return steps + self.standing.get(at.cells.get("parent", ""), 1)


def _check(actor: Actor, tree: Tree, content: bytes) -> CheckedFile:
    table = read_table(content, names=COLUMNS, required=REQUIRED, most_rows=MOST_ROWS)
    plan = _Plan(actor, tree, table.rows)
    faults = [fault for row in table.rows for fault in (*_own_faults(tree, row), *_place_faults(plan, row))]
    faults += _repeated(table, "name") + _repeated(table, "code")
    planned = [
        PlannedBranch(row.number, row.cells["name"], plan.parent_name(row), plan.level(row)) for row in plan.rows
    ]
    in_order = tuple(sorted(faults, key=lambda fault: (fault.row, COLUMNS.index(fault.column))))
    return CheckedFile(table, in_order, () if faults else tuple(planned))


def _own_faults(tree: Tree, row: TableRow) -> list[RowFault]:
    """What is wrong in a row by itself."""
    faults = [
        RowFault(row.number, column, Message(N_("请按 2026-11-30 的样子填写日期。")))
        for column in ("active_from", "active_until")
        if row.cells.get(column) and _day(row.cells[column]) is None
    ]
    faults += [
        RowFault(row.number, column, Message(N_("太长，最多 {most} 个字。"), {"most": most}))
        for column, most in LONGEST.items()
        if len(row.cells.get(column, "")) > most
    ]
    if not _region(row):
        faults.append(RowFault(row.number, "region", Message(N_("请从下拉选项里选择地区，或填写地区代码。"))))
    if faults:
        return faults
    try:
        checked_details(tree, _details(row), None)
    except BranchNameTaken as error:
        return [RowFault(row.number, "name", error.message)]
    except BranchRefused as error:
        return [RowFault(row.number, error.column, error.message)]
    return []


def _place_faults(plan: _Plan, row: TableRow) -> list[RowFault]:
    """What is wrong with where a row would lie."""
    parent = row.cells.get("parent", "")
    wrong: Message | None = None
    if not parent and plan.actor.branch_id is not None:
        wrong = BranchOutOfReach().message
    elif parent and plan.above(row) is None and parent not in plan.standing:
        wrong = Message(N_("没有找到上级网点：本文件里和您负责的网点里都没有这个名称或编号。"))
    elif plan.level(row) == CIRCLE:
        wrong = BranchInItself().message
    elif plan.level(row) > MOST_LEVELS:
        wrong = BranchTooDeep().message
    return [] if wrong is None else [RowFault(row.number, "parent", wrong)]


def _repeated(table: Table, column: str) -> list[RowFault]:
    counts = Counter(row.cells.get(column, "") for row in table.rows)
    said = Message(N_("在文件里出现了多次，请只留一行或改成不同的。"))
    return [
        RowFault(row.number, column, said)
        for row in table.rows
        if row.cells.get(column) and counts[row.cells[column]] > 1
    ]


def _details(row: TableRow) -> BranchDetails:
    return BranchDetails(
        name=row.cells["name"],
        region=_region(row),
        active_from=_day(row.cells.get("active_from", "")) or today(),
        address=row.cells.get("address", ""),
        phone=row.cells.get("phone", ""),
        hours=row.cells.get("hours", ""),
        active_until=_day(row.cells.get("active_until", "")),
    )


def _region(row: TableRow) -> str:
    """The code of a region: as it stands, in brackets behind its name, or of its name alone; empty where unknown."""
    cell = row.cells["region"]
    if regions.find(name_in(cell)) is not None:
        return name_in(cell)
    named = [
        region.code
        for region in regions.everything()
        if not region.abolished and cell in (region.label_zh, region.label_en)
    ]
    return named[0] if len(named) == 1 else ""


def _day(cell: str) -> date | None:
    found = _DAY.fullmatch(cell)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
