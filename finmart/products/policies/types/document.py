"""A policy as the JSON document that a version keeps, and back: nothing is lost either way."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from finmart.products.policies.types.values import Gives, Json, Policy, PolicyClause, Relief

#: The form of the document; raised when a reader of the old form would misread the new one.
FORM = 1


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def dump(policy: Policy) -> Json:
    """The document of ``policy``; its version stands beside it."""
    document: Json = _plain(asdict(policy))
    del document["version"]
    return {"form": FORM, **document}


def fingerprint(document: Json) -> str:
    """SHA-256 over the document: equal documents need no new version."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _relief(value: Json | None) -> Relief | None:
    if value is None:
        return None
    lists = {key: tuple(value[key]) for key in ("uses", "product_types")}
    return Relief(**{**value, **lists})


def _clause(value: Json) -> PolicyClause:
    return PolicyClause(
        **{
            **value,
            **{key: tuple(value[key]) for key in ("departments", "kinds", "words")},
            "gives": Gives(value["gives"]),
            "valid_from": _day(value["valid_from"]),
            "valid_to": _day(value["valid_to"]),
            "relief": _relief(value["relief"]),
        }
    )


def load(document: Json, version: int) -> Policy:
    """The policy that ``document`` holds. Raises ``ValueError`` for a form this code does not know."""
    if document["form"] != FORM:
        raise ValueError(f"a policy document of form {document['form']} is not known here")
    values = {key: value for key, value in document.items() if key != "form"}
    values |= {
        "levels": tuple(document["levels"]),
        "departments": tuple(document["departments"]),
        "valid_from": date.fromisoformat(document["valid_from"]),
        "valid_to": _day(document["valid_to"]),
        "clauses": tuple(_clause(clause) for clause in document["clauses"]),
    }
    return Policy(version=version, **values)
