"""From a table of cells to typed rows, with every row that cannot be typed set aside and its reason named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from finmart.credit.datasets.contract import Column, FileContract, Kind
from finmart.credit.sources.cells import typed, understood
from finmart.credit.types.states import WITHHELD, Fault

_FAULT_OF_KIND = {
    Kind.MONEY: Fault.NOT_MONEY,
    Kind.DATE: Fault.NOT_A_DATE,
    Kind.COUNT: Fault.NOT_A_COUNT,
    Kind.CHOICE: Fault.NOT_A_CHOICE,
}


@dataclass(frozen=True)
class SetAside:
    """One row in quarantine: the file's line, our column's header, why, and what the cell said (unless withheld)."""

    file: str
    row: int
    column: str
    fault: Fault
    value: str


@dataclass(frozen=True)
class Normalised:
    """A file after typing. ``cells`` and ``rows`` have the same rows in the same order; ``rows`` keeps ``row``.

    read = ``rows`` + ``aside`` at this stage.
    """

    contract: FileContract
    file: str
    read: int
    cells: pl.DataFrame
    rows: pl.DataFrame
    aside: tuple[SetAside, ...]

    def keep(self, mask: pl.Series) -> "Normalised":
        """The same with only the rows where ``mask`` is true."""
        if mask.all():
            return self
        return Normalised(
            self.contract, self.file, self.read, self.cells.filter(mask), self.rows.filter(mask), self.aside
        )

    def without(self, bad: pl.Series, column: Column, fault: Fault) -> "Normalised":
        """The same with the rows where ``bad`` is true set aside for ``fault`` in ``column``."""
        if not bad.any():
            return self
        aside = tuple(_set_aside(self.file, self.cells, bad, column, fault))
        left = self.keep(~bad)
        return Normalised(left.contract, left.file, left.read, left.cells, left.rows, (*self.aside, *aside))


def _set_aside(file: str, cells: pl.DataFrame, bad: pl.Series, column: Column, fault: Fault) -> Iterator[SetAside]:
    found = cells.filter(bad).select("row", column.name)
    for row, value in found.iter_rows():
        yield SetAside(file, row, column.header, fault, "" if fault in WITHHELD else value or "")


def normalise(contract: FileContract, file: str, cells: pl.DataFrame, *, received: date) -> Normalised:
    """Type the cells of one file; ``received`` is the day of receipt, later days are not believed."""
    found = cells.select(typed(column).alias(column.name) for column in contract.columns)
    rows = pl.DataFrame(
        [cells["row"], *(understood(column, cells[column.name], found[column.name]) for column in contract.columns)]
    ).with_columns(pl.lit(value).alias(name) for name, value in contract.constants.items())
    state = Normalised(contract, file, cells.height, cells, rows, ())
    for column in contract.columns:
        state = _check(state, column, received)
    return state


def _check(state: Normalised, column: Column, received: date) -> Normalised:
    values = state.rows[column.name]
    if values.null_count():
        cells = state.cells[column.name]
        if column.required and cells.null_count():
            state = state.without(cells.is_null(), column, Fault.BLANK)
        wrong = state.rows[column.name].is_null() & state.cells[column.name].is_not_null()
        state = state.without(wrong, column, _FAULT_OF_KIND.get(column.kind, Fault.BLANK))
    if column.kind is Kind.DATE:
        late = (state.rows[column.name] > received).fill_null(value=False)
        state = state.without(late, column, Fault.IN_THE_FUTURE)
    return state
