"""Rows outside of a database: what is written is what is read, and both kinds of database are compared alike."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Float, Interval
from sqlalchemy.types import TypeEngine

from finmart.platform.backup.cells import Cells, Digest, Kind, canonical, digest_of, kind_of, line

VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TRUTH: st.booleans(),
    Kind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Kind.JSON: st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    ).map(json.dumps),
    Kind.INSTANT: st.datetimes(timezones=st.just(UTC)),
    Kind.DAY: st.dates(),
    Kind.BYTES: st.binary(max_size=64),
    Kind.TEXT: st.text(),
}


@given(st.tuples(*(st.none() | VALUES[kind] for kind in Kind)))
def test_a_row_comes_back_as_it_was(row: tuple[Any, ...]) -> None:
    cells = Cells(list(Kind))
    read = json.loads(line(cells.neutral(row)))
    assert cells.native(read) == list(row)


@given(VALUES[Kind.JSON])
def test_the_compared_form_of_a_document_is_its_own(document: str) -> None:
    assert canonical(canonical(document)) == canonical(document)
    assert json.loads(canonical(document)) == json.loads(document)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"b": 1, "a": [2]}', '{"a":[2],"b":1}'),
        ("1e+22", "10000000000000000000000"),
        ("-0.0", "0.0"),
        ("1e-07", "0.0000001"),
        ("1.50", "1.5"),
        (r'"\u91d1\u878d"', '"金融"'),
    ],
)
def test_texts_of_the_same_document_are_compared_alike(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [("1", "1.5"), ("[1,2]", "[2,1]"), ("null", '"null"'), ("{}", "[]")])
def test_texts_of_other_documents_are_not(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_a_bare_number_that_sqlite_kept_as_a_number_is_a_document() -> None:
    assert Cells([Kind.JSON]).neutral([12]) == ["12"]


@given(st.lists(st.lists(st.integers(), min_size=2, max_size=2)), st.randoms())
def test_a_digest_does_not_depend_on_the_order(rows: list[list[int]], shuffled: Any) -> None:
    cells = Cells([Kind.INTEGER, Kind.INTEGER])
    mixed = list(rows)
    shuffled.shuffle(mixed)
    one, other = digest_of(cells, rows), digest_of(cells, mixed)
    assert (one.rows, one.hexdigest()) == (other.rows, other.hexdigest())


def test_a_digest_notices_a_row_that_stands_twice_and_one_that_is_gone() -> None:
    found = set()
    for rows in ([b"a", b"b"], [b"a", b"b", b"b"], [b"a"], []):
        digest = Digest()
        for each in rows:
            digest.add(each)
        found.add(digest.hexdigest())
    assert len(found) == 4


@pytest.mark.parametrize("column_type", [Float(), Interval()])
def test_a_column_without_one_stops_the_backup(column_type: TypeEngine[Any]) -> None:
    with pytest.raises(TypeError, match="no neutral form"):
        kind_of(column_type)


def test_instants_and_days_keep_every_digit() -> None:
    row = Cells([Kind.INSTANT, Kind.DAY]).neutral([datetime(2026, 11, 21, 5, 0, tzinfo=UTC), date(2026, 11, 21)])
    assert row == ["2026-11-21T05:00:00.000000+00:00", "2026-11-21"]
