"""How far clauses in words have been encoded: each line of a file checked, counted, and what stays in words named."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from finmart.conditions.errors import BadCondition
from finmart.conditions.evaluate import evaluate
from finmart.conditions.json_form import parse_clause, parse_expression
from finmart.conditions.sentence import expression_words, sentence
from finmart.conditions.types import Condition, FactValue, Value
from finmart.conditions.validate import expression_problems, problems
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_
from finmart.reference.facts import facts

KINDS = ("condition", "preference", "term", "fee", "step", "case")
#: Kinds that say nothing of who is admitted and nothing of the price.
ASIDE = ("step", "case")
#: What a line of fact sets must name.
STATED = ("product_code", "clause_zh")
#: The fact sets that show a condition at work, and what each must give.
STATES = ("met", "not_met", "unknown")
Line = Mapping[str, Any]


class FileUnreadable(BadInput):
    """A line that is no clause; the sentence names it."""

    def __init__(self, number: int) -> None:
        super().__init__(
            N_("第 {number} 行不是一条完整的条款（JSON 对象，含 product_code、clause_zh、kind）。"), number=number
        )


@dataclass(frozen=True)
class Remark:
    """A line worth looking at: its number, its clause, and why."""

    line: int
    product_code: str
    clause_zh: str
    text: str


@dataclass
class EncodingReport:
    """Counts of a file of clauses.

    ``conditions``: clauses of kind ``condition``; ``structured``: those of them with a sound condition, or said by the
    one of another clause; ``unstructured``: the rest. ``shown``: clauses whose stated fact sets gave met, not met and
    unknown. ``faults`` are encodings that cannot be used, ``in_words`` what nobody encoded, with the reason given.
    """

    clauses: int = 0
    conditions: int = 0
    structured: int = 0
    shown: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[Remark] = field(default_factory=list)
    in_words: list[Remark] = field(default_factory=list)
    sentences: list[Remark] = field(default_factory=list)

    @property
    def unstructured(self) -> int:
        """Conditions that stay in words, and those whose encoding has a fault."""
        return self.conditions - self.structured

    @property
    def aside(self) -> int:
        """Clauses that are steps or cases."""
        return sum(self.kinds[kind] for kind in ASIDE)


def read_clauses(text: str, *, names: tuple[str, ...] = ("product_code", "clause_zh", "kind")) -> list[Line]:
    """The lines of a JSONL file, each with ``names``; fact sets have no kind.

    Raises ``FileUnreadable`` with the number of the first line that is none.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            is_whole = all(isinstance(read[name], str) for name in names) and read.get("kind", KINDS[0]) in KINDS
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise FileUnreadable(number) from None
        if not is_whole:
            raise FileUnreadable(number)
        found.append(read)
    return found


def report(
    lines: Iterable[Line], stated: Iterable[Line] = (), variants: Mapping[str, frozenset[str]] | None = None
) -> EncodingReport:
    """Check and count ``lines``; fact sets stand in the lines themselves or in ``stated``, by product and clause.

    ``variants`` are the ways of known products: a line that names another one is a fault. Lines of other products may
    name what they like.
    """
    found, sets = EncodingReport(), {_place(line): line for line in stated}
    for number, line in enumerate(lines, start=1):
        found.clauses += 1
        found.kinds[line["kind"]] += 1
        found.faults.extend(_strange_variant(number, line, variants or {}))
        _count(found, number, line, sets.get(_place(line), line))
    return found


def _place(line: Line) -> tuple[str, str, object]:
    return line["product_code"], line["clause_zh"], line.get("clause")


def _remark(number: int, line: Line, text: str) -> Remark:
    return Remark(number, line["product_code"], line["clause_zh"], text)


def _strange_variant(number: int, line: Line, variants: Mapping[str, frozenset[str]]) -> Iterator[Remark]:
    named, known = line.get("variant"), variants.get(line["product_code"])
    if named is not None and known is not None and named not in known:
        keys = ", ".join(sorted(known)) or "none"
        yield _remark(number, line, f"variant: the product has no variant {str(named)[:60]}; it has: {keys}")


def _count(found: EncodingReport, number: int, line: Line, sets: Line) -> None:
    def remark(text: str) -> Remark:
        return _remark(number, line, text)

    is_condition = line["kind"] == "condition"
    found.conditions += is_condition
    try:
        said = _said(line)
    except BadCondition as fault:
        found.faults.append(remark(f"{fault.path}: {fault}"))
        return
    if said is None and line.get("part_of") is None:
        if is_condition:
            found.in_words.append(remark(str(line.get("why_zh") or line.get("note_zh") or "")))
        return
    found.structured += is_condition
    if said is None:
        return
    condition, words = said
    found.sentences.append(remark(words))
    if condition is not None and all(isinstance(sets.get(name), dict) for name in STATES):
        wrong = list(_wrong_states(condition, sets))
        found.faults.extend(remark(text) for text in wrong)
        found.shown += not wrong


def _said(line: Line) -> tuple[Condition | None, str] | None:
    """The line's condition with its sentence, or its formula's words; None when it has neither.

    Raises ``BadCondition`` with the first fault.
    """
    if isinstance(line.get("limit"), dict):
        formula = parse_expression(line["limit"])
        _refuse(expression_problems(formula))
        return None, expression_words(formula)
    if not isinstance(line.get("condition"), dict):
        return None
    condition = parse_clause({"version": line.get("version", 1), "condition": line["condition"]}).condition
    _refuse(problems(condition))
    return condition, sentence(condition)


def _refuse(faults: tuple[BadCondition, ...]) -> None:
    if faults:
        raise faults[0]


def _wrong_states(condition: Condition, sets: Line) -> Iterator[str]:
    for name in STATES:
        values = sets[name]
        unknown = sorted(set(values) - set(facts()))
        if unknown:
            yield f"{name}: no fact is called {', '.join(unknown)}"
            continue
        state = evaluate(condition, {key: _known(key, value) for key, value in values.items()}).state
        if state.value != name:
            yield f"{name}: these facts give {state.value}"


def _known(key: str, value: Any) -> FactValue:
    """A value as facts hold it: lists are tuples, a day is its ISO text or ``{"date": …}``."""
    day = value.get("date") if isinstance(value, dict) else value
    held: Value = tuple(value) if isinstance(value, list) else value
    if facts()[key].kind == "date" and isinstance(day, str):
        held = date.fromisoformat(day)
    return FactValue(held, None, "stated", "declared")
