"""Reading the data files that lie beside the standards."""

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """All rows of ``data/<name>`` (UTF-8, first line the columns, no line breaks in cells), read once a process."""
    text = files("finmart.reference").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
