"""The embedded engine's file: damaged, swapped while it is read, and left as it was when a rebuild fails."""

import os
from pathlib import Path

import pytest

from finmart.platform.search.embedded import EmbeddedIndex
from finmart.platform.search.types import IndexMissing, Query
from tests.unit.platform.search.test_engines import SPEC, THINGS


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    made = EmbeddedIndex(tmp_path / "data" / "search.db", SPEC)
    made.rebuild(THINGS, words=[], note="one")
    return made


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    path.write_bytes(b"not a database, but long enough to look at" * 100)
    with pytest.raises(IndexMissing):
        EmbeddedIndex(path, SPEC).find(Query("税"))
    path.write_bytes(b"")
    with pytest.raises(IndexMissing):
        EmbeddedIndex(path, SPEC).state()


def test_a_rebuild_leaves_no_file_behind(index: EmbeddedIndex, tmp_path: Path) -> None:
    index.rebuild(THINGS[:1], words=[], note="three")
    assert index.find(Query()).keys == ("a",)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["search.db"]


def test_a_failed_rebuild_leaves_the_old_index(index: EmbeddedIndex, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        index.rebuild([THINGS[0], THINGS[0]], words=[], note="bad")
    assert index.find(Query()).total == 3
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["search.db"]


def test_a_rebuild_takes_away_what_a_killed_one_left(index: EmbeddedIndex, tmp_path: Path) -> None:
    old, young = (tmp_path / "data" / f"search.db.{name}.new" for name in ("old", "young"))
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    index.rebuild(THINGS, words=[], note="two")
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["search.db", "search.db.young.new"]
