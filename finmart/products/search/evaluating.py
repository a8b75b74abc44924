"""How well a search answers judged queries: NDCG@10 of an index over the project's own catalogue.

A file of queries holds one JSON object a line: ``query``, ``relevant`` (product code → grade from 0 to 3; what is not
named has 0) and, where it is a held-out one, ``held_out``.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from finmart.platform.search.synonyms import Synonyms
from finmart.platform.search.types import IndexSpec, Query, SearchIndex
from finmart.products.catalogue import DATA, read_catalogue
from finmart.products.search import index
from finmart.products.search.documents import document_of
from finmart.products.search.looking import look

#: The project's own judged queries.
QUERIES = DATA / "search" / "queries.jsonl"
DEPTH = 10
MAX_GRADE = 3
#: More lines than anybody judges.
MAX_QUERIES = 20_000


class QueriesFault(ValueError):
    """A line of a file of queries cannot be used; the text names the line."""


@dataclass(frozen=True)
class Judged:
    """A query with the grades of its answers."""

    query: str
    relevant: Mapping[str, int]
    held_out: bool = False


def read_queries(path: Path) -> list[Judged]:
    """The judged queries of ``path``; blank lines do not count. Raises ``QueriesFault``, ``OSError``."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                found.append(_judged(json.loads(line)))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                expected = '{"query": "...", "relevant": {"product_code": 3}}'
                raise QueriesFault(f"line {number} of {path.name} is not like {expected}: {error}") from error
    if not 0 < len(found) <= MAX_QUERIES:
        raise QueriesFault(f"{path.name} holds {len(found)} queries; between 1 and {MAX_QUERIES} can be judged")
    return found


def _judged(line: dict[str, object]) -> Judged:
    query, relevant = line["query"], line["relevant"]
    if not isinstance(query, str) or not isinstance(relevant, dict):
        raise TypeError("query must be a text and relevant an object")
    grades = {str(code): int(grade) for code, grade in relevant.items()}
    if any(not 0 <= grade <= MAX_GRADE for grade in grades.values()):
        raise ValueError(f"grades go from 0 to {MAX_GRADE}")
    return Judged(query, grades, bool(line.get("held_out")))


def gain(grades: Sequence[int]) -> float:
    """Discounted cumulative gain: 2^grade - 1 over log2(rank + 1)."""
    return sum(((1 << grade) - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def ndcg(keys: Sequence[str], relevant: Mapping[str, int]) -> float:
    """NDCG@10 of the answer ``keys``; 1 when nothing is relevant and nothing could be done better."""
    ideal = gain(sorted(relevant.values(), reverse=True)[:DEPTH])
    return gain([relevant.get(key, 0) for key in keys[:DEPTH]]) / ideal if ideal else 1.0


def answer(searched: SearchIndex, text: str) -> tuple[str, ...]:
    """The first answers to ``text``, in the order of the shelf's first page."""
    looked = look(searched.find, Query(text, limit=DEPTH))
    return (*looked.hits.keys, *looked.alike)[:DEPTH]


def variants() -> dict[str, IndexSpec]:
    """The search as it is, and what it would be without its synonyms, and without sounds."""
    whole = index.spec()
    bare = Synonyms(weak=whole.synonyms.weak, empty=whole.synonyms.empty)
    return {
        "full": whole,
        "without_synonyms": replace(whole, synonyms=bare),
        "without_pinyin": replace(whole, sounding=False),
    }


def measure(make: Callable[[IndexSpec], SearchIndex], queries: Sequence[Judged]) -> dict[str, list[float]]:
    """For each variant, the NDCG@10 of each query, over the project's catalogue in indexes that ``make`` opens."""
    products = read_catalogue().products
    measured = {}
    for name, spec in variants().items():
        searched = make(spec)
        searched.rebuild(map(document_of, products), words=index.user_words(products, spec.synonyms), note=name)
        measured[name] = [ndcg(answer(searched, judged.query), judged.relevant) for judged in queries]
    return measured


def summary(engine: str, queries: Sequence[Judged], measured: Mapping[str, Sequence[float]]) -> dict[str, object]:
    """One engine's line: means of all queries, of the held-out ones apart, and of the search with less."""
    whole = measured["full"]
    apart = {
        name: [value for value, judged in zip(whole, queries, strict=True) if judged.held_out is held_out]
        for name, held_out in (("tuned_on", False), ("held_out", True))
    }
    return {
        "engine": engine,
        "queries": len(queries),
        "ndcg10": _mean(whole),
        **{f"ndcg10_{name}": _mean(values) for name, values in apart.items() if values},
        **{f"ndcg10_{name}": _mean(values) for name, values in measured.items() if name != "full"},
    }


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)
