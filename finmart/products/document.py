"""A published product as the JSON document that a version keeps, and back: nothing is lost either way."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from finmart.platform.kernel.money import Term
from finmart.products.particulars import json_form as particulars
from finmart.products.types import (
    AdmissionClause,
    Fee,
    IndexedRate,
    InstitutionRef,
    Json,
    PublishedProduct,
    Variant,
    Words,
)

#: The form of the document; raised when a reader of the old form would misread the new one.
FORM = 1


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def dump(product: PublishedProduct) -> Json:
    """The document of ``product``; the institution stands in its own table and the number beside the document."""
    document: Json = _plain(asdict(product))
    del document["institution"], document["version"], document["particulars"]
    for variant in document["variants"]:
        # Documents from before there were indexed rates keep their fingerprint.
        if variant["indexed"] is None:
            del variant["indexed"]
    if not document["materials"]:
        # Nor do documents of products that state no materials have any.
        del document["materials"]
    if product.particulars is not None:
        document["particulars"] = particulars.dump(product.particulars)
    return {"form": FORM, **document}


def fingerprint(document: Json) -> str:
    """SHA-256 over the document: equal documents need no new version."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _term(value: Json | None) -> Term | None:
    return Term(**value) if value else None


def _indexed(value: Json | None) -> IndexedRate | None:
    return IndexedRate(**{**value, "on": date.fromisoformat(value["on"])}) if value else None


def _variant(value: Json) -> Variant:
    lists = {key: tuple(value[key]) for key in ("guarantee_modes", "repayment_modes", "collateral_kinds")}
    return Variant(
        **{
            **value,
            **lists,
            "term_min": _term(value["term_min"]),
            "term_max": _term(value["term_max"]),
            "clauses": tuple(AdmissionClause(**clause) for clause in value["clauses"]),
            "fees": tuple(Fee(**fee) for fee in value["fees"]),
            "indexed": _indexed(value.get("indexed")),
        }
    )


def load(document: Json, institution: InstitutionRef, version: int) -> PublishedProduct:
    """The product that ``document`` holds. Raises ``ValueError`` for a form this code does not know."""
    if document["form"] != FORM:
        raise ValueError(f"a product document of form {document['form']} is not known here")
    values = {key: value for key, value in document.items() if key != "form"}
    values |= {
        "variants": tuple(_variant(variant) for variant in document["variants"]),
        "words": tuple(Words(**words) for words in document["words"]),
        "notes": tuple(Words(**words) for words in document["notes"]),
        "stated_fields": frozenset(document["stated_fields"]),
        "serves": tuple(document.get("serves", ())),
        "materials": tuple(document.get("materials", ())),
        "recorded_on": date.fromisoformat(document["recorded_on"]),
        "particulars": particulars.load(document["product_type"], document.get("particulars")),
    }
    return PublishedProduct(institution=institution, version=version, **values)
