"""Words to an FTS5 expression, as data that can be tested. Every token of the user stands in quotes."""

from collections.abc import Sequence

from finmart.platform.search.normal import pairs
from finmart.platform.search.types import IndexSpec
from finmart.platform.search.words import Parsed, Term

#: Where words, pairs of characters and sounds stand in the table.
SOUNDS = "sounds"


def quoted(token: str) -> str:
    """``token`` as an FTS5 string: nothing in it can be an operator."""
    return '"' + token.replace('"', '""') + '"'


def columns_of(spec: IndexSpec) -> list[str]:
    """The columns of the table: each field's words and its pairs of characters, then all sounds."""
    return [*(column for field in spec.fields for column in (field.name, f"{field.name}_chars")), SOUNDS]


def _columns(names: Sequence[str]) -> str:
    return "{" + " ".join(names) + "}"


def _run(text: str, spec: IndexSpec) -> list[str]:
    """``text`` as a word and as a part of a text; one Chinese character is looked for in the short fields only."""
    if len(text) == 1:
        return [f"{_columns([f'{field.name}_chars' for field in spec.fields if field.short])} : {quoted(text)}"]
    return list(dict.fromkeys((quoted(text), quoted(" ".join(pairs(text))))))


def _term(term: Term, spec: IndexSpec) -> str:
    if term.chinese:
        ways = _run(term.text, spec)
    elif len(term.text) > 1 and not term.text.isdigit():
        ways = [f"{quoted(term.text)} *"]
    else:
        ways = [quoted(term.text)]
    if term.group:
        ways.append(quoted(term.group))
    ways += [way for lead in term.leads for way in _run(lead, spec)]
    return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"


def expression(parsed: Parsed, spec: IndexSpec, *, every: bool) -> str:
    """The FTS5 expression for all (``every``) or any of the terms that are needed; empty when there are none."""
    glue = " AND " if every else " OR "
    return glue.join(_term(term, spec) for term in parsed.needed)
