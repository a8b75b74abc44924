"""What Elasticsearch is asked, looked at as data."""

import pytest

from finmart.platform.search.elastic import requests
from finmart.platform.search.lexicon import known_words
from finmart.platform.search.scoring import WINDOW
from finmart.platform.search.synonyms import Synonyms
from finmart.platform.search.types import Document, Field, IndexSpec, Need, Query
from finmart.platform.search.words import Parsed, Segmenter, Term

SPEC = IndexSpec(
    "things", (Field("name", 10.0, short=True), Field("body", 1.0)), ("colour", "size"), ("listing", "price")
)


def _parsed(*terms: str) -> Parsed:
    return Parsed(tuple(map(Term, terms)))


def test_the_mapping_refuses_what_the_spec_does_not_name() -> None:
    mappings = requests.index_body(SPEC, {"note": "7"})["mappings"]
    assert mappings["dynamic"] == "strict"
    assert mappings["_meta"] == {"note": "7"}
    assert mappings["properties"]["texts"]["properties"]["body"] == {"type": "text", "analyzer": "whitespace"}
    assert set(mappings["properties"]["facets"]["properties"]) == {"colour", "size"}
    assert mappings["properties"]["numbers"]["properties"]["price"] == {"type": "long"}


def test_a_document_is_words_and_pairs_and_sounds() -> None:
    document = Document("a", {"name": "纳税Ｅ贷"}, {"colour": ("red", "blue")}, {"listing": 3, "price": None})
    body = requests.document_body(document, SPEC, Segmenter(known_words(["纳税e贷"]), Synonyms()))
    assert body["key"] == "a"
    assert "纳税e贷" in body["texts"]["name"].split()
    assert body["chars"] == {"name": "纳税 税e e贷 纳 税 贷", "body": ""}
    assert {"nashuiedai", "nsed", "shuiedai"} <= set(body["sounds"].split())
    assert body["profile"]["name"][0] == " 纳税e贷 "
    assert body["facets"] == {"colour": ["red", "blue"], "size": []}
    assert body["numbers"] == {"listing": 3, "price": None}


def test_a_word_counts_by_its_field_and_a_run_of_characters_half() -> None:
    found = requests.term_query(Term("云税贷"), SPEC)["dis_max"]
    assert found["tie_breaker"] == requests.OTHER_FIELDS_SHARE
    assert found["queries"] == [
        {"term": {"texts.name": {"value": "云税贷", "boost": 10.0}}},
        {"term": {"texts.body": {"value": "云税贷", "boost": 1.0}}},
        {"match_phrase": {"chars.name": {"query": "云税 税贷", "boost": 5.0}}},
        {"match_phrase": {"chars.body": {"query": "云税 税贷", "boost": 0.5}}},
    ]


def test_one_character_is_looked_for_in_short_fields_alone() -> None:
    assert requests.term_query(Term("税"), SPEC)["dis_max"]["queries"] == [
        {"match_phrase": {"chars.name": {"query": "税", "boost": 10.0}}}
    ]


def test_latin_words_find_beginnings_and_numbers_do_not() -> None:
    words = requests.term_query(Term("ccb"), SPEC)["dis_max"]["queries"]
    assert {"prefix": {"sounds": {"value": "ccb", "boost": 5.0}}} in words
    assert {"prefix": {"texts.name": {"value": "ccb", "boost": 5.0}}} in words
    for whole in ("300", "e"):
        assert all("term" in way for way in requests.term_query(Term(whole), SPEC)["dis_max"]["queries"])


def test_synonyms_and_what_a_word_leads_to_count_less() -> None:
    ways = requests.term_query(Term("转贷", "synonym07", ("过桥",)), SPEC)["dis_max"]["queries"]
    assert {"term": {"texts.name": {"value": "synonym07", "boost": 8.0}}} in ways
    assert {"term": {"texts.name": {"value": "过桥", "boost": 4.0}}} in ways


def test_a_need_filters_what_contradicts_and_prefers_what_meets_it() -> None:
    need = Need(3, reaches="price", begins="listing")
    kept = requests.narrowing(SPEC, {}, (need,))["bool"]["filter"][0]["bool"]
    assert kept["should"][0] == {"range": {"numbers.price": {"gte": 3}}}
    assert kept["must_not"] == [{"range": {"numbers.listing": {"gt": 3}}}]
    query = requests.preferring({"match_all": {}}, (need, Need(facet="colour", code="red")))["bool"]
    assert [each["constant_score"]["boost"] for each in query["should"]] == [requests.NEED_BOOST] * 2
    assert requests.preferring({"match_all": {}}, ()) == {"match_all": {}}


def test_all_words_or_any_of_them() -> None:
    every = requests.text_query(_parsed("甲", "乙"), SPEC, every=True)["bool"]
    assert len(every["must"]) == 2
    some = requests.text_query(_parsed("甲", "乙"), SPEC, every=False)["bool"]
    assert len(some["should"]) == 2
    assert some["minimum_should_match"] == 1
    assert requests.text_query(_parsed(), SPEC, every=True) == {"match_all": {"boost": 0.0}}


def test_each_facet_is_counted_without_its_own_choice() -> None:
    where = {"colour": frozenset({"red", "blue"}), "size": frozenset({"s"})}
    counted = requests.counting(SPEC, where)
    assert counted["facet:colour"]["filter"] == {"bool": {"filter": [{"terms": {"facets.size": ["s"]}}]}}
    assert counted["facet:size"]["filter"] == {"bool": {"filter": [{"terms": {"facets.colour": ["blue", "red"]}}]}}
    assert requests.narrowing(SPEC, {"no such": frozenset({"x"})}) == {"bool": {"filter": [{"match_none": {}}]}}
    assert requests.narrowing(SPEC, {"colour": frozenset()}) == {"bool": {"filter": []}}


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("-price", {"numbers.price": {"order": "desc", "missing": "_last"}}),
        ("price", {"numbers.price": {"order": "asc", "missing": "_last"}}),
        ("", {"_score": {"order": "desc"}}),
        ("no such", {"_score": {"order": "desc"}}),
    ],
)
def test_orders_end_with_the_key(sort: str, first: dict[str, object]) -> None:
    ordered = requests.ordering(SPEC, Query(sort=sort))
    assert (ordered[0], ordered[-1]) == (first, {"key": {"order": "asc"}})


def test_a_page_that_cannot_be_reached_is_asked_for_its_counts_alone() -> None:
    body = requests.search_body(_parsed(), SPEC, Query(offset=requests.MAX_RESULT_WINDOW, limit=1), every=True)
    assert (body["from"], body["size"]) == (0, 0)
    body = requests.search_body(_parsed(), SPEC, Query(offset=24, limit=12), every=True)
    assert (body["from"], body["size"], body["track_total_hits"]) == (24, 12, True)
    scored = requests.search_body(_parsed("甲"), SPEC, Query(offset=24, limit=12), every=True)
    assert (scored["from"], scored["size"], scored["_source"]) == (
        0,
        WINDOW,
        ["profile", "numbers.listing", "numbers.price"],
    )
