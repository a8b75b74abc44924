"""The project's own catalogue files, read whole and put together: what 100 institutions state of 196 products.

Blank means "not stated". ``variants.csv`` and ``fees.csv`` hold the terms and fees that clauses in words state beyond
the columns, each naming its clause; ``superseded_columns.csv`` the columns whose bound a clause states together with
its exception, so that the column alone must refuse nobody; ``particulars.jsonl`` what only some types of product
state, each line with the source's own words.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from finmart.products import columns
from finmart.products.charging import particular_fees
from finmart.products.clauses import ClauseFault, ClauseLine, Sorted, read_lines, sort_clauses
from finmart.products.particulars.json_form import load as load_particulars
from finmart.products.particulars.kinds import Particulars
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

Row = Mapping[str, str]


class CatalogueFault(ValueError):
    """A line of a catalogue file cannot be used; the text names file, row and column."""


@dataclass(frozen=True)
class CatalogueFile:
    """All institutions and products of the files; every product's ``version`` is 0 until it is published."""

    institutions: tuple[InstitutionRecord, ...]
    products: tuple[PublishedProduct, ...]


@dataclass(frozen=True)
class _Beside:
    """What stands beside one product's row: encoded clauses, variants, fees, clauses not reprinted, and more."""

    lines: Mapping[str, tuple[ClauseLine, ...]]
    variants: tuple[Row, ...]
    fees: tuple[Row, ...]
    withheld: Mapping[str, str]
    serves: tuple[str, ...]
    particulars: Particulars | None
    materials: tuple[Row, ...] = ()
    superseded: tuple[Row, ...] = ()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_product(path: Path) -> dict[str, tuple[Row, ...]]:
    grouped: dict[str, tuple[Row, ...]] = {}
    for row in _rows(path):
        grouped[row["product_code"]] = (*grouped.get(row["product_code"], ()), row)
    return grouped


def _particulars(path: Path) -> dict[str, dict[str, Any]]:
    """What the file's lines state, by product and field; without the file nothing is stated."""
    found: dict[str, dict[str, Any]] = {}
    texts = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in map(json.loads, texts):
        found.setdefault(line["product_code"], {})[line["field"]] = line["value"]
    return found


def _institution(row: Row) -> InstitutionRecord:
    ref = InstitutionRef(
        row["code"], row["name_zh"], row["name_en"], row["kind"], row["connected"] == "yes", row["region_code"]
    )
    recorded = date.fromisoformat(row["recorded_on"])
    return InstitutionRecord(ref, row["level"], row["city"], row["phone"], recorded)


def _fee(row: Row) -> Fee:
    rate = columns.rate(row["rate_pct"])
    return Fee(row["key"], row["label_zh"], row["label_en"], rate, row["per"], row["payer"], row["clause_zh"])


def _own_clauses(row: Row, beside: _Beside) -> tuple[AdmissionClause, ...]:
    """What only this way of the product asks: the kinds of subject in its row, and the clauses that name it."""
    key, label = row["key"], row["label_zh"]
    stated: list[tuple[Json, str]] = []
    if row["target_subjects"]:
        stated.append(({"in": [{"fact": "subject_kind"}, list(columns.codes(row["target_subjects"]))]}, ""))
    stated += [
        (line.condition, line.note_zh)
        for of_clause in beside.lines.values()
        for line in of_clause
        if line.variant == key and line.condition is not None
    ]
    return tuple(
        AdmissionClause(
            key=f"variant_{key}" if place == 1 else f"variant_{key}_{place}",
            origin=f"variant:{key}",
            condition=condition,
            required=True,
            text_zh=label,
            note_zh=note,
        )
        for place, (condition, note) in enumerate(stated, start=1)
    )


def _overlay(base: Variant, row: Row, beside: _Beside) -> Variant:
    """A stated way to get the product: its own terms over the general ones."""
    rates = row["rate_min_pct"] or row["rate_max_pct"]
    return replace(
        base,
        key=row["key"],
        label_zh=row["label_zh"],
        label_en=row["label_en"],
        guarantee_modes=columns.codes(row["guarantee_modes"]) or base.guarantee_modes,
        amount_min=columns.money(row["amount_min_wan"]) or base.amount_min,
        amount_max=columns.money(row["amount_max_wan"]) or base.amount_max,
        term_max=columns.term(row["term_max_months"]) or base.term_max,
        rate_min=columns.rate(row["rate_min_pct"]) if rates else base.rate_min,
        rate_max=columns.rate(row["rate_max_pct"]) if rates else base.rate_max,
        clauses=(*base.clauses, *_own_clauses(row, beside)),
    )


def _sorted(row: Row, beside: _Beside) -> Sorted:
    terms = {text: "term" for way in beside.variants for text in columns.codes(way["clause_zh"])}
    fees = {fee["clause_zh"]: "fee" for fee in beside.fees}
    return sort_clauses(columns.clauses_in_words(row), beside.lines, terms | fees, beside.withheld)


def _superseded(beside: _Beside) -> frozenset[str]:
    """The columns that a clause takes the place of. Raises ``ValueError`` unless that clause is encoded."""
    for entry in beside.superseded:
        lines = beside.lines.get(entry["clause_zh"], ())
        if entry["column"] not in columns.COLUMN_CONDITIONS or not any(line.condition for line in lines):
            raise ValueError(f"no encoded clause takes the place of {entry['column']}: {entry['clause_zh']}")
    return frozenset(entry["column"] for entry in beside.superseded)


def _variants(row: Row, beside: _Beside, clauses: Sorted) -> tuple[Variant, ...]:
    encoded = (*columns.column_clauses(row, _superseded(beside)), *clauses.encoded)
    base = replace(columns.base_variant(row), clauses=encoded, limit=clauses.limit)
    ways = tuple(_overlay(base, way, beside) for way in beside.variants) or (base,)
    fees = tuple(_fee(fee) for fee in beside.fees)
    held = beside.particulars
    return tuple(
        replace(way, fees=(*columns.column_fees(way), *particular_fees(held, way, fees), *fees)) for way in ways
    )


def _with_figure(note: Words, row: Row) -> Words:
    """The remark that the rate columns are one case's figures, with the figure, which no term may carry."""
    if note.text_zh != columns.CASE_RATE_CLAUSE:
        return note
    return replace(note, text_zh=f"{note.text_zh}：利率{row['rate_min_pct']}%")


def _product(row: Row, institution: InstitutionRef, beside: _Beside) -> PublishedProduct:
    clauses = _sorted(row, beside)
    notes = tuple(_with_figure(note, row) for note in clauses.notes)
    return PublishedProduct(
        code=row["product_code"],
        version=0,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        institution=institution,
        product_type=row["product_type"],
        variants=_variants(row, beside, clauses),
        words=clauses.words,
        notes=notes,
        stated_fields=frozenset(columns.codes(row["stated_fields"])),
        evidence_tier=row["evidence_tier"],
        source=row["source"],
        recorded_on=date.fromisoformat(row["recorded_on"]),
        decision_days=columns.count(row["decision_days"]),
        online_level=row["online_level"],
        policy_program=row["policy_program"],
        risk_sharing=row["risk_sharing"],
        serves=beside.serves,
        particulars=beside.particulars,
        materials=_materials(row, beside),
    )


def _materials(row: Row, beside: _Beside) -> tuple[str, ...]:
    """The papers that clauses name. Raises ``ValueError`` for a clause that the product does not state."""
    stated = columns.clauses_in_words(row)
    for entry in beside.materials:
        if entry["clause_zh"] not in stated:
            raise ValueError(f"no clause states a material: {entry['clause_zh']}")
    return tuple(name for entry in beside.materials for name in columns.codes(entry["materials"]))


def variant_keys(folder: Path = DATA) -> Mapping[str, frozenset[str]]:
    """Product code → the keys of its variants; a product without ways of its own has none."""
    ways = _by_product(folder / "variants.csv")
    codes = [row["product_code"] for row in _rows(folder / "catalogue.csv")]
    return {code: frozenset(way["key"] for way in ways.get(code, ())) for code in codes}


def read_catalogue(folder: Path = DATA) -> CatalogueFile:
    """Read all files of ``folder``. Raises ``CatalogueFault`` naming file, row and what is wrong."""
    try:
        lines = read_lines(folder / "conditions.jsonl")
    except ClauseFault as error:
        raise CatalogueFault(str(error)) from error
    variants, fees = _by_product(folder / "variants.csv"), _by_product(folder / "fees.csv")
    withheld, serves = _by_product(folder / "withheld.csv"), _by_product(folder / "serves.csv")
    institutions = tuple(_institution(row) for row in _rows(folder / "institutions.csv"))
    superseded = _by_product(folder / "superseded_columns.csv")
    particulars, materials = _particulars(folder / "particulars.jsonl"), _by_product(folder / "materials.csv")
    by_code = {record.ref.code: record.ref for record in institutions}
    products = []
    for number, row in enumerate(_rows(folder / "catalogue.csv"), start=2):
        code = row["product_code"]
        beside = _Beside(
            {text: of_clause for (product, text), of_clause in lines.items() if product == code},
            variants.get(code, ()),
            fees.get(code, ()),
            {entry["clause_zh"]: entry["reason_zh"] for entry in withheld.get(code, ())},
            tuple(purpose for entry in serves.get(code, ()) for purpose in columns.codes(entry["serves"])),
            load_particulars(row["product_type"], particulars.get(code)),
            materials.get(code, ()),
            superseded.get(code, ()),
        )
        try:
            products.append(_product(row, by_code[row["institution_code"]], beside))
        except (KeyError, ValueError) as error:
            raise CatalogueFault(f"catalogue.csv, row {number}: {error!r}") from error
    return CatalogueFile(institutions, tuple(products))
