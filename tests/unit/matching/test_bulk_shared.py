"""What threads share of a catalogue is made once for good: steps name it by its address, and it must stay there."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from finmart.conditions.types import Window, WindowOf
from finmart.matching.engine.bulk.catalogue import compiled
from finmart.matching.engine.bulk.encoding import Encoding
from finmart.matching.engine.bulk.reckon import Lookups
from finmart.matching.engine.bulk.table import table_of
from tests.factories.matching import condition, facts, offer, variant


class Interrupted(tuple[Any, ...]):
    """While somebody reads this, ``meanwhile`` is done once, as by another thread whose turn has come."""

    meanwhile: Callable[[], object] | None = None

    def _pause(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()

    def __getitem__(self, place: Any) -> Any:
        self._pause()
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[Any]:
        self._pause()
        return super().__iter__()


COLUMN = table_of([facts(tax_grade="A"), facts(tax_grade="B")]).dictionary("tax_grade")
ASKED: list[Callable[[Encoding], object]] = [
    lambda encoding: encoding.thresholds([0], 1, np.dtype(np.int64)),
    lambda encoding: encoding.ratios([0]),
    lambda encoding: encoding.choices("tax_grade", COLUMN, Lookups()),
]


@pytest.mark.parametrize("ask", ASKED, ids=["thresholds", "ratios", "choices"])
def test_whoever_asks_in_between_is_given_the_same(ask: Callable[[Encoding], object]) -> None:
    staff = condition({"ge": [{"fact": "employees"}, {"value": 5}]})
    grade = condition({"in": [{"fact": "tax_grade"}, ["A"]]}, key="grade")
    leaves = Interrupted(compiled([offer("p", variant(staff, grade))]).leaves)
    encoding, others = Encoding(leaves), list[object]()
    leaves.meanwhile = lambda: others.append(ask(encoding))
    mine = ask(encoding)
    assert mine is others[0] is ask(encoding)


def test_ends_are_the_same_for_whoever_asks_in_between() -> None:
    encoding, others = Encoding(()), list[object]()
    windows = Interrupted([Window("sales_monthly", 6, WindowOf.GROWTH, 0, None)])
    windows.meanwhile = lambda: others.append(encoding.ends(windows))
    mine = encoding.ends(windows)
    assert mine is others[0] is encoding.ends(windows)
    assert mine.table.tolist() == [[6, 0], [12, 0]]
