"""The generated applicants as the columns that the bulk engines read, and as the tables that peers read."""

from datetime import date
from typing import Any

import numpy as np

from benchmarks.matching import generated
from benchmarks.matching.generated import CODES, ENTRY, FLAGS, MONTHS, NUMBERS, SERIES, SET, SET_CODES, TODAY
from finmart.matching.engine.bulk.table import Codes, Column, Dictionary, Monthly, Table, Whole, narrowest
from finmart.matching.engine.inputs import ApplicantFacts
from finmart.matching.engine.needs import need_facts, with_need

Block = generated.Applicants
_FIRST_DAY = TODAY.toordinal() - 400


def applicant(found: Block, row: int) -> ApplicantFacts:
    """One applicant with the facts of the need beside its own, as the plain evaluator takes it."""
    return with_need(generated.facts_of(found, row), generated.NEED)


def table(size: int) -> Table:
    """``size`` applicants; every column has the narrowest type that holds it, and no applicant is held twice."""
    columns: dict[str, Column] = {}
    whole = {key: (np.empty(size, dtype=np.int64), np.empty(size, dtype=np.bool_)) for key in NUMBERS}
    codes: dict[str, Codes] = {key: np.empty(size, dtype=np.int8) for key in (*CODES, SET, *FLAGS)}
    days = np.empty(size, dtype=np.int16)
    series = {key: (np.empty((MONTHS, size), np.int32), np.empty(size, np.int16)) for key in SERIES}
    start = 0
    for block in generated.blocks(size):
        rows = slice(start, start + block.size)
        _copy(block, rows, whole, codes, series)
        days[rows] = np.where(block.known[ENTRY], block.dates - _FIRST_DAY, -1)
        start += block.size
    columns |= {key: Whole(narrowest(values), known) for key, (values, known) in whole.items()}
    columns |= {key: Monthly(months, lengths) for key, (months, lengths) in series.items()}
    columns |= {key: Dictionary(each, _values(key)) for key, each in codes.items()}
    columns[ENTRY] = Dictionary(days, tuple(date.fromordinal(_FIRST_DAY + day) for day in range(1300)))
    for key, fact in need_facts(generated.NEED).items():
        columns[key] = Dictionary(np.zeros(size, dtype=np.int8), (fact.value,))
    return Table(size, columns)


def _copy(block: Block, rows: slice, whole: Any, codes: Any, series: Any) -> None:
    for key, (values, known) in whole.items():
        values[rows], known[rows] = block.numbers[key], block.known[key]
    given: dict[str, Any] = {**block.codes, SET: block.sets, **block.flags}
    for key, each in codes.items():
        each[rows] = np.where(block.known[key], given[key], -1)
    for key, (months, lengths) in series.items():
        months[:, rows] = block.series[key].T
        lengths[rows] = np.where(block.known[key], block.lengths[key], -1)


def _values(key: str) -> tuple[Any, ...]:
    if key in CODES:
        return CODES[key]
    if key == SET:
        return tuple(tuple(code for bit, code in enumerate(SET_CODES) if number >> bit & 1) for number in range(1 << 6))
    return (False, True)
