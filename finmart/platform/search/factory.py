"""Which engine an installation has. Elasticsearch will come behind the same interface."""

from pathlib import Path

from finmart.config import load_settings
from finmart.platform.search.embedded import EmbeddedIndex
from finmart.platform.search.types import IndexSpec, SearchIndex

#: One file holds the one shelf that people search; it can be deleted at any time.
FILE = "search.db"


class _Opened:
    folder: Path | None = None
    indexes: dict[tuple[Path, str], EmbeddedIndex] = {}  # noqa: RUF012 - the process's own, filled once a file.


def use_search_folder(folder: Path | None) -> None:
    """Keep the index in ``folder`` instead of ``FINMART_DATA`` (the app's start and tests say so)."""
    _Opened.folder = folder


def open_index(spec: IndexSpec) -> SearchIndex:
    """The index that ``spec`` describes; it may not have been built yet."""
    path = (_Opened.folder or load_settings().data) / FILE
    return _Opened.indexes.setdefault((path, spec.name), EmbeddedIndex(path, spec))
