"""What is the same in front and behind is found, whatever differs between."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from finmart.matching.engine.plan.middle import Middle, middle_of, middle_of_columns

things = st.lists(st.integers(0, 3), max_size=8)


@given(things, things)
def test_a_sequence_with_its_middle_replaced_is_the_other_one(old: list[int], new: list[int]) -> None:
    # Small integers are the same objects, as offers that have not changed are.
    middle = middle_of(old, new)
    first, old_end, new_end = middle
    assert old[:first] + new[first:new_end] + old[old_end:] == new
    assert middle.is_nothing is (old == new)
    assert first in {old_end, new_end} or (old[first] != new[first] and old[old_end - 1] != new[new_end - 1])


@given(things, things)
def test_a_table_with_its_middle_replaced_is_the_other_one(old: list[int], new: list[int]) -> None:
    before, after = (np.array([given, given], dtype=np.int64) for given in (old, new))
    middle = middle_of_columns(before, after)
    assert middle == middle_of(old, new)
    assert np.array_equal(middle.spliced(before, after[:, middle.first : middle.new_end]), after)


def test_nothing_is_copied_where_nothing_differs() -> None:
    same = np.array([1, 2])
    assert Middle(2, 2, 2).spliced(same, same[:0]) is same
