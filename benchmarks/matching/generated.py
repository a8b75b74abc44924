"""Products and applicants for the benchmarks of matching, from a fixed seed.

``products(n)``: 6 to 12 conditions each; of every hundred products 30 have an OR group, 20 a condition with
arithmetic, 20 one over a monthly window, 30 two or more variants, 10 a dated list. Bounds are round numbers, as banks
write them. ``applicants(n)``: 25 facts in columns, each known of 85 in a hundred, so that all three values occur.
Blocks of applicants have seeds of their own: the first thousand are the same whether a thousand or a million are made.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.json_form import parse_expression
from finmart.conditions.types import FactValue, Value
from finmart.matching.engine.inputs import (
    ApplicantFacts,
    Clause,
    DemandNeed,
    Json,
    OfferFee,
    ProductOffer,
    VariantOffer,
)
from finmart.matching.engine.json_form import clause

SEED = 20261121
WAN = 1_000_000
PPM = 1_000_000
TODAY = date(2026, 11, 21)
MONTHS = 36
BLOCK = 65_536
#: Of a hundred applicants so many have each fact.
KNOWN = 0.85

#: fact → the bounds that conditions state; applicants' values spread around them.
NUMBERS: dict[str, tuple[int, ...]] = {
    "annual_revenue": tuple(n * WAN for n in (50, 100, 200, 300, 500, 800, 1000, 2000, 3000, 5000)),
    "annual_tax": tuple(n * WAN for n in (1, 2, 3, 5, 8, 10, 20, 30, 50)),
    "sales_12m": tuple(n * WAN for n in (30, 50, 100, 150, 200, 300, 500, 1000, 2000)),
    "loans_outstanding": tuple(n * WAN for n in (50, 100, 200, 300, 500, 1000)),
    "total_assets": tuple(n * WAN for n in (100, 300, 500, 1000, 2000, 5000)),
    "net_profit": tuple(n * WAN for n in (0, 5, 10, 30, 50, 100)),
    "employees": (3, 5, 10, 20, 50, 100, 300),
    "credit_queries_6m": (2, 3, 4, 5, 6, 8, 10),
    "overdue_count_24m": (0, 1, 2, 3, 4, 6),
    "lending_institutions": (1, 2, 3, 4, 5, 6),
    "controller.age": (18, 20, 22, 25, 55, 60, 65, 70),
    "months_established": (6, 12, 18, 24, 36, 60),
    "debt_to_assets": tuple(n * 10_000 for n in (50, 60, 65, 70, 75, 80)),
}
#: Facts of which less is better.
AT_MOST = frozenset({"loans_outstanding", "credit_queries_6m", "overdue_count_24m", "lending_institutions"}) | {
    "debt_to_assets"
}
CODES: dict[str, tuple[str, ...]] = {
    "tax_grade": ("A", "B", "M", "C", "D"),
    "subject_kind": ("enterprise", "individual_business", "farmer", "cooperative"),
    "firm_size": ("large", "medium", "small", "micro"),
    "industry": ("A0111", "C1351", "C3911", "E4710", "F5191", "F5292", "G5431", "I6513", "L7211", "O8111"),
    "registered_region": ("360102", "360103", "360111", "360112", "360113", "360121", "360123", "360124", "360000"),
}
#: What conditions ask of the two facts that lie inside each other.
SECTIONS = ("A", "C", "E", "F", "G", "I", "C13", "C39", "F51", "F52")
PLACES = ("360100", "360000", "360102", "360111", "360113", "360121", "NC-GX")
SET = "qualifications"
SET_CODES = ("tech_enterprise", "tech_sme", "high_tech", "specialised_new", "little_giant", "gazelle")
FLAGS = ("bad_credit_record", "judgment_debtor", "institution_relation.corporate_account")
SERIES = ("sales_monthly", "tax_monthly")
ENTRY = "high_tech_valid_until"
FACTS = (*NUMBERS, *CODES, SET, *FLAGS, *SERIES, ENTRY)
NEED = DemandNeed(100 * WAN, 360, ("credit", "guarantee"), "working_capital", "360100", TODAY)


def _fact(key: str) -> Json:
    return {"fact": key}


def _bound(chosen: random.Random) -> Json:
    key = chosen.choice(tuple(NUMBERS))
    operator = "le" if key in AT_MOST else "ge"
    return {operator: [_fact(key), {"value": chosen.choice(NUMBERS[key])}]}


def _codes(chosen: random.Random) -> Json:
    key = chosen.choice((*CODES, SET))
    if key == "industry":
        return {"industry_in": [_fact(key), sorted(chosen.sample(SECTIONS, chosen.randint(1, 4)))]}
    if key == "registered_region":
        return {"region_in": [_fact(key), sorted(chosen.sample(PLACES, chosen.randint(1, 2)))]}
    if key == SET:
        operator = chosen.choice(("has_any", "has_none", "has_all"))
        return {operator: [_fact(key), sorted(chosen.sample(SET_CODES, chosen.randint(1, 2)))]}
    return {"in": [_fact(key), sorted(chosen.sample(CODES[key], chosen.randint(1, 3)))]}


def _plain(chosen: random.Random) -> Json:
    kind = chosen.random()
    if kind < 0.60:
        return _bound(chosen)
    if kind < 0.85:
        return _codes(chosen)
    key = chosen.choice(FLAGS)
    return {"is": [_fact(key), key == FLAGS[-1]]}


def _several(chosen: random.Random, wanted: int) -> list[Json]:
    """Different plain conditions."""
    found: list[Json] = []
    while len(found) < wanted:
        one = _plain(chosen)
        if one not in found:
            found.append(one)
    return found


def _group(chosen: random.Random) -> Json:
    """Mostly "one of these"; sometimes k of n, an exception, or a group inside another."""
    parts = _several(chosen, chosen.randint(2, 4))
    kind = chosen.random()
    if kind < 0.70:
        return {"any": parts}
    if kind < 0.80:
        return {"at_least": [2, _several(chosen, 4)]}
    if kind < 0.90:
        return {"unless": parts[:2]}
    return {"any": [{"all": parts[:2]}, {"not": parts[-1]}]}


def _arithmetic(chosen: random.Random) -> Json:
    times = {"value": chosen.choice((2, 3, 5, 8, 10, 12))}
    kind = chosen.randrange(4)
    if kind == 0:
        return {"lt": [{"times": [_fact("loans_outstanding"), times]}, _fact("sales_12m")]}
    if kind == 1:
        share = {"divide": [_fact("loans_outstanding"), _fact("total_assets")]}
        return {"le": [share, {"value": chosen.choice((40, 50, 60, 70)) * 10_000}]}
    if kind == 2:
        more = {"plus": [_fact("sales_12m"), {"times": [_fact("annual_tax"), times]}]}
        return {"ge": [more, {"value": chosen.choice((200, 500, 1000)) * WAN}]}
    least = {"min": [_fact("annual_revenue"), _fact("sales_12m")]}
    return {"ge": [least, {"value": chosen.choice((100, 200, 500)) * WAN}]}


def _window(chosen: random.Random) -> Json:
    series, months = chosen.choice(SERIES), chosen.choice((3, 6, 12, 24))
    of = chosen.choice(("sum", "mean", "count", "longest_gap", "growth", "covers"))
    window = {"window": {"series": series, "months": months, "of": of}}
    if of in {"sum", "mean"}:
        return {"ge": [window, {"value": chosen.choice((1, 5, 10, 50, 100)) * WAN}]}
    if of == "growth":
        return {"ge": [window, {"value": chosen.choice((-300_000, -200_000, 0, 100_000))}]}
    if of == "longest_gap":
        return {"le": [window, {"value": chosen.choice((1, 2, 3))}]}
    return {"ge": [window, {"value": max(1, months - chosen.randrange(3))}]}


def _dated_list(chosen: random.Random) -> Json:
    return {"on_list": {**_fact(ENTRY), "remaining_months": chosen.choice((0, 3, 6, 12))}}


def _conditions(chosen: random.Random) -> list[Json]:
    special = [
        made(chosen)
        for made, share in ((_group, 0.30), (_arithmetic, 0.20), (_window, 0.20), (_dated_list, 0.10))
        if chosen.random() < share
    ]
    return [*_several(chosen, chosen.randint(6, 12) - len(special)), *special]


def _clause(number: int, condition: Json, *, required: bool) -> Clause:
    document = {
        "key": f"clause:{number}",
        "origin": f"clause:{number}",
        "condition": condition,
        "required": required,
        "text": "",
    }
    return clause(document)


def _limit(chosen: random.Random) -> Json | None:
    kind = chosen.random()
    if kind < 0.10:
        return {"times": [{"value": chosen.choice((5, 8, 10, 20))}, _fact("annual_tax")]}
    if kind < 0.15:
        part = {"times": [{"value": chosen.choice((100_000, 200_000, 300_000)), "unit": "ratio"}, _fact("sales_12m")]}
        return {"minus": [part, _fact("loans_outstanding")]}
    return None


def _variant(chosen: random.Random, key: str, conditions: list[Json]) -> VariantOffer:
    least = chosen.choice((300, 335, 365, 390, 435, 500, 680)) * 100
    limit = _limit(chosen)
    fees: tuple[OfferFee, ...] = ()
    if chosen.random() < 0.2:
        fees = (OfferFee("guarantee", chosen.choice((5_000, 10_000, 15_000)), "year", "borrower"),)
    return VariantOffer(
        key=key,
        amount_min=chosen.choice((None, None, 10 * WAN, 50 * WAN)),
        amount_max=chosen.choice((None, 30 * WAN, 50 * WAN, 100 * WAN, 300 * WAN, 500 * WAN, 1000 * WAN)),
        term_min_days=chosen.choice((None, None, 30, 90)),
        term_max_days=chosen.choice((None, 180, 360, 720, 1080, 1800)),
        rate_min=chosen.choice((None, least, least, least)),
        rate_max=chosen.choice((None, least + chosen.randint(0, 20) * 1000)),
        guarantee_modes=tuple(
            sorted(chosen.sample(("credit", "joint", "guarantee", "pledge", "mortgage"), chosen.randint(0, 3)))
        ),
        repayment_modes=chosen.choice(((), ("equal_instalment",), ("interest_only",))),
        clauses=tuple(
            _clause(number, condition, required=chosen.random() < 0.85)
            for number, condition in enumerate(conditions, start=1)
        ),
        limit=None if limit is None else parse_expression(limit),
        fees=fees,
    )


def product(number: int, edition: int = 1) -> ProductOffer:
    """The product ``number``; another ``edition`` of it has other conditions and terms (what an editor would save)."""
    chosen = random.Random(f"{SEED}/{number}/{edition}")
    conditions = _conditions(chosen)
    ways = chosen.randint(2, 4) if chosen.random() < 0.30 else 1
    variants = [_variant(chosen, "standard", conditions)]
    for way in range(1, ways):
        # Another way to the same product: most conditions stand, one is its own.
        own = [*conditions[1:], _plain(chosen)]
        variants.append(_variant(chosen, f"way_{way}", own))
    return ProductOffer(
        code=f"P{number:05d}",
        version=edition,
        institution=f"bank_{number % 90}",
        connected=number % 3 == 0,
        product_type=chosen.choice(("credit_loan", "tax_loan", "mortgage_loan")),
        evidence_tier=chosen.choice(("official_institution", "government", "media", "seed")),
        decision_days=chosen.choice((None, 1, 3, 7)),
        words=chosen.choice((0, 0, 0, 1, 2, 3)),
        purposes=chosen.choice(((), (), (), ("working_capital",), ("equipment",))),
        variants=tuple(variants),
    )


def products(size: int) -> tuple[ProductOffer, ...]:
    """The first ``size`` products."""
    return tuple(map(product, range(size)))


@dataclass(frozen=True)
class Applicants:
    """Facts of ``size`` applicants in columns; ``known[key]`` is true where the fact is known.

    ``numbers``: int64 in the fact's unit. ``codes``: int16, place in ``CODES[key]``. ``sets``: uint8, bit i for
    ``SET_CODES[i]``. ``flags``: bool. ``series``: int64 (size, MONTHS), the latest month first, with ``lengths`` int16.
    ``dates``: int32 ordinals of the last valid day.
    """

    size: int
    known: dict[str, NDArray[np.bool_]]
    numbers: dict[str, NDArray[np.int64]]
    codes: dict[str, NDArray[np.int16]]
    sets: NDArray[np.uint8]
    flags: dict[str, NDArray[np.bool_]]
    series: dict[str, NDArray[np.int64]]
    lengths: dict[str, NDArray[np.int16]]
    dates: NDArray[np.int32]


def _numbers(made: np.random.Generator, key: str, size: int) -> NDArray[np.int64]:
    """Values around the bounds: between two of them, or exactly one, which is where mistakes show."""
    bounds = np.array(NUMBERS[key], dtype=np.int64)
    near = bounds[made.integers(0, len(bounds), size)]
    spread = (near * made.uniform(0.3, 3.0, size)).astype(np.int64)
    return np.where(made.random(size) < 0.25, near, spread)


def block(number: int, size: int = BLOCK) -> Applicants:
    """The first ``size`` applicants of block ``number``."""
    made = np.random.default_rng([SEED, number])
    known = {key: made.random(BLOCK) < KNOWN for key in FACTS}
    numbers = {key: _numbers(made, key, BLOCK) for key in NUMBERS}
    codes = {key: made.integers(0, len(each), BLOCK).astype(np.int16) for key, each in CODES.items()}
    sets = (made.integers(0, 1 << len(SET_CODES), BLOCK) & made.integers(0, 1 << len(SET_CODES), BLOCK)).astype(
        np.uint8
    )
    flags = {key: made.random(BLOCK) < 0.1 for key in FLAGS}
    series = {key: _months(made) for key in SERIES}
    lengths = {key: made.integers(0, MONTHS + 1, BLOCK).astype(np.int16) for key in SERIES}
    dates = (TODAY.toordinal() + made.integers(-400, 900, BLOCK)).astype(np.int32)
    whole = Applicants(BLOCK, known, numbers, codes, sets, flags, series, lengths, dates)
    return whole if size == BLOCK else part(whole, size)


def _months(made: np.random.Generator) -> NDArray[np.int64]:
    usual = made.integers(1, 80, (BLOCK, 1)) * (WAN // 2)
    months = (usual * made.uniform(0.5, 1.5, (BLOCK, MONTHS))).astype(np.int64)
    return np.where(made.random((BLOCK, MONTHS)) < 0.12, 0, months)


def part(whole: Applicants, size: int) -> Applicants:
    """The first ``size`` applicants of ``whole``."""
    return Applicants(
        size,
        {key: column[:size] for key, column in whole.known.items()},
        {key: column[:size] for key, column in whole.numbers.items()},
        {key: column[:size] for key, column in whole.codes.items()},
        whole.sets[:size],
        {key: column[:size] for key, column in whole.flags.items()},
        {key: column[:size] for key, column in whole.series.items()},
        {key: column[:size] for key, column in whole.lengths.items()},
        whole.dates[:size],
    )


def blocks(size: int) -> Iterator[Applicants]:
    """``size`` applicants, block by block."""
    for number in range(-(-size // BLOCK)):
        yield block(number, min(BLOCK, size - number * BLOCK))


def _value(found: Applicants, key: str, row: int) -> Value:
    if key in found.numbers:
        return int(found.numbers[key][row])
    if key in found.codes:
        return CODES[key][int(found.codes[key][row])]
    if key == SET:
        bits = int(found.sets[row])
        return tuple(code for bit, code in enumerate(SET_CODES) if bits >> bit & 1)
    if key in found.flags:
        return bool(found.flags[key][row])
    if key in found.series:
        return tuple(int(value) for value in found.series[key][row, : found.lengths[key][row]])
    return date.fromordinal(int(found.dates[row]))


def facts_of(found: Applicants, row: int) -> ApplicantFacts:
    """One applicant as the engines take it."""
    known: dict[str, Any] = {key: _value(found, key, row) for key in FACTS if found.known[key][row]}
    return ApplicantFacts({key: FactValue(value, TODAY, "generated", "computed") for key, value in known.items()})
