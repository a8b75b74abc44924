"""What a search engine is given and what it gives back; the same for every engine behind the interface."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from finmart.platform.kernel.errors import NotReady
from finmart.platform.kernel.messages import N_

#: A query is cut to this many characters: more is no search but an accident or an attack.
MAX_QUERY = 100
#: And to this many terms.
MAX_TERMS = 12
#: A run of characters counts half of a whole word: "税贷" inside "云税贷" should not outrank a product called so.
CHARS_SHARE = 0.5


class IndexMissing(NotReady):
    """There is no usable index; it can always be built again from the database."""

    def __init__(self) -> None:
        super().__init__(N_("搜索索引正在重建，请稍后再试。"))


class EngineAway(NotReady):
    """The engine is on another machine and cannot be used now; ``reason`` is the fault's class, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(N_("搜索服务暂时不可用，请稍后再试。"))
        self.reason = reason


@dataclass(frozen=True)
class Field:
    """A searched text. ``weight`` is its share in ranking; ``short``: single characters are looked for here too."""

    name: str
    weight: float
    short: bool = False


@dataclass(frozen=True)
class IndexSpec:
    """What one index holds: texts in order, facets (codes, several a document) and numbers to sort by."""

    name: str
    fields: tuple[Field, ...]
    facets: tuple[str, ...]
    sorts: tuple[str, ...]

    def fingerprint(self, form: int) -> str:
        """What an index must have been made for to be read as this; ``form`` is the engine's way of storing it."""
        described = [form, [field.name for field in self.fields], self.facets, self.sorts]
        return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Document:
    """One thing that can be found. A number that is None sorts last in either direction."""

    key: str
    texts: Mapping[str, str]
    facets: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int | None]


@dataclass(frozen=True)
class Query:
    """A search: words as people type them, and codes by facet (any of a facet's codes, every facet).

    ``sort`` is a name of the spec's ``sorts``, with ``-`` before it for the largest first; empty means by relevance,
    or by the spec's first sort when there are no words.
    """

    text: str = ""
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: str = ""
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True)
class Hits:
    """What was found: keys of one page, the number of all, and how many each facet's code would leave.

    ``relaxed``: nothing held every word, so these hold some of them. ``shortened``: the query was too long and was
    cut. ``terms`` are the words that were looked for, for highlighting. ``note`` is that of the index that answered;
    ``fallback``: the engine was away, and this is the spare one's answer.
    """

    keys: tuple[str, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    terms: tuple[str, ...] = ()
    relaxed: bool = False
    shortened: bool = False
    note: str = ""
    fallback: bool = False


@dataclass(frozen=True)
class IndexState:
    """How an index stands: ``documents`` in it, the ``note`` its builder left (a catalogue version), which engine."""

    documents: int
    note: str
    engine: str


class SearchIndex(Protocol):
    """One index of one engine. It is disposable: everything in it can be written again."""

    def rebuild(self, documents: Iterable[Document], *, words: Iterable[str], note: str) -> int:
        """Replace the whole index at once; readers see the old one until the new one is whole."""
        ...

    def put(self, documents: Iterable[Document], *, words: Iterable[str], gone: Iterable[str], note: str) -> None:
        """Write or replace ``documents`` and take the keys of ``gone`` away."""
        ...

    def find(self, query: Query) -> Hits:
        """Search. Raises ``IndexMissing``."""
        ...

    def state(self) -> IndexState:
        """How the index stands. Raises ``IndexMissing``."""
        ...
