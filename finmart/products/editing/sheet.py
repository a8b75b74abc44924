"""What staff can fill in of a product, as texts: the same cells whether typed into the form or read from a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from finmart.platform.kernel.money import Money, Rate, Term
from finmart.products.charging import is_derived
from finmart.products.columns import COLUMN_CONDITIONS, DAYS
from finmart.products.particulars.cells import cells_of
from finmart.products.particulars.kinds import specs
from finmart.products.types import AdmissionClause, Fee, IndexedRate, Json, PublishedProduct, Variant

#: Cells that state a condition, in the order of the product's page.
CONDITIONS = tuple(COLUMN_CONDITIONS)
#: Cells that hold for every way of getting the product.
SHARED = (
    *("name_zh", "name_en", "product_type", "rate_kind", "online_level", "decision_days", "repayment_modes"),
    *("collateral_kinds", "materials", "policy_program", "risk_sharing"),
    *CONDITIONS,
)
#: Cells of each way of getting it.
WAY = (
    *("amount_min_wan", "amount_max_wan", "term_min_months", "term_max_months", "rate_min_pct", "rate_max_pct"),
    *("rate_index", "rate_index_on", "spread_min_bp", "spread_max_bp"),
    "guarantee_modes",
)
#: Those of them that state a rate as an index and a spread; the rates that this comes to are then no cells.
INDEXED = ("rate_index", "rate_index_on", "spread_min_bp", "spread_max_bp")
#: Cells of each fee.
FEE = ("label_zh", "rate_pct", "per", "text_zh")
#: Between the values of a cell that holds several.
SEPARATOR = ";"


@dataclass(frozen=True)
class Sheet:
    """Everything that can be filled in: shared cells, a row of cells a way, a row of cells a fee, clauses in words,
    and the cells of what only products of this type state (``particulars``).

    A blank cell means "not stated". Amounts are 万元, rates percent, terms months (or days with ``天`` behind), spreads
    basis points, days ISO dates.
    """

    cells: Mapping[str, str]
    ways: tuple[Mapping[str, str], ...]
    fees: tuple[Mapping[str, str], ...]
    words: tuple[str, ...]
    particulars: Mapping[str, str] = field(default_factory=dict)


def plain_wan(fen: int | None) -> str:
    """分 as the text of an amount in 万元; blank when not stated."""
    return "" if fen is None else f"{Money(fen).wan.normalize():f}"


def plain_percent(ppm: int | None) -> str:
    """ppm as the text of a percentage; blank when not stated."""
    return "" if ppm is None else f"{Rate(ppm).percent.normalize():f}"


def plain_term(term: Term | None) -> str:
    """A term as its cell; blank when not stated."""
    if term is None:
        return ""
    return str(term.months) if term.months is not None else f"{term.days}{DAYS}"


def _count(value: int) -> str:
    return str(value)


def _list(operator: str) -> Callable[[Json], str]:
    return lambda condition: SEPARATOR.join(condition[operator][1])


def _bound(worded: Callable[[int], str]) -> Callable[[Json], str]:
    return lambda condition: worded(condition["ge"][1]["value"])


#: column → the cell that states its condition; the way back of ``columns.COLUMN_CONDITIONS``
_CELL_OF: Mapping[str, Callable[[Json], str]] = {
    "target_subjects": _list("in"),
    "region_codes": _list("region_in"),
    "min_years_established": _bound(_count),
    "tax_grades": _list("in"),
    "min_annual_tax_wan": _bound(plain_wan),
    "min_annual_revenue_wan": _bound(plain_wan),
    "min_employees": _bound(_count),
    "industries_include": _list("industry_in"),
    "industries_exclude": lambda condition: SEPARATOR.join(condition["not"]["industry_in"][1]),
    "qualifications_any": _list("has_any"),
}


def column_of(clause: AdmissionClause) -> str | None:
    """The column that states ``clause``; None for one that stands in words, a variant or an editor.

    A clause that its column could not have stated is none of the column's, whatever its origin says.
    """
    kind, _colon, name = clause.origin.partition(":")
    if kind != "column" or name not in _CELL_OF:
        return None
    try:
        cell = _CELL_OF[name](clause.condition)
        return name if COLUMN_CONDITIONS[name](cell) == clause.condition else None
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _condition_cells(variant: Variant) -> dict[str, str]:
    cells = dict.fromkeys(CONDITIONS, "")
    for clause in variant.clauses:
        column = column_of(clause)
        if column is not None:
            cells[column] = _CELL_OF[column](clause.condition)
    return cells


def way_cells(variant: Variant) -> dict[str, str]:
    """The cells of one way of getting the product."""
    indexed = variant.indexed
    return {
        "amount_min_wan": plain_wan(variant.amount_min),
        "amount_max_wan": plain_wan(variant.amount_max),
        "term_min_months": plain_term(variant.term_min),
        "term_max_months": plain_term(variant.term_max),
        "rate_min_pct": "" if indexed else plain_percent(variant.rate_min),
        "rate_max_pct": "" if indexed else plain_percent(variant.rate_max),
        **_index_cells(indexed),
        "guarantee_modes": SEPARATOR.join(variant.guarantee_modes),
    }


def _index_cells(indexed: IndexedRate | None) -> dict[str, str]:
    if indexed is None:
        return dict.fromkeys(INDEXED, "")
    return {
        "rate_index": indexed.index,
        "rate_index_on": indexed.on.isoformat(),
        "spread_min_bp": "" if indexed.spread_min is None else str(indexed.spread_min),
        "spread_max_bp": "" if indexed.spread_max is None else str(indexed.spread_max),
    }


def own_fees(variant: Variant) -> tuple[Fee, ...]:
    """The fees that are stated by themselves, without those that rate columns and particulars state."""
    return tuple(fee for fee in variant.fees if not is_derived(fee))


def _fee_cells(fee: Fee) -> dict[str, str]:
    return {
        "label_zh": fee.label_zh,
        "rate_pct": plain_percent(fee.rate),
        "per": fee.per,
        "text_zh": fee.text_zh,
    }


def sheet_of(product: PublishedProduct) -> Sheet:
    """What ``product`` says, as the texts that staff would fill in."""
    first = product.variants[0]
    cells: dict[str, Any] = {
        "name_zh": product.name_zh,
        "name_en": product.name_en,
        "product_type": product.product_type,
        "rate_kind": first.rate_kind,
        "online_level": product.online_level,
        "decision_days": "" if product.decision_days is None else str(product.decision_days),
        "repayment_modes": SEPARATOR.join(first.repayment_modes),
        "collateral_kinds": SEPARATOR.join(first.collateral_kinds),
        "materials": SEPARATOR.join(product.materials),
        "policy_program": product.policy_program,
        "risk_sharing": product.risk_sharing,
        **_condition_cells(first),
    }
    return Sheet(
        cells=cells,
        ways=tuple(way_cells(variant) for variant in product.variants),
        fees=tuple(_fee_cells(fee) for fee in own_fees(first)),
        words=tuple(words.text_zh for words in product.words),
        particulars=cells_of(product.particulars, specs(product.product_type).values()),
    )
