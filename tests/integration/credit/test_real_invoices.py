"""The real invoices: counts as the files have them, and facts recomputed with csv and Decimal alone."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from finmart.config import Settings
from finmart.credit.service import bulk, deliveries
from finmart.credit.types.values import SubjectFacts
from finmart.platform.db.session import unit_of_work
from tests.factories.credit import IMPORTER
from tests.fixtures.report import SHARED_DATA

AS_OF = date(2020, 2, 21)
FIRMS = ("E1", "E7", "E36", "E113", "E124", "E225", "E398", "E425")
FILES = {"sales": "output_invoices.csv.gz", "purchases": "input_invoices.csv.gz"}

pytestmark = [pytest.mark.shared_data, pytest.mark.usefixtures("own_database", "settings")]


@dataclass
class Plain:
    """What one firm's file says, worked out line by line."""

    months: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    parties: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lines: int = 0
    voided: int = 0
    last_on: date | None = None


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        next(lines)
        for line in lines:
            if line[0].strip() in FIRMS:
                yield [cell.strip() for cell in line]


def _month(day: date) -> int:
    return 12 * (AS_OF.year - day.year) + AS_OF.month - day.month - (day.day > AS_OF.day)


def recomputed(path: Path) -> dict[str, Plain]:
    """firm → figures of one file, without anything of the platform."""
    found: dict[str, Plain] = defaultdict(Plain)
    seen: set[tuple[str, ...]] = set()
    for row in _rows(path):
        if tuple(row) in seen:
            continue
        seen.add(tuple(row))
        firm, _number, text, party, amount, _tax, _total, status = row
        year, month, number = (int(part) for part in text.split("/"))
        day = date(year, month, number)
        back, plain = _month(day), found[firm]
        plain.lines += back < 12
        if status == "作废发票":
            plain.voided += back < 12
            continue
        fen = Decimal(amount) * 100
        assert fen == int(fen)
        plain.months[back] += int(fen)
        plain.parties[party] += int(fen) if back < 12 else 0
        plain.last_on = max(day, plain.last_on or day)
    return found


def _year(plain: Plain) -> int:
    return sum(amount for month, amount in plain.months.items() if month < 12)


def _check(facts: SubjectFacts, side: str, plain: Plain) -> None:
    known = {key: fact.value for key, fact in facts.facts.items()}
    assert known[f"{side}_12m"] == _year(plain)
    assert known[f"{side}_last_on"] == plain.last_on
    assert known.get(f"{side}_void_ratio_12m") == (plain.voided * 1_000_000 // plain.lines if plain.lines else None)
    series = known[f"{side}_monthly"]
    assert isinstance(series, tuple)
    assert list(series) == [plain.months.get(month, 0) for month in range(len(series))]
    who = "customer" if side == "sales" else "supplier"
    positive = sorted((amount for amount in plain.parties.values() if amount > 0), reverse=True)
    assert known[f"{who}s_12m"] == len(positive)
    if positive:
        assert known[f"{who}_top1_share_12m"] == positive[0] * 1_000_000 // sum(positive)
        assert known[f"{who}_top5_share_12m"] == sum(positive[:5]) * 1_000_000 // sum(positive)


def test_the_real_delivery(settings: Settings) -> None:
    folder = SHARED_DATA / "invoices"
    report = deliveries.import_dataset(IMPORTER, "invoices", folder, as_of=AS_OF)
    assert (report.rows_read, report.rows_duplicate, report.rows_quarantined) == (1_099_441, 11_665, 0)
    assert report.rows_read == report.rows_stored + report.rows_duplicate + report.rows_quarantined
    assert (report.rows_voided, report.subjects, report.profiles) == (63_605, 425, 425)
    with unit_of_work():
        profiles = {one.identifier: one for one in bulk.profiles_for_run(IMPORTER, basis="test", as_of=AS_OF)}
    assert min(len(one.facts) for one in profiles.values()) >= 25
    for side, name in FILES.items():
        for firm, plain in recomputed(folder / name).items():
            _check(profiles[firm], side, plain)
    again = deliveries.import_dataset(IMPORTER, "invoices", folder, as_of=AS_OF)
    assert (again.already, again.rows_stored, again.facts, again.profiles) == (True, 0, 0, 0)
    assert len(list((settings.data / "shared").rglob("*.parquet"))) == 64
