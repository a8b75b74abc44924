"""What is learned from: a table of firms, products and what became of each pair, as numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from finmart.platform.kernel.errors import BadInput, NotReady
from finmart.platform.kernel.messages import N_

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: What stands for a value that is not there.
NOTHING = ""


class TableRefused(BadInput):
    """A table cannot be learned from as it is; the sentence says where and what to change."""


class TooLittle(NotReady):
    """There is too little to learn from; the sentence says how much is needed."""


class NoLearningExtra(NotReady):
    """The extra ``learning`` is not installed."""

    def __init__(self) -> None:
        super().__init__(
            N_("没有安装附加依赖 learning（scikit-learn），请运行 pip install -r requirements-learning.txt 后再试。")
        )


class Level(IntEnum):
    """What became of a pair: shown or asked about, declined, or obtained."""

    TOUCHED = 0
    DECLINED = 1
    OBTAINED = 2


@dataclass(frozen=True)
class Column:
    """One feature column as it was read: a text a row, empty where nothing is stated."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """Firms or products: their keys in order, and their feature columns."""

    keys: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, names: tuple[str, ...]) -> Column | None:
        """The first column that has one of these names, whatever its letters' case."""
        known = {column.name.lower(): column for column in self.columns}
        return next((known[name] for name in names if name in known), None)


@dataclass(frozen=True)
class Events:
    """What happened, in order of time: positions of firm and product, ordinal day, and level of each event."""

    firm: Ints
    product: Ints
    day: Ints
    level: Ints

    def __len__(self) -> int:
        return len(self.firm)

    def where(self, kept: Flags) -> "Events":
        """The events that ``kept`` marks."""
        return Events(self.firm[kept], self.product[kept], self.day[kept], self.level[kept])

    @property
    def obtained(self) -> "Events":
        """The events that ended well."""
        return self.where(self.level == Level.OBTAINED)


@dataclass(frozen=True)
class Table:
    """Everything of one data set; ``notes`` are sentences about what was set right while it was read."""

    firms: Side
    products: Side
    events: Events
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """How many firms and products there are."""
        return len(self.firms.keys), len(self.products.keys)

    def segments(self, names: Mapping[str, tuple[str, ...]]) -> dict[str, Column]:
        """The firms' columns that go by one of the names of a segment."""
        found = {key: self.firms.column(known) for key, known in names.items()}
        return {key: column for key, column in found.items() if column is not None}
