"""A published product as a document of the search index."""

from collections.abc import Iterable

from finmart.conditions.json_form import parse_condition
from finmart.conditions.sentence import sentence
from finmart.platform.search.types import Document
from finmart.products import labels, places
from finmart.products.labels import NOT_STATED
from finmart.products.particulars.kinds import specs
from finmart.products.particulars.spec import NUMBERS, SEVERAL, Kind
from finmart.products.types import PublishedProduct, Variant
from finmart.reference import regions

#: Steps people ask for, in 万元 and in months; a product carries every step that it can serve.
AMOUNT_STEPS = (10, 50, 100, 300, 500, 1000)
TERM_STEPS = (1, 6, 12, 24, 36, 60)
FEN_PER_WAN = 1_000_000
DAYS_PER_MONTH = 30
CONNECTED_FIRST = 1000

#: Short names by which people ask for an institution.
SHORT_NAMES = {
    "中国建设银行": "建行",
    "中国工商银行": "工行",
    "中国农业银行": "农行",
    "中国银行": "中行",
    "中国邮政储蓄银行": "邮储 邮储银行 邮政银行",
    "交通银行": "交行",
    "招商银行": "招行",
    "中国光大银行": "光大银行 光大",
    "中信银行": "中信",
    "兴业银行": "兴业",
    "中国农业发展银行": "农发行",
    "中国人民财产保险": "人保 人保财险",
    "农业信贷担保": "农担",
    "江西省农业信贷担保": "江西农担",
    "农商银行": "农商行 农信社",
}
#: facet → the type of product that alone has it, and its particular
OF_TYPE = {"round": ("equity", "rounds"), "stage": ("equity", "stages"), "recourse": ("factoring", "recourse")}
#: Whoever does either can be found under each.
BOTH = {"either": ("with", "without")}
#: What only some products may be had for: clauses whose words people type.
_TELLING = ("column:qualifications_any", "column:industries_include")


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
        **{facet: _of_type(product, *where) for facet, where in OF_TYPE.items()},
    }


def _of_type(product: PublishedProduct, product_type: str, name: str) -> tuple[str, ...]:
    """The codes of one particular; none where the product is of a type that has no such thing."""
    if product.product_type != product_type:
        return ()
    stated = getattr(product.particulars, name, None)
    codes = stated if isinstance(stated, tuple) else (stated,) if stated else ()
    return tuple(each for code in codes for each in BOTH.get(code, (code,))) or (NOT_STATED,)


def _short_names(name: str) -> str:
    return " ".join(short for whole, short in SHORT_NAMES.items() if whole in name)


def _words_of(table: labels.Labels, codes: Iterable[str]) -> str:
    return " ".join(" ".join(labels.label(table, code)) for code in codes)


def _kind(product: PublishedProduct) -> str:
    return " ".join(
        (
            _words_of(labels.PRODUCT_TYPES, (product.product_type,)),
            labels.TYPE_WORDS.get(product.product_type, ""),
            product.policy_program,
        )
    )


def _traits(product: PublishedProduct) -> str:
    """Whom it is for, against what, where, how it is done and repaid, and what opens it."""
    first = product.variants[0]
    telling = (clause for clause in first.clauses if clause.origin in _TELLING)
    return " ".join(
        (
            _words_of(labels.SUBJECT_KINDS, product.target_subjects),
            _words_of(labels.GUARANTEE_MODES, product.guarantee_modes),
            *dict.fromkeys(kind for variant in product.variants for kind in variant.collateral_kinds),
            _words_of(labels.REPAYMENT_MODES, first.repayment_modes),
            _words_of(labels.ONLINE_LEVELS, filter(None, (product.online_level,))),
            *(regions.label(code) for code in product.region_codes),
            *_particulars(product),
            *(sentence(parse_condition(clause.condition), "zh") for clause in telling),
        )
    )


def _particulars(product: PublishedProduct) -> list[str]:
    """What only its type states, as far as it is words: rounds, recourse, items, industries."""
    found = []
    for name, spec in specs(product.product_type).items():
        value = getattr(product.particulars, name, None)
        if value is None or spec.kind in NUMBERS or spec.kind is Kind.FLAG:
            continue
        each = value if spec.kind in SEVERAL else (value,)
        found += [spec.choices[code].zh if code in spec.choices else code for code in each]
    return found


def _body(product: PublishedProduct) -> str:
    clauses = [clause.text_zh for variant in product.variants for clause in variant.clauses]
    variants = [f"{variant.label_zh} {variant.label_en}" for variant in product.variants if len(product.variants) > 1]
    words = [words.text_zh for words in (*product.words, *product.notes)]
    return " ".join(dict.fromkeys((*clauses, *variants, *words, product.risk_sharing)))


def document_of(product: PublishedProduct) -> Document:
    """What the index holds of ``product``."""
    owner = product.institution
    terms = product.overall
    return Document(
        key=product.code,
        texts={
            "name": f"{product.name_zh} {product.name_en}",
            "institution": f"{owner.name_zh} {owner.name_en} {_short_names(owner.name_zh)} {owner.code}",
            "kind": _kind(product),
            "traits": _traits(product),
            "body": _body(product),
        },
        facets=_facets(product),
        numbers={
            "listing": (0 if owner.connected else CONNECTED_FIRST) - len(product.stated_fields),
            "amount_max": terms.amount_max,
            "term_max": product.term_max_days,
            "lowest_interest": product.lowest_interest,
            "decision_days": product.decision_days,
            "amount_min": terms.amount_min,
        },
    )
