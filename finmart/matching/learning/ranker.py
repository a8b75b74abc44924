"""Ranking products for a firm: what each signal is worth is learned from the newest part of the past.

The signals are learned from what came before that part, so they never see what they are judged by. A conditional logit
weighs them, starting from "popularity alone"; trees (scikit-learn, where installed) see how they act together. Of
these, their blends and the plain baselines that one is used which ranks best for firms that were kept out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from finmart.matching.learning import baselines
from finmart.matching.learning.baselines import Scorer
from finmart.matching.learning.metrics import DEPTH, first_places, ranked
from finmart.matching.learning.past import Past, World, past_of
from finmart.matching.learning.signals import Signals
from finmart.matching.learning.types import Flags, Floats, Ints, TooLittle
from finmart.platform.kernel.messages import N_

BATCH = 400
#: Firms whose choices train the ranker, firms that judge it, and products beside each choice.
MOST_CHOOSERS, MOST_JUDGES, BESIDE = 4000, 2000, 60
#: At least so many choices must be there to learn from.
FEWEST_CHOICES = 50
#: Shares of repeated products below which what a firm has had is no candidate any more.
REPEATED = 0.005
PENALTIES = (3.0, 30.0, 300.0)
SEED = 5


@dataclass(frozen=True)
class Window:
    """The newest part of a past as an exam: who obtained what in it, and what was known before."""

    past: Past
    firms: Ints
    relevant: Callable[[Ints], Flags]


@dataclass
class Ranker:
    """A fitted ranking. ``report`` says what was chosen and by which figures."""

    signals: Signals
    repeats: bool
    score: Scorer
    report: dict[str, Any] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    #: Weight of each signal in the conditional logit, in standard deviations of the signal.
    weights: Mapping[str, float] = field(default_factory=dict)

    def places(self, firms: Ints, depth: int = DEPTH) -> Ints:
        """The first products of each firm."""
        return order_of(self.score, self.signals.past, firms, repeats=self.repeats, depth=depth)


def order_of(score: Scorer, past: Past, firms: Ints, *, repeats: bool, depth: int = DEPTH) -> Ints:
    """The first products by ``score``; what a firm has had is left out unless it may come again."""
    found = []
    for chunk in batches(firms):
        scores = np.array(score(chunk), dtype=np.float64)
        if not repeats:
            scores[past.counts(chunk) > 0] = -np.inf
        found.append(first_places(scores, depth))
    return np.vstack(found) if found else np.zeros((0, depth), dtype=np.int64)


def batches(firms: Ints) -> list[Ints]:
    """Firms in groups that fit into memory with all their products."""
    return [firms[at : at + BATCH] for at in range(0, len(firms), BATCH)]


def obtained_between(world: World, since: int, until: int | None, past: Past, *, repeats: bool) -> Window:
    """The firms that obtained something new (or anything, with repeats) from ``since`` up to ``until``."""
    events = world.table.events.obtained
    events = events.where((events.day >= since) & (events.day < (until or np.iinfo(np.int64).max)))
    key = np.unique(events.firm * past.products + events.product)
    if not repeats:
        known = past.events.obtained
        key = np.setdiff1d(key, known.firm * past.products + known.product)
    firms = np.unique(key // past.products)

    def relevant(chunk: Ints) -> Flags:
        flags = np.zeros((len(chunk), past.products), dtype=bool)
        low, high = np.searchsorted(key, chunk * past.products), np.searchsorted(key, (chunk + 1) * past.products)
        for row, (start, end) in enumerate(zip(low, high, strict=True)):
            flags[row, key[start:end] - chunk[row] * past.products] = True
        return flags

    return Window(past, firms, relevant)


def repeats_happen(world: World, since: int, until: int) -> bool:
    """Whether firms obtain again what they had: at least one in two hundred of a window's events."""
    past, events = past_of(world, since), world.table.events.obtained
    events = events.where((events.day >= since) & (events.day < until))
    before = past.events.obtained
    again = np.isin(events.firm * past.products + events.product, before.firm * past.products + before.product)
    known = np.isin(events.firm, before.firm)
    return bool(again.sum() > REPEATED * max(1, known.sum()))


def window_start(world: World, day: int, test_days: int) -> int:
    """The first day of the newest part: as long as the test, but a tenth to a third of what was obtained."""
    events = world.table.events.obtained
    days = np.sort(events.day[events.day < day])
    if len(days) < FEWEST_CHOICES * 2:
        raise TooLittle(
            N_("测试日期之前只有{found}笔成功的记录，至少要有{least}笔才能训练；请补充数据，或把测试日期推后。"),
            found=len(days),
            least=FEWEST_CHOICES * 2,
        )
    earliest, latest = int(days[int(len(days) * 0.65)]), int(days[int(len(days) * 0.9)])
    return max(int(days[0]) + 1, min(latest, max(earliest, day - test_days)))


def ndcg_of(score: Scorer, window: Window, firms: Ints, *, repeats: bool) -> Floats:
    """NDCG@10 of each of ``firms`` in a window."""
    parts = []
    for chunk in batches(firms):
        order = order_of(score, window.past, chunk, repeats=repeats)
        parts.append(ranked(order, window.relevant(chunk)).ndcg)
    return np.concatenate(parts) if parts else np.zeros(0)


@dataclass(frozen=True, eq=False)
class Choices:
    """What firms chose among: choices × candidates × signals, the first candidate being the chosen one."""

    x: Floats
    left_out: Flags


def choices_of(window: Window, signals: Signals, firms: Ints, *, repeats: bool) -> Choices:
    """Each obtained product with products beside it that the firm did not obtain then (McFadden's sampling)."""
    dice = np.random.default_rng(SEED)
    rows, outs = [], []
    beside = min(BESIDE, window.past.products - 1)
    for chunk in batches(firms):
        values, relevant = signals.of(chunk), window.relevant(chunk)
        barred = np.zeros_like(relevant) if repeats else window.past.counts(chunk) > 0
        for row in range(len(chunk)):
            for chosen in np.flatnonzero(relevant[row])[:5]:
                others = dice.permutation(window.past.products)[: beside + 1]
                others = others[others != chosen][:beside]
                pick = np.concatenate([[chosen], others])
                rows.append(values[row, pick].astype(np.float32))
                outs.append(np.concatenate([[False], (relevant[row] | barred[row])[others]]))
    return Choices(np.array(rows, dtype=np.float64), np.array(outs))


def joined(parts: list[Choices]) -> Choices:
    """Several groups of choices as one."""
    return Choices(np.concatenate([p.x for p in parts]), np.concatenate([p.left_out for p in parts]))


@dataclass(frozen=True)
class Logit:
    """A conditional logit over standardised signals."""

    mean: Floats
    scale: Floats
    weights: Floats

    def values(self, x: Floats) -> Floats:
        """Utility of each candidate."""
        found: Floats = np.clip((x - self.mean) / self.scale, -8, 8) @ self.weights
        return found


def fit_logit(choices: Choices, penalty: float, popularity: int) -> Logit:
    """Newton's method with a ridge around "chosen as often as popular": log-popularity 1, everything else 0."""
    size = choices.x.shape[2]
    flat = choices.x.reshape(-1, size)
    mean, scale = flat.mean(axis=0), np.maximum(flat.std(axis=0), 1e-6)
    x = np.clip((choices.x - mean) / scale, -8, 8)
    prior = np.zeros(size)
    prior[popularity] = scale[popularity]
    weights = prior.copy()
    for _step in range(12):
        utility = np.where(choices.left_out, -np.inf, x @ weights)
        likely = np.exp(utility - utility.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        expected = np.einsum("nc,ncs->ns", likely, x)
        gradient = (x[:, 0] - expected).sum(axis=0) - penalty * (weights - prior)
        weighed = (x * np.sqrt(likely)[:, :, None]).reshape(-1, size)
        hessian = weighed.T @ weighed - expected.T @ expected + penalty * np.eye(size)
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step * min(1.0, 2.0 / max(1e-9, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-4:
            break
    return Logit(mean, scale, weights)


#: Signals → a figure; ready for any array whose last axis are the signals.
Judge = Callable[[Floats], Floats]


def fit_trees(choices: Choices) -> Judge | None:
    """Gradient-boosted trees that tell chosen from not chosen; None without scikit-learn."""
    if not baselines.has_extra():
        return None
    from sklearn.ensemble import HistGradientBoostingClassifier  # An extra: only training needs it.

    size = choices.x.shape[2]
    good = choices.x[:, 0]
    bad = choices.x[:, 1:][~choices.left_out[:, 1:]]
    x = np.concatenate([good, bad]).astype(np.float32)
    y = np.concatenate([np.ones(len(good)), np.zeros(len(bad))])
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=40, l2_regularization=5.0,
        early_stopping=False, random_state=SEED,
    )  # fmt: skip
    model.fit(x, y)

    def judge(values: Floats) -> Floats:
        scores: Floats = model.decision_function(values.reshape(-1, size).astype(np.float32))
        return scores.reshape(values.shape[:-1])

    return judge


def scorer_of(signals: Signals, judge: Judge) -> Scorer:
    """A judge of signals as a scorer of firms."""
    return lambda firms: judge(signals.of(firms))


def blended(one: Judge, other: Judge, share: float) -> Judge:
    """``share`` of the second judge; both speak in logits."""
    return lambda values: (1 - share) * one(values) + share * other(values)
