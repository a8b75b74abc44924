"""The run's engine on a handful of documents: the same for the embedded one and for Elasticsearch."""

from pathlib import Path

import pytest

from finmart.platform.search.types import Document, Field, IndexMissing, IndexSpec, Query, SearchIndex
from tests.fixtures.search import MakeIndex

pytestmark = pytest.mark.search

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
def index(tmp_path: Path, make_index: MakeIndex) -> SearchIndex:
    made = make_index(tmp_path, SPEC)
    assert made.rebuild(THINGS, words=["云税贷"], note="one") == 3
    return made


def test_a_missing_index_is_said_so(tmp_path: Path, make_index: MakeIndex) -> None:
    missing = make_index(tmp_path, SPEC)
    with pytest.raises(IndexMissing):
        missing.find(Query("税"))
    with pytest.raises(IndexMissing):
        missing.state()
    with pytest.raises(IndexMissing):
        missing.put(THINGS, words=[], gone=[], note="one")


def test_an_index_made_for_another_spec_is_as_good_as_none(
    index: SearchIndex, tmp_path: Path, make_index: MakeIndex
) -> None:
    assert index.find(Query("税")).total
    other = make_index(tmp_path, IndexSpec("things", (*SPEC.fields, Field("more", 1.0)), SPEC.facets, SPEC.sorts))
    with pytest.raises(IndexMissing):
        other.find(Query("税"))


def test_names_count_more_than_bodies(index: SearchIndex) -> None:
    assert index.find(Query("农户")).keys == ("ccc",)
    assert index.find(Query("纳税")).total == 2
    assert index.find(Query("税")).keys == ("a",)
    assert index.find(Query("税贷")).keys == ("a",)


def test_when_nothing_has_every_word_some_words_do(index: SearchIndex) -> None:
    hits = index.find(Query("农户 房产"))
    assert hits.relaxed
    assert set(hits.keys) == {"bb", "ccc"}
    assert not index.find(Query("没有的词")).relaxed


def test_facets_count_what_each_choice_would_leave(index: SearchIndex) -> None:
    hits = index.find(Query(where={"colour": frozenset({"red"})}))
    assert hits.keys == ("a", "bb")
    assert hits.facets["size"] == {"s": 1, "m": 1}
    assert hits.facets["colour"] == {"red": 2, "blue": 1, "green": 1}
    assert index.find(Query(where={"colour": frozenset({"no such"})})).total == 0
    assert index.find(Query(where={"no such facet": frozenset({"x"})})).total == 0


def test_what_has_no_number_sorts_last_either_way(index: SearchIndex) -> None:
    assert index.find(Query(sort="price")).keys == ("ccc", "a", "bb")
    assert index.find(Query(sort="-price")).keys == ("a", "ccc", "bb")
    assert index.find(Query(sort="no such sort")).keys == ("a", "bb", "ccc")


def test_pages(index: SearchIndex) -> None:
    hits = index.find(Query(offset=1, limit=1))
    assert (hits.keys, hits.total) == (("bb",), 3)
    assert index.find(Query(offset=9, limit=1)).keys == ()


def test_putting_replaces_and_takes_away(index: SearchIndex) -> None:
    index.put([_document("a", "新名字", price=9)], words=["新名字"], gone=["bb", "never there"], note="two")
    assert index.find(Query("新名字")).keys == ("a",)
    assert index.find(Query("云税贷")).total == 0
    assert index.find(Query()).keys == ("a", "ccc")
    assert (index.state().documents, index.state().note) == (2, "two")


def test_a_rebuild_is_seen_by_whoever_has_searched_before(
    index: SearchIndex, tmp_path: Path, make_index: MakeIndex
) -> None:
    reader = make_index(tmp_path, SPEC)
    assert reader.find(Query()).total == 3
    index.rebuild(THINGS[:1], words=[], note="three")
    assert reader.find(Query()).keys == ("a",)
    assert reader.state().note == "three"


def test_answers_name_the_state_they_come_from(index: SearchIndex) -> None:
    assert index.find(Query()).note == "one"
    index.put([], words=[], gone=["bb"], note="two")
    assert index.state().note == "two"
    assert index.find(Query()).note == "two"


def test_equal_scores_go_by_key_however_often_one_is_written_again(index: SearchIndex) -> None:
    twins = [_document(key, "惠农贷", price=1) for key in ("y", "x", "z")]
    index.put(twins, words=["惠农贷"], gone=[], note="two")
    assert index.find(Query("惠农贷")).keys == ("x", "y", "z")
    index.put(twins[1:2], words=[], gone=[], note="three")
    assert index.find(Query("惠农贷")).keys == ("x", "y", "z")
    assert index.find(Query(sort="price")).keys == ("ccc", "x", "y", "z", "a", "bb")
    assert index.find(Query(sort="-price")).keys[:2] == ("a", "ccc")


def test_a_kind_of_loan_finds_what_is_called_otherwise(index: SearchIndex) -> None:
    index.put([_document("d", "信用贷款"), _document("e", "信用贷", "随借随还")], words=["信用贷"], gone=[], note="two")
    assert set(index.find(Query("信用贷")).keys) == {"d", "e"}


def test_words_of_latin_letters_find_what_begins_with_them(index: SearchIndex) -> None:
    index.put([_document("d", "Cloud Tax Loan"), _document("e", "Tax")], words=[], gone=[], note="two")
    assert index.find(Query("clo")).keys == ("d",)
    assert set(index.find(Query("ＴＡＸ")).keys) == {"d", "e"}
    assert index.find(Query("3")).total == 0


@pytest.mark.parametrize("text", ['"', "AND OR NOT", "name:*", "税*", "(", "' --", "\\", "{}", "a" * 300, "税" * 300])
def test_whatever_is_typed_is_answered(index: SearchIndex, text: str) -> None:
    hits = index.find(Query(text))
    assert hits.total >= 0
    assert hits.shortened == (len(text) > 100)


def test_a_page_far_beyond_the_last_is_empty_and_still_counted(index: SearchIndex) -> None:
    hits = index.find(Query(offset=10_000_000, limit=20))
    assert (hits.keys, hits.total) == ((), 3)
