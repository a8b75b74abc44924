"""A likelihood learned from a foreign table keeps the directions that the meaning of its columns demands."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from finmart.matching.learning import baselines, likelihood
from finmart.matching.learning.directions import directed_of
from finmart.matching.learning.past import world_of
from finmart.matching.learning.reading import Files, read_table
from finmart.matching.learning.types import Column, Level, Side, Table, TableRefused
from tests.factories.worlds import write_world


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """As in every trial: threads that wait for each other would make this test long."""
    with baselines.one_thread():
        yield


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A world whose firms with more overdue are approved more often: the opposite of what the column means."""
    made = write_world(tmp_path_factory.mktemp("world"), "features", firms=300, products=12)
    read = read_table(Files(made.interactions, made.firms, made.products))
    approved = np.bincount(read.events.obtained.firm, minlength=300)
    overdue = tuple("" if at % 11 == 0 else str(min(6, times)) for at, times in enumerate(approved))
    grades = tuple("DCMBA"[max(0, 4 - times)] for times in approved)
    more = (Column("overdue_count", overdue), Column("tax_grade", grades))
    return replace(read, firms=Side(read.firms.keys, (*read.firms.columns, *more)))


def test_columns_are_known_by_their_names_or_named(table: Table) -> None:
    known = {one.name: one.sign for one in directed_of(table, {"Revenue": 1, "min_revenue": -1})}
    assert known == {"revenue": 1, "overdue_count": -1, "tax_grade": 1, "min_revenue": -1}
    with pytest.raises(TableRefused, match="“region”不能用：没有这一列、不是数字列"):
        directed_of(table, {"region": 1})


@pytest.mark.parametrize("name", ["days_since_default", "default_free_years", "无逾期月数"])
def test_what_says_the_opposite_has_no_direction_of_its_own(table: Table, name: str) -> None:
    turned = Side(table.firms.keys, (Column(name, table.firms.columns[-2].values),))
    assert directed_of(replace(table, firms=turned), {}) == ()


def test_what_is_worse_never_raises_the_likelihood(table: Table) -> None:
    events, directed = likelihood.decided(table.events), directed_of(table, {"revenue": -1})
    predict = likelihood.fit(world_of(table), events, directed)
    before = predict(events)
    for one in directed:
        known = one.values.copy()
        for step in (0.5, 1.0, 1000.0):
            # The fitted model is asked about the same firms, each worse in this one column.
            one.values[:] = known - one.sign * step
            assert np.all(predict(events) <= before + 1e-12), (one.name, step)
        one.values[:] = known


def test_weights_that_go_the_wrong_way_are_held_at_zero_and_the_rest_is_best(table: Table) -> None:
    events = likelihood.decided(table.events)
    design = likelihood.Design(world_of(table), events, directed_of(table, {"revenue": -1}))
    x, came = design.hot(events), (events.level == Level.OBTAINED).astype(float)
    signs = design.signs(x.shape[1])
    weights = likelihood.fit_logistic(x, came, penalty=3.0, signs=signs)
    assert np.all(weights * signs >= 0)
    # The data say the opposite of the overdue column and of the grades.
    assert np.any(likelihood.fit_logistic(x, came, penalty=3.0) * signs < 0)
    # The best point there is: no free weight can be moved for the better, no held one the right way.
    slope = x.T @ (came - likelihood.sigmoid(x @ weights)) - 3.0 * weights
    assert np.abs(slope[1:][weights[1:] != 0]).max() < 0.01
    assert np.all((signs * slope)[weights == 0] < 0.01)
