"""Conditions of a draft, one at a time: what staff build in the editor becomes clauses that are checked."""

from dataclasses import replace

from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import dump_condition, parse_condition
from finmart.conditions.validate import problems
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import BadInput, NotFound
from finmart.platform.kernel.ids import public_id
from finmart.platform.kernel.messages import N_
from finmart.products.drafts.service.writing import rewrite_draft
from finmart.products.editing.laying import OWN_SOURCE, OWN_TIER
from finmart.products.editing.sheet import column_of
from finmart.products.types import AdmissionClause, Json, PublishedProduct

EDITOR = "editor"
#: Nobody could read more on a product's page.
MOST = 60
MAX_NOTE = 200


class ConditionUnknown(NotFound):
    """No such condition stands in the draft, or another field of the form states it."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条条件，它可能已经被删除。"))


class ConditionRefused(BadInput):
    """The condition cannot be checked as it stands; the sentence says what to change."""

    def __init__(self, fault: BadCondition) -> None:
        super().__init__(fault.msgid, **fault.params)


class TooManyConditions(BadInput):
    """More conditions than a page can show."""

    def __init__(self) -> None:
        super().__init__(N_("一个产品最多 {most} 条条件，请合并后再添加。"), most=MOST)


def editable_clauses(product: PublishedProduct) -> tuple[AdmissionClause, ...]:
    """The clauses that the editor may change: all but those that fields of the product's form state."""
    found = {clause.key: clause for variant in product.variants for clause in variant.clauses}
    return tuple(clause for clause in found.values() if column_of(clause) is None)


def clause_of(product: PublishedProduct, key: str) -> AdmissionClause:
    """The editable clause ``key``. Raises ``ConditionUnknown``."""
    for clause in editable_clauses(product):
        if clause.key == key:
            return clause
    raise ConditionUnknown


def checked(condition: Json) -> Json:
    """The condition in its plain JSON form. Raises ``ConditionRefused`` with its first fault."""
    try:
        parsed = parse_condition(condition)
        faults = problems(parsed)
        if faults:
            raise faults[0]
    except BadCondition as fault:
        raise ConditionRefused(fault) from None
    return dump_condition(parsed)


def put_condition(
    actor: Actor, code: str, condition: Json, *, key: str, required: bool, note_zh: str, fingerprint: str
) -> int:
    """Write a condition into the draft in the place of ``key``, or as a new one where ``key`` is empty.

    Returns the draft's number. It holds for every way of getting the product, unless the one it replaces held for some
    alone. Raises ``ConditionRefused``, ``ConditionUnknown``, ``TooManyConditions`` and what ``save_draft`` raises.
    """
    sound = checked(condition)

    def say(product: PublishedProduct) -> PublishedProduct:
        return with_condition(product, sound, key=key, required=required, note_zh=note_zh)

    return rewrite_draft(actor, code, say, fingerprint=fingerprint, source=EDITOR)


def with_condition(
    product: PublishedProduct, sound: Json, *, key: str, required: bool, note_zh: str
) -> PublishedProduct:
    """``product`` with the ``checked`` condition in the place of ``key``, or as a new one where ``key`` is empty.

    Raises ``ConditionUnknown`` or ``TooManyConditions``.
    """
    note = note_zh.strip()[:MAX_NOTE]
    if key:
        old = clause_of(product, key)
        origin = f"{EDITOR}:{key}"[:64]
        return _with(product, key, replace(old, origin=origin, condition=sound, required=required, note_zh=note))
    if len(editable_clauses(product)) >= MOST:
        raise TooManyConditions
    name = f"{EDITOR}:{public_id()}"
    new = AdmissionClause(name, name, sound, required, text_zh="", note_zh=note)
    variants = tuple(replace(variant, clauses=(*variant.clauses, new)) for variant in product.variants)
    return as_own(replace(product, variants=variants))


def drop_condition(actor: Actor, code: str, key: str, *, fingerprint: str) -> int:
    """Take a condition out of the draft; returns its number.

    Raises ``ConditionUnknown`` and what ``save_draft`` raises.
    """

    def say(product: PublishedProduct) -> PublishedProduct:
        clause_of(product, key)
        return _with(product, key, None)

    return rewrite_draft(actor, code, say, fingerprint=fingerprint, source=EDITOR)


def _with(product: PublishedProduct, key: str, new: AdmissionClause | None) -> PublishedProduct:
    """``product`` with another clause, or none, wherever the clause ``key`` stands."""
    variants = []
    for variant in product.variants:
        clauses = [new if clause.key == key else clause for clause in variant.clauses]
        variants.append(replace(variant, clauses=tuple(clause for clause in clauses if clause is not None)))
    return as_own(replace(product, variants=tuple(variants)))


def as_own(product: PublishedProduct) -> PublishedProduct:
    """What the institution's own staff say is no longer what somebody else published."""
    return replace(product, evidence_tier=OWN_TIER, source=OWN_SOURCE, recorded_on=today())
