"""From landed bytes to typed rows without duplicates, held against the data set's assertions. No database."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import polars as pl

from finmart.credit.datasets.contract import DataSet, FileContract, Measure, Role
from finmart.credit.datasets.invoices import SUM_TOLERANCE, VOIDED
from finmart.credit.pipeline.duplicates import without_duplicates
from finmart.credit.pipeline.normalise import Normalised, SetAside, normalise
from finmart.credit.sources.table import read_table
from finmart.credit.sources.text import opened
from finmart.credit.store.landing import Landed, unsealed
from finmart.credit.types.errors import CellUnusable
from finmart.credit.types.states import FAULT_WORDS, Fault

PPM = 1_000_000


@dataclass(frozen=True)
class ReadFile:
    """One file, typed. ``rows_read`` counts data rows, ``duplicates`` those that repeat an earlier one."""

    contract: FileContract
    file: str
    rows_read: int
    duplicates: int
    voided: int
    state: Normalised

    @property
    def aside(self) -> tuple[SetAside, ...]:
        """The rows set aside so far."""
        return self.state.aside


def read_files(dataset: DataSet, landed: Mapping[str, Landed], *, key: bytes, received: date) -> list[ReadFile]:
    """Read, type and thin out every file of a delivery, in the contract's order. Raises a ``FileFault``."""

    def read(contract: FileContract) -> ReadFile:
        one = landed[contract.stem]
        return _read(contract, one.name, unsealed(one.place, key=key), received)

    # Two at a time: more only take memory, since each already works in parallel inside.
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(read, dataset.files))


def _read(contract: FileContract, file: str, data: bytes, received: date) -> ReadFile:
    cells = read_table(contract, file, opened(file, data))
    state = normalise(contract, file, cells, received=received)
    voided = int((state.rows["status"] == VOIDED).sum()) if contract.has("number") else 0
    state, duplicates = without_duplicates(state)
    if contract.role is Role.SUBJECTS:
        _refuse_doubtful(state)
    return ReadFile(contract, file, cells.height, duplicates, voided, state)


def _refuse_doubtful(state: Normalised) -> None:
    """Everything else hangs on the list of subjects: every row of it is right, or the delivery is refused."""
    column = state.contract.column("subject_code")
    again = state.rows.filter(pl.struct("scheme", "subject_code").is_duplicated())
    twice = [SetAside(state.file, row, column.header, Fault.LISTED_TWICE, "") for row in again["row"][1:]]
    first = min((*state.aside, *twice), key=lambda each: each.row, default=None)
    if first is not None:
        raise CellUnusable(FAULT_WORDS[first.fault], first.file, first.row, first.column)


def measures(files: Sequence[ReadFile]) -> Mapping[Measure, int]:
    """What the assertions speak of; shares are ppm of the rows read, rounded up."""
    rows = [each for each in files if each.contract.role is Role.ROWS]
    read = sum(each.rows_read for each in rows)

    def share(count: int) -> int:
        return -(-count * PPM // read) if read else 0

    return {
        Measure.ROWS: read,
        Measure.FILES_WITHOUT_ROWS: sum(not each.rows_read for each in rows),
        Measure.QUARANTINED_SHARE: share(sum(len(each.aside) for each in rows)),
        Measure.DUPLICATE_SHARE: share(sum(each.duplicates for each in rows)),
        Measure.SUM_MISMATCH_SHARE: share(sum(_mismatches(each) for each in rows)),
    }


def _mismatches(file: ReadFile) -> int:
    if not (file.contract.has("tax") and file.contract.has("total")):
        return 0
    apart = (pl.col("amount") + pl.col("tax") - pl.col("total")).abs() > SUM_TOLERANCE
    return int(file.state.rows.select(apart.sum()).item())
