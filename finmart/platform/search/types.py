"""What a search engine is given and what it gives back; the same for every engine behind the interface."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from finmart.platform.kernel.errors import NotReady
from finmart.platform.kernel.messages import N_
from finmart.platform.search.synonyms import Synonyms

#: A query is cut to this many characters: more is no search but an accident or an attack.
MAX_QUERY = 100
#: And to this many terms.
MAX_TERMS = 12
#: The code in a facet of whatever says nothing about it.
NOT_STATED = "not_stated"


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
    """A searched text. ``weight`` is its share in ranking; ``short``: single characters are looked for here too.

    ``proper``: it holds names, of which a small part says little (农业 is no more than a third of 中国农业银行).
    """

    name: str
    weight: float
    short: bool = False
    proper: bool = False


@dataclass(frozen=True)
class IndexSpec:
    """What one index holds: texts in order, facets (codes, several a document) and numbers to sort by.

    The first field is the name. ``measures`` are numbers that no list is sorted by. ``sounding``: whether Latin letters
    also find what sounds so.
    """

    name: str
    fields: tuple[Field, ...]
    facets: tuple[str, ...]
    sorts: tuple[str, ...]
    measures: tuple[str, ...] = ()
    synonyms: Synonyms = field(default_factory=Synonyms)
    sounding: bool = True

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number that is kept of a document."""
        return (*self.sorts, *self.measures)

    def fingerprint(self, form: int) -> str:
        """What an index must have been made for to be read as this; ``form`` is the engine's way of storing it."""
        fields = [(field.name, field.short) for field in self.fields]
        described = [form, fields, self.facets, self.numbers, self.synonyms.fingerprint(), self.sounding]
        return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Document:
    """One thing that can be found. A number that is None sorts last in either direction."""

    key: str
    texts: Mapping[str, str]
    facets: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int | None]


@dataclass(frozen=True)
class Need:
    """Something asked for in figures or codes; a document meets it, contradicts it, or does not say.

    ``reaches``: this number must be at least ``value``. ``within``: this one at most. ``begins``: this one at most, or
    not stated. ``facet`` must carry ``code``.
    """

    value: int = 0
    reaches: str = ""
    within: str = ""
    begins: str = ""
    facet: str = ""
    code: str = ""


@dataclass(frozen=True)
class Query:
    """A search: words as people type them, and codes by facet (any of a facet's codes, every facet).

    ``soft`` are words that only rank. What contradicts one of ``needs`` is left out; what meets more comes first.
    ``alike``: any of the words will do, and any known word within them.

    ``sort`` is a name of the spec's ``sorts``, with ``-`` before it for the largest first; empty means by relevance,
    or by the spec's first sort when there are no words.
    """

    text: str = ""
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: str = ""
    offset: int = 0
    limit: int = 20
    soft: str = ""
    needs: tuple[Need, ...] = ()
    alike: bool = False


@dataclass(frozen=True)
class Hits:
    """What was found: keys of one page, the number of all, and how many each facet's code would leave.

    ``relaxed``: nothing held every word, so these hold some of them. ``shortened``: the query was too long and was
    cut. ``terms`` are the words that were looked for, for highlighting. ``note`` is that of the index that answered;
    ``fallback``: the engine was away, and this is the spare one's answer. ``corrected``: what was typed, and what it
    was taken for.
    """

    keys: tuple[str, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    terms: tuple[str, ...] = ()
    relaxed: bool = False
    shortened: bool = False
    note: str = ""
    fallback: bool = False
    corrected: tuple[tuple[str, str], ...] = ()


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
