"""How likely a decided application ends well: a ridge logistic regression, trees beside it, and both calibrated.

The figure is for ranking rules and their review alone; it is shown to no applicant and promises nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from finmart.matching.learning import baselines
from finmart.matching.learning.metrics import calibration
from finmart.matching.learning.past import World
from finmart.matching.learning.segments import split
from finmart.matching.learning.types import Column, Events, Floats, Level

#: Decisions that are at least needed, and the newest that are at most used.
FEWEST_DECISIONS, MOST_DECISIONS = 100, 30_000
MOST_PRODUCTS = 250
PENALTY = 3.0
SEED = 5

Predict = Callable[[Events], Floats]


def fit_logistic(x: Floats, y: Floats, *, penalty: float | Floats) -> Floats:
    """Weights of a ridge logistic regression by Newton's method; the first column of ``x`` is the constant, free."""
    weights = np.zeros(x.shape[1])
    ridge = np.broadcast_to(np.asarray(penalty, dtype=np.float64), (x.shape[1],)).copy()
    ridge[0] = 1e-6
    for _step in range(15):
        likely = sigmoid(x @ weights)
        gradient = x.T @ (y - likely) - ridge * weights
        hessian = (x * (likely * (1 - likely))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step * min(1.0, 3.0 / max(1e-9, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-5:
            break
    return weights


def sigmoid(values: Floats) -> Floats:
    """The logistic function, safe for large values."""
    found: Floats = 1.0 / (1.0 + np.exp(-np.clip(values, -35, 35)))
    return found


def decided(events: Events) -> Events:
    """The events that were decided, either way."""
    return events.where(events.level != Level.TOUCHED)


@dataclass(frozen=True)
class Design:
    """What is known of an application before it is decided, as columns; history counts what came before its day."""

    world: World
    known: Events

    def history(self, events: Events) -> Floats:
        """Earlier good and bad ends of the firm, and of the product's, each as a logarithm."""
        found = []
        for level in (Level.OBTAINED, Level.DECLINED):
            one = self.known.where(self.known.level == level)
            for own, theirs in ((events.firm, one.firm), (events.product, one.product)):
                found.append(np.log1p(_before(own, events.day, theirs, one.day)))
        return np.stack(found, axis=1)

    def hot(self, events: Events) -> Floats:
        """Levels as columns, numbers, what the product names, history: for the regression."""
        world = self.world
        sides = [(c, events.firm) for c in world.firms.categories] + [
            (c, events.product) for c in world.products.categories
        ]
        parts = [np.ones((len(events), 1)), *(np.eye(len(c.names))[c.of[at]] for c, at in sides)]
        if world.shape[1] <= MOST_PRODUCTS:
            parts.append(np.eye(world.shape[1])[events.product])
        return np.hstack([*parts, self._numbers(events)])

    def dense(self, events: Events) -> Floats:
        """Codes and numbers as they are: for the trees."""
        world = self.world
        codes = [c.of[events.firm] for c in world.firms.categories] + [
            c.of[events.product] for c in world.products.categories
        ]
        raw = np.hstack([world.firms.raw[events.firm], world.products.raw[events.product]])
        return np.hstack([np.array(codes).T.reshape(len(events), -1), raw, self._numbers(events)])

    def _numbers(self, events: Events) -> Floats:
        world = self.world
        names = [m.table[m.kind[events.firm], events.product][:, None] for m in world.matches]
        numbers = [world.firms.numbers[events.firm], world.products.numbers[events.product]]
        return np.hstack([*numbers, *names, self.history(events)])


def _before(own: Any, day: Any, theirs: Any, their_day: Any) -> Floats:
    """For each (key, day): how many of the other keys are equal and of an earlier day."""
    span = np.int64(4_000_000)
    table = np.sort(theirs * span + their_day)
    counts = np.searchsorted(table, own * span + day) - np.searchsorted(table, own * span)
    found: Floats = counts.astype(np.float64)
    return found


def _regression(design: Design, events: Events) -> Predict:
    weights = fit_logistic(design.hot(events), _came(events), penalty=PENALTY)

    def predict(asked: Events) -> Floats:
        logits: Floats = design.hot(asked) @ weights
        return logits

    return predict


def _trees(design: Design, events: Events) -> Predict | None:
    if not baselines.has_extra():
        return None
    from sklearn.ensemble import HistGradientBoostingClassifier  # An extra: only training needs it.

    model = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.06, max_leaf_nodes=12, min_samples_leaf=30, l2_regularization=5.0,
        early_stopping=False, random_state=SEED,
    )  # fmt: skip
    model.fit(design.dense(events), _came(events))

    def predict(asked: Events) -> Floats:
        logits: Floats = model.decision_function(design.dense(asked))
        return logits

    return predict


def _came(events: Events) -> Floats:
    came: Floats = np.asarray(events.level == Level.OBTAINED).astype(np.float64)
    return came


def fit(world: World, events: Events) -> Predict:
    """Logits of ending well. The newest fifth decides how much trees count and sets the scale; then all is refitted."""
    design = Design(world, events)
    cut = int(np.quantile(events.day, 0.8))
    early, late = events.where(events.day < cut), events.where(events.day >= cut)
    if len(early) < FEWEST_DECISIONS / 2 or len(np.unique(early.level)) < 2:
        return _regression(design, events)
    old = Design(world, early)
    linear, trees = _regression(old, early), _trees(old, early)
    came = _came(late)
    found = {0.0: linear(late)}
    if trees is not None:
        found |= {share: (1 - share) * found[0.0] + share * trees(late) for share in (0.5, 1.0)}
    losses = {share: _platt(logits, came) for share, logits in found.items()}
    share = min(losses, key=lambda one: losses[one][0])
    _loss, shift, slope = losses[share]
    final, wood = _regression(design, events), _trees(design, events) if share else None
    return lambda asked: (
        shift + slope * (final(asked) if wood is None else (1 - share) * final(asked) + share * wood(asked))
    )


def _platt(logits: Floats, came: Floats) -> tuple[float, float, float]:
    """Platt's scaling (1999), drawn towards none: log loss, shift, slope."""
    x = np.stack([np.ones(len(logits)), logits], axis=1)
    weights = np.array([0.0, 1.0])
    for _step in range(20):
        likely = sigmoid(x @ weights)
        gradient = x.T @ (came - likely) - 5.0 * (weights - [0.0, 1.0])
        hessian = (x * (likely * (1 - likely))[:, None]).T @ x + 5.0 * np.eye(2)
        weights = weights + np.linalg.solve(hessian, gradient)
    likely = np.clip(sigmoid(x @ weights), 1e-9, 1 - 1e-9)
    loss = -float(np.mean(came * np.log(likely) + (1 - came) * np.log(1 - likely)))
    return loss, float(weights[0]), float(max(0.1, weights[1]))


def judged(world: World, day: int, segments: Mapping[str, Column]) -> dict[str, Any]:
    """Train on what was decided before ``day``, judge on what was decided from it on; says why where it cannot."""
    events = decided(world.table.events)
    train, test = events.where(events.day < day), events.where(events.day >= day)
    train = train.where(np.arange(len(train)) >= len(train) - MOST_DECISIONS)
    few = len(train) < FEWEST_DECISIONS or not len(test) or min(np.bincount(train.level, minlength=3)[1:]) < 10
    if few:
        return {
            "trained": False,
            "because": f"needs {FEWEST_DECISIONS} decisions before the day, 10 of either kind, and some after",
        }
    likely = sigmoid(fit(world, train)(test))
    came = test.level == Level.OBTAINED
    parts = {
        name: {value: calibration(likely[kept], came[kept]) for value, kept in split(column, test.firm)}
        for name, column in segments.items()
    }
    return {"trained": True, "decisions": len(train), **calibration(likely, came), "by_segment": parts}
