"""The products' search index: what it is made of, kept in step with what is published, and asked."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from threading import Lock

from finmart.platform.search.factory import open_index
from finmart.platform.search.synonyms import Synonyms, read_synonyms
from finmart.platform.search.types import Field, Hits, IndexMissing, IndexSpec, IndexState, Query
from finmart.products import labels
from finmart.products.catalogue import DATA
from finmart.products.search.documents import SHORT_NAMES, document_of
from finmart.products.types import PublishedProduct

#: Weights: an institution asked for by its name means its own products before those that mention it; else people mostly
#: type a product's name, then what kind it is; the conditions' words decide only between products that are alike.
FIELDS = (
    Field("name", 10.0, short=True),
    Field("institution", 11.0, short=True, proper=True),
    Field("kind", 6.0, short=True),
    Field("traits", 4.0),
    Field("body", 2.0),
)
FACETS = (
    "product_type",
    "institution_kind",
    "subject",
    "guarantee",
    "amount",
    "term",
    "round",
    "stage",
    "recourse",
    "place",
    "online",
    "connected",
    "evidence",
)
#: ``listing`` is the public default order: connected institutions first, then the more completely stated product.
SORTS = ("listing", "amount_max", "term_max", "lowest_interest", "decision_days")
#: Words of the trade that mean the same, lead to others, or say little.
SYNONYMS_FILE = DATA / "search" / "synonyms.csv"

#: Up to this many products an index that fell behind is rebuilt by the search that notices it (well under a
#: second); a larger one waits for its job and serves what it has.
HEAL_AT_ONCE = 5000

#: The engine's index, then the spare one's: more often nothing changes by itself within one search.
HEALING_ATTEMPTS = 3

#: Words that the general dictionary cuts apart.
TRADE_WORDS = (
    *("银税", "税贷", "政采", "政采贷", "农担", "人保", "专精特新", "小巨人", "高新技术企业", "知识产权"),
    *("知识产权质押", "过桥", "倒贷", "转贷", "科贷通", "财园信贷通", "应收账款", "供应链", "担保费"),
    *("农商银行", "随借随还", "先息后本"),
)

_PARTS = re.compile(r"[（）()·,，、\s]+")
_rebuilding = Lock()


@cache
def synonyms() -> Synonyms:
    """The trade's synonyms, as the file has them."""
    return read_synonyms(SYNONYMS_FILE)


@cache
def spec() -> IndexSpec:
    """What the index holds of each product."""
    return IndexSpec("products", FIELDS, FACETS, SORTS, ("amount_min",), synonyms())


def user_words(products: Iterable[PublishedProduct], meanings: Synonyms | None = None) -> set[str]:
    """Names and terms to be kept whole when texts and queries are cut into words."""
    words = {*TRADE_WORDS, *SHORT_NAMES, *(short for names in SHORT_NAMES.values() for short in names.split())}
    words.update((synonyms() if meanings is None else meanings).words)
    for product in products:
        words.update(_PARTS.split(product.name_zh), _PARTS.split(product.institution.name_zh))
        words.update(labels.TYPE_WORDS.get(product.product_type, "").split())
    return {word for word in words if len(word) > 1}


def rebuild(products: Iterable[PublishedProduct], *, note: str) -> int:
    """Write the whole index again; returns how many products it holds."""
    listed = list(products)
    with _rebuilding:
        return _rebuild(listed, note)


def _rebuild(products: Sequence[PublishedProduct], note: str) -> int:
    return open_index(spec()).rebuild(map(document_of, products), words=user_words(products), note=note)


def put(products: Iterable[PublishedProduct], *, gone: Iterable[str], note: str) -> None:
    """Write some products again and take withdrawn ones away. Raises ``IndexMissing``."""
    listed = list(products)
    with _rebuilding:
        open_index(spec()).put(map(document_of, listed), words=user_words(listed), gone=gone, note=note)


def state() -> IndexState | None:
    """How the index that would answer stands; None when there is none."""
    try:
        return open_index(spec()).state()
    except IndexMissing:
        return None


def find(query: Query, products: tuple[PublishedProduct, ...], *, note: str) -> Hits:
    """Search; an index that is missing, damaged or behind ``note`` is first brought up to ``products``.

    Which index answers may change in between: the engine may go away, or come back, and each has an index of its own.
    """
    index = open_index(spec())
    for _attempt in range(HEALING_ATTEMPTS):
        hits = _found(query)
        if hits is not None and (hits.note == note or len(products) > HEAL_AT_ONCE):
            return hits
        with _rebuilding:
            # Whoever waited here for somebody else's rebuilding need not do it again.
            if (stands := state()) is None or stands.note != note:
                _rebuild(products, note)
    return index.find(query)


def _found(query: Query) -> Hits | None:
    try:
        return open_index(spec()).find(query)
    except IndexMissing:
        return None
