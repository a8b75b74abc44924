"""Importing the real invoices, to published profiles, beside a plain Polars script over the same two files.

``python -m benchmarks.invoices [--data DIR] [--repeat N] [--json]``. Each side runs in a process of its own, in turns,
on an empty installation in a temporary folder; the best of the repeats counts for either. Time is taken from the
first byte read to the last commit, without starting Python or making tables.

The peer reads both files, trims and types every column (money as exact 分), and does the group-bys that the facts need:
per firm and month, per firm and counterparty, per firm. It lands, checks, keeps, publishes and records nothing.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "invoices"
AS_OF = date(2020, 2, 21)
MIB = 1024


def ours(data: Path) -> dict[str, Any]:
    """Import into an empty installation at ``FINMART_DATA``; seconds, peak memory and what was counted."""
    from finmart.credit.service import deliveries
    from finmart.factory import prepare
    from finmart.platform.authz.permissions import Permission
    from finmart.platform.db import migrate
    from finmart.platform.kernel.actor import system_actor

    migrate.upgrade(prepare().database.engine)
    actor = system_actor("benchmark", "benchmark of the import", frozenset({Permission.ALL_BATCHES_IMPORT}))
    started = time.perf_counter()
    report = deliveries.import_dataset(actor, "invoices", data, as_of=AS_OF)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "mib": _peak(), "rows": report.rows_read, "profiles": report.profiles}


def peer(data: Path) -> dict[str, Any]:
    """Plain Polars over the same two files; seconds, peak memory and rows."""
    import polars as pl

    def read(name: str, party: str) -> pl.DataFrame:
        cells = pl.read_csv(data / name, infer_schema=False).lazy().with_columns(pl.all().str.strip_chars())
        fen = [
            (pl.col(column).cast(pl.Decimal(18, 2)) * 100).cast(pl.Int64).alias(ours)
            for column, ours in (("金额", "amount"), ("税额", "tax"), ("价税合计", "total"))
        ]
        return cells.select(
            pl.col("企业代号").alias("firm"),
            pl.col("发票号码").alias("number"),
            pl.col("开票日期").str.to_date("%Y/%m/%d").alias("date"),
            pl.col(party).alias("party"),
            *fen,
            (pl.col("发票状态") == "作废发票").alias("voided"),
        ).collect()

    started = time.perf_counter()
    rows = 0
    for name, party in (("input_invoices.csv.gz", "销方单位代号"), ("output_invoices.csv.gz", "购方单位代号")):
        frame = read(name, party)
        rows += frame.height
        valid = frame.lazy().filter(~pl.col("voided"))
        money = pl.col("amount", "tax", "total").sum()
        month = pl.col("date").dt.truncate("1mo")
        counts = (pl.len().alias("rows"), pl.col("voided").sum(), pl.col("date").min().alias("first"))
        pl.collect_all(
            [
                valid.group_by("firm", month).agg(money, pl.len().alias("rows")),
                valid.group_by("firm", "party").agg(pl.col("amount").sum()),
                frame.lazy().group_by("firm").agg(*counts, pl.col("date").max().alias("last")),
            ]
        )
    return {"seconds": time.perf_counter() - started, "mib": _peak(), "rows": rows}


def _peak() -> int:
    """The process's peak resident memory in MiB (Linux counts KiB, macOS bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (MIB * MIB) if sys.platform == "darwin" else peak // MIB


def _child(side: str, data: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="finmart-benchmark-") as folder:
        environ = {**os.environ, "FINMART_DATA": folder, "FINMART_LOG_LEVEL": "ERROR"}
        environ.pop("FINMART_DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.invoices", "--side", side, "--data", str(data)],
            cwd=ROOT,
            env=environ,
            check=True,
            capture_output=True,
            text=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(data: Path, repeat: int) -> list[dict[str, Any]]:
    """Both sides in turns, the best of ``repeat``; ratio = ours_s / peer_s."""
    runs: dict[str, list[dict[str, Any]]] = {"ours": [], "peer": []}
    for _ in range(repeat):
        for side, found in runs.items():
            found.append(_child(side, data))
    best = {side: min(found, key=lambda each: float(each["seconds"])) for side, found in runs.items()}
    return [
        {
            "name": "invoices: files to published profiles",
            "ours_s": round(best["ours"]["seconds"], 3),
            "peer": "plain Polars: read, typed parse and the same group-bys",
            "peer_s": round(best["peer"]["seconds"], 3),
            "ratio": round(best["ours"]["seconds"] / best["peer"]["seconds"], 2),
            "ours_mib": max(each["mib"] for each in runs["ours"]),
            "peer_mib": max(each["mib"] for each in runs["peer"]),
            "rows": best["ours"]["rows"],
            "profiles": best["ours"]["profiles"],
            "repeat": repeat,
        }
    ]


def main() -> None:
    """Run one side, or both and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with the three invoice files")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side; the best counts")
    parser.add_argument("--json", action="store_true", help="print a JSON list and nothing else")
    parser.add_argument("--side", choices=("ours", "peer"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        print(json.dumps((ours if chosen.side == "ours" else peer)(chosen.data)))
        return
    if not chosen.data.is_dir():
        sys.exit(f"There is no folder {chosen.data}; give the invoices' folder with --data.")
    found = measure(chosen.data, chosen.repeat)
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for each in found:
        print(f"{each['name']}: {each['ours_s']} s, {each['ours_mib']} MiB")
        print(f"{each['peer']}: {each['peer_s']} s, {each['peer_mib']} MiB; ratio {each['ratio']}")


if __name__ == "__main__":
    main()
