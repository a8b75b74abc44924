"""A file of branches: its columns, what is wrong in it, what would become of it."""

from dataclasses import dataclass

from finmart.platform.files.inspection.tables import Table
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_, Message

#: ``code`` names a row for the others of its file alone; nothing of it is kept.
COLUMNS = ("code", "name", "parent", "region", "address", "phone", "hours", "active_from", "active_until")
REQUIRED = ("name", "region")
MOST_ROWS = 300


@dataclass(frozen=True)
class RowFault:
    """What is wrong in a row (its number in the file) and in which column."""

    row: int
    column: str
    message: Message


@dataclass(frozen=True)
class PlannedBranch:
    """A branch that a row would become, and what it would lie below (empty: the head office)."""

    row: int
    name: str
    parent: str
    level: int


@dataclass(frozen=True)
class CheckedFile:
    """A file as it was sent, its faults in order of rows, and, where there are none, what it would become."""

    table: Table
    faults: tuple[RowFault, ...]
    planned: tuple[PlannedBranch, ...]


class BranchFileRefused(BadInput):
    """Some rows cannot become branches, so none does; ``faults`` says which and why."""

    def __init__(self, faults: tuple[RowFault, ...]) -> None:
        super().__init__(N_("有 {count} 处需要更正，没有导入任何网点。"), count=len(faults))
        self.faults = faults
