"""The project's own catalogue files, read whole and put together: what 100 institutions state of 196 products.

Blank means "not stated". ``data/conditions.jsonl`` says which clauses in words are encoded and of what kind the
others are; a clause without a line stays a condition in words, to be confirmed by the institution.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path

from finmart.products import columns
from finmart.products.types import (
    AdmissionClause,
    Fee,
    InstitutionRecord,
    InstitutionRef,
    Json,
    PublishedProduct,
    Variant,
    Words,
)

DATA = Path(str(files("finmart.products"))) / "data"

#: Kinds that say something about eligibility; without an encoding they are words to be confirmed.
ELIGIBILITY_KINDS = frozenset({"condition"})
#: Clauses by which the catalogue speaks about itself.
REMARKS = frozenset({columns.FEE_RATE_CLAUSE, columns.CASE_RATE_CLAUSE, "rate列为贷款利率", "费率为担保费"})


class CatalogueFault(ValueError):
    """A line of a catalogue file cannot be used; the text names file, row and column."""


@dataclass(frozen=True)
class CatalogueFile:
    """All institutions and products of the files; every product's ``version`` is 0 until it is published."""

    institutions: tuple[InstitutionRecord, ...]
    products: tuple[PublishedProduct, ...]


@dataclass(frozen=True)
class ClauseLine:
    """One line of ``conditions.jsonl``: what kind a clause is, and its encoding where it has one."""

    kind: str
    condition: Json | None
    limit: Json | None


Lines = Mapping[tuple[str, str], tuple[ClauseLine, ...]]
Rows = Mapping[str, tuple[Mapping[str, str], ...]]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_product(path: Path) -> Rows:
    grouped: dict[str, tuple[Mapping[str, str], ...]] = {}
    for row in _rows(path):
        grouped[row["product_code"]] = (*grouped.get(row["product_code"], ()), row)
    return grouped


def read_lines(path: Path) -> Lines:
    """The encoded clauses by (product code, clause). Raises ``CatalogueFault`` for a line that is not JSON."""
    found: dict[tuple[str, str], tuple[ClauseLine, ...]] = {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else (), start=1):
        try:
            line = json.loads(text)
            key = line["product_code"], line["clause_zh"]
            clause = ClauseLine(line["kind"], line.get("condition"), line.get("limit"))
        except (ValueError, KeyError, TypeError) as error:
            raise CatalogueFault(f"{path.name}, line {number}: {error}") from error
        found[key] = (*found.get(key, ()), clause)
    return found


def _institution(row: Mapping[str, str]) -> InstitutionRecord:
    ref = InstitutionRef(row["code"], row["name_zh"], row["name_en"], row["kind"], row["connected"] == "yes")
    recorded = date.fromisoformat(row["recorded_on"])
    return InstitutionRecord(ref, row["level"], row["city"], row["region_code"], row["phone"], recorded)


@dataclass(frozen=True)
class _Sorted:
    """The clauses in words of one product, each in its place."""

    encoded: tuple[AdmissionClause, ...]
    limit: Json | None
    words: tuple[Words, ...]
    notes: tuple[Words, ...]


def _kind(text: str, lines: tuple[ClauseLine, ...], as_terms: frozenset[str], as_fees: frozenset[str]) -> str:
    if text in REMARKS:
        return "note"
    if text in as_terms:
        return "term"
    if text in as_fees:
        return "fee"
    return lines[0].kind if lines else "condition"


def _sort_clauses(
    texts: Iterable[str], code: str, lines: Lines, terms: frozenset[str], fees: frozenset[str]
) -> _Sorted:
    encoded: list[AdmissionClause] = []
    words: list[Words] = []
    notes: list[Words] = []
    limit: Json | None = None
    for number, text in enumerate(texts, start=1):
        of_clause = lines.get((code, text), ())
        conditions = [line for line in of_clause if line.condition is not None]
        for position, line in enumerate(conditions):
            key = f"clause_{number}" if position == 0 else f"clause_{number}_{position + 1}"
            required = line.kind != "preference"
            encoded.append(AdmissionClause(key, f"clause:{number}", line.condition or {}, required, text))
        limit = next((line.limit for line in of_clause if line.limit is not None), limit)
        if conditions or any(line.limit is not None for line in of_clause):
            continue
        kind = _kind(text, of_clause, terms, fees)
        (words if kind in ELIGIBILITY_KINDS else notes).append(Words(number, kind, text))
    return _Sorted(tuple(encoded), limit, tuple(words), tuple(notes))


def _fee(row: Mapping[str, str]) -> Fee:
    per = row["per"]
    if per not in ("once", "year", "day"):
        raise CatalogueFault(f"fees.csv, {row['product_code']}: per={per!r}")
    return Fee(
        row["key"], row["label_zh"], row["label_en"], columns.rate(row["rate_pct"]), per, row["payer"], row["clause_zh"]
    )


def _column_fees(variant: Variant) -> tuple[Fee, ...]:
    """The fee that the rate columns state when they hold a fee rate: the upper bound, so that nothing is hidden."""
    highest = variant.rate_max if variant.rate_max is not None else variant.rate_min
    if variant.rate_kind != "fee" or highest is None:
        return ()
    return (Fee("fee_rate", "担保费或保险费", "Guarantee fee or premium", highest, "year", "borrower", ""),)


def _overlay(base: Variant, row: Mapping[str, str]) -> Variant:
    """A stated way to get the product: its own terms over the general ones."""
    own = replace(base, key=row["key"], label_zh=row["label_zh"], label_en=row["label_en"])
    changes: dict[str, object] = {
        "guarantee_modes": columns.codes(row["guarantee_modes"]) or base.guarantee_modes,
        "amount_min": columns.money(row["amount_min_wan"]) or base.amount_min,
        "amount_max": columns.money(row["amount_max_wan"]) or base.amount_max,
        "term_max": columns.term(row["term_max_months"]) or base.term_max,
    }
    if row["rate_min_pct"] or row["rate_max_pct"]:
        changes |= {"rate_min": columns.rate(row["rate_min_pct"]), "rate_max": columns.rate(row["rate_max_pct"])}
    if row["target_subjects"]:
        condition = {"in": [{"fact": "subject_kind"}, list(columns.codes(row["target_subjects"]))]}
        clause = AdmissionClause(f"variant_{row['key']}", f"variant:{row['key']}", condition, True, row["label_zh"])
        changes["clauses"] = (*base.clauses, clause)
    return replace(own, **changes)  # type: ignore[arg-type]  # The mapping holds the fields' own types.


def _product(row: Mapping[str, str], institution: InstitutionRef, extra: "_Extra") -> PublishedProduct:
    code = row["product_code"]
    ways, fee_rows = extra.variants.get(code, ()), extra.fees.get(code, ())
    terms = frozenset(text for way in ways for text in columns.codes(way["clause_zh"]))
    fee_texts = frozenset(fee["clause_zh"] for fee in fee_rows)
    sorted_clauses = _sort_clauses(columns.clauses_in_words(row), code, extra.lines, terms, fee_texts)
    clauses = (*columns.column_clauses(row), *sorted_clauses.encoded)
    base = replace(columns.base_variant(row), clauses=clauses, limit=sorted_clauses.limit)
    variants = tuple(_overlay(base, way) for way in ways) or (base,)
    fees = tuple(_fee(fee) for fee in fee_rows)
    return PublishedProduct(
        code=code,
        version=0,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        institution=institution,
        product_type=row["product_type"],
        variants=tuple(replace(v, fees=(*_column_fees(v), *fees)) for v in variants),
        words=sorted_clauses.words,
        notes=sorted_clauses.notes,
        stated_fields=frozenset(columns.codes(row["stated_fields"])),
        evidence_tier=row["evidence_tier"],
        source=row["source"],
        recorded_on=date.fromisoformat(row["recorded_on"]),
        decision_days=columns.count(row["decision_days"]),
        online_level=row["online_level"],
        policy_program=row["policy_program"],
        risk_sharing=row["risk_sharing"],
    )


@dataclass(frozen=True)
class _Extra:
    """What stands beside the catalogue's rows, by product."""

    lines: Lines
    variants: Rows
    fees: Rows


def read_catalogue(folder: Path = DATA) -> CatalogueFile:
    """Read all files of ``folder``. Raises ``CatalogueFault`` naming file, row and what is wrong."""
    institutions = tuple(_institution(row) for row in _rows(folder / "institutions.csv"))
    by_code = {record.ref.code: record.ref for record in institutions}
    extra = _Extra(
        read_lines(folder / "conditions.jsonl"),
        _by_product(folder / "variants.csv"),
        _by_product(folder / "fees.csv"),
    )
    products = []
    for number, row in enumerate(_rows(folder / "catalogue.csv"), start=2):
        try:
            products.append(_product(row, by_code[row["institution_code"]], extra))
        except (KeyError, ValueError) as error:
            raise CatalogueFault(f"catalogue.csv, row {number}: {error!r}") from error
    return CatalogueFile(institutions, tuple(products))
