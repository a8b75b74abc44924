"""The project's own copies of the published test vectors."""

import csv
from pathlib import Path


def vectors(name: str) -> list[dict[str, str]]:
    """All rows of ``tests/golden/<name>``."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
