"""A product's clauses in words, each put in its place: encoded, to be confirmed, or shown as a note.

``data/conditions.jsonl`` says which clauses are encoded and of what kind the others are; a clause without a line
stays a condition in words, to be confirmed by the institution (DECISIONS 17).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from finmart.products.columns import CASE_RATE_CLAUSE, FEE_RATE_CLAUSE
from finmart.products.types import AdmissionClause, Json, Words

#: The one kind that says something about eligibility; without an encoding it is words to be confirmed.
CONDITION = "condition"
#: A clause that is not reprinted: the reason stands in its place.
WITHHELD = "withheld"
SEPARATOR = "；"
#: Clauses by which the catalogue speaks about itself, with their kind; a remark on its columns is not shown.
REMARK = "remark"
REMARKS = {FEE_RATE_CLAUSE: REMARK, "rate列为贷款利率": REMARK, "费率为担保费": "fee", CASE_RATE_CLAUSE: "case"}


class ClauseFault(ValueError):
    """A line of ``conditions.jsonl`` cannot be used; the text names its number."""


@dataclass(frozen=True)
class ClauseLine:
    """One line of ``conditions.jsonl``: what kind a clause is, and its encoding where it has one.

    With ``variant`` the condition says who gets that way of the product; the others do not ask for it. With
    ``part_of`` the clause has no encoding of its own: it is said by the condition on the line of that clause number,
    as when a source spreads alternatives over several clauses.
    """

    kind: str
    condition: Json | None
    limit: Json | None
    note_zh: str = ""
    variant: str | None = None
    part_of: int | None = None


Lines = Mapping[tuple[str, str], tuple[ClauseLine, ...]]


@dataclass(frozen=True)
class Sorted:
    """The clauses in words of one product, each in its place."""

    encoded: tuple[AdmissionClause, ...]
    limit: Json | None
    words: tuple[Words, ...]
    notes: tuple[Words, ...]


def read_lines(path: Path) -> Lines:
    """The lines by (product code, clause); without the file no clause is encoded.

    Raises ``ClauseFault`` for a line that does not say what it must.
    """
    found: dict[tuple[str, str], tuple[ClauseLine, ...]] = {}
    texts = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, text in enumerate(texts, start=1):
        try:
            line = json.loads(text)
            key = line["product_code"], line["clause_zh"]
            clause = ClauseLine(
                line["kind"],
                line.get("condition"),
                line.get("limit"),
                line.get("note_zh", ""),
                line.get("variant"),
                line.get("part_of"),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ClauseFault(f"{path.name}, line {number}: {error!r}") from error
        found[key] = (*found.get(key, ()), clause)
    return found


def _encoded(number: int, text: str, lines: Iterable[ClauseLine]) -> list[AdmissionClause]:
    stated = [(line, line.condition) for line in lines if line.condition is not None and line.variant is None]
    return [
        AdmissionClause(
            key=f"clause_{number}" if position == 1 else f"clause_{number}_{position}",
            origin=f"clause:{number}",
            condition=condition,
            required=line.kind == CONDITION,
            text_zh=text,
            note_zh=line.note_zh,
        )
        for position, (line, condition) in enumerate(stated, start=1)
    ]


def _parts(
    numbered: Iterable[tuple[int, str]], lines: Mapping[str, tuple[ClauseLine, ...]]
) -> dict[int, tuple[str, ...]]:
    """Clause number → the texts of the other clauses that its condition says too."""
    found: dict[int, tuple[str, ...]] = {}
    for _number, text in numbered:
        for line in lines.get(text, ()):
            if line.part_of is not None:
                found[line.part_of] = (*found.get(line.part_of, ()), text)
    return found


def _kind(text: str, lines: tuple[ClauseLine, ...], elsewhere: Mapping[str, str]) -> str:
    if text in elsewhere:
        return elsewhere[text]
    if text in REMARKS:
        return REMARKS[text]
    return lines[0].kind if lines else CONDITION


def sort_clauses(
    texts: Iterable[str],
    lines: Mapping[str, tuple[ClauseLine, ...]],
    elsewhere: Mapping[str, str],
    withheld: Mapping[str, str],
) -> Sorted:
    """Put each clause of one product in its place.

    ``lines``: what ``conditions.jsonl`` says of a clause. ``elsewhere``: clauses whose content stands as terms or fees
    already, with their kind. ``withheld``: clauses that are not reprinted, with the reason shown instead.
    """
    encoded: list[AdmissionClause] = []
    words: list[Words] = []
    notes: list[Words] = []
    limit: Json | None = None
    numbered = list(enumerate(texts, start=1))
    parts = _parts(numbered, lines)
    for number, text in numbered:
        of_clause = lines.get(text, ())
        if any(line.part_of is not None for line in of_clause):
            continue
        limit = next((line.limit for line in of_clause if line.limit is not None), limit)
        encoded += _encoded(number, SEPARATOR.join([text, *parts.get(number, ())]), of_clause)
        kind = _kind(text, of_clause, elsewhere)
        if text in withheld:
            notes.append(Words(number, WITHHELD, withheld[text]))
        elif any(line.condition is not None and line.variant is None for line in of_clause):
            continue
        elif kind != CONDITION:
            notes.append(Words(number, kind, text))
        else:
            words.append(Words(number, kind, text))
    return Sorted(tuple(encoded), limit, tuple(words), tuple(notes))
