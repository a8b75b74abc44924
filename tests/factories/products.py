"""Products written by staff, through the services that write them for real."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products.drafts.service import checking, desk, writing
from finmart.products.editing.laying import blank
from finmart.products.editing.sheet import Sheet, sheet_of
from finmart.products.types import InstitutionRef

NOBODY = InstitutionRef("", "", "", "", connected=True)
CELLS: Mapping[str, str] = {
    "name_zh": "赣江测试贷",
    "name_en": "Ganjiang test loan",
    "product_type": "credit_loan",
    "target_subjects": "enterprise",
    "min_years_established": "2",
}
WAY: Mapping[str, str] = {
    "amount_max_wan": "300",
    "term_max_months": "12",
    "rate_min_pct": "3.5",
    "rate_max_pct": "5",
    "guarantee_modes": "credit",
}


def sheet(*, way: Mapping[str, str] | None = None, words: tuple[str, ...] = ("须开立结算户",), **cells: str) -> Sheet:
    """A sound sheet of a new product, with other cells where they are given."""
    empty = sheet_of(blank("", NOBODY, on=today()))
    return Sheet(
        cells={**empty.cells, **CELLS, **cells},
        ways=({**empty.ways[0], **WAY, **(way or {})},),
        fees=(),
        words=words,
    )


def draft(maker: Actor, **cells: Any) -> str:
    """The code of a new product of the maker's institution, as a draft."""
    return writing.add_product(maker, sheet(**cells))


def submitted(maker: Actor, **cells: Any) -> str:
    """The code of a new product whose first version waits for a checker."""
    code = draft(maker, **cells)
    writing.submit(maker, code)
    return code


def fingerprint(actor: Actor, code: str, number: int = 1) -> str:
    """What names the contents of a version, as the page of a colleague shows it."""
    return desk.own_version(actor, code, number).fingerprint


def approve(checker: Actor, code: str, number: int = 1) -> None:
    """The checker's yes to what stands there now."""
    checking.approve(checker, code, number, fingerprint=fingerprint(checker, code, number))


def published(maker: Actor, checker: Actor, **cells: Any) -> str:
    """The code of a new product that two people have published."""
    code = submitted(maker, **cells)
    approve(checker, code)
    return code


def edited(actor: Actor, code: str, *, way: Mapping[str, str] | None = None, **cells: str) -> int:
    """Change cells of a product's draft (or begin one); returns its number."""
    view = desk.editable(actor, code)
    stands = sheet_of(view.product)
    ways: tuple[Mapping[str, Any], ...] = ({**stands.ways[0], **(way or {})}, *stands.ways[1:])
    said = replace(stands, cells={**stands.cells, **cells}, ways=ways)
    return writing.save_draft(actor, code, said, fingerprint=view.fingerprint)
