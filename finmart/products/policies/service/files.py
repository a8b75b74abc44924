"""The project's own policy files, read whole and put together.

``active_policies_2026.csv`` and ``hongfufa_2023_7.csv`` hold the words as they were collected; ``documents.csv`` adds
what a machine needs of each document, ``encoding.jsonl`` the conditions and formulas clause by clause. A clause of a
policy in force is a part of its row's own words, never others.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.types import LANGUAGE_VERSION
from finmart.conditions.validate import expression_problems, problems
from finmart.platform.kernel.money import FEN_PER_WAN
from finmart.products.policies.types.values import Gives, Json, Policy, PolicyClause, Relief

DATA = Path(str(files("finmart.products"))) / "data" / "policies"
#: The expired document of the city, whose clauses have a file of their own.
CITY_AWARDS = "HF7"

Row = Mapping[str, str]


class PolicyFault(ValueError):
    """A line of a policy file cannot be used; the text names file and clause."""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _encodings(path: Path) -> dict[str, list[Json]]:
    """policy → its encoded clauses in their order. Raises ``PolicyFault``."""
    found: dict[str, list[Json]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        entry = json.loads(line)
        if entry.get("version") != LANGUAGE_VERSION:
            raise PolicyFault(f"{path.name}, line {number}: the language's version is not {LANGUAGE_VERSION}")
        _check(entry, f"{path.name}, line {number}")
        found.setdefault(entry["policy"], []).append(entry)
    return found


def _check(entry: Json, where: str) -> None:
    try:
        wrong = [
            *(problems(parse_condition(entry["condition"])) if "condition" in entry else ()),
            *(expression_problems(parse_expression(entry["formula"])) if "formula" in entry else ()),
        ]
    except BadCondition as error:
        wrong = [error]
    if wrong:
        raise PolicyFault(f"{where}: {entry['clause']}: {wrong[0]}")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _names(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def _wan(text: str) -> int | None:
    return int(Decimal(text) * FEN_PER_WAN) if text else None


def _relief(value: Json | None) -> Relief | None:
    if value is None:
        return None
    return Relief(**{**value, "uses": tuple(value["uses"]), "product_types": tuple(value["product_types"])})


def _clause(entry: Json, words: Mapping[str, str], departments: tuple[str, ...], cap: int | None) -> PolicyClause:
    return PolicyClause(
        code=entry["clause"],
        clause_no=words.get("clause_no", ""),
        article_zh=words.get("article", ""),
        beneficiary_zh=words["beneficiary"],
        trigger_zh=words.get("trigger_event", ""),
        rule_zh=words["rule"],
        base_zh=words.get("base", ""),
        eligibility_zh=words.get("eligibility", ""),
        cap=cap,
        cap_scope_zh=words.get("cap_scope", ""),
        stacking_zh=words.get("stacking_rule", ""),
        departments=departments,
        funding_zh=words.get("funding", ""),
        note_zh=words.get("note", ""),
        reading_zh=entry.get("note_zh", ""),
        gives=Gives(entry["gives"]),
        kinds=tuple(entry["kinds"]),
        condition=entry.get("condition"),
        words=tuple(entry.get("words", ())),
        formula=entry.get("formula"),
        valid_from=None,
        valid_to=_day(entry.get("valid_to", "")),
        group=entry.get("group", ""),
        group_cap=entry.get("group_cap"),
        relief=_relief(entry.get("relief")),
    )


def _in_force(row: Row, entry: Json) -> PolicyClause:
    rule = entry["rule_zh"]
    if rule not in row["computable_rule"]:
        raise PolicyFault(f"{entry['clause']}: its words are no part of {row['policy_id']}'s")
    return _clause(entry, {"rule": rule, "beneficiary": row["beneficiary"]}, (), None)


def _award(row: Row, entry: Json) -> PolicyClause:
    return _clause(entry, {**row, "rule": row["formula"]}, _names(row["departments"]), _wan(row["cap_wan"]))


def _policy(about: Row, words: Mapping[str, str], clauses: tuple[PolicyClause, ...]) -> Policy:
    return Policy(
        code=about["code"],
        version=0,
        title_zh=about["title_zh"] or words["title"],
        title_en=about["title_en"],
        doc_no=words["doc_no"],
        levels=_names(about["levels"]),
        departments=_names(about["departments"]),
        valid_from=date.fromisoformat(about["valid_from"]),
        valid_to=_day(about["valid_to"]),
        valid_from_zh=words.get("valid_from", ""),
        valid_to_zh=words.get("valid_to", ""),
        beneficiary_zh=words.get("beneficiary", ""),
        cap_zh=words.get("cap", ""),
        stacking_zh=words.get("stacking", ""),
        evidence_zh=words.get("evidence", ""),
        confidence_zh=words.get("confidence", ""),
        apply_zh=about["apply_zh"],
        clauses=clauses,
    )


def read_policies(folder: Path = DATA) -> tuple[Policy, ...]:
    """Every policy of the files. Raises ``PolicyFault`` naming what cannot be used."""
    try:
        return tuple(_policies(folder))
    except KeyError as error:
        raise PolicyFault(f"the policy files do not agree about {error}") from error


def _policies(folder: Path) -> Iterator[Policy]:
    rows = {row["policy_id"]: row for row in _rows(folder / "active_policies_2026.csv")}
    awards = {row["clause_id"]: row for row in _rows(folder / "hongfufa_2023_7.csv")}
    encoded = _encodings(folder / "encoding.jsonl")
    for about in _rows(folder / "documents.csv"):
        entries = encoded[about["code"]]
        if about["code"] == CITY_AWARDS:
            first = next(iter(awards.values()))
            words = {name: first[name] for name in ("valid_from", "valid_to")} | {"doc_no": first["document"]}
            yield _policy(about, words, tuple(_award(awards[entry["clause"]], entry) for entry in entries))
            continue
        row = rows[about["code"]]
        yield _policy(about, row, tuple(_in_force(row, entry) for entry in entries))
