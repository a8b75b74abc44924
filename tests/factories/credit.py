"""Deliveries of shared data as suppliers send them, written into a folder."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from finmart.credit.datasets.registry import DATASETS
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor, system_actor

IMPORTER = system_actor(
    "test", "test of an import", frozenset({Permission.ALL_BATCHES_IMPORT, Permission.ALL_PROFILES_RUN})
)
OPERATOR = Actor(
    name="operator",
    user_id=None,
    role="operator",
    permissions=frozenset(
        {Permission.ALL_BATCHES_READ, Permission.ALL_QUARANTINE_READ, Permission.ALL_QUARANTINE_HANDLE}
    ),
)


@dataclass(frozen=True)
class Line:
    """One invoice line as text, with values that are right until one is replaced."""

    firm: str = "E1"
    number: str = "1001"
    day: str = "2020/1/15"
    party: str = "B1"
    amount: str = "100.0"
    tax: str = "13.0"
    total: str = "113.0"
    status: str = "有效发票"

    def but(self, **changes: str) -> "Line":
        """The same line with other cells."""
        return replace(self, **changes)

    @property
    def cells(self) -> list[str]:
        """The cells in the file's order."""
        return [self.firm, self.number, self.day, self.party, self.amount, self.tax, self.total, self.status]


def headers(dataset: str, stem: str) -> list[str]:
    """The first line of a file of a data set."""
    return [column.header for column in DATASETS[dataset].file(stem).columns]


def write_csv(path: Path, rows: Iterable[Sequence[str]], *, encoding: str = "utf-8") -> Path:
    """Write rows of cells, header first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return path


def write_invoices(
    folder: Path,
    *,
    sales: Sequence[Line] = (Line(),),
    purchases: Sequence[Line] = (Line(number="2001", party="A1", day="2018/1/15"),),
    firms: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
) -> Path:
    """The three files of a delivery of invoices, as the contest's data spells them; returns the folder.

    The purchase lies two years back, so that a year's figures are known unless a test says otherwise.
    """
    named = firms if firms is not None else {line.firm: f"{line.firm}有限公司" for line in (*sales, *purchases)}
    listed = [
        ["企业代号", "企业名称", "信誉评级", "是否违约"],
        *([code, name, "A", "否"] for code, name in named.items()),
    ]
    write_csv(folder / "enterprises.csv", listed, encoding=encoding)
    for stem, lines in (("output_invoices", sales), ("input_invoices", purchases)):
        write_csv(
            folder / f"{stem}.csv", [headers("invoices", stem), *(line.cells for line in lines)], encoding=encoding
        )
    return folder


def write_dataset(folder: Path, dataset: str, rows: Iterable[Mapping[str, str]]) -> Path:
    """The one file of a data set that has one; ``rows``: our column name → cell."""
    contract = DATASETS[dataset].files[0]
    lines = [[row.get(column.name, "") for column in contract.columns] for row in rows]
    return write_csv(folder / f"{contract.stem}.csv", [headers(dataset, contract.stem), *lines])
