"""Words to an FTS5 expression, as data that can be tested. Every token of the user stands in quotes."""

from collections.abc import Sequence

from finmart.platform.search.types import IndexSpec
from finmart.platform.search.words import LOAN, Parsed, pieces


def quoted(token: str) -> str:
    """``token`` as an FTS5 string: nothing in it can be an operator."""
    return '"' + token.replace('"', '""') + '"'


def _columns(names: Sequence[str]) -> str:
    return "{" + " ".join(names) + "}"


def _character(term: str, spec: IndexSpec) -> str:
    short = [f"{field.name}_chars" for field in spec.fields if field.short]
    return f"{_columns(short)} : {quoted(term)}"


def _term(term: str, stem: str, spec: IndexSpec) -> str:
    """One term: as a word, or as a run of characters inside some text, or as its stem said of a loan.

    A single Chinese character is looked for in the short fields only: in long ones nearly every text has it. A Latin
    word of two letters or more also finds the words that begin with it.
    """
    parts = pieces(term)
    if len(term) == 1 and not term.isascii():
        return _character(term, spec)
    if len(parts) == 1:
        return f"{quoted(term)} *" if len(term) > 1 and not term.isdigit() else quoted(term)
    ways = [quoted(term), quoted(" ".join(parts))]
    if stem:
        ways.append(f"({quoted(stem)} AND {_character(LOAN, spec)})")
    return f"({' OR '.join(ways)})"


def expression(parsed: Parsed, spec: IndexSpec, *, every: bool) -> str:
    """The FTS5 expression for all (``every``) or any of the query's terms; empty when there are none."""
    glue = " AND " if every else " OR "
    return glue.join(_term(term, parsed.stems.get(term, ""), spec) for term in parsed.terms)
