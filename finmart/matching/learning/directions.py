"""Columns whose meaning demands a direction: more overdue may only lower a likelihood, a better grade only raise it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from finmart.matching.learning.encoding import number_in
from finmart.matching.learning.types import Column, Floats, Ints, Side, Table, TableRefused
from finmart.platform.kernel.messages import N_

#: Numeric features of a firm that lower a likelihood by what they are, by their names.
_WORSE = re.compile(r"overdue|default|arrear|delinquen|dishonest|逾期|违约|欠税|欠息|失信", re.IGNORECASE)
#: The same words about how long ago, or that there was none, say the opposite.
_TURNED = re.compile(r"since|ago|last|free|without|距|最近|未逾期|无逾期|无违约", re.IGNORECASE)
_GRADE = re.compile(r"tax_?(?:credit_?)?(?:grade|level|rating)|纳税信用", re.IGNORECASE)
#: Grades of tax credit from worst to best (纳税信用管理办法, 2018: M is a new firm's, between C and B).
GRADES: Mapping[str, float] = {"D": 0.0, "C": 1.0, "M": 1.5, "B": 2.0, "A": 3.0}
STEPS = 8


@dataclass(frozen=True)
class Directed:
    """One feature with its sign (+1 may only raise, −1 only lower).

    ``values``: NaN where nothing is stated; ``edges``: where its steps are, from low to high.
    """

    name: str
    sign: int
    of_firms: bool
    values: Floats
    edges: Floats

    def covers(self, category: str) -> bool:
        """Whether a category was made of this column."""
        return category == self.name or category.startswith((f"{self.name}[:", f"{self.name}="))

    def at(self, firms: Ints, products: Ints) -> Floats:
        """The values of pairs."""
        return self.values[firms if self.of_firms else products]

    def steps(self, values: Floats) -> Floats:
        """Columns for a regression: whether it is unknown, then whether it reaches each of its levels.

        With weights of one sign for the levels, any function that never turns back can be fitted.
        """
        reached = [values >= edge for edge in self.edges]
        return np.stack([~np.isfinite(values), *reached], axis=1).astype(np.float64)

    def signs(self) -> list[int]:
        """The sign of each of those columns; that nothing is known may speak either way."""
        return [0, *([self.sign] * len(self.edges))]


def directed_of(table: Table, given: Mapping[str, int]) -> tuple[Directed, ...]:
    """The features with a direction: those that ``given`` names, and the firms' that are known by name.

    Raises ``TableRefused`` for a given name that is no numeric column with more than one value.
    """
    wanted = {name.strip().lower(): sign for name, sign in given.items()}
    found = []
    for of_firms, side in ((True, table.firms), (False, table.products)):
        for column in side.columns:
            sign = wanted.get(column.name.lower(), _known(column.name) if of_firms else 0)
            values = _values(column) if sign else None
            if values is not None:
                found.append(Directed(column.name, sign, of_firms, values, _edges(values)))
    taken = {one.name.lower() for one in found}
    for name in wanted:
        if name not in taken:
            raise TableRefused(
                N_(
                    "--rising、--falling里的“{column}”不能用：没有这一列、不是数字列，或只有一个值；企业表和产品表的列是{columns}。"
                ),
                column=name,
                columns="、".join(_names(table.firms) + _names(table.products)),
            )
    return tuple(found)


def _names(side: Side) -> list[str]:
    return [column.name[:40] for column in side.columns[:20]]


def _known(name: str) -> int:
    if _WORSE.search(name) and not _TURNED.search(name):
        return -1
    return 1 if _GRADE.search(name) else 0


def _edges(values: Floats) -> Floats:
    return np.unique(np.quantile(values[np.isfinite(values)], np.linspace(0, 1, STEPS + 1)[1:]))


def _values(column: Column) -> Floats | None:
    """Numbers or grades; None for a column that holds anything else, or one value only."""
    read = np.array([GRADES.get(text.upper(), number_in(text)) if text else np.nan for text in column.values])
    stated = np.array([bool(text) for text in column.values])
    whole = np.isfinite(read[stated]).all() and len(np.unique(read[stated])) > 1
    return read if whole else None
