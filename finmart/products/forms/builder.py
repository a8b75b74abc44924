"""The builder of one condition or formula: a tree in a hidden field, one part open, and what a button does with them.

Nothing is remembered between two requests: whatever was built stands in the form, so the back button, a second window
and a browser without scripts all do what people expect.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from finmart.conditions import pieces, shapes, tree
from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.leaves import LeafFields, fields_of, leaf_of, left_of, operators_of
from finmart.conditions.pieces import PieceFields
from finmart.conditions.sentence import expression_words, sentence
from finmart.conditions.shapes import Json, Role
from finmart.conditions.validate import expression_problems, problems, value_problems
from finmart.platform.kernel.messages import N_
from finmart.platform.web.language import current_language
from finmart.products.forms.naming import codes_meant, refuse_unnamed
from finmart.reference.facts import FactDefinition, facts

#: The name of the pressed button's action, and of the hidden tree.
DO, TREE, OPEN = "do", "tree", "open"
#: Actions that need the whole condition → what to say while parts of it are empty.
SAVE, TRY = "save", "try"
WHOLE = {
    SAVE: N_("还有没填的部分，请填好或删除后再保存。"),
    TRY: N_("还有没填的部分，请填好或删除后再试算。"),
}


@dataclass(frozen=True)
class Node:
    """One part as the page shows it. ``sentence`` is empty for a place that says nothing yet or nothing sound.

    ``kind`` is the operator of what is shown as a box around its parts; empty for what has fields of its own.
    """

    path: str
    role: Role
    kind: str
    count: int
    parts: tuple["Node", ...]
    sentence: str
    is_open: bool
    is_empty: bool
    has_else: bool = False
    unit: str = ""

    @property
    def group(self) -> str:
        """Which group of conditions it is; empty for everything else."""
        return self.kind if self.kind in shapes.GROUPS else ""


@dataclass
class Builder:
    """What is on the screen: the tree, the open part with its fields, and the one thing that is wrong.

    ``role`` says what the whole is: a condition, or the value that a limit's formula works out. ``at`` is the part at
    which whoever pressed a button goes on: the one that stands open now, or the one just closed, turned or shortened.
    """

    tree: Json
    open: str | None = None
    fields: LeafFields | None = None
    piece: PieceFields | None = None
    fault: BadCondition | None = None
    query: str = ""
    raw: Json = field(default_factory=dict)
    role: Role = "condition"
    at: str | None = None

    @property
    def document(self) -> str:
        """The tree for its hidden field."""
        return json.dumps(self.tree, ensure_ascii=False)

    @property
    def definition(self) -> FactDefinition | None:
        """The fact that the open part speaks of."""
        found = self.fields or self.piece
        return facts().get(found.key) if found else None

    @property
    def whole(self) -> str:
        """The whole as a sentence; empty while something is missing or wrong."""
        return "" if self.trouble else said(self.tree) if self.role == "condition" else said_value(self.tree)

    @property
    def trouble(self) -> BadCondition | None:
        """What is wrong with the whole although every place is filled in; None while places are empty."""
        if tree.empty_places(self.tree):
            return None
        found = faults_of(self.tree, self.role)
        return found[0] if found else None

    @property
    def root(self) -> Node:
        """The tree as the page shows it."""
        return self._node(self.tree, "", self.role)

    @property
    def open_role(self) -> Role:
        """Whether a condition or a value stands in the open place."""
        return tree.role_at(self.tree, self.open or "", self.role)

    def _node(self, node: Json, path: str, role: Role) -> Node:
        kind = "" if role == "condition" and fields_of(node) is not None and "not" not in node else shapes.kind_of(node)
        parts = shapes.children(node) if kind else []
        return Node(
            path=path,
            role=role,
            kind=kind,
            count=tree.count_of(node),
            parts=tuple(self._node(part, tree.below(path, n), shapes.role_of(node, n)) for n, part in enumerate(parts)),
            sentence=(said(node) if role == "condition" else said_value(node)) if node else "",
            is_open=path == self.open,
            is_empty=not node,
            has_else="else" in node,
            unit=str(node["to"][0]) if kind == "to" else "",
        )


def faults_of(node: Json, role: Role) -> tuple[BadCondition, ...]:
    """Everything wrong with a whole condition or a limit's whole formula."""
    try:
        return problems(parse_condition(node)) if role == "condition" else expression_problems(parse_expression(node))
    except BadCondition as fault:
        return (fault,)


def said(node: Json) -> str:
    """``node`` as a sentence in the reader's language; empty when it is no sound condition yet."""
    try:
        condition = parse_condition(node)
    except BadCondition:
        return ""
    return "" if problems(condition) else sentence(condition, current_language())


def said_value(node: Json) -> str:
    """A value in the reader's words; empty when it is no sound value yet."""
    try:
        expression = parse_expression(node)
    except BadCondition:
        return ""
    return "" if value_problems(expression) else expression_words(expression, current_language())


def begun(whole: Json, role: Role = "condition") -> Builder:
    """The builder of a condition or a formula; one that says nothing yet stands open."""
    return Builder(whole or {}, open=None if whole else "", role=role)


def continued(form: MultiDict[str, str], role: Role = "condition") -> Builder:
    """What was sent, after what its button does. A fault leaves everything on the screen as it was typed."""
    try:
        found = tree.read(form.get(TREE, ""))
        builder = Builder(found, open=form.get(OPEN) if form.get("is_open") else None, role=role)
    except BadCondition as fault:
        return Builder({}, open="", fault=fault, role=role)
    builder.query = form.get("q", "").strip()[:40]
    action, _colon, place = form.get(DO, "").partition(":")
    before = builder.open
    try:
        if action not in ("fact", "piece", "change", "close", "remove"):
            _take_in(builder, form, strict=action not in ("search", "refresh", "compare"))
        _do(builder, action, place, form)
        if action in WHOLE and tree.empty_places(builder.tree):
            raise BadCondition("", "empty", WHOLE[action])
    except BadCondition as fault:
        builder.fault = fault
    except (LookupError, ValueError):
        builder.fault = BadCondition("", "moved", N_("这一部分已经不在了，请按现在的内容继续。"))
        builder.open = builder.fields = builder.piece = None
    if action not in (SAVE, TRY, "search"):
        builder.at = _landing(builder, action, place, before)
    return builder


def _landing(builder: Builder, action: str, place: str, before: str | None) -> str:
    """The part at which to go on; the whole where that part is gone."""
    if builder.open is not None:
        return builder.open
    path = place.rpartition(".")[0] if action == "remove" else place or before or ""
    try:
        tree.at(builder.tree, path)
    except (LookupError, ValueError):
        return ""
    return path


def _take_in(builder: Builder, form: MultiDict[str, str], *, strict: bool) -> None:
    """Put what the open part's fields say into the tree. Raises ``BadCondition`` when they say nothing sound."""
    role = "" if builder.open is None else builder.open_role
    if builder.open is None or not form.get("piece" if role == "value" else "key"):
        return
    old = tree.at(builder.tree, builder.open)
    if role == "value":
        builder.piece = _typed_piece(form)
        if builder.piece.asks_fact:
            return
    else:
        builder.fields = _typed(form, fields_of(old) if old else None)
    try:
        found = _sound(builder.piece or builder.fields)
    except BadCondition:
        if strict:
            raise
        return
    builder.tree = tree.replaced(builder.tree, builder.open, found)


def _sound(fields: LeafFields | PieceFields | None) -> Json:
    """The open part as its fields say it. Raises ``BadCondition``."""
    if isinstance(fields, PieceFields):
        found = pieces.piece_of(fields)
        faults = value_problems(parse_expression(found))
    elif isinstance(fields, LeafFields):
        refuse_unnamed(facts()[fields.key].kind, fields.codes)
        found = leaf_of(fields)
        faults = problems(parse_condition(found))
    else:
        raise LookupError("nothing stands open")
    if faults:
        raise faults[0]
    return found


def _typed_piece(form: MultiDict[str, str]) -> PieceFields:
    words = {name: form.get(name, "").strip()[:40] for name in ("value", "unit", "months", "of", "skip", "every")}
    key = form.get("key", "") if form.get("key") in facts() else ""
    return PieceFields(form["piece"][:20], key, counted=form.get("counted", "")[:20], **words)


def _typed(form: MultiDict[str, str], old: LeafFields | None) -> LeafFields:
    key = form["key"]
    definition = facts()[key]
    codes = form.getlist("codes") if definition.choices else codes_meant(definition.kind, form.get("codes", ""))
    if old is not None and old.key == key:
        # Boxes come in the dictionary's order; codes that stood there keep the order in which they were written.
        codes = [code for code in old.codes if code in codes] + [code for code in codes if code not in old.codes]
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
        days=form.get("days", "").strip()[:6],
    )


def _do(builder: Builder, action: str, place: str, form: Mapping[str, str]) -> None:
    """Do what the pressed button says. Raises ``BadCondition``, ``LookupError`` or ``ValueError``."""
    match action:
        case "fact":
            _choose_fact(builder, place, form)
        case "piece":
            _choose_piece(builder, place)
        case "compare":
            _compare(builder)
        case "change":
            builder.fields = builder.piece = None
        case "open":
            _open(builder, place)
        case "add" | "nest" | "else":
            _add(builder, action, place)
        case "wrap" | "group":
            _turn(builder, action, place, form)
        case "remove":
            builder.tree = tree.without(builder.tree, place)
            _open(builder, None if builder.tree else "")
        case "close" | "done":
            _open(builder, None)


def _turn(builder: Builder, action: str, place: str, form: Mapping[str, str]) -> None:
    """Reckon on with a value, or let a group, a comparison or a calculation hold its parts in another way."""
    wanted, count = form.get(f"{action}-{place}", "all"), form.get(f"count-{place}", "1")
    if action == "group":
        builder.tree = tree.regrouped(builder.tree, place, wanted, int(count) if count.isdecimal() else 1)
        _open(builder, None)
        return
    around, empty = shapes.wrapped(tree.at(builder.tree, place), wanted)
    builder.tree = tree.replaced(builder.tree, place, around)
    _open(builder, tree.below(place, empty) if empty else None)


def _open(builder: Builder, path: str | None) -> None:
    """Let the part at ``path`` stand open with its fields; None closes whatever is open."""
    builder.open = path
    builder.fields = builder.piece = None
    if path is None:
        return
    node = tree.at(builder.tree, path)
    if node and builder.open_role == "condition":
        builder.fields = fields_of(node)
    elif node:
        builder.piece = pieces.fields_of(node)


def _choose_fact(builder: Builder, key: str, form: Mapping[str, str]) -> None:
    builder.query = ""
    if builder.open is not None and builder.open_role == "value":
        builder.piece = pieces.blank(form.get("piece", "fact"), facts()[key].key)
    else:
        builder.fields = blank_fields(key)


def _choose_piece(builder: Builder, kind: str) -> None:
    """Put another kind of value in the open place: fields of its own, or a box around places still empty."""
    path = builder.open
    if path is None or builder.open_role != "value":
        raise ValueError(kind)
    if kind not in pieces.HOLDING:
        builder.piece = pieces.blank(kind, unit_hint=pieces.unit_hint(builder.tree, path))
        return
    around, empty = shapes.wrapped({}, kind)
    builder.tree = tree.replaced(builder.tree, path, around)
    _open(builder, tree.below(path, empty or "0"))
    if kind == "share":
        builder.piece = pieces.blank("number", unit_hint="ratio")


def _compare(builder: Builder) -> None:
    """Make the open condition a comparison of two values; what it compares already stays on the left."""
    path = builder.open
    if path is None or builder.open_role != "condition":
        raise ValueError(path)
    fields = builder.fields
    compares = fields is not None and fields.operator in shapes.COMPARISONS
    left = left_of(fields) if fields is not None and compares else {}
    builder.tree = tree.replaced(builder.tree, path, {fields.operator if fields and compares else "ge": [left, {}]})
    _open(builder, tree.below(path, 1 if left else 0))


def _add(builder: Builder, action: str, place: str) -> None:
    if action == "else":
        longer, number = shapes.otherwise(tree.at(builder.tree, place))
        builder.tree = tree.replaced(builder.tree, place, longer)
        _open(builder, tree.below(place, number))
        return
    part = tree.grouped("any", [{}, {}]) if action == "nest" else {}
    builder.tree, path = tree.added(builder.tree, place, part)
    _open(builder, path if action == "add" else tree.below(path, 0))


def blank_fields(key: str) -> LeafFields:
    """The fields of a fact that was just chosen. Raises ``KeyError`` for an unknown one."""
    definition = facts()[key]
    operator = operators_of(definition)[0]
    of = "sum" if definition.kind == "series" else ""
    return LeafFields(key, operator, months="12" if of else "", of=of)
