"""How likely a decided application ends well: a ridge logistic regression, trees beside it, and both calibrated.

Columns with a direction (``directions``) keep it in both, so that the likelihood keeps it too.

The figure is for ranking rules and their review alone; it is shown to no applicant and promises nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from finmart.matching.learning import baselines
from finmart.matching.learning.directions import Directed
from finmart.matching.learning.encoding import Category, Encoded
from finmart.matching.learning.metrics import calibration
from finmart.matching.learning.past import World
from finmart.matching.learning.segments import split
from finmart.matching.learning.types import Column, Events, Flags, Floats, Ints, Level

#: Decisions that are at least needed, and the newest that are at most used.
FEWEST_DECISIONS, MOST_DECISIONS = 100, 30_000
MOST_PRODUCTS = 250
PENALTY = 3.0
#: How often weights are held or let go at most, and the slope at which one stays held.
MOST_ROUNDS, CLOSE = 12, 1e-3
SEED = 5

Predict = Callable[[Events], Floats]


def fit_logistic(x: Floats, y: Floats, *, penalty: float, signs: Ints | None = None) -> Floats:
    """Weights of a ridge logistic regression by Newton's method; the first column of ``x`` is the constant, free.

    ``signs``: +1 for a weight that may not be negative, −1 for one that may not be positive, 0 for a free one. A
    weight that goes the wrong way is held at zero, and let go again when the fit would take it the right way.
    """
    signs = np.zeros(x.shape[1], dtype=np.int64) if signs is None else signs
    weights, held = np.zeros(x.shape[1]), np.zeros(x.shape[1], dtype=bool)
    for _round in range(MOST_ROUNDS):
        weights = _newton(x, y, penalty, np.where(held, 0.0, weights), ~held)
        slope = x.T @ (y - sigmoid(x @ weights)) - penalty * weights
        wrong, right = ~held & (signs * weights < 0), held & (signs * slope > CLOSE)
        if not wrong.any() and not right.any():
            break
        held = (held | wrong) & ~(right & ~wrong.any())
    return np.where(signs * weights < 0, 0.0, weights)


def _newton(x: Floats, y: Floats, penalty: float, start: Floats, free: Flags) -> Floats:
    weights, part = start.copy(), x if free.all() else x[:, free]
    ridge = np.full(part.shape[1], penalty)
    ridge[0] = 1e-6
    for _step in range(15):
        likely = sigmoid(part @ weights[free])
        gradient = part.T @ (y - likely) - ridge * weights[free]
        hessian = (part * (likely * (1 - likely))[:, None]).T @ part + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        weights[free] += step * min(1.0, 3.0 / max(1e-9, float(np.abs(step).max())))
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
    directed: tuple[Directed, ...] = ()

    def history(self, events: Events) -> Floats:
        """Earlier good and bad ends of the firm, and of the product's, each as a logarithm."""
        found = []
        for level in (Level.OBTAINED, Level.DECLINED):
            one = self.known.where(self.known.level == level)
            for own, theirs in ((events.firm, one.firm), (events.product, one.product)):
                found.append(np.log1p(_before(own, events.day, theirs, one.day)))
        return np.stack(found, axis=1)

    def hot(self, events: Events) -> Floats:
        """Levels as columns, numbers, what the product names, history, directed columns last: for the regression."""
        parts = [np.ones((len(events), 1)), *(np.eye(len(c.names))[c.of[at]] for c, at in self._categories(events))]
        if self.world.shape[1] <= MOST_PRODUCTS:
            parts.append(np.eye(self.world.shape[1])[events.product])
        steps = [one.steps(one.at(events.firm, events.product)) for one in self.directed]
        return np.hstack([*parts, self._numbers(events), *steps])

    def signs(self, width: int) -> Ints:
        """The sign of each column of ``hot``."""
        signs = [sign for one in self.directed for sign in one.signs()]
        return np.array([0] * (width - len(signs)) + signs, dtype=np.int64)

    def dense(self, events: Events) -> Floats:
        """Codes and numbers as they are, directed columns last: for the trees."""
        codes = [c.of[at] for c, at in self._categories(events)]
        world, own = self.world, [one.at(events.firm, events.product)[:, None] for one in self.directed]
        raw = [
            encoded.raw[at][:, self._free(encoded)]
            for encoded, at in ((world.firms, events.firm), (world.products, events.product))
        ]
        return np.hstack([np.array(codes).T.reshape(len(events), -1), *raw, self._numbers(events), *own])

    def _categories(self, events: Events) -> list[tuple[Category, Ints]]:
        """The categories with each event's row, but for those of directed columns."""
        sides = ((self.world.firms, events.firm), (self.world.products, events.product))
        every = [(category, at) for encoded, at in sides for category in encoded.categories]
        return [pair for pair in every if not any(one.covers(pair[0].name) for one in self.directed)]

    def _free(self, encoded: Encoded) -> Flags:
        """Which of a side's numbers have no direction."""
        taken = {one.name for one in self.directed}
        return np.array([name not in taken for name in encoded.number_names], dtype=bool)

    def _numbers(self, events: Events) -> Floats:
        world = self.world
        names = [m.table[m.kind[events.firm], events.product][:, None] for m in world.matches]
        numbers = [
            encoded.numbers[at][:, self._free(encoded)]
            for encoded, at in ((world.firms, events.firm), (world.products, events.product))
        ]
        return np.hstack([*numbers, *names, self.history(events)])


def _before(own: Any, day: Any, theirs: Any, their_day: Any) -> Floats:
    """For each (key, day): how many of the other keys are equal and of an earlier day."""
    span = np.int64(4_000_000)
    table = np.sort(theirs * span + their_day)
    counts = np.searchsorted(table, own * span + day) - np.searchsorted(table, own * span)
    found: Floats = counts.astype(np.float64)
    return found


def _regression(design: Design, events: Events) -> Predict:
    x = design.hot(events)
    weights = fit_logistic(x, _came(events), penalty=PENALTY, signs=design.signs(x.shape[1]))

    def predict(asked: Events) -> Floats:
        logits: Floats = design.hot(asked) @ weights
        return logits

    return predict


def _trees(design: Design, events: Events) -> Predict | None:
    if not baselines.has_extra():
        return None
    from sklearn.ensemble import HistGradientBoostingClassifier  # An extra: only training needs it.

    x, signs = design.dense(events), [one.sign for one in design.directed]
    model = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.06, max_leaf_nodes=12, min_samples_leaf=30, l2_regularization=5.0,
        early_stopping=False, random_state=SEED, monotonic_cst=[0] * (x.shape[1] - len(signs)) + signs,
    )  # fmt: skip
    model.fit(x, _came(events))

    def predict(asked: Events) -> Floats:
        logits: Floats = model.decision_function(design.dense(asked))
        return logits

    return predict


def _came(events: Events) -> Floats:
    came: Floats = np.asarray(events.level == Level.OBTAINED).astype(np.float64)
    return came


def fit(world: World, events: Events, directed: tuple[Directed, ...] = ()) -> Predict:
    """Logits of ending well. The newest fifth decides how much trees count and sets the scale; then all is refitted."""
    design = Design(world, events, directed)
    cut = int(np.quantile(events.day, 0.8))
    early, late = events.where(events.day < cut), events.where(events.day >= cut)
    if len(early) < FEWEST_DECISIONS / 2 or len(np.unique(early.level)) < 2:
        return _regression(design, events)
    old = Design(world, early, directed)
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


def judged(
    world: World, day: int, segments: Mapping[str, Column], directed: tuple[Directed, ...] = ()
) -> dict[str, Any]:
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
    likely = sigmoid(fit(world, train, directed)(test))
    came = test.level == Level.OBTAINED
    parts = {
        name: {value: calibration(likely[kept], came[kept]) for value, kept in split(column, test.firm)}
        for name, column in segments.items()
    }
    kept = {one.name: "may only raise" if one.sign > 0 else "may only lower" for one in directed}
    figures = calibration(likely, came)
    return {"trained": True, "decisions": len(train), "directions": kept, **figures, "by_segment": parts}
