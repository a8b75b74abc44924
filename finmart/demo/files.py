"""Writing the suppliers' files of the city into a folder."""

import csv
from pathlib import Path

from finmart.demo.city import suppliers


def write_files(folder: Path) -> dict[str, int]:
    """Write every file as ``<folder>/<data set>/<stem>.csv`` (UTF-8); returns path below ``folder`` → data rows."""
    written: dict[str, int] = {}
    for dataset, stems in suppliers.files().items():
        (folder / dataset).mkdir(parents=True, exist_ok=True)
        for stem in stems:
            path = folder / dataset / f"{stem}.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                lines = csv.writer(stream, lineterminator="\n")
                count = sum(bool(lines.writerow(line)) for line in suppliers.table(dataset, stem))
            written[path.relative_to(folder).as_posix()] = count - 1
    return written
