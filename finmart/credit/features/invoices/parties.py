"""Customers and suppliers: how many, how concentrated, and how many stay. Counterparties are keyed fingerprints."""

import polars as pl

from finmart.credit.features.invoices.monthly import YEAR
from finmart.credit.features.windows import ratio


def by_party(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Net valid amount per subject, direction and counterparty, of the latest 12 trailing months and of the 12 before.

    Whoever took back as much as was bought is no customer of that year, so only positive sums count.
    """
    year = (pl.col("month") // YEAR).cast(pl.Int8)
    return (
        lines.filter(pl.col("valid") & (pl.col("month") < 2 * YEAR))
        .group_by("subject", "sale", "party")
        .agg(
            latest=pl.when(year == 0).then(pl.col("amount")).sum(),
            previous=pl.when(year == 1).then(pl.col("amount")).sum(),
        )
        .filter((pl.col("latest") > 0) | (pl.col("previous") > 0))
    )


def concentration(parties: pl.DataFrame, *, sale: bool) -> pl.DataFrame:
    """Per subject, of one direction: counterparties, shares of the largest and the five largest, and HHI, in ppm.

    HHI is the sum of squared shares: 1 000 000 ppm means one single counterparty.
    """
    latest = parties.filter((pl.col("sale") == sale) & (pl.col("latest") > 0))
    shares = latest.with_columns(share=ratio(pl.col("latest"), pl.col("latest").sum().over("subject")))
    ordered = pl.col("latest").sort(descending=True)
    return (
        shares.group_by("subject")
        .agg(
            parties=pl.len(),
            whole=pl.col("latest").sum(),
            largest_one=ordered.first(),
            largest_five=ordered.head(5).sum(),
            hhi=(pl.col("share") * pl.col("share")).sum() // 1_000_000,
        )
        .with_columns(
            top1=ratio(pl.col("largest_one"), pl.col("whole")), top5=ratio(pl.col("largest_five"), pl.col("whole"))
        )
        .select("subject", "parties", "top1", "top5", "hhi")
    )


def staying(parties: pl.DataFrame, *, sale: bool) -> pl.DataFrame:
    """Per subject, of one direction: counterparties of the year before, how many of them stayed, how many are new."""
    latest, previous = pl.col("latest") > 0, pl.col("previous") > 0
    return (
        parties.filter(pl.col("sale") == sale)
        .group_by("subject")
        .agg(parties_before=previous.sum(), stayed=(latest & previous).sum(), new=(latest & ~previous).sum())
    )
