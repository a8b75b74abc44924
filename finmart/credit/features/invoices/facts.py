"""The facts made of invoices. Definitions in words stand in the dictionary, ``reference/data/facts/invoices.csv``."""

from datetime import date

import polars as pl

from finmart.credit.features.feature import Family, Feature
from finmart.credit.features.invoices import summary
from finmart.credit.features.windows import months_back, ratio

_S, _P = "sales", "purchases"
_BOTH_YEARS = pl.col("sales_lines") + pl.col("purchases_lines")


def _of(side: str, name: str) -> pl.Expr:
    return pl.col(f"{side}_{name}")


def _growth(now: pl.Expr, before: pl.Expr) -> pl.Expr:
    return ratio(now - before, before)


def _amounts(side: str) -> tuple[Feature, ...]:
    year = _of(side, "lines")
    return (
        Feature(f"{side}_12m", _of(side, "amount"), year),
        Feature(f"{side}_gross_12m", _of(side, "gross"), year),
        Feature(f"{side}_previous_12m", _of(side, "previous"), _of(side, "rows_24m") - year),
        Feature(f"{side}_growth_12m", _growth(_of(side, "amount"), _of(side, "previous")), _of(side, "rows_24m")),
        Feature(f"{side}_growth_3m", _growth(_of(side, "quarter"), _of(side, "quarter_before")), _of(side, "rows_24m")),
        Feature(f"{side}_monthly", _of(side, "monthly"), _of(side, "rows_series")),
        Feature(f"{side}_count_12m", _of(side, "positive"), year),
        Feature(f"{side}_largest_12m", _of(side, "largest"), year),
        Feature(f"{side}_average_12m", _average(side), year),
    )


def _average(side: str) -> pl.Expr:
    """What an invoice is worth on average: positive lines alone, red-letter ones are no sales."""
    count = pl.when(_of(side, "positive") > 0).then(_of(side, "positive"))
    return (_of(side, "amount") - _of(side, "red")) // count


def _quality(side: str) -> tuple[Feature, ...]:
    year = _of(side, "lines")
    return (
        Feature(f"{side}_void_ratio_12m", ratio(_of(side, "voided"), year), year),
        Feature(f"{side}_red_ratio_12m", ratio(-_of(side, "red"), _of(side, "amount") - _of(side, "red")), year),
    )


def _rhythm(side: str) -> tuple[Feature, ...]:
    series = _of(side, "rows_series")
    return (
        Feature(f"{side}_active_months_12m", _of(side, "months_12m"), _of(side, "lines")),
        Feature(f"{side}_active_share", ratio(_of(side, "active_months"), pl.col("length")), series),
        Feature(f"{side}_longest_gap", _of(side, "longest_gap"), series),
        Feature(f"{side}_run_months", _of(side, "run"), series),
        Feature(f"{side}_peak_share_12m", _of(side, "peak"), _of(side, "lines")),
        Feature(f"{side}_volatility_12m", _of(side, "volatility"), _of(side, "lines")),
        Feature(f"{side}_last_on", _of(side, "last_on"), _of(side, "rows_side")),
    )


def _partners(side: str, word: str) -> tuple[Feature, ...]:
    year = _of(side, "lines")
    return (
        Feature(f"{word}s_12m", _of(side, "parties"), year),
        Feature(f"{word}_top1_share_12m", _of(side, "top1"), year),
        Feature(f"{word}_top5_share_12m", _of(side, "top5"), year),
        Feature(f"{word}_hhi_12m", _of(side, "hhi"), year),
        Feature(
            f"{word}_retention_12m", ratio(_of(side, "stayed"), _of(side, "parties_before")), _of(side, "rows_24m")
        ),
        Feature(f"{word}s_new_12m", _of(side, "new"), _of(side, "rows_24m")),
    )


_ACROSS = (
    Feature("sales_span_months", pl.col("sales_span"), pl.col("sales_rows_side")),
    Feature("sales_first_on", pl.col("sales_first_on"), pl.col("sales_rows_side")),
    Feature(
        "gross_margin_12m",
        ratio(pl.col("sales_amount") - pl.col("purchases_amount"), pl.col("sales_amount")),
        _BOTH_YEARS,
    ),
    Feature("output_vat_12m", pl.col("sales_tax"), pl.col("sales_lines")),
    Feature("input_vat_12m", pl.col("purchases_tax"), pl.col("purchases_lines")),
    Feature("net_vat_12m", pl.col("sales_tax") - pl.col("purchases_tax"), _BOTH_YEARS),
    Feature(
        "vat_burden_12m", ratio(pl.col("sales_tax") - pl.col("purchases_tax"), pl.col("sales_amount")), _BOTH_YEARS
    ),
    Feature("invoices_covered_months", pl.col("length"), pl.col("rows_all")),
)


def _summarise(rows: pl.LazyFrame, as_of: date) -> pl.DataFrame:
    return summary.summarise(rows, as_of).with_columns(sales_span=months_back(pl.col("sales_first_on"), as_of))


INVOICE_FACTS = Family(
    dataset="invoices",
    source="vat_invoices",
    origin="computed",
    summarise=_summarise,
    features=(
        *(feature for side in (_S, _P) for part in (_amounts, _quality, _rhythm) for feature in part(side)),
        *_partners(_S, "customer"),
        *_partners(_P, "supplier"),
        *_ACROSS,
    ),
)
