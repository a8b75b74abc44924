"""Every fact of a small delivery, held against what is written down: a change of meaning shows here first.

After a meant change (and a new version of the fact) the file is written again by
``python -m tests.unit.credit.test_golden_facts``.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from finmart.credit.datasets.invoices import INVOICES
from finmart.credit.features.feature import split, summary
from finmart.credit.features.invoices.facts import INVOICE_FACTS
from finmart.credit.pipeline.duplicates import without_duplicates
from finmart.credit.pipeline.normalise import normalise
from finmart.credit.sources.delivery import find_files
from finmart.credit.sources.table import read_table
from finmart.credit.sources.text import opened

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "credit"
AS_OF = date(2020, 2, 21)
RECEIVED = datetime(2020, 3, 1, tzinfo=UTC)


def computed() -> dict[str, dict[str, Any]]:
    """firm → fact → value, observed_until and rows_used, from the files alone."""
    parts = []
    for stem, path in find_files(INVOICES, GOLDEN).items():
        contract = INVOICES.file(stem)
        if not contract.has("number"):
            continue
        cells = read_table(contract, path.name, opened(path.name, path.read_bytes()))
        state, _repeated = without_duplicates(normalise(contract, path.name, cells, received=RECEIVED.date()))
        parts.append(state.rows)
    # Codes themselves stand in for counterparties' fingerprints: only their equality matters.
    rows = pl.concat(parts).with_columns(
        subject=pl.col("subject_code").str.slice(1).cast(pl.Int64),
        covered_from=pl.col("date").min(),
        covered_until=pl.lit(AS_OF),
        received_at=pl.lit(RECEIVED),
    )
    whole = summary(INVOICE_FACTS, rows.lazy(), as_of=AS_OF, known_at=RECEIVED)
    found: dict[str, dict[str, Any]] = {}
    for feature, frame in zip(INVOICE_FACTS.features, split(INVOICE_FACTS.features, whole), strict=True):
        for row in frame.to_dicts():
            fact = {"value": row["value"], "observed_until": row["observed_until"], "rows_used": row["rows_used"]}
            found.setdefault(f"E{row['subject']}", {})[feature.key] = fact
    plain: dict[str, dict[str, Any]] = json.loads(json.dumps(found, default=str))
    return plain


def test_facts_are_what_is_written_down() -> None:
    expected = json.loads((GOLDEN / "facts.json").read_text(encoding="utf-8"))
    assert computed() == expected


if __name__ == "__main__":
    text = json.dumps(computed(), ensure_ascii=False, indent=1, sort_keys=True)
    (GOLDEN / "facts.json").write_text(f"{text}\n", encoding="utf-8")
