"""The rows as they are stored: no identifiers, counterparties as keyed fingerprints, both bounds beside them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from finmart.credit.datasets.contract import DataSet, FileContract
from finmart.credit.pipeline.reading import ReadFile
from finmart.platform.crypto.keyring import keyring

FINGERPRINT_BYTES = 8


def fingerprints(codes: pl.Series) -> pl.Series:
    """A keyed 64-bit fingerprint (BLAKE2b) of each code: equal codes stay equal, nobody reads a code from it."""
    key = keyring().secret("credit.counterparty")
    distinct = codes.unique()
    values = [
        int.from_bytes(hashlib.blake2b(code.encode(), key=key, digest_size=FINGERPRINT_BYTES).digest(), "little")
        for code in distinct.to_list()
    ]
    table = pl.DataFrame({"code": distinct, "value": pl.Series(values, dtype=pl.UInt64)})
    joined = codes.to_frame("code").join(table, on="code", how="left", maintain_order="left")
    return joined["value"]


def stored_columns(contract: FileContract) -> list[str]:
    """Our names of what is written of a row, besides whose it is and where it came from."""
    return [column.name for column in contract.columns if column.stored]


def stored_rows(dataset: DataSet, files: Sequence[ReadFile]) -> pl.DataFrame:
    """All typed rows of a delivery: subject, person, the contract's stored columns, the file's constants."""
    parts = [_of_file(each) for each in files if each.state.rows.height and "subject" in each.state.rows.columns]
    if not parts:
        return pl.DataFrame()
    whole = pl.concat(parts)
    return whole.rename({dataset.date_column: "date"}) if dataset.date_column != "date" else whole


def _of_file(file: ReadFile) -> pl.DataFrame:
    contract = file.contract
    hidden = [column.name for column in contract.columns if column.pseudonym]
    rows = file.state.rows.with_columns(fingerprints(file.state.rows[name]).alias(name) for name in hidden)
    return rows.select("subject", "person", *stored_columns(contract), *contract.constants)


def dated(rows: pl.DataFrame, *, batch_id: int, received_at: datetime) -> pl.DataFrame:
    """``rows`` with the batch they came in, when, and until which day that delivery reaches."""
    until = rows["date"].max()
    return rows.with_columns(
        batch=pl.lit(batch_id, dtype=pl.Int64),
        received_at=pl.lit(received_at),
        covered_until=pl.lit(until, dtype=pl.Date),
    )
