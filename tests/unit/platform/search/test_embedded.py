"""The embedded engine on a handful of documents."""

from pathlib import Path

import pytest

from finmart.platform.search.embedded import EmbeddedIndex
from finmart.platform.search.types import Document, Field, IndexMissing, IndexSpec, Query

SPEC = IndexSpec(
    "things", (Field("name", 10.0, short=True), Field("body", 1.0)), ("colour", "size"), ("listing", "price")
)


def _document(key: str, name: str, body: str = "", *, price: int | None = None, **facets: str) -> Document:
    codes = {facet: tuple(value.split()) for facet, value in facets.items()}
    return Document(key, {"name": name, "body": body}, codes, {"listing": len(key), "price": price})


THINGS = (
    _document("a", "云税贷", "依纳税数据", price=3, colour="red blue", size="s"),
    _document("bb", "抵押快贷", "凭房产，也看纳税", price=None, colour="red", size="m"),
    _document("ccc", "农户贷", "面向农户", price=1, colour="green", size="s"),
)


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    made = EmbeddedIndex(tmp_path / "data" / "search.db", SPEC)
    assert made.rebuild(THINGS, words=["云税贷"], note="one") == 3
    return made


def test_a_missing_or_damaged_file_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    with pytest.raises(IndexMissing):
        EmbeddedIndex(path, SPEC).find(Query("税"))
    path.write_bytes(b"not a database, but long enough to look at" * 100)
    with pytest.raises(IndexMissing):
        EmbeddedIndex(path, SPEC).find(Query("税"))
    path.write_bytes(b"")
    with pytest.raises(IndexMissing):
        EmbeddedIndex(path, SPEC).state()


def test_names_count_more_than_bodies(index: EmbeddedIndex) -> None:
    assert index.find(Query("农户")).keys == ("ccc",)
    assert index.find(Query("纳税")).total == 2
    assert index.find(Query("税")).keys == ("a",)
    assert index.find(Query("税贷")).keys == ("a",)


def test_when_nothing_has_every_word_some_words_do(index: EmbeddedIndex) -> None:
    hits = index.find(Query("农户 房产"))
    assert hits.relaxed
    assert set(hits.keys) == {"bb", "ccc"}
    assert not index.find(Query("没有的词")).relaxed


def test_facets_count_what_each_choice_would_leave(index: EmbeddedIndex) -> None:
    hits = index.find(Query(where={"colour": frozenset({"red"})}))
    assert hits.keys == ("a", "bb")
    assert hits.facets["size"] == {"s": 1, "m": 1}
    assert hits.facets["colour"] == {"red": 2, "blue": 1, "green": 1}
    assert index.find(Query(where={"colour": frozenset({"no such"})})).total == 0
    assert index.find(Query(where={"no such facet": frozenset({"x"})})).total == 0


def test_what_has_no_number_sorts_last_either_way(index: EmbeddedIndex) -> None:
    assert index.find(Query(sort="price")).keys == ("ccc", "a", "bb")
    assert index.find(Query(sort="-price")).keys == ("a", "ccc", "bb")
    assert index.find(Query(sort="no such sort")).keys == ("a", "bb", "ccc")


def test_pages(index: EmbeddedIndex) -> None:
    hits = index.find(Query(offset=1, limit=1))
    assert (hits.keys, hits.total) == (("bb",), 3)
    assert index.find(Query(offset=9, limit=1)).keys == ()


def test_putting_replaces_and_takes_away(index: EmbeddedIndex) -> None:
    index.put([_document("a", "新名字", price=9)], words=["新名字"], gone=["bb", "never there"], note="two")
    assert index.find(Query("新名字")).keys == ("a",)
    assert index.find(Query("云税贷")).total == 0
    assert index.find(Query()).keys == ("a", "ccc")
    assert (index.state().documents, index.state().note) == (2, "two")


def test_a_rebuild_is_seen_by_an_open_reader_and_leaves_no_file_behind(index: EmbeddedIndex, tmp_path: Path) -> None:
    reader = EmbeddedIndex(tmp_path / "data" / "search.db", SPEC)
    assert reader.find(Query()).total == 3
    index.rebuild(THINGS[:1], words=[], note="three")
    assert reader.find(Query()).keys == ("a",)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["search.db"]


def test_a_failed_rebuild_leaves_the_old_index(index: EmbeddedIndex, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        index.rebuild([THINGS[0], THINGS[0]], words=[], note="bad")
    assert index.find(Query()).total == 3
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["search.db"]
