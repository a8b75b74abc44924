"""The formula by which a way of getting a product works out its amount, as staff build it in the editor."""

from dataclasses import replace

from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import dump_expression, parse_expression
from finmart.conditions.validate import expression_problems
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import NotFound
from finmart.platform.kernel.messages import N_
from finmart.products.drafts.service.conditions import EDITOR, ConditionRefused, as_own
from finmart.products.drafts.service.writing import rewrite_draft
from finmart.products.types import Json, PublishedProduct, Variant


class WayUnknown(NotFound):
    """The product has no such way of getting it."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这种办理方式，它可能已经被删除。"))


def way_of(product: PublishedProduct, key: str) -> Variant:
    """The variant ``key``. Raises ``WayUnknown``."""
    for variant in product.variants:
        if variant.key == key:
            return variant
    raise WayUnknown


def checked_formula(formula: Json) -> Json:
    """A formula in its plain JSON form. Raises ``ConditionRefused`` with its first fault, also when it is no money."""
    try:
        parsed = parse_expression(formula)
        faults = expression_problems(parsed)
        if faults:
            raise faults[0]
    except BadCondition as fault:
        raise ConditionRefused(fault) from None
    return dump_expression(parsed)


def put_limit(actor: Actor, code: str, key: str, formula: Json | None, *, fingerprint: str) -> int:
    """Write the formula of the variant ``key`` into the draft, or take it out with None; returns the draft's number.

    Raises ``ConditionRefused``, ``WayUnknown`` and what ``save_draft`` raises.
    """
    sound = None if formula is None else checked_formula(formula)

    def say(product: PublishedProduct) -> PublishedProduct:
        old = way_of(product, key)
        variants = tuple(replace(each, limit=sound) if each is old else each for each in product.variants)
        return as_own(replace(product, variants=variants))

    return rewrite_draft(actor, code, say, fingerprint=fingerprint, source=EDITOR)
