"""The builder of one condition: a tree in a hidden field, one part open, and what a button does with them.

Nothing is remembered between two requests: whatever was built stands in the form, so the back button, a second window
and a browser without scripts all do what people expect.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from finmart.conditions import tree
from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import parse_condition
from finmart.conditions.leaves import LeafFields, fields_of, leaf_of, operators_of
from finmart.conditions.sentence import sentence
from finmart.conditions.tree import Json
from finmart.conditions.validate import problems
from finmart.platform.kernel.messages import N_
from finmart.platform.web.language import current_language
from finmart.reference.facts import FactDefinition, facts

#: The name of the pressed button's action, and of the hidden tree.
DO, TREE, OPEN = "do", "tree", "open"


@dataclass(frozen=True)
class Node:
    """One part as the page shows it. ``sentence`` is empty for a place that says nothing yet or nothing sound."""

    path: str
    group: str
    count: int
    parts: tuple["Node", ...]
    sentence: str
    is_open: bool
    editable: bool


@dataclass
class Builder:
    """What is on the screen: the tree, the open part with its fields, and the one thing that is wrong."""

    tree: Json
    open: str | None = None
    fields: LeafFields | None = None
    fault: BadCondition | None = None
    query: str = ""
    raw: Json = field(default_factory=dict)

    @property
    def document(self) -> str:
        """The tree for its hidden field."""
        return json.dumps(self.tree, ensure_ascii=False)

    @property
    def definition(self) -> FactDefinition | None:
        """The fact that the open part speaks of."""
        return facts().get(self.fields.key) if self.fields else None

    @property
    def whole(self) -> str:
        """The whole condition as a sentence; empty while something is missing."""
        return said(self.tree)

    @property
    def root(self) -> Node:
        """The tree as the page shows it."""
        return self._node(self.tree, "")

    def _node(self, node: Json, path: str) -> Node:
        parts = tree.parts_of(node)
        return Node(
            path=path,
            group=tree.group_of(node),
            count=tree.count_of(node),
            parts=tuple(self._node(part, f"{path}.{n}" if path else str(n)) for n, part in enumerate(parts)),
            sentence=said(node) if node else "",
            is_open=path == self.open,
            editable=not node or fields_of(node) is not None,
        )


def said(node: Json) -> str:
    """``node`` as a sentence in the reader's language; empty when it is no sound condition yet."""
    try:
        condition = parse_condition(node)
    except BadCondition:
        return ""
    return "" if problems(condition) else sentence(condition, current_language())


def begun(condition: Json) -> Builder:
    """The builder of a condition; one that says nothing yet stands open."""
    return Builder(condition or {}, open=None if condition else "")


def continued(form: MultiDict[str, str]) -> Builder:
    """What was sent, after what its button does. A fault leaves everything on the screen as it was typed."""
    try:
        builder = Builder(tree.read(form.get(TREE, "")), open=form.get(OPEN) if form.get("is_open") else None)
    except BadCondition as fault:
        return Builder({}, open="", fault=fault)
    builder.query = form.get("q", "").strip()[:40]
    action, _colon, place = form.get(DO, "").partition(":")
    try:
        if action not in ("fact", "change", "close", "remove"):
            _take_in(builder, form, strict=action not in ("search", "refresh"))
        _do(builder, action, place, form)
    except BadCondition as fault:
        builder.fault = fault
    except (LookupError, ValueError):
        builder.fault = BadCondition("", "moved", N_("这一部分已经不在了，请按现在的内容继续。"))
    return builder


def _take_in(builder: Builder, form: MultiDict[str, str], *, strict: bool) -> None:
    """Put what the open part's fields say into the tree. Raises ``BadCondition`` when they say nothing sound."""
    if builder.open is None or not form.get("key"):
        return
    builder.fields = _typed(form)
    try:
        leaf = leaf_of(builder.fields)
        faults = problems(parse_condition(leaf))
        if faults:
            raise faults[0]
    except BadCondition:
        if strict:
            raise
        return
    builder.tree = tree.replaced(builder.tree, builder.open, leaf)


def _typed(form: MultiDict[str, str]) -> LeafFields:
    key = form["key"]
    definition = facts()[key]
    codes = (
        form.getlist("codes")
        if definition.choices
        else form.get("codes", "").replace("，", " ").replace("、", " ").split()
    )
    usual = operators_of(definition)[0]
    return LeafFields(
        key=key,
        operator=form.get("operator") or usual,
        value=form.get("value", "").strip()[:40],
        other=form.get("other", "") if form.get("other") in facts() else "",
        codes=tuple(codes[:500]),
        months=form.get("months", "").strip()[:6],
        of=form.get("of", ""),
        skip=form.get("skip", "").strip()[:6],
        every=form.get("every", "").strip()[:6],
        denied=form.get("denied") == "yes",
    )


def _do(builder: Builder, action: str, place: str, form: Mapping[str, str]) -> None:
    """Do what the pressed button says. Raises ``BadCondition``, ``LookupError`` or ``ValueError``."""
    if action == "fact":
        builder.fields = blank_fields(place)
        builder.query = ""
    elif action == "change":
        builder.fields = None
    elif action == "open":
        node = tree.at(builder.tree, place)
        builder.open, builder.fields = place, fields_of(node) if node else None
    elif action in ("add", "nest"):
        part = tree.grouped("any", [{}, {}]) if action == "nest" else {}
        builder.tree, path = tree.added(builder.tree, place, part)
        builder.open, builder.fields = path if action == "add" else f"{path}.0", None
    elif action == "group":
        count = form.get(f"count-{place}", "1")
        builder.tree = tree.regrouped(
            builder.tree, place, form.get(f"group-{place}", "all"), int(count) if count.isdecimal() else 1
        )
        builder.open = builder.fields = None
    elif action == "remove":
        builder.tree = tree.without(builder.tree, place)
        builder.open = builder.fields = None
        if not builder.tree:
            builder.open = ""
    elif action in ("close", "done"):
        builder.open = builder.fields = None


def blank_fields(key: str) -> LeafFields:
    """The fields of a fact that was just chosen. Raises ``KeyError`` for an unknown one."""
    definition = facts()[key]
    operator = operators_of(definition)[0]
    of = "sum" if definition.kind == "series" else ""
    return LeafFields(key, operator, months="12" if of else "", of=of)
