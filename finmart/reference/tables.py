"""Reading the data files that lie beside the standards."""

import csv
from functools import cache
from importlib.resources import files

PACKAGE = "finmart.reference"


@cache
def rows(name: str, package: str = PACKAGE) -> tuple[dict[str, str], ...]:
    """All rows of ``data/<name>`` (UTF-8, first line the columns, no line breaks in cells), read once a process."""
    text = files(package).joinpath("data", name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def table_names(folder: str) -> tuple[str, ...]:
    """The names, for ``rows``, of every CSV file below ``data/<folder>``, in alphabetical order."""
    found = files(PACKAGE).joinpath("data", folder).iterdir()
    return tuple(sorted(f"{folder}/{each.name}" for each in found if each.name.endswith(".csv")))
