"""From the catalogue's columns to terms and clauses. A blank cell is not stated: no term, no condition, never zero."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from finmart.platform.kernel.money import Money, Rate, Term
from finmart.products.types import AdmissionClause, Fee, Json, RateKind, Variant
from finmart.reference.repayment import method_of

Row = Mapping[str, str]

#: The clause by which the catalogue says that its rate column holds a fee rate.
FEE_RATE_CLAUSE = "rate列为担保/保险费率"
#: The key of the fee that the rate columns themselves state.
COLUMN_FEE = "fee_rate"
#: The clause by which it says that the figures are those of one case and not an offer.
CASE_RATE_CLAUSE = "利率与担保费为案例值"
#: The catalogue writes days as fractions of a month: 0.5 is 15 days, 0.34 is 10.
DAYS_OF_A_MONTH = 30
#: A term has at most so many digits: of 1E+500000 months a computer would count the days for hours.
MOST_DIGITS = 6
#: What stands behind a term that is counted in days.
DAYS = "天"


def codes(cell: str) -> tuple[str, ...]:
    """The ``;``-separated values of a cell, in order, without blanks."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def clauses_in_words(row: Row) -> tuple[str, ...]:
    """The clauses of ``other_conditions_zh``, in order; their numbers count from 1."""
    return codes(row["other_conditions_zh"])


def money(cell: str) -> int | None:
    """万元 to 分; None when blank."""
    return Money.from_wan(cell).fen if cell.strip() else None


def rate(cell: str) -> int | None:
    """Percent to ppm; None when blank."""
    return Rate.from_percent(cell).ppm if cell.strip() else None


def count(cell: str) -> int | None:
    """A whole number; None when blank. Raises ``ValueError`` otherwise."""
    return int(cell) if cell.strip() else None


def term(cell: str) -> Term | None:
    """Months, or days where ``天`` stands behind; a fraction of a month becomes whole days (rounded, 30 a month).

    None when blank. Raises ``ValueError`` or ``InvalidOperation`` otherwise.
    """
    if not cell.strip():
        return None
    if cell.strip().endswith(DAYS):
        return Term(days=int(cell.strip().removesuffix(DAYS)))
    months = Decimal(cell)
    if not months.is_finite() or months.adjusted() >= MOST_DIGITS:
        raise ValueError(cell)
    if months == months.to_integral_value():
        return Term(months=int(months))
    return Term(days=round(months * DAYS_OF_A_MONTH))


def rate_kind(row: Row) -> RateKind:
    """Whether the rate columns hold a fee rate (said by a clause of its own) or interest."""
    return "fee" if FEE_RATE_CLAUSE in clauses_in_words(row) else "interest"


def states_a_case(row: Row) -> bool:
    """Whether the rate columns hold one case's figures, which are no offer and compute nothing."""
    return CASE_RATE_CLAUSE in clauses_in_words(row)


def _in(fact: str) -> Callable[[str], Json]:
    return lambda cell: {"in": [{"fact": fact}, list(codes(cell))]}


def _at_least(fact: str, value: Callable[[str], int | None]) -> Callable[[str], Json]:
    return lambda cell: {"ge": [{"fact": fact}, {"value": value(cell)}]}


def _industries(cell: str) -> Json:
    return {"industry_in": [{"fact": "industry"}, list(codes(cell))]}


#: column → the condition it states, in the order in which a page shows them
COLUMN_CONDITIONS: Mapping[str, Callable[[str], Json]] = {
    "target_subjects": _in("subject_kind"),
    "region_codes": lambda cell: {"region_in": [{"fact": "demand.region"}, list(codes(cell))]},
    "min_years_established": _at_least("years_established", count),
    "tax_grades": _in("tax_grade"),
    "min_annual_tax_wan": _at_least("annual_tax", money),
    "min_annual_revenue_wan": _at_least("annual_revenue", money),
    "min_employees": _at_least("employees", count),
    "industries_include": _industries,
    "industries_exclude": lambda cell: {"not": _industries(cell)},
    "qualifications_any": lambda cell: {"has_any": [{"fact": "qualifications"}, list(codes(cell))]},
}


def column_clauses(row: Row, superseded: frozenset[str] = frozenset()) -> tuple[AdmissionClause, ...]:
    """The conditions that the columns state, each naming its column; all of them exclude when not met.

    ``superseded``: columns that ask nothing by themselves, since a clause says their bound together with its exception.
    """
    return tuple(
        AdmissionClause(column, f"column:{column}", encode(row[column]), True, "")
        for column, encode in COLUMN_CONDITIONS.items()
        if column not in superseded and row.get(column, "").strip()
    )


def base_variant(row: Row) -> Variant:
    """The terms that the columns state, as one variant without clauses."""
    case = states_a_case(row)
    return Variant(
        key="standard",
        label_zh="标准",
        label_en="Standard",
        amount_min=money(row["amount_min_wan"]),
        amount_max=money(row["amount_max_wan"]),
        term_min=term(row["term_min_months"]),
        term_max=term(row["term_max_months"]),
        rate_min=None if case else rate(row["rate_min_pct"]),
        rate_max=None if case else rate(row["rate_max_pct"]),
        rate_kind=rate_kind(row),
        guarantee_modes=codes(row["guarantee_modes"]),
        repayment_modes=tuple(repayment(word) for word in codes(row["repayment_modes"])),
        collateral_kinds=codes(row["collateral_kinds"]),
    )


def column_fees(variant: Variant) -> tuple[Fee, ...]:
    """The fee that the rate columns state when they hold a fee rate: the upper bound, so that nothing is hidden."""
    highest = variant.rate_max if variant.rate_max is not None else variant.rate_min
    if variant.rate_kind != "fee" or highest is None:
        return ()
    return (Fee(COLUMN_FEE, "担保费或保险费", "Guarantee fee or premium", highest, "year", "borrower", ""),)


def repayment(word: str) -> str:
    """The code of a repayment method, or the source's own words where no method fits them exactly."""
    method = method_of(word)
    return word if method is None else method.value
