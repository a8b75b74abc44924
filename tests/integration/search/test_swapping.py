"""An index of Elasticsearch is built aside, swapped in at once, and never in the way of a search."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from finmart.platform.kernel.ids import public_id
from finmart.platform.search.elastic import index as module
from finmart.platform.search.elastic.connecting import connect
from finmart.platform.search.elastic.index import ElasticIndex
from finmart.platform.search.embedded import EmbeddedIndex
from finmart.platform.search.types import Document, EngineAway, IndexMissing, Query
from tests.fixtures import search
from tests.unit.platform.search.test_engines import SPEC, THINGS

pytestmark = [pytest.mark.search, pytest.mark.elasticsearch]

SEARCHERS, REBUILDS = 4, 6


@pytest.fixture
def client() -> Elasticsearch:
    return connect(search.settings())


@pytest.fixture
def index(client: Elasticsearch) -> Iterator[ElasticIndex]:
    made = ElasticIndex(client, f"{search.settings().prefix}-{public_id()}", SPEC)
    made.rebuild(THINGS, words=["云税贷"], note="one")
    yield made
    made.drop()


def _names(client: Elasticsearch, index: ElasticIndex) -> list[str]:
    return sorted(client.indices.get(index=f"{index._alias}-*", features="aliases").body)


def test_a_rebuild_makes_a_new_index_and_deletes_the_old_one(client: Elasticsearch, index: ElasticIndex) -> None:
    (before,) = _names(client, index)
    index.rebuild(THINGS[:2], words=[], note="two")
    (after,) = _names(client, index)
    assert before != after
    assert dict(client.indices.get_alias(name=index._alias)) == {after: {"aliases": {index._alias: {}}}}


def test_nobody_who_searches_notices_rebuilds(index: ElasticIndex) -> None:
    done = Event()

    def search_on() -> tuple[int, set[int]]:
        asked, totals = 0, set()
        while not done.is_set():
            totals.add(index.find(Query("纳税")).total)
            asked += 1
        return asked, totals

    with ThreadPoolExecutor(SEARCHERS) as pool:
        searching = [pool.submit(search_on) for _ in range(SEARCHERS)]
        try:
            for number in range(REBUILDS):
                index.rebuild(THINGS, words=["云税贷"], note=str(number))
        finally:
            done.set()
        answers = [each.result() for each in searching]
    assert all(asked >= REBUILDS for asked, _totals in answers)
    assert {total for _asked, totals in answers for total in totals} == {2}


def test_two_who_rebuild_at_once_leave_one_whole_index(client: Elasticsearch, index: ElasticIndex) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: index.rebuild(THINGS, words=[], note=str(n)), range(3)))
    assert index.find(Query()).total == 3
    holders = dict(client.indices.get_alias(name=index._alias))
    assert len(holders) == 1


def test_a_failed_rebuild_leaves_the_old_index_and_nothing_else(client: Elasticsearch, index: ElasticIndex) -> None:
    before = _names(client, index)
    refused = Document("d", {"name": "x"}, {}, {"listing": 2**70})
    with pytest.raises(EngineAway):
        index.rebuild([*THINGS, refused], words=[], note="bad")
    assert _names(client, index) == before
    assert (index.find(Query()).total, index.state().note) == (3, "one")


def test_what_a_dead_process_left_is_swept_and_what_is_being_built_is_not(
    client: Elasticsearch, index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    young = f"{index._alias}-{int(time.time())}-{public_id()}"
    old = f"{index._alias}-{int(time.time()) - module.LEFT_BEHIND_S - 60}-{public_id()}"
    for name in (young, old):
        client.indices.create(index=name)
    index.rebuild(THINGS, words=[], note="two")
    names = _names(client, index)
    assert young in names
    assert old not in names
    monkeypatch.setattr(module, "LEFT_BEHIND_S", -60)
    index.rebuild(THINGS, words=[], note="three")
    assert len(_names(client, index)) == 1


def test_an_index_that_took_the_aliass_name_gives_way(client: Elasticsearch, index: ElasticIndex) -> None:
    index.drop()
    client.indices.create(index=index._alias)
    with pytest.raises(IndexMissing):
        index.find(Query())
    index.rebuild(THINGS, words=[], note="two")
    assert index.find(Query()).total == 3


def test_what_is_put_into_an_index_that_is_replaced_meanwhile_is_not_believed(
    index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = index._write

    def swapped_meanwhile(*args: Any, **kwargs: Any) -> int:
        number = write(*args, **kwargs)
        monkeypatch.undo()
        index.rebuild(THINGS, words=[], note="other")
        return number

    monkeypatch.setattr(index, "_write", swapped_meanwhile)
    with pytest.raises(IndexMissing):
        index.put(THINGS[:1], words=[], gone=["bb"], note="two")
    assert (index.state().note, index.find(Query()).total) == ("other", 3)


def test_the_embedded_engine_and_this_one_count_alike(index: ElasticIndex, tmp_path: Path) -> None:
    embedded = EmbeddedIndex(tmp_path / "search.db", SPEC)
    embedded.rebuild(THINGS, words=["云税贷"], note="one")
    for query in (
        Query(),
        Query("纳税"),
        Query("农户 房产"),
        Query("税贷", sort="-price"),
        Query("没有的词"),
        Query(where={"colour": frozenset({"red"}), "size": frozenset({"s", "m"})}),
        Query("贷", where={"colour": frozenset({"green"})}),
    ):
        ours, theirs = index.find(query), embedded.find(query)
        assert (ours.total, ours.terms, ours.relaxed) == (theirs.total, theirs.terms, theirs.relaxed), query
        assert set(ours.keys) == set(theirs.keys), query
        assert ours.facets == theirs.facets, query
