"""What a supplier delivered: the files of a data set in a folder, or one file."""

from collections.abc import Mapping
from pathlib import Path

from finmart.credit.datasets.contract import DataSet
from finmart.credit.types.errors import FileMissing

ENDINGS = (".csv", ".csv.gz")


def find_files(dataset: DataSet, source: Path) -> Mapping[str, Path]:
    """stem → path of every file of ``dataset``. ``source`` is a folder, or the file of a data set that has only one.

    Raises ``FileMissing`` naming the folder and the files that it lacks.
    """
    if source.is_file() and len(dataset.files) == 1:
        return {dataset.files[0].stem: source}
    found = {file.stem: path for file in dataset.files if (path := _find(source, file.stem)) is not None}
    missing = [f"{file.stem}.csv(.gz)" for file in dataset.files if file.stem not in found]
    if missing:
        raise FileMissing(source.name or str(source), "、".join(missing))
    return found


def _find(folder: Path, stem: str) -> Path | None:
    return next((path for ending in ENDINGS if (path := folder / f"{stem}{ending}").is_file()), None)
