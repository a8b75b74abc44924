"""The generated products in the words of rule engines that answer one applicant at a time.

Every figure (windows, sums, codes) reaches them as a ready small whole number, the applicant's cell; −1 is unknown.
That favours them: the online engine is timed from the bare facts. None of these languages knows three values, so each
clause is written twice with its "not" at the leaves, when it is met and when it fails; what is neither is unknown.
Forms that say only whether a product is met, which is less than states, are named so.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import chain, combinations, product
from operator import itemgetter
from typing import Any

import numpy as np

from finmart.matching.engine.online.cells import Reader
from finmart.matching.engine.online.values import Known
from finmart.matching.engine.plan.types import Kind, Plan

Cells = dict[str, int]
#: Says the states (0 not met, 1 unknown, 2 met) of each product's clauses, variant after variant …
Ask = Callable[[Cells], list[list[int]]]
#: … or only which products are met.
AskMet = Callable[[Cells], list[bool]]
#: ("and" | "or", parts), or ("in" | "out", name, low, high): the cell lies in the range, or is known and does not.
Rule = tuple[Any, ...]

Clause = tuple[Rule, Rule]


class Rules:
    """Each product of a plan as one rule over cells."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._predicates = {int(node): place for place, node in enumerate(plan.predicates.node)}
        self._groups: dict[int, tuple[int, list[int]]] = {}
        for level in plan.levels:
            ends = [*level.starts[1:].tolist(), len(level.parts)]
            for node, start, end, least in zip(level.nodes, level.starts, ends, level.least, strict=True):
                self._groups[int(node)] = (int(least), level.parts[start:end].tolist())

    def of_literal(self, literal: int) -> Rule:
        """When a literal is met."""
        node, opposite = literal >> 1, literal & 1
        if node in self._predicates:
            place = self._predicates[node]
            kind = self._plan.columns[self._plan.predicates.column[place]].kind
            if kind is Kind.CODES:
                return ("out" if opposite else "in", f"p{place}", 1, 1)
            low, high = int(self._plan.predicates.low[place]), int(self._plan.predicates.high[place])
            return ("out" if opposite else "in", f"c{self._plan.predicates.column[place]}", low, high)
        if node not in self._groups:
            return ("and" if literal == 1 else "or", ())
        least, parts = self._groups[node]
        if opposite:
            least, parts = len(parts) - least + 1, [part ^ 1 for part in parts]
        return _at_least(least, [self.of_literal(part) for part in parts])

    def clauses_of(self, place: int) -> "list[Clause]":
        """Each clause of a product: when it is met, and when it fails."""
        literals = [
            self._plan.literal_of(clause.condition)
            for variant in self._plan.offers[place].variants
            for clause in variant.clauses
        ]
        return [(self.of_literal(literal), self.of_literal(literal ^ 1)) for literal in literals]

    def of_product(self, place: int) -> Rule:
        """When a product is met: one of its ways requires something, and all that it requires is met."""
        ways = []
        for variant in self._plan.offers[place].variants:
            required = [self._plan.literal_of(c.condition) for c in variant.clauses if c.required]
            if required:
                ways.append(("and", tuple(map(self.of_literal, required))))
        return ("or", tuple(ways))


def _at_least(least: int, parts: list[Rule]) -> Rule:
    if least == len(parts):
        return ("and", tuple(parts))
    if least == 1:
        return ("or", tuple(parts))
    return ("or", tuple(("and", some) for some in combinations(parts, least)))


def cells_of(reader: Reader, known: Known) -> Cells:
    """The applicant as peers get it."""
    cells = reader.cells(known)
    literals = reader.literals(cells, known)
    found = {f"c{place}": int(cell) for place, cell in enumerate(cells)}
    states = literals[2 * reader.plan.predicates.node]
    return found | {f"p{place}": (0, -1, 1)[state] for place, state in enumerate(states.tolist())}


def used(rule: Rule) -> set[str]:
    """The names that a rule reads."""
    if rule[0] in {"in", "out"}:
        return {rule[1]}
    return set().union(*map(used, rule[1]))


def text(rule: Rule, both: str, either: str, true: str, false: str) -> str:
    """A rule as an expression of a language that writes "and" and "or" so."""
    match rule:
        case ("in", name, low, high):
            return f"{name} == {low}" if low == high else f"({name} >= {low} {both} {name} <= {high})"
        case ("out", name, low, high):
            return f"({name} >= 0 {both} ({name} < {low} {either} {name} > {high}))"
        case (operator, parts):
            if not parts:
                return true if operator == "and" else false
            sign = both if operator == "and" else either
            return "(" + f" {sign} ".join(text(part, both, either, true, false) for part in parts) + ")"
    raise ValueError(rule)


def _names(clauses: Sequence[Clause]) -> list[str]:
    return sorted(set().union(*(used(rule) for clause in clauses for rule in clause)))


def _list(clauses: Sequence[Clause], state: str, *words: str) -> str:
    """The states of a product's clauses as one list."""
    return "[" + ", ".join(state.format(*(text(rule, *words) for rule in clause)) for clause in clauses) + "]"


#: A clause's state in Python, and Python's words for rules.
_STATE, _WORDS = "(2 if {0} else 0 if {1} else 1)", ("and", "or", "True", "False")


def _function(names: Sequence[str], *body: str) -> Callable[[Cells], Any]:
    """A function of the cells ``names``, which it gets one by one and in their order."""
    space: dict[str, Any] = {}
    # The text is made of numbers and of names that are letters and numbers.
    exec("\n ".join((f"def ask({', '.join(names)}):", *body)), space)  # noqa: S102
    ask = space["ask"]
    if len(names) < 2:
        return lambda cells: ask(*(cells[name] for name in names))
    take = itemgetter(*names)
    return lambda cells: ask(*take(cells))


def generated_python(products: Sequence[Sequence[Clause]]) -> Ask:
    """One function a product, written out as Python and compiled; each gets only the cells that it reads."""
    made = [_function(_names(clauses), f"return {_list(clauses, _STATE, *_WORDS)}") for clauses in products]
    return lambda cells: [ask(cells) for ask in made]


def generated_python_at_once(products: Sequence[Sequence[Clause]]) -> Ask:
    """One function for all products, in which clauses that are equal are asked once."""
    names = {clause: f"s{place}" for place, clause in enumerate(dict.fromkeys(chain.from_iterable(products)))}
    asked = [f"{name} = {_STATE.format(*(text(rule, *_WORDS) for rule in clause))}" for clause, name in names.items()]
    listed = ", ".join(f"[{', '.join(names[clause] for clause in clauses)}]" for clauses in products)
    return _function(_names(tuple(names)), *asked, f"return [{listed}]")


def zen(products: Sequence[Sequence[Clause]]) -> Ask:
    """One compiled expression a product; each gets only the cells that it reads."""
    compile_expression = import_module("zen").compile_expression
    made = [
        (compile_expression(_list(clauses, "({0} ? 2 : ({1} ? 0 : 1))", "and", "or", "true", "false")), _names(clauses))
        for clauses in products
    ]
    return lambda cells: [each.evaluate({name: cells[name] for name in names}) for each, names in made]


def zen_met(rules: Sequence[Rule]) -> AskMet:
    """All products as one list, compiled once and evaluated once."""
    body = "[" + ", ".join(text(rule, "and", "or", "true", "false") for rule in rules) + "]"
    compiled = import_module("zen").compile_expression(body)
    return lambda cells: list(compiled.evaluate(cells))


def cel(products: Sequence[Sequence[Clause]]) -> Ask:
    """One compiled program a product; each gets only the cells that it reads."""
    module = import_module("cel")
    made = [
        (module.compile(_list(clauses, "({0} ? 2 : ({1} ? 0 : 1))", "&&", "||", "true", "false")), _names(clauses))
        for clauses in products
    ]
    return lambda cells: [each.execute({name: cells[name] for name in names}) for each, names in made]


def _json(rule: Rule) -> Any:
    match rule:
        case ("in", name, low, high):
            return {"<=": [low, {"var": name}, high]}
        case ("out", name, low, high):
            return {"and": [{">=": [{"var": name}, 0]}, {"!": {"<=": [low, {"var": name}, high]}}]}
        case (operator, parts):
            return {operator: [_json(part) for part in parts]} if parts else operator == "and"
    raise ValueError(rule)


def json_logic(products: Sequence[Sequence[Clause]]) -> Ask:
    """One JSON document a clause."""
    evaluate = import_module("json_logic").jsonLogic
    documents = [[{"if": [_json(met), 2, _json(fails), 0, 1]} for met, fails in clauses] for clauses in products]
    return lambda cells: [[evaluate(document, cells) for document in own] for own in documents]


def _alternatives(rule: Rule) -> list[tuple[Rule, ...]]:
    """The rule as lists of leaves, of which one must be met whole."""
    if rule[0] in {"in", "out"}:
        return [(rule,)]
    parts = [_alternatives(part) for part in rule[1]]
    if rule[0] == "or":
        return [one for part in parts for one in part]
    return [tuple(leaf for one in chosen for leaf in one) for chosen in product(*parts)]


_QUERY = """
with alternative as materialized (
    select leaf.alternative, part.clause
    from leaf join fact on fact.name = leaf.name join part on part.alternative = leaf.alternative
    where fact.cell >= 0 and (fact.cell between leaf.low and leaf.high) = leaf.inside
    group by leaf.alternative having count(*) = part.size
), met as materialized (select distinct clause from alternative)
select distinct way.product from asked join met using (clause) join way on way.id = asked.way
group by asked.way having count(*) = way.size
"""


def sqlite_rows(rules: Sequence[Rule]) -> AskMet:
    """Rules as rows: a way's clauses, a clause's alternatives, an alternative's leaves; one query an applicant."""
    base = sqlite3.connect(":memory:")
    base.executescript(
        "create table fact(name text primary key, cell integer) without rowid;"
        "create table leaf(alternative integer, name text, low integer, high integer, inside integer);"
        "create table part(alternative integer primary key, clause integer, size integer);"
        "create table asked(clause integer, way integer);"
        "create table way(id integer primary key, product integer, size integer);"
    )
    clauses: dict[Rule, int] = {}
    ways = [(place, set(way[1])) for place, rule in enumerate(rules) for way in rule[1]]
    for number, (place, asked) in enumerate(ways):
        base.execute("insert into way values (?, ?, ?)", (number, place, len(asked)))
        rows = [(clauses.setdefault(clause, len(clauses)), number) for clause in asked]
        base.executemany("insert into asked values (?, ?)", rows)
    parts = [(number, set(one)) for clause, number in clauses.items() for one in _alternatives(clause)]
    for key, (number, leaves) in enumerate(parts):
        base.execute("insert into part values (?, ?, ?)", (key, number, len(leaves)))
        told = [(key, name, low, high, kind == "in") for kind, name, low, high in leaves]
        base.executemany("insert into leaf values (?, ?, ?, ?, ?)", told)
    base.executescript("create index of_name on leaf(name); create index of_clause on asked(clause); analyze;")
    size = len(rules)

    def ask(cells: Cells) -> list[bool]:
        base.execute("delete from fact")
        base.executemany("insert into fact values (?, ?)", list(cells.items()))
        met = np.zeros(size, dtype=np.bool_)
        met[[place for (place,) in base.execute(_QUERY)]] = True
        found: list[bool] = met.tolist()
        return found

    return ask


PEERS: Mapping[str, Callable[[Sequence[Sequence[Clause]]], Ask]] = {
    "zen-engine, one compiled expression a product": zen,
    "json-logic-qubit, one document a clause": json_logic,
    "common-expression-language, one compiled program a product": cel,
    "Python, one generated function a product": generated_python,
    "Python, one generated function for all products, equal clauses once": generated_python_at_once,
}
PEERS_OF_MET: Mapping[str, Callable[[Sequence[Rule]], AskMet]] = {
    "zen-engine, all products in one compiled expression, met or not only": zen_met,
    "SQLite, rules as rows, one query, met or not only": sqlite_rows,
}
