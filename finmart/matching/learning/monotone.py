"""A logistic regression whose weights keep the sign that their meaning demands: more overdue never raises a likelihood.

Each column is standardised; the weight of a column with direction +1 is at least zero, with −1 at most zero. Fitted by
projected gradient steps with backtracking, ridge towards zero; deterministic.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from finmart.matching.learning.likelihood import sigmoid
from finmart.matching.learning.types import Floats

RIDGE = 2.0
STEPS, CLOSE = 4000, 1e-7


@dataclass(frozen=True)
class Monotone:
    """A fitted likelihood: mean, scale and weight of each column, and the constant."""

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats
    constant: float

    def predict(self, x: Floats) -> Floats:
        """The likelihood of each row."""
        return sigmoid(self.constant + ((x - self.mean) / self.scale) @ self.weights)

    def as_json(self) -> dict[str, object]:
        """Everything that is needed to work a likelihood out by hand."""
        lines = zip(self.names, self.mean, self.scale, self.weights, strict=True)
        return {
            "constant": round(self.constant, 6),
            "columns": [
                {"name": name, "mean": round(float(m), 6), "scale": round(float(s), 6), "weight": round(float(w), 6)}
                for name, m, s, w in lines
            ],
        }


def fit_monotone(x: Floats, y: Floats, directions: Mapping[str, int]) -> Monotone:
    """Fit ``y`` (0 or 1) to the columns of ``x``, named and directed (+1, −1, 0 free) by ``directions`` in order."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    design = np.hstack([np.ones((len(x), 1)), (x - mean) / scale])
    signs = np.array([0, *directions.values()])
    share = float(np.clip(y.mean(), 1e-3, 1 - 1e-3))
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(share / (1 - share))
    size, loss = 1.0, _loss(design, y, weights)
    for _step in range(STEPS):
        gradient = design.T @ (sigmoid(design @ weights) - y) + RIDGE * np.where(
            np.arange(len(weights)) > 0, weights, 0
        )
        moved = _projected(weights - size * gradient / len(y), signs)
        new = _loss(design, y, moved)
        if new > loss:
            size /= 2.0
            if size < 1e-9:
                break
            continue
        done = loss - new < CLOSE
        weights, loss, size = moved, new, size * 1.3
        if done:
            break
    return Monotone(tuple(directions), mean, scale, weights[1:], float(weights[0]))


def _projected(weights: Floats, signs: Floats) -> Floats:
    upper = np.where(signs > 0, np.maximum(weights, 0.0), weights)
    found: Floats = np.where(signs < 0, np.minimum(upper, 0.0), upper)
    return found


def _loss(design: Floats, y: Floats, weights: Floats) -> float:
    logits = np.clip(design @ weights, -35, 35)
    fit = np.sum(np.logaddexp(0.0, logits) - y * logits)
    return float(fit + RIDGE / 2 * np.sum(weights[1:] ** 2))


def folded(x: Floats, y: Floats, groups: Floats, directions: Mapping[str, int], folds: int = 5) -> Floats:
    """The likelihood of each row by a model that has not seen its group."""
    found = np.full(len(y), float(y.mean()))
    for fold in range(folds):
        out = groups % folds == fold
        if out.any() and (~out).any():
            found[out] = fit_monotone(x[~out], y[~out], directions).predict(x[out])
    return found
