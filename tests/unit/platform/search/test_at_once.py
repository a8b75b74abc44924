"""Many searches of one process at once, while the index is written: every answer is one state of it, whole."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from finmart.platform.search.embedded import EmbeddedIndex
from finmart.platform.search.types import Query
from tests.unit.platform.search.test_engines import SPEC, THINGS


def test_readers_see_one_state_or_the_other(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "search.db", SPEC)
    index.rebuild(THINGS, words=["云税贷"], note="3")

    def read(number: int) -> tuple[str, int]:
        hits = index.find(Query("纳税" if number % 2 else ""))
        return hits.note, hits.total

    def write(number: int) -> tuple[str, int]:
        kept = THINGS[: 1 + number % 3]
        index.rebuild(kept, words=["云税贷"], note=str(len(kept)))
        return "", 0

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: (write if number % 10 == 0 else read)(number), range(200)))
    whole = {("1", 1), ("2", 2), ("3", 3), ("3", 2), ("", 0)}
    assert set(answers) <= whole


def test_a_reader_notices_that_the_file_is_another_one(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    index, writer = EmbeddedIndex(path, SPEC), EmbeddedIndex(path, SPEC)
    writer.rebuild(THINGS, words=[], note="one")
    assert index.find(Query()).note == "one"
    writer.rebuild(THINGS[:1], words=[], note="two")
    assert (index.find(Query()).note, index.find(Query()).total) == ("two", 1)
    writer.put([], words=[], gone=["a"], note="three")
    assert (index.find(Query()).note, index.find(Query()).total) == ("three", 0)
