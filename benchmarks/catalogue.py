"""The shelf beside plain peers, with 5 000 and 100 000 generated products.

``python -m benchmarks.catalogue [--sizes 5000,100000] [--repeat N] [--json]``. Both sides take turns in one process on
one machine; medians count.

``search``: the shelf's whole search (the question understood, synonyms and sounds, the score that both engines share,
counts of every facet) beside the bare FTS5 query of the same tokens: the same MATCH, best first, one page of keys, on
the same file, its connection open. ``ratio_words`` compares with the typed words alone, without their synonyms.

``page_…`` and ``readers``: see ``benchmarks.pages``.
"""

import argparse
import itertools
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import pages
from finmart.platform.search.embedded import EmbeddedIndex
from finmart.platform.search.lexicon import known_words
from finmart.platform.search.matching import expression, quoted
from finmart.platform.search.types import Query
from finmart.platform.search.words import Segmenter
from finmart.products.catalogue import read_catalogue
from finmart.products.search import index
from finmart.products.search.documents import document_of
from finmart.products.search.looking import look
from finmart.products.types import InstitutionRef, PublishedProduct

SIZES = (5000, 100_000)
SEED = 20261121
PAGE = 12
#: What visitors ask, from one frequent word to a name and three words; and some with a choice of a facet.
QUESTIONS: tuple[tuple[str, dict[str, frozenset[str]]], ...] = (
    ("抵押", {}),
    ("税贷", {}),
    ("知识产权 质押", {}),
    ("农户 信用", {"online": frozenset({"hybrid"})}),
    ("科创 专精特新", {"guarantee": frozenset({"credit"})}),
    ("供应链 核心企业", {}),
    ("银行 随借随还 企业", {"product_type": frozenset({"tax_loan", "credit_loan"})}),
    ("云税贷", {}),
)
#: Syllables of generated names, so that names differ as real ones do.
_FIRST = "赣昌洪抚吉宜饶九新鹰萍景瑞丰德安乐贵金湖江信泰和兴永万"
_LAST = "融通惠捷盛达利顺源宏华康泽润恒益诚聚鼎裕"


def generated(size: int) -> Iterator[PublishedProduct]:
    """``size`` products: the real ones again and again, each under a name, an institution and terms of its own."""
    chosen = random.Random(SEED)
    real = read_catalogue().products
    for number, product in zip(range(size), itertools.cycle(real), strict=False):
        if number < len(real):
            yield product
            continue
        mark = "".join((chosen.choice(_FIRST), chosen.choice(_LAST), chosen.choice(_FIRST)))
        owner = product.institution
        city = f"{chosen.choice(_FIRST)}{chosen.choice(_FIRST)}"
        yield replace(
            product,
            code=f"{product.code}_{number}",
            name_zh=f"{mark}{product.name_zh}",
            institution=InstitutionRef(
                f"{owner.code}_{number % 900}",
                f"{city}{owner.name_zh}",
                owner.name_en,
                owner.kind,
                number % 3 == 0,
                owner.region,
            ),
            variants=tuple(
                replace(way, amount_max=way.amount_max and chosen.randrange(1, 500) * 10_000_000)
                for way in product.variants
            ),
        )


def median_ms(calls: list[Callable[[], object]], repeat: int) -> list[float]:
    """The median of each call in milliseconds; the calls take turns, so that a busy moment falls on all."""
    taken: list[list[float]] = [[] for _call in calls]
    for call in calls:
        call()
    for _turn in range(repeat):
        for place, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            taken[place].append((time.perf_counter() - begun) * 1000)
    return [statistics.median(each) for each in taken]


def bare(connection: sqlite3.Connection, match: str) -> list[str]:
    """The peer: what matches, best first, one page, and nothing else."""
    sql = (
        "SELECT document.key FROM words JOIN document ON document.id = words.rowid WHERE words MATCH ?"
        " ORDER BY rank LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (match, PAGE))]


def _calls(searched: EmbeddedIndex, connection: sqlite3.Connection) -> list[Callable[[], object]]:
    """For each question: ours, the peer with the same tokens, the peer with the words alone."""
    segmenter = Segmenter(known_words(index.user_words(read_catalogue().products)), index.synonyms())
    calls: list[Callable[[], object]] = []
    for text, where in QUESTIONS:
        parsed = segmenter.of_query(text)
        words = " AND ".join(quoted(term.text) for term in parsed.needed)
        calls.append(partial(look, searched.find, Query(text, where, limit=PAGE)))
        calls.append(partial(bare, connection, expression(parsed, index.spec(), every=True)))
        calls.append(partial(bare, connection, words))
    return calls


def search_line(size: int, repeat: int) -> dict[str, Any]:
    """The search with facets beside the bare query."""
    products = list(generated(size))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.db"
        searched = EmbeddedIndex(path, index.spec())
        begun = time.perf_counter()
        searched.rebuild(map(document_of, products), words=index.user_words(products), note="1")
        built = time.perf_counter() - begun
        with closing(sqlite3.connect(path)) as connection:
            taken = median_ms(_calls(searched, connection), repeat)
    ours, peers, words = taken[::3], taken[1::3], taken[2::3]
    return {
        "name": "search",
        "products": size,
        "ours_ms": round(statistics.mean(ours), 3),
        "peer": "bare FTS5 query of the same tokens, one page, no facets",
        "peer_ms": round(statistics.mean(peers), 3),
        "ratio": round(sum(ours) / sum(peers), 2),
        "ratio_words": round(sum(ours) / sum(words), 2),
        "built_s": round(built, 1),
        "questions": {
            text: round(mine / theirs, 2) for (text, _), mine, theirs in zip(QUESTIONS, ours, peers, strict=True)
        },
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of products, with commas")
    parser.add_argument("--repeat", type=int, default=30, help="runs of each question; the median counts")
    parser.add_argument("--json", action="store_true", help="print a JSON list and nothing else")
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    found = [search_line(size, chosen.repeat) for size in sizes]
    found += pages.lines(chosen.repeat, sizes)
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for line in found:
        print("  ".join(f"{name}: {value}" for name, value in line.items()))


if __name__ == "__main__":
    main()
