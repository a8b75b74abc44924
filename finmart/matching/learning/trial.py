"""The trial of a table: train on what came before a day, judge on what came from it on, beside the baselines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from finmart.matching.learning import baselines, likelihood
from finmart.matching.learning.choosing import fit_ranker
from finmart.matching.learning.directions import directed_of
from finmart.matching.learning.metrics import DEPTH, Ranked, gain, ranked
from finmart.matching.learning.past import World, past_of, world_of
from finmart.matching.learning.ranker import Ranker, Window, obtained_between, order_of
from finmart.matching.learning.segments import SEGMENTS, split
from finmart.matching.learning.types import Column, Ints, Level, Table, TableRefused
from finmart.platform.kernel.messages import N_

Report = Callable[[str], None]

MODEL = "finmart"


@dataclass(frozen=True)
class Trial:
    """A trained table with its answer; ``order`` are the first products of each tested firm, for who judges himself."""

    world: World
    ranker: Ranker
    firms: Ints
    order: Ints
    answer: dict[str, Any]


def run_trial(table: Table, test_from: date, report: Report, directions: Mapping[str, int] | None = None) -> Trial:
    """Train and judge. ``directions``: features that may only raise (+1) or lower (−1) the likelihood, by name.

    Raises ``TableRefused`` for an empty part, ``TooLittle`` for too small a one.
    """
    with baselines.one_thread():
        return _run_trial(table, test_from, report, directions or {})


def _run_trial(table: Table, test_from: date, report: Report, directions: Mapping[str, int]) -> Trial:
    day = test_from.toordinal()
    _refuse_empty(table, day, test_from)
    directed = directed_of(table, directions)
    world = world_of(table)
    report(f"{world.shape[0]} firms × {world.shape[1]} products, {len(table.events)} events: training")
    ranker = fit_ranker(world, day, int(table.events.day.max()) - day + 1)
    window = obtained_between(world, day, None, past_of(world, day), repeats=ranker.repeats)
    if not len(window.firms):
        raise TableRefused(N_("从{day}起没有一家企业取得以前没有过的产品，无法检验；请把测试日期提前。"), day=test_from)
    report(f"{len(window.firms)} firms to judge by")
    orders = {MODEL: ranker.places(window.firms)}
    for name, score in baselines.scorers(window.past, ranker.ranks).items():
        orders[name] = order_of(score, window.past, window.firms, repeats=ranker.repeats)
    judged = {name: _judged(order, window) for name, order in orders.items()}
    segments = table.segments(SEGMENTS)
    answer = {
        "test_from": test_from.isoformat(),
        "data": _data(table, day, window),
        "already_had": "may_come_again" if ranker.repeats else "left_out",
        "ranking": {name: each.summary() for name, each in judged.items()},
        "gain_over": _gains(judged),
        "ranking_by_segment": _by_segment(judged[MODEL], window.firms, segments),
        "likelihood": likelihood.judged(world, day, segments, directed),
        "model": ranker.report,
        "notes": [*table.notes, *_left_out()],
    }
    return Trial(world, ranker, window.firms, orders[MODEL], answer)


def _refuse_empty(table: Table, day: int, test_from: date) -> None:
    events = table.events
    if not len(events):
        raise TableRefused(N_("互动表里没有一行数据，请在列名下面写上每次展示、申请和结果。"))
    if table.shape[1] < 2:
        raise TableRefused(N_("只有一个产品，没有什么可以排序；至少要有两个产品。"))
    if not np.any(events.level == Level.OBTAINED):
        raise TableRefused(N_("没有一行的结果是成功（如approved），无法学习；请用--obtained说明哪些结果算成功。"))
    good = events.obtained.day
    if not np.any(good >= day):
        raise TableRefused(
            N_("从{day}起没有成功的记录，测试部分是空的；最后一笔在{last}，请把测试日期提前。"),
            day=test_from,
            last=date.fromordinal(int(good.max())),
        )
    if not np.any(good < day):
        raise TableRefused(N_("{day}之前没有成功的记录，训练部分是空的；请把测试日期推后。"), day=test_from)


def _judged(order: Ints, window: Window) -> Ranked:
    relevant = np.vstack([window.relevant(window.firms[at : at + 5000]) for at in range(0, len(window.firms), 5000)])
    return ranked(order, relevant)


def _data(table: Table, day: int, window: Window) -> dict[str, Any]:
    events = table.events
    before = events.day < day
    past = window.past.popularity()
    return {
        "firms": table.shape[0],
        "products": table.shape[1],
        "events": {"train": int(before.sum()), "test": int((~before).sum())},
        "obtained": {
            "train": int((before & (events.level == Level.OBTAINED)).sum()),
            "test": int((~before & (events.level == Level.OBTAINED)).sum()),
        },
        "test_firms": len(window.firms),
        "test_firms_without_past": int((~np.isin(window.firms, window.past.events.obtained.firm)).sum()),
        "products_without_past": int((past == 0).sum()),
    }


def _gains(judged: Mapping[str, Ranked]) -> dict[str, Any]:
    """The difference of NDCG@10 to each baseline, with its 95 % interval over firms."""
    own = judged[MODEL].ndcg
    return {name: {f"ndcg@{DEPTH}": gain(own, each.ndcg)} for name, each in judged.items() if name != MODEL}


def _by_segment(judged: Ranked, firms: Ints, segments: Mapping[str, Column]) -> dict[str, Any]:
    return {
        name: {value: judged.summary(kept) for value, kept in split(column, firms)} for name, column in segments.items()
    }


def _left_out() -> list[str]:
    if baselines.has_extra():
        return []
    return ["scikit-learn is not installed (requirements-learning.txt): no factorisation to compare with, no trees"]
