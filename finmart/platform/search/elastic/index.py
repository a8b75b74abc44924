"""The engine over Elasticsearch 8: an alias that points to one versioned index, built aside and swapped in at once."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError
from elasticsearch.helpers import BulkIndexError, bulk

from finmart.platform.kernel.ids import public_id
from finmart.platform.search.answering import answered
from finmart.platform.search.elastic import requests
from finmart.platform.search.facets import UNSTATED
from finmart.platform.search.lexicon import known_words
from finmart.platform.search.scoring import WINDOW, row_of, scores
from finmart.platform.search.types import Document, EngineAway, Hits, IndexMissing, IndexSpec, IndexState, Query
from finmart.platform.search.words import Parsed, Segmenter

Answer = TypeVar("Answer")

ENGINE = "elasticsearch"
#: Writing a whole catalogue takes longer than a search may; in seconds.
BUILD_TIMEOUT_S = 60
#: How long a search may trust what it last read of the index's words: they change with the catalogue alone.
META_FRESH_S = 1.0
#: An index without the alias that is older than this was left behind by a process that died; younger ones are being
#: built by somebody else.
LEFT_BEHIND_S = 3600
#: As many processes may rebuild at the same moment; each may lose the race to each other one once.
SWAP_ATTEMPTS = 16
#: How long a search waits before it asks again; together well under what a reader notices.
AGAIN_AFTER_S = (0.0, 0.05, 0.2)
_META = ("note", "generation", "fingerprint")


@dataclass(frozen=True)
class _Loaded:
    """What a process keeps of one generation of the index."""

    generation: str
    segmenter: Segmenter


@dataclass(frozen=True)
class _Meta:
    """What the mapping says of the index behind the alias, and when this process read it (monotonic seconds)."""

    concrete: str
    note: str
    generation: str
    read_at: float


@contextmanager
def _reaching() -> Iterator[None]:
    """Word the client's errors: something is missing (it is rebuilt), or the server cannot be used now."""
    try:
        yield
    except NotFoundError as error:
        raise IndexMissing from error
    except BulkIndexError as error:
        raise EngineAway("BulkIndexError") from error
    except ApiError as error:
        raise EngineAway(f"{type(error).__name__} {error.status_code}") from error
    except TransportError as error:
        raise EngineAway(type(error).__name__) from error


class ElasticIndex:
    """One index of one Elasticsearch; ``prefix`` keeps the installations of one cluster apart."""

    def __init__(self, client: Elasticsearch, prefix: str, spec: IndexSpec) -> None:
        self._client = client
        self._builder = client.options(request_timeout=BUILD_TIMEOUT_S)
        self._alias = f"{prefix}-{spec.name}"
        self._own = re.compile(rf"{re.escape(self._alias)}-(\d+)-[0-9a-z]+")
        self._spec = spec
        self._made_for = spec.fingerprint(requests.FORM)
        self._loaded: _Loaded | None = None
        self._seen: _Meta | None = None

    def rebuild(self, documents: Iterable[Document], *, words: Iterable[str], note: str) -> int:
        """Write a new index and swap the alias to it in one step; returns how many documents it holds.

        Raises ``EngineAway``; the old index then stands as it was.
        """
        known = known_words(words)
        segmenter = self._segmenter(known)
        # The machine's own clock: a demonstration's week must not make an index look left behind.
        name = f"{self._alias}-{int(time.time())}-{public_id()}"
        with _reaching():
            self._builder.indices.create(index=name, body=requests.index_body(self._spec, self._meta_of(known, note)))
            try:
                number = self._write(name, documents, segmenter)
                self._swap(name)
            except BaseException:
                self._drop_quietly(name)
                raise
        return number

    def put(self, documents: Iterable[Document], *, words: Iterable[str], gone: Iterable[str], note: str) -> None:
        """Write ``documents`` over what stands under their keys and take ``gone`` away.

        Raises ``IndexMissing`` (also when another index was swapped in meanwhile), or ``EngineAway``.
        """
        with _reaching():
            meta = self._read_meta()
            known = {**self._words(meta), **known_words(words)}
            self._write(meta.concrete, documents, self._segmenter(known), gone=gone)
            self._builder.indices.put_mapping(index=meta.concrete, meta=self._meta_of(known, note))
            if self._read_meta().concrete != meta.concrete:
                # What was written went into the index that has just been replaced.
                raise IndexMissing

    def find(self, query: Query) -> Hits:
        """Search: all words, then any of them when no document has all. Raises ``IndexMissing`` or ``EngineAway``."""
        with _reaching():
            return self._again_when_swapped(lambda: self._find(query))

    def state(self) -> IndexState:
        """How the index stands. Raises ``IndexMissing`` or ``EngineAway``."""
        with _reaching():
            return self._again_when_swapped(self._state)

    def drop(self) -> None:
        """Take every index of this alias away. Raises ``EngineAway``."""
        with _reaching():
            for name in self._all_own():
                self._drop_quietly(name)

    def _state(self) -> IndexState:
        meta = self._read_meta()
        return IndexState(self._client.count(index=meta.concrete)["count"], meta.note, ENGINE)

    def _again_when_swapped(self, ask: Callable[[], Answer]) -> Answer:
        """A search that runs while its index is replaced and deleted is asked again.

        On a busy machine the next replacement may come before that answer, so one more try is not enough.
        """
        for pause in AGAIN_AFTER_S:
            try:
                return ask()
            except ApiError as error:
                if error.status_code not in (404, 503):
                    raise
            self._seen = None
            time.sleep(pause)
        return ask()

    def _find(self, query: Query) -> Hits:
        meta = self._fresh_meta()
        segmenter = self._load(meta).segmenter

        def ask(parsed: Parsed, every: bool) -> dict[str, Any]:
            return self._search(parsed, query, every=every)

        parsed, answer, relaxed = answered(segmenter, query, ask, _found)
        return Hits(
            keys=self._keys(answer, parsed, query),
            total=answer["hits"]["total"]["value"],
            facets=_facets(answer),
            terms=parsed.shown,
            relaxed=relaxed,
            shortened=parsed.shortened,
            note=meta.note,
            corrected=parsed.corrected,
        )

    def _keys(self, answer: dict[str, Any], parsed: Parsed, query: Query) -> tuple[str, ...]:
        """The keys of the page: the first ``WINDOW`` by the score that both engines share."""
        hits = answer["hits"]["hits"]
        if not requests.is_scored(parsed, self._spec, query):
            return tuple(hit["_id"] for hit in hits)

        window = hits[:WINDOW]
        relevance = scores([row_of(hit["_source"]["profile"], self._spec) for hit in window], parsed, self._spec)
        places = []
        for hit, points in zip(window, relevance, strict=True):
            listing = hit["_source"]["numbers"].get(self._spec.sorts[0])
            met = int(hit["_score"] // requests.NEED_BOOST)
            places.append((-met, -points, UNSTATED if listing is None else int(listing), hit["_id"]))
        keys = [*(place[-1] for place in sorted(places)), *(hit["_id"] for hit in hits[WINDOW:])]
        return tuple(keys[query.offset : query.offset + query.limit])

    def _search(self, parsed: Parsed, query: Query, *, every: bool) -> dict[str, Any]:
        body = requests.search_body(parsed, self._spec, query, every=every)
        # A part of the shards is no answer: products would be missing from it and nobody could tell.
        return dict(self._client.search(index=self._alias, body=body, allow_partial_search_results=False))

    def _fresh_meta(self) -> _Meta:
        seen = self._seen
        if seen is not None and time.monotonic() - seen.read_at < META_FRESH_S:
            return seen
        return self._read_meta()

    def _read_meta(self) -> _Meta:
        wanted = ",".join(f"*.mappings._meta.{name}" for name in _META)
        found = dict(self._client.indices.get_mapping(index=self._alias, filter_path=wanted))
        read_at = time.monotonic()
        if len(found) != 1:
            raise IndexMissing
        ((concrete, mapping),) = found.items()
        meta = mapping["mappings"]["_meta"]
        if meta.get("fingerprint") != self._made_for or not self._own.fullmatch(concrete):
            raise IndexMissing
        self._seen = _Meta(concrete, meta["note"], meta["generation"], read_at)
        return self._seen

    def _load(self, meta: _Meta) -> _Loaded:
        loaded = self._loaded
        if loaded is None or loaded.generation != meta.generation:
            self._loaded = loaded = _Loaded(meta.generation, self._segmenter(self._words(meta)))
        return loaded

    def _segmenter(self, words: Mapping[str, str]) -> Segmenter:
        return Segmenter(words, self._spec.synonyms, sounding=self._spec.sounding)

    def _words(self, meta: _Meta) -> dict[str, str]:
        found = self._client.indices.get_mapping(index=meta.concrete, filter_path="*.mappings._meta.words")
        lines = str(found[meta.concrete]["mappings"]["_meta"]["words"]).split("\n")
        return {word: sound for word, _tab, sound in (line.partition("\t") for line in lines if line)}

    def _meta_of(self, words: Mapping[str, str], note: str) -> dict[str, str]:
        return {
            "note": note,
            "generation": public_id(),
            "fingerprint": self._made_for,
            "words": "\n".join(f"{word}\t{sound}" for word, sound in words.items()),
        }

    def _write(
        self, name: str, documents: Iterable[Document], segmenter: Segmenter, *, gone: Iterable[str] = ()
    ) -> int:
        number = 0

        def actions() -> Iterator[dict[str, Any]]:
            nonlocal number
            for key in gone:
                yield {"_op_type": "delete", "_index": name, "_id": key}
            for document in documents:
                number += 1
                body = requests.document_body(document, self._spec, segmenter)
                yield {"_op_type": "index", "_index": name, "_id": document.key, "_source": body}

        _written, faults = bulk(self._builder, actions(), raise_on_error=False)
        # Taking away what was never there is no fault.
        listed = faults if isinstance(faults, list) else []
        left = [fault for fault in listed if fault.get("delete", {}).get("status") != 404]
        if left:
            raise BulkIndexError(f"{len(left)} documents were refused", left)
        self._builder.indices.refresh(index=name)
        return number

    def _swap(self, name: str) -> None:
        """Point the alias to ``name`` and delete what it pointed to, in one step; sweep what dead processes left."""
        for attempt in range(SWAP_ATTEMPTS):
            try:
                self._builder.indices.update_aliases(actions=self._swapping(name))
                break
            except NotFoundError as error:  # Somebody else swapped between our look and our step.
                if attempt == SWAP_ATTEMPTS - 1:
                    raise EngineAway("NotFoundError") from error
        self._seen = None
        for stray in self._all_own():
            if stray != name and self._is_left_behind(stray):
                self._drop_quietly(stray)

    def _swapping(self, name: str) -> list[dict[str, Any]]:
        held = self._builder.indices.get(index=self._alias, features="aliases", ignore_unavailable=True)
        actions: list[dict[str, Any]] = []
        for holder in held:
            # Also an index that has the alias for its name: a write made it while there was no alias.
            ours = holder == self._alias or self._own.fullmatch(holder)
            actions.append(
                {"remove_index": {"index": holder}} if ours else {"remove": {"index": holder, "alias": self._alias}}
            )
        return [*actions, {"add": {"index": name, "alias": self._alias}}]

    def _all_own(self) -> list[str]:
        found = self._builder.indices.get(index=f"{self._alias}-*", features="aliases", ignore_unavailable=True)
        return sorted(name for name in found if self._own.fullmatch(name))

    def _is_left_behind(self, name: str) -> bool:
        match = self._own.fullmatch(name)
        return match is not None and time.time() - int(match[1]) > LEFT_BEHIND_S

    def _drop_quietly(self, name: str) -> None:
        self._builder.options(ignore_status=404).indices.delete(index=name)


def _found(answer: dict[str, Any]) -> int:
    """How many documents the words found, whatever facets were chosen."""
    return int(answer["aggregations"]["found"]["doc_count"])


def _facets(answer: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        name.removeprefix("facet:"): {bucket["key"]: bucket["doc_count"] for bucket in counted["codes"]["buckets"]}
        for name, counted in answer["aggregations"].items()
        if name.startswith("facet:")
    }
