"""The suppliers' files: whole, in the contracts' words, the same every time, and within what the law lets them hold."""

import csv
import hashlib
from pathlib import Path

from finmart.credit.datasets import registry
from finmart.demo.city import suppliers
from finmart.demo.city.subjects import subjects
from finmart.demo.files import write_files

#: All files in the order of their names, byte by byte.
FILES_SHA256 = "c2aa3a5e59874eef2098d00fb25568e296ba6aceedbf375b9b9c2acc02b840f1"


def rows(dataset: str, stem: str) -> list[dict[str, str]]:
    columns = [column.name for column in registry.dataset(dataset).file(stem).columns]
    lines = list(suppliers.table(dataset, stem))
    return [dict(zip(columns, line, strict=True)) for line in lines[1:]]


def digest(folder: Path) -> str:
    text = hashlib.sha256()
    for path in sorted(folder.rglob("*.csv")):
        text.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return text.hexdigest()


def test_the_files_are_the_same_byte_by_byte(tmp_path: Path) -> None:
    counts = write_files(tmp_path / "one")
    assert counts == write_files(tmp_path / "two")
    assert digest(tmp_path / "one") == digest(tmp_path / "two") == FILES_SHA256
    assert 40_000 <= counts["invoices/input_invoices.csv"] + counts["invoices/output_invoices.csv"] <= 60_000


def test_every_file_has_the_header_of_its_contract(tmp_path: Path) -> None:
    write_files(tmp_path)
    for dataset in registry.DATASETS.values():
        for file in dataset.files:
            with (tmp_path / dataset.name / f"{file.stem}.csv").open(encoding="utf-8", newline="") as stream:
                header = next(csv.reader(stream))
            assert header == [column.header for column in file.columns]
            assert registry.file_of_header(header) is file


def test_every_subject_is_registered() -> None:
    registered = {row["subject_code"] for row in rows("registration", "registration")}
    assert registered >= {subject.identifier for subject in subjects()}


def test_a_persons_amounts_are_there_only_with_its_written_consent() -> None:
    traders = {subject.identifier: subject for subject in subjects() if subject.sole_trader}
    consenting = [subject for subject in traders.values() if suppliers.consent(subject)]
    assert 15 <= len(consenting) <= 45
    told = [row for row in rows("tax", "tax") if row["subject_code"] in traders]
    without = [row for row in told if not row["consent_on"]]
    assert len(without) == 1, "one row lacks it on purpose"
    persons = {subject.identifier for subject in subjects() if not subject.is_firm}
    assets = [row for row in rows("registration", "registration") if row["subject_code"] in persons]
    assert all(row["consent_on"] for row in assets if row["total_assets"])
    for stem in ("input_invoices", "output_invoices"):
        assert {row["subject_code"] for row in rows("invoices", stem)}.isdisjoint(persons)


def test_amounts_add_up_on_every_line() -> None:
    wrong = [
        row
        for stem in ("input_invoices", "output_invoices")
        for row in rows("invoices", stem)
        if row["amount"] and round(float(row["amount"]) + float(row["tax"]) - float(row["total"]), 2)
    ]
    assert wrong == []


def test_amounts_are_written_in_yuan() -> None:
    assert [suppliers.yuan(fen) for fen in (0, 5, 100, -5, -12345)] == ["0.00", "0.05", "1.00", "-0.05", "-123.45"]


def test_wrong_rows_are_few_enough_for_the_contracts() -> None:
    for dataset in registry.DATASETS.values():
        shares = [each.most for each in dataset.assertions if each.measure == "quarantined_share"]
        total = sum(len(rows(dataset.name, file.stem)) for file in dataset.files)
        assert all(4_000_000 / total < (most or 0) for most in shares)
