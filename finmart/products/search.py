"""Products as documents of the search index, and the index kept in step with what is published."""

import re
from collections.abc import Iterable, Sequence
from threading import Lock

from finmart.platform.search.factory import open_index
from finmart.platform.search.types import Document, Field, Hits, IndexMissing, IndexSpec, IndexState, Query
from finmart.products import labels, places
from finmart.products.labels import NOT_STATED
from finmart.products.types import PublishedProduct, Variant

#: Weights: people mostly type a product's name, then who offers it, then what kind it is; the conditions' words
#: decide only between products that are otherwise alike.
FIELDS = (
    Field("name", 10.0, short=True),
    Field("institution", 5.0, short=True),
    Field("kind", 4.0, short=True),
    Field("body", 1.0),
)
FACETS = (
    "product_type",
    "institution_kind",
    "subject",
    "guarantee",
    "amount",
    "term",
    "place",
    "online",
    "connected",
    "evidence",
)
#: ``listing`` is the public default order: connected institutions first, then the more completely stated product.
SORTS = ("listing", "amount_max", "term_max", "lowest_interest", "decision_days")
SPEC = IndexSpec("products", FIELDS, FACETS, SORTS)

#: Steps people ask for, in 万元 and in months; a product carries every step that it can serve.
AMOUNT_STEPS = (10, 50, 100, 300, 500, 1000)
TERM_STEPS = (1, 6, 12, 24, 36, 60)
FEN_PER_WAN = 1_000_000
DAYS_PER_MONTH = 30
CONNECTED_FIRST = 1000

#: Up to this many products an index that fell behind is rebuilt by the search that notices it (well under a
#: second); a larger one waits for its job and serves what it has.
HEAL_AT_ONCE = 5000

#: The engine's index, then the spare one's: more often nothing changes by itself within one search.
HEALING_ATTEMPTS = 3

#: Short names by which people ask for an institution.
SHORT_NAMES = {
    "中国建设银行": "建行",
    "中国工商银行": "工行",
    "中国农业银行": "农行",
    "中国银行": "中行",
    "中国邮政储蓄银行": "邮储 邮政银行",
    "交通银行": "交行",
    "招商银行": "招行",
    "中国农业发展银行": "农发行",
    "中国人民财产保险": "人保",
    "农业信贷担保": "农担",
}
#: Words that the general dictionary cuts apart.
TRADE_WORDS = (
    *("银税", "税贷", "政采", "政采贷", "农担", "人保", "专精特新", "小巨人", "高新技术企业", "知识产权"),
    *("知识产权质押", "过桥", "倒贷", "转贷", "科贷通", "财园信贷通", "应收账款", "供应链", "担保费"),
    *("农商银行", "随借随还", "先息后本"),
)

_PARTS = re.compile(r"[（）()·,，、\s]+")
_rebuilding = Lock()


def _steps(stated: bool, served: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(step) for step in served) if stated else (NOT_STATED,)


def serves_amount(variant: Variant, fen: int) -> bool:
    """Whether ``fen`` lies within the stated amounts of ``variant``."""
    return variant.amount_max is not None and (variant.amount_min or 0) <= fen <= variant.amount_max


def _amounts(product: PublishedProduct) -> tuple[str, ...]:
    served = (s for s in AMOUNT_STEPS if any(serves_amount(v, s * FEN_PER_WAN) for v in product.variants))
    return _steps(product.amount_max is not None, served)


def _terms(product: PublishedProduct) -> tuple[str, ...]:
    longest = product.term_max_days
    return _steps(longest is not None, (s for s in TERM_STEPS if s * DAYS_PER_MONTH <= (longest or 0)))


def _facets(product: PublishedProduct) -> dict[str, tuple[str, ...]]:
    unstated = (NOT_STATED,)
    return {
        "product_type": (product.product_type,),
        "institution_kind": (product.institution.kind,),
        "subject": product.target_subjects or unstated,
        "guarantee": product.guarantee_modes or unstated,
        "amount": _amounts(product),
        "term": _terms(product),
        "place": places.open_to(product.region_codes, product.institution.region),
        "online": (product.online_level,) if product.online_level else unstated,
        "connected": ("yes" if product.institution.connected else "no",),
        "evidence": (product.evidence_tier,),
    }


def _short_names(name: str) -> str:
    return " ".join(short for whole, short in SHORT_NAMES.items() if whole in name)


def _words_of(table: labels.Labels, codes: Iterable[str]) -> str:
    return " ".join(" ".join(labels.label(table, code)) for code in codes)


def _kind(product: PublishedProduct) -> str:
    return " ".join(
        (
            _words_of(labels.PRODUCT_TYPES, (product.product_type,)),
            labels.TYPE_WORDS.get(product.product_type, ""),
            _words_of(labels.SUBJECT_KINDS, product.target_subjects),
            _words_of(labels.GUARANTEE_MODES, product.guarantee_modes),
            product.policy_program,
        )
    )


def _body(product: PublishedProduct) -> str:
    clauses = [clause.text_zh for variant in product.variants for clause in variant.clauses]
    variants = [f"{variant.label_zh} {variant.label_en}" for variant in product.variants if len(product.variants) > 1]
    collateral = [kind for variant in product.variants for kind in variant.collateral_kinds]
    repayment = _words_of(labels.REPAYMENT_MODES, product.variants[0].repayment_modes)
    words = [words.text_zh for words in (*product.words, *product.notes)]
    online = _words_of(labels.ONLINE_LEVELS, filter(None, (product.online_level,)))
    return " ".join(dict.fromkeys((*clauses, *variants, *collateral, repayment, *words, online, product.risk_sharing)))


def document_of(product: PublishedProduct) -> Document:
    """What the index holds of ``product``."""
    owner = product.institution
    return Document(
        key=product.code,
        texts={
            "name": f"{product.name_zh} {product.name_en}",
            "institution": f"{owner.name_zh} {owner.name_en} {_short_names(owner.name_zh)}",
            "kind": _kind(product),
            "body": _body(product),
        },
        facets=_facets(product),
        numbers={
            "listing": (0 if owner.connected else CONNECTED_FIRST) - len(product.stated_fields),
            "amount_max": product.amount_max,
            "term_max": product.term_max_days,
            "lowest_interest": product.lowest_interest,
            "decision_days": product.decision_days,
        },
    )


def user_words(products: Iterable[PublishedProduct]) -> set[str]:
    """Names and terms to be kept whole when texts and queries are cut into words."""
    words = {*TRADE_WORDS, *SHORT_NAMES}
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
    return open_index(SPEC).rebuild(map(document_of, products), words=user_words(products), note=note)


def put(products: Iterable[PublishedProduct], *, gone: Iterable[str], note: str) -> None:
    """Write some products again and take withdrawn ones away. Raises ``IndexMissing``."""
    listed = list(products)
    with _rebuilding:
        open_index(SPEC).put(map(document_of, listed), words=user_words(listed), gone=gone, note=note)


def state() -> IndexState | None:
    """How the index that would answer stands; None when there is none."""
    try:
        return open_index(SPEC).state()
    except IndexMissing:
        return None


def find(query: Query, products: tuple[PublishedProduct, ...], *, note: str) -> Hits:
    """Search; an index that is missing, damaged or behind ``note`` is first brought up to ``products``.

    Which index answers may change in between: the engine may go away, or come back, and each has an index of its own.
    """
    index = open_index(SPEC)
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
        return open_index(SPEC).find(query)
    except IndexMissing:
        return None
