"""What Elasticsearch is asked, as data: an index's mapping, a document, a search. Nothing here talks to a server.

Texts are cut into words here and stored behind the whitespace analyzer, so that both engines search the same words and
the server needs no plugin. All queries are ``bool`` and ``dis_max`` over plain terms and phrases.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from finmart.platform.search.indexing import indexed
from finmart.platform.search.normal import pairs
from finmart.platform.search.scoring import WINDOW, profile_of
from finmart.platform.search.types import NOT_STATED, Document, IndexSpec, Need, Query
from finmart.platform.search.words import Parsed, Segmenter, Term

Body = dict[str, Any]

#: A word in one field settles where a product stands; what other fields add to it decides between equals.
OTHER_FIELDS_SHARE = 0.3
#: A run of characters counts half of a whole word.
CHARS_SHARE = 0.5
#: A word that only begins like a Latin term ("ccb…") is a guess: half of the word itself. So is what sounds so.
PREFIX_SHARE = 0.5
#: What a synonym, and what a word leads to, counts beside the word itself.
GROUP_SHARE = 0.8
LEAD_SHARE = 0.4
#: One met need more outweighs every word.
NEED_BOOST = 10_000.0
#: More codes than any facet has; Elasticsearch would return ten without being told.
MAX_CODES = 2000
#: Pages end here; beyond, a search answers with its counts alone. Elasticsearch refuses more than it was told of.
MAX_RESULT_WINDOW = 100_000
#: The form of what is stored; raised when an index of the old form would be misread.
FORM = 2


def index_body(spec: IndexSpec, meta: Mapping[str, str]) -> Body:
    """Settings and mapping of a new index; ``meta`` is kept in the mapping, so that it moves with the alias."""
    words = {"type": "text", "analyzer": "whitespace"}
    texts = {"properties": {field.name: words for field in spec.fields}}
    return {
        "settings": {
            # One shard: scores are comparable, and a catalogue is small. A second machine gets a copy by itself.
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
            "max_result_window": MAX_RESULT_WINDOW,
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": dict(meta),
            "properties": {
                "key": {"type": "keyword"},
                "texts": texts,
                "chars": texts,
                "sounds": words,
                # Read back to score what is found; nothing is searched in it.
                "profile": {"type": "object", "enabled": False},
                "facets": {"properties": {name: {"type": "keyword"} for name in spec.facets}},
                "numbers": {"properties": {name: {"type": "long"} for name in spec.numbers}},
            },
        },
    }


def document_body(document: Document, spec: IndexSpec, segmenter: Segmenter) -> Body:
    """A document as it is stored: each text as words and as pairs of characters, all sounds, and what scores it."""
    profile = profile_of(document, spec)
    stored = indexed(document, spec, segmenter, profile)
    return {
        "key": document.key,
        "texts": {name: " ".join(words) for name, words in stored.words.items()},
        "chars": {name: " ".join(twos) for name, twos in stored.pairs.items()},
        "sounds": " ".join(stored.sounds),
        "profile": profile,
        "facets": {name: list(document.facets.get(name, ())) for name in spec.facets},
        "numbers": {name: document.numbers.get(name) for name in spec.numbers},
    }


def _word(name: str, word: str, boost: float) -> Body:
    return {"term": {f"texts.{name}": {"value": word, "boost": boost}}}


def _run(name: str, twos: Sequence[str], boost: float) -> Body:
    return {"match_phrase": {f"chars.{name}": {"query": " ".join(twos), "boost": boost}}}


def _beginning(path: str, word: str, boost: float) -> Body:
    return {"prefix": {path: {"value": word, "boost": boost}}}


def _best(ways: Sequence[Body]) -> Body:
    return {"dis_max": {"queries": list(ways), "tie_breaker": OTHER_FIELDS_SHARE}}


def _chinese(text: str, spec: IndexSpec, share: float) -> list[Body]:
    """As a word and as a part of a text; one character is looked for in the short fields only."""
    if len(text) == 1:
        return [_run(field.name, (text,), field.weight * share) for field in spec.fields if field.short]
    words = [_word(field.name, text, field.weight * share) for field in spec.fields]
    return words + [_run(field.name, pairs(text), field.weight * share * CHARS_SHARE) for field in spec.fields]


def _latin(text: str, spec: IndexSpec) -> list[Body]:
    """As a word; of two letters or more also by its beginning and as what sounds so."""
    ways = [_word(field.name, text, field.weight) for field in spec.fields]
    if len(text) > 1 and not text.isdigit():
        ways += [_beginning(f"texts.{field.name}", text, field.weight * PREFIX_SHARE) for field in spec.fields]
        ways.append(_beginning("sounds", text, spec.fields[0].weight * PREFIX_SHARE))
    return ways


def term_query(term: Term, spec: IndexSpec) -> Body:
    """One term: the word itself, its synonyms, what it leads to."""
    ways = _chinese(term.text, spec, 1.0) if term.chinese else _latin(term.text, spec)
    if term.group:
        ways += [_word(field.name, term.group, field.weight * GROUP_SHARE) for field in spec.fields]
    for lead in term.leads:
        ways += _chinese(lead, spec, LEAD_SHARE)
    return _best(ways)


def text_query(parsed: Parsed, spec: IndexSpec, *, every: bool) -> Body:
    """The query for all (``every``) or any of the needed terms; everything when there are none."""
    if not parsed.needed:
        return {"match_all": {"boost": 0.0}}
    terms = [term_query(term, spec) for term in parsed.needed]
    return {"bool": {"must": terms} if every else {"should": terms, "minimum_should_match": 1}}


def _holds(need: Need) -> Body:
    """Whether a document states what ``need`` asks for."""
    if need.facet:
        return {"term": {f"facets.{need.facet}": need.code}}
    bounds = {"gte": need.value} if need.reaches else {"lte": need.value}
    return {"range": {f"numbers.{need.reaches or need.within}": bounds}}


def _silent(need: Need) -> Body:
    """Whether a document says nothing about what ``need`` asks for."""
    path = f"facets.{need.facet}" if need.facet else f"numbers.{need.reaches or need.within}"
    nothing: Body = {"bool": {"must_not": [{"exists": {"field": path}}]}}
    return {"bool": {"should": [nothing, {"term": {path: NOT_STATED}}]}} if need.facet else nothing


def _too_large(need: Need) -> list[Body]:
    return [{"range": {f"numbers.{need.begins}": {"gt": need.value}}}] if need.begins else []


def preferring(query: Body, needs: Sequence[Need]) -> Body:
    """``query``, where each of ``needs`` that is met puts a document before those that say nothing of it."""
    if not needs:
        return query
    meeting = [
        {
            "constant_score": {
                "filter": {"bool": {"must": [_holds(need)], "must_not": _too_large(need)}},
                "boost": NEED_BOOST,
            }
        }
        for need in needs
    ]
    return {"bool": {"must": [query], "should": meeting}}


def narrowing(
    spec: IndexSpec, where: Mapping[str, frozenset[str]], needs: Sequence[Need] = (), *, leaving_out: str = ""
) -> Body:
    """The filter of every chosen facet but ``leaving_out``, without what contradicts one of ``needs``.

    A facet that the index does not have finds nothing.
    """
    filters: list[Body] = [
        {"bool": {"should": [_holds(need), _silent(need)], "minimum_should_match": 1, "must_not": _too_large(need)}}
        for need in needs
    ]
    for name, wanted in where.items():
        if wanted and name != leaving_out:
            known = name in spec.facets
            filters.append({"terms": {f"facets.{name}": sorted(wanted)}} if known else {"match_none": {}})
    return {"bool": {"filter": filters}}


def counting(spec: IndexSpec, where: Mapping[str, frozenset[str]], needs: Sequence[Need] = ()) -> Body:
    """For each facet, how many each code would leave if it were the facet's choice; and how many the words found."""
    counted: Body = {"found": {"filter": {"match_all": {}}}}
    for name in spec.facets:
        codes = {"terms": {"field": f"facets.{name}", "size": MAX_CODES}}
        kept = narrowing(spec, where, needs, leaving_out=name)
        counted[f"facet:{name}"] = {"filter": kept, "aggs": {"codes": codes}}
    return counted


def ordering(spec: IndexSpec, query: Query) -> list[Body]:
    """By the chosen number, what has none last; else by relevance, then the spec's first order. Ties go by key."""
    name = query.sort.removeprefix("-")
    direction = "desc" if query.sort.startswith("-") else "asc"
    if name in spec.sorts:
        return [{f"numbers.{name}": {"order": direction, "missing": "_last"}}, {"key": {"order": "asc"}}]
    listing = {f"numbers.{spec.sorts[0]}": {"order": "asc", "missing": "_last"}}
    return [{"_score": {"order": "desc"}}, listing, {"key": {"order": "asc"}}]


def is_scored(parsed: Parsed, spec: IndexSpec, query: Query) -> bool:
    """Whether the first answers are to be ordered by the score that both engines share."""
    return bool(parsed.terms) and query.sort.removeprefix("-") not in spec.sorts and query.offset < WINDOW


def search_body(parsed: Parsed, spec: IndexSpec, query: Query, *, every: bool) -> Body:
    """A whole search: words, needs, counts over both, the chosen facets after the counts, one page of keys.

    Where the page is to be scored, everything before its end and at least ``WINDOW`` documents with their profiles.
    """
    end = query.offset + query.limit
    reachable = end <= MAX_RESULT_WINDOW
    scored = is_scored(parsed, spec, query)
    size = max(end, WINDOW) if scored else query.limit
    return {
        "query": preferring(text_query(parsed, spec, every=every), query.needs),
        "post_filter": narrowing(spec, query.where, query.needs),
        "aggs": counting(spec, query.where, query.needs),
        "sort": ordering(spec, query),
        "track_scores": scored,
        "from": query.offset if reachable and not scored else 0,
        "size": size if reachable else 0,
        "track_total_hits": True,
        "_source": ["profile", *(f"numbers.{name}" for name in spec.numbers)] if scored else False,
    }
