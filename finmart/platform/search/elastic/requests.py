"""What Elasticsearch is asked, as data: an index's mapping, a document, a search. Nothing here talks to a server.

Texts are cut into words here and stored behind the whitespace analyzer, so that both engines search the same words and
the server needs no plugin. All queries are ``bool`` and ``dis_max`` over plain terms and phrases.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from finmart.platform.search.types import CHARS_SHARE, Document, IndexSpec, Query
from finmart.platform.search.words import LOAN, Parsed, Segmenter, pieces

Body = dict[str, Any]

#: A word in one field settles where a product stands; what other fields add to it decides between equals.
OTHER_FIELDS_SHARE = 0.3
#: A word that only begins like a Latin term ("ccb…") is a guess: half of the word itself.
PREFIX_SHARE = 0.5
#: Found as "any loan of this kind" instead of by its name: after everything that carries the name.
STEM_SHARE = 0.1
#: More codes than any facet has; Elasticsearch would return ten without being told.
MAX_CODES = 2000
#: Pages end here; beyond, a search answers with its counts alone. Elasticsearch refuses more than it was told of.
MAX_RESULT_WINDOW = 100_000
#: The form of what is stored; raised when an index of the old form would be misread.
FORM = 1


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
                "facets": {"properties": {name: {"type": "keyword"} for name in spec.facets}},
                "numbers": {"properties": {name: {"type": "long"} for name in spec.sorts}},
            },
        },
    }


def document_body(document: Document, spec: IndexSpec, segmenter: Segmenter) -> Body:
    """A document as it is stored: each text as words and as characters."""
    texts = {field.name: document.texts.get(field.name, "") for field in spec.fields}
    return {
        "key": document.key,
        "texts": {name: " ".join(segmenter.of_text(text)) for name, text in texts.items()},
        "chars": {name: " ".join(pieces(text)) for name, text in texts.items()},
        "facets": {name: list(document.facets.get(name, ())) for name in spec.facets},
        "numbers": {name: document.numbers.get(name) for name in spec.sorts},
    }


def _word(name: str, word: str, boost: float) -> Body:
    return {"term": {f"texts.{name}": {"value": word, "boost": boost}}}


def _run(name: str, characters: Sequence[str], boost: float) -> Body:
    return {"match_phrase": {f"chars.{name}": {"query": " ".join(characters), "boost": boost}}}


def _beginning(name: str, word: str, boost: float) -> Body:
    return {"prefix": {f"texts.{name}": {"value": word, "boost": boost}}}


def _best(ways: Sequence[Body]) -> Body:
    return {"dis_max": {"queries": list(ways), "tie_breaker": OTHER_FIELDS_SHARE}}


def _character(character: str, spec: IndexSpec, share: float = 1.0) -> Body:
    """A single Chinese character is looked for in the short fields only: in long ones nearly every text has it."""
    return _best([_run(field.name, (character,), field.weight * share) for field in spec.fields if field.short])


def _stem(stem: str, spec: IndexSpec) -> Body:
    words = [_word(field.name, stem, field.weight * STEM_SHARE) for field in spec.fields]
    return {"bool": {"must": [_best(words)], "filter": [_character(LOAN, spec)]}}


def term_query(term: str, stem: str, spec: IndexSpec) -> Body:
    """One term: as a word, or as a run of characters inside some text, or as its stem said of a loan."""
    parts = pieces(term)
    if len(term) == 1 and not term.isascii():
        return _character(term, spec)
    ways = [_word(field.name, term, field.weight) for field in spec.fields]
    if len(parts) > 1:
        ways += [_run(field.name, parts, field.weight * CHARS_SHARE) for field in spec.fields]
    elif len(term) > 1 and not term.isdigit():
        ways += [_beginning(field.name, term, field.weight * PREFIX_SHARE) for field in spec.fields]
    if stem:
        ways.append(_stem(stem, spec))
    return _best(ways)


def text_query(parsed: Parsed, spec: IndexSpec, *, every: bool) -> Body:
    """The query for all (``every``) or any of the terms; everything when there are none."""
    if not parsed.terms:
        return {"match_all": {}}
    terms = [term_query(term, parsed.stems.get(term, ""), spec) for term in parsed.terms]
    return {"bool": {"must": terms} if every else {"should": terms, "minimum_should_match": 1}}


def narrowing(spec: IndexSpec, where: Mapping[str, frozenset[str]], *, leaving_out: str = "") -> Body:
    """The filter of every chosen facet but ``leaving_out``; a facet that the index does not have finds nothing."""
    filters: list[Body] = []
    for name, wanted in where.items():
        if wanted and name != leaving_out:
            known = name in spec.facets
            filters.append({"terms": {f"facets.{name}": sorted(wanted)}} if known else {"match_none": {}})
    return {"bool": {"filter": filters}}


def counting(spec: IndexSpec, where: Mapping[str, frozenset[str]]) -> Body:
    """For each facet, how many each code would leave if it were the facet's choice; and how many the words found."""
    counted: Body = {"found": {"filter": {"match_all": {}}}}
    for name in spec.facets:
        codes = {"terms": {"field": f"facets.{name}", "size": MAX_CODES}}
        counted[f"facet:{name}"] = {"filter": narrowing(spec, where, leaving_out=name), "aggs": {"codes": codes}}
    return counted


def ordering(spec: IndexSpec, query: Query, *, by_relevance: bool) -> list[Body]:
    """By the chosen number, what has none last; else by relevance or the spec's first order. Ties go by key."""
    name = query.sort.removeprefix("-")
    direction = "desc" if query.sort.startswith("-") else "asc"
    if name not in spec.sorts:
        if by_relevance:
            return [{"_score": {"order": "desc"}}, {"key": {"order": "asc"}}]
        name, direction = spec.sorts[0], "asc"
    return [{f"numbers.{name}": {"order": direction, "missing": "_last"}}, {"key": {"order": "asc"}}]


def search_body(parsed: Parsed, spec: IndexSpec, query: Query, *, every: bool) -> Body:
    """A whole search: words, counts over them, the chosen facets after the counts, one page of keys."""
    reachable = query.offset + query.limit <= MAX_RESULT_WINDOW
    return {
        "query": text_query(parsed, spec, every=every),
        "post_filter": narrowing(spec, query.where),
        "aggs": counting(spec, query.where),
        "sort": ordering(spec, query, by_relevance=bool(parsed.terms)),
        "from": query.offset if reachable else 0,
        "size": query.limit if reachable else 0,
        "track_total_hits": True,
        "_source": False,
    }
