"""All data sets by name, and which file a header belongs to."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from finmart.credit.datasets.adverse import ADVERSE
from finmart.credit.datasets.contract import DataSet, FileContract
from finmart.credit.datasets.invoices import INVOICES
from finmart.credit.datasets.registration import REGISTRATION
from finmart.credit.datasets.tax import TAX

DATASETS: Mapping[str, DataSet] = MappingProxyType({each.name: each for each in (INVOICES, REGISTRATION, TAX, ADVERSE)})


def dataset(name: str) -> DataSet:
    """The data set called ``name``. Raises ``KeyError``."""
    return DATASETS[name]


def file_of_header(header: Iterable[str]) -> FileContract | None:
    """The file whose required columns all stand in ``header``; the most demanding one where several fit."""
    given = frozenset(header)
    fitting = [file for each in DATASETS.values() for file in each.files if file.must_have <= given]
    return max(fitting, key=lambda file: len(file.must_have), default=None)
