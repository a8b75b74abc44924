"""Which engine an installation has: Elasticsearch when ``FINMART_SEARCH_URL`` names one, else the embedded one."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from finmart.config import SearchSettings, load_settings
from finmart.platform.kernel.ids import public_id
from finmart.platform.search.embedded import ENGINE as EMBEDDED
from finmart.platform.search.embedded import EmbeddedIndex
from finmart.platform.search.guarded import Breaker, GuardedIndex
from finmart.platform.search.types import IndexSpec, SearchIndex

#: One file holds the one shelf that people search; it can be deleted at any time.
FILE = "search.db"


class _Opened:
    folder: Path | None = None
    indexes: dict[tuple[Path, str, SearchSettings], SearchIndex] = {}  # noqa: RUF012 - the process's own, filled once a file.


def use_search_folder(folder: Path | None) -> None:
    """Keep the index in ``folder`` instead of ``FINMART_DATA``, apart from every other folder's (tests say so)."""
    _Opened.folder = folder


def open_index(spec: IndexSpec) -> SearchIndex:
    """The index that ``spec`` describes; it may not have been built yet."""
    settings = load_settings()
    path = (_Opened.folder or settings.data) / FILE
    key = (path, spec.name, settings.search)
    found = _Opened.indexes.get(key)
    if found is None:
        found = _Opened.indexes.setdefault(key, _open(path, spec, settings.search))
    return found


def prefix_of(search: SearchSettings, folder: Path | None) -> str:
    """What the names of this installation's indexes begin with; a ``folder`` set apart has names of its own."""
    if folder is None:
        return search.prefix
    return f"{search.prefix}-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"


def _open(path: Path, spec: IndexSpec, search: SearchSettings) -> SearchIndex:
    spare = EmbeddedIndex(path, spec)
    if not search.urls:
        return spare
    # The client takes half a second to load; an installation without Elasticsearch never waits for it.
    from finmart.platform.search.elastic.connecting import connect
    from finmart.platform.search.elastic.index import ElasticIndex

    return GuardedIndex(ElasticIndex(connect(search), prefix_of(search, _Opened.folder), spec), spare, Breaker())


Open = Callable[[IndexSpec], SearchIndex]


@contextmanager
def opened_apart() -> Iterator[dict[str, Open]]:
    """Every engine that this installation has, by name, each with a way to open an index that goes when this ends.

    Nothing that people search is touched. An index of Elasticsearch is not guarded: its engine may be away.
    """
    search = load_settings().search
    with tempfile.TemporaryDirectory(prefix="finmart-search-") as folder:
        engines: dict[str, Open] = {EMBEDDED: lambda spec: EmbeddedIndex(Path(folder) / f"{public_id()}.db", spec)}
        if not search.urls:
            yield engines
            return
        from finmart.platform.search.elastic.connecting import connect
        from finmart.platform.search.elastic.index import ENGINE, ElasticIndex

        opened: list[ElasticIndex] = []

        def elastic(spec: IndexSpec) -> SearchIndex:
            opened.append(ElasticIndex(connect(search), f"{search.prefix}-apart-{public_id()}", spec))
            return opened[-1]

        try:
            yield {**engines, ENGINE: elastic}
        finally:
            for index in opened:
                index.drop()
