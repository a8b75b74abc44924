"""What a data set promises: its files, columns and types, how long it is kept, for what, and what must hold of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds once it is typed. Money becomes 分; every cell is trimmed first."""

    CODE = "code"
    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    COUNT = "count"
    CHOICE = "choice"
    CODES = "codes"


@dataclass(frozen=True)
class Column:
    """One column: ``header`` in the supplier's file, ``name`` in ours.

    ``required``: a blank cell sends its row to quarantine. ``optional``: the whole column may be missing.
    ``choices``: cell → our code. ``stored`` False: read for the work at hand, never written to Parquet.
    ``pseudonym``: only a keyed fingerprint is written. ``consent``: of a person only with written consent.
    """

    name: str
    header: str
    kind: Kind
    required: bool = True
    optional: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    stored: bool = True
    pseudonym: bool = False
    consent: bool = False


class Role(StrEnum):
    """What a file is for: it brings the rows of the data set, or it says who they speak of."""

    ROWS = "rows"
    SUBJECTS = "subjects"


@dataclass(frozen=True)
class FileContract:
    """One file of a data set: ``stem`` is its name without ``.csv`` or ``.csv.gz``.

    ``constants`` are columns that the file itself means (a sales file holds sales). ``ignored`` names columns that
    suppliers add and that are never read, with the reason in the data set's module.
    """

    stem: str
    label_zh: str
    label_en: str
    columns: tuple[Column, ...]
    role: Role = Role.ROWS
    constants: Mapping[str, bool] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column with our ``name``. Raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def has(self, name: str) -> bool:
        """Whether the contract has a column with our ``name``."""
        return any(column.name == name for column in self.columns)

    @property
    def must_have(self) -> frozenset[str]:
        """The headers that must stand in the first line."""
        return frozenset(column.header for column in self.columns if not column.optional)


class Measure(StrEnum):
    """What an assertion measures over a whole delivery; shares are ppm of the rows read."""

    ROWS = "rows"
    QUARANTINED_SHARE = "quarantined_share"
    DUPLICATE_SHARE = "duplicate_share"
    SUM_MISMATCH_SHARE = "sum_mismatch_share"
    FILES_WITHOUT_ROWS = "files_without_rows"


@dataclass(frozen=True)
class Assertion:
    """An expectation: the measure lies between ``least`` and ``most`` (None: no bound)."""

    measure: Measure
    label_zh: str
    label_en: str
    least: int | None = None
    most: int | None = None

    def holds(self, measured: int) -> bool:
        """Whether ``measured`` lies within the bounds, both included."""
        return (self.least is None or measured >= self.least) and (self.most is None or measured <= self.most)

    @property
    def limit(self) -> int:
        """The bound that is shown: the upper one where there is one."""
        return self.most if self.most is not None else (self.least or 0)


@dataclass(frozen=True)
class DataSet:
    """A data set. ``source`` is what facts made of it name; days count from the day of receipt.

    ``landing_days``: how long the delivered bytes can be opened. ``retention_days``: how long typed rows are kept.
    ``persons_need_written_consent``: columns that are kept of sole traders, farmers and residents only with their
    written consent (征信业管理条例 14). ``date_column`` is the day a row speaks of. ``tells_income``: other
    columns than those tell what a natural person earns.
    """

    name: str
    label_zh: str
    label_en: str
    source: str
    purpose_zh: str
    purpose_en: str
    files: tuple[FileContract, ...]
    landing_days: int
    retention_days: int
    date_column: str
    assertions: tuple[Assertion, ...]
    row_key: tuple[str, ...] = ()
    tells_income: bool = False

    @property
    def persons_need_written_consent(self) -> tuple[str, ...]:
        """Our names of the columns that need a person's written consent."""
        return tuple(column.name for file in self.files for column in file.columns if column.consent)

    @property
    def tells_means(self) -> bool:
        """Whether it tells a natural person's income, property or tax: passing it on needs a warning of its own."""
        return self.tells_income or bool(self.persons_need_written_consent)

    def file(self, stem: str) -> FileContract:
        """The file with that stem. Raises ``KeyError``."""
        for file in self.files:
            if file.stem == stem:
                return file
        raise KeyError(stem)
