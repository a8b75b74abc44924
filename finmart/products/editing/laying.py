"""A filled-in sheet laid over a product: what was touched changes, everything else stays exactly as it was."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from finmart.products import columns
from finmart.products.charging import particular_fees
from finmart.products.editing import indexes
from finmart.products.editing.sheet import CONDITIONS, INDEXED, SHARED, WAY, Sheet, column_of, own_fees, sheet_of
from finmart.products.particulars.cells import values_of
from finmart.products.particulars.kinds import KINDS, Particulars, specs
from finmart.products.types import AdmissionClause, Fee, InstitutionRef, PublishedProduct, Variant, Words
from finmart.reference import lpr
from finmart.reference.lpr import IndexTable
from finmart.reference.repayment import Method

#: What a version by the institution itself says about where it comes from.
OWN_TIER = "official_institution"
OWN_SOURCE = "机构在本平台填写并经复核"
CONDITION = "condition"
BORROWER = "borrower"
#: cell of a way → what it is of a variant, and how it is read
_READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "amount_min_wan": ("amount_min", columns.money),
    "amount_max_wan": ("amount_max", columns.money),
    "term_min_months": ("term_min", columns.term),
    "term_max_months": ("term_max", columns.term),
    "rate_min_pct": ("rate_min", columns.rate),
    "rate_max_pct": ("rate_max", columns.rate),
    "guarantee_modes": ("guarantee_modes", columns.codes),
}
_METHODS = frozenset(method.value for method in Method)


def blank(code: str, institution: InstitutionRef, *, on: date) -> PublishedProduct:
    """A new product of ``institution`` that states nothing yet."""
    return PublishedProduct(
        code=code,
        version=0,
        name_zh="",
        name_en="",
        institution=institution,
        product_type="",
        variants=(Variant("standard", "标准", "Standard"),),
        words=(),
        notes=(),
        stated_fields=frozenset({"institution_zh"}),
        evidence_tier=OWN_TIER,
        source=OWN_SOURCE,
        recorded_on=on,
        decision_days=None,
        online_level="",
    )


def _touched(before: Mapping[str, str], after: Mapping[str, str], names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in names if before[name] != after[name].strip())


def _terms(variant: Variant, before: Mapping[str, str], cells: Mapping[str, str], table: IndexTable) -> Variant:
    """The terms of one way, each as it was unless its cell was touched."""
    touched = _touched(before, cells, WAY)
    if touched & frozenset(INDEXED):
        variant = _indexed(variant, cells, table)
    for name in WAY:
        if name in touched and name in _READERS and not (variant.indexed and name.startswith("rate_")):
            attribute, read = _READERS[name]
            variant = replace(variant, **{attribute: read(cells[name])})
    return variant


def _indexed(variant: Variant, cells: Mapping[str, str], table: IndexTable) -> Variant:
    """``variant`` priced by the index that ``cells`` state; by none, its rates are what their own cells say."""
    indexed = indexes.resolved(cells, table)
    if indexed is None:
        low, high = columns.rate(cells["rate_min_pct"]), columns.rate(cells["rate_max_pct"])
    else:
        low, high = indexed.over(indexed.spread_min), indexed.over(indexed.spread_max)
    return replace(variant, indexed=indexed, rate_min=low, rate_max=high)


def _shared_terms(variant: Variant, cells: Mapping[str, str], touched: frozenset[str]) -> Variant:
    if "rate_kind" in touched:
        variant = replace(variant, rate_kind="fee" if cells["rate_kind"] == "fee" else "interest")
    if "repayment_modes" in touched:
        modes = tuple(
            word if word in _METHODS else columns.repayment(word) for word in columns.codes(cells["repayment_modes"])
        )
        variant = replace(variant, repayment_modes=modes)
    if "collateral_kinds" in touched:
        variant = replace(variant, collateral_kinds=columns.codes(cells["collateral_kinds"]))
    return variant


def _clauses(variant: Variant, cells: Mapping[str, str], touched: frozenset[str]) -> tuple[AdmissionClause, ...]:
    """Conditions of columns in the order of the columns, then all others as they were."""
    if not touched & frozenset(CONDITIONS):
        return variant.clauses
    stood = {column_of(clause): clause for clause in variant.clauses}
    stated = {clause.key: clause for clause in columns.column_clauses(cells)}
    kept = {name: stated.get(name) if name in touched else stood.get(name) for name in CONDITIONS}
    others = [clause for clause in variant.clauses if column_of(clause) is None]
    return (*(clause for clause in kept.values() if clause is not None), *others)


def _fee(place: int, cells: Mapping[str, str], before: tuple[Fee, ...], taken: set[str]) -> Fee:
    old = before[place] if place < len(before) else None
    key = old.key if old else next(f"fee_{n}" for n in range(1, 1000) if f"fee_{n}" not in taken)
    taken.add(key)
    label = cells["label_zh"].strip()
    return Fee(
        key=key,
        label_zh=label,
        # The English name belongs to the Chinese one it was given for.
        label_en=old.label_en if old and old.label_zh == label else "",
        rate=columns.rate(cells["rate_pct"]),
        per=cells["per"],
        payer=old.payer if old else BORROWER,
        text_zh=cells["text_zh"].strip(),
    )


def _fees(base: PublishedProduct, sheet: Sheet) -> tuple[Fee, ...]:
    before = own_fees(base.variants[0])
    taken = {fee.key for fee in before} | {columns.COLUMN_FEE}
    return tuple(
        _fee(place, cells, before, taken) for place, cells in enumerate(sheet.fees) if cells["label_zh"].strip()
    )


def _words(base: PublishedProduct, texts: tuple[str, ...]) -> tuple[Words, ...]:
    """Clauses in words: one that stood already keeps its number, a new one is counted after all others."""
    stood = {words.text_zh: words for words in base.words}
    numbers = [words.number for words in (*base.words, *base.notes)]
    numbers += [int(c.origin.partition(":")[2]) for v in base.variants for c in v.clauses if c.origin[:7] == "clause:"]
    last = max(numbers, default=0)
    found = []
    for text in dict.fromkeys(filter(None, (text.strip() for text in texts))):
        if text not in stood:
            last += 1
        found.append(stood.get(text) or Words(last, CONDITION, text))
    return tuple(found)


def _stated(base: PublishedProduct, before: Sheet, sheet: Sheet) -> frozenset[str]:
    """The columns that are stated: a touched one is, unless it was emptied."""
    stated = set(base.stated_fields)
    for name in _touched(before.cells, sheet.cells, SHARED) - {"rate_kind"}:
        (stated.add if sheet.cells[name].strip() else stated.discard)(name)
    for name in WAY:
        was, are = ({way[name].strip() for way in ways} - {""} for ways in (before.ways, sheet.ways))
        if was != are:
            (stated.add if are else stated.discard)(name)
    ends = (("rate_min_pct", "spread_min_bp"), ("rate_max_pct", "spread_max_bp"))
    stated |= {rate for rate, spread in ends if any(way[spread].strip() for way in sheet.ways)}
    if before.words != sheet.words and sheet.words:
        stated.add("other_conditions_zh")
    return frozenset(stated)


def _particulars(base: PublishedProduct, before: Sheet, sheet: Sheet) -> Particulars | None:
    """What the sheet states of its type; of another type than before, only what it states of the new one."""
    kind = sheet.cells["product_type"]
    if kind == base.product_type and dict(sheet.particulars) == dict(before.particulars):
        return base.particulars
    values = values_of(specs(kind).values(), sheet.particulars)
    return KINDS[kind](**values) if values else None


def laid_over(base: PublishedProduct, sheet: Sheet, *, on: date, table: IndexTable | None = None) -> PublishedProduct:
    """``base`` with what ``sheet`` says; ``on`` is the day of writing. The sheet must be free of faults.

    ``table`` holds the indexes that rates may follow; without one, those that come with the project.

    Clauses, formulas, notes and ways that the sheet cannot hold are carried over unchanged.
    """
    before = sheet_of(base)
    cells = sheet.cells
    touched = _touched(before.cells, cells, SHARED)
    fees = own_fees(base.variants[0]) if sheet.fees == before.fees else _fees(base, sheet)
    held = _particulars(base, before, sheet)
    quotes = table or lpr.published()
    variants = []
    for variant, stood, way in zip(base.variants, before.ways, sheet.ways, strict=True):
        changed = _shared_terms(_terms(variant, stood, way, quotes), cells, touched)
        changed = replace(changed, clauses=_clauses(variant, cells, touched))
        variants.append(
            replace(changed, fees=(*columns.column_fees(changed), *particular_fees(held, changed, fees), *fees))
        )
    return replace(
        base,
        name_zh=cells["name_zh"].strip(),
        name_en=cells["name_en"].strip(),
        product_type=cells["product_type"],
        variants=tuple(variants),
        particulars=held,
        words=_words(base, sheet.words) if sheet.words != before.words else base.words,
        stated_fields=_stated(base, before, sheet),
        evidence_tier=OWN_TIER,
        source=OWN_SOURCE,
        recorded_on=on,
        decision_days=columns.count(cells["decision_days"]),
        online_level=cells["online_level"],
        materials=columns.codes(cells["materials"]),
        policy_program=cells["policy_program"].strip(),
        risk_sharing=cells["risk_sharing"].strip(),
    )
