"""How good a ranking or a likelihood is: hit@k, NDCG@k, Brier score, expected calibration error, reliability, AUC."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from finmart.matching.learning.types import Flags, Floats, Ints

HITS = (1, 3, 5, 10)
DEPTH = 10
BINS = 10


def first_places(scores: Floats, depth: int) -> Ints:
    """The columns of the ``depth`` highest scores of each row, best first; equal scores keep the columns' order.

    A column that is no candidate has the score minus infinity.
    """
    return np.argsort(-scores, axis=1, kind="stable")[:, :depth]


@dataclass(frozen=True)
class Ranked:
    """What each row came to: the place of its first relevant column (0 where none is in sight), and its NDCG."""

    first: Ints
    ndcg: Floats

    def summary(self, kept: Flags | None = None) -> dict[str, Any]:
        """Means over the rows (that are ``kept``)."""
        first = self.first if kept is None else self.first[kept]
        ndcg = self.ndcg if kept is None else self.ndcg[kept]
        hits = {f"hit@{k}": rounded(float(np.mean((first > 0) & (first <= k)))) for k in HITS}
        return {"firms": len(first), **hits, f"ndcg@{DEPTH}": rounded(float(np.mean(ndcg)))}


def rounded(value: float) -> float | None:
    """A figure with six digits; None where it is not defined."""
    return None if not np.isfinite(value) else round(value, 6)


def ranked(order: Ints, relevant: Flags) -> Ranked:
    """Judge the first places of each row; ``relevant``: rows × columns, at least one a row.

    NDCG@10 with gain 1 for a relevant column and the discount 1/log2(place + 1), divided by the best that the row's
    relevant columns allow (Järvelin and Kekäläinen 2002).
    """
    hit = np.take_along_axis(relevant, order[:, :DEPTH], axis=1)
    discount = 1.0 / np.log2(np.arange(hit.shape[1]) + 2.0)
    best = np.cumsum(1.0 / np.log2(np.arange(DEPTH) + 2.0))
    most = np.minimum(relevant.sum(axis=1), DEPTH)
    gained = (hit * discount).sum(axis=1)
    first = np.where(hit.any(axis=1), hit.argmax(axis=1) + 1, 0)
    return Ranked(first.astype(np.int64), gained / best[np.maximum(most, 1) - 1])


def calibration(likely: Floats, came: Flags) -> dict[str, Any]:
    """How far likelihoods can be believed: Brier, log loss, AUC, expected calibration error with its table.

    Ten bins of equal width; the error weighs each bin's distance between mean likelihood and share by its cases
    (Naeini et al. 2015).
    """
    if not len(likely):
        return {"cases": 0}
    place = np.minimum((likely * BINS).astype(np.int64), BINS - 1)
    table = [_bin(likely[place == at], came[place == at], at) for at in range(BINS) if np.any(place == at)]
    error = sum(line["cases"] * abs(line["likelihood"] - line["share"]) for line in table) / len(likely)
    safe = np.clip(likely, 1e-9, 1 - 1e-9)
    loss = -np.mean(np.where(came, np.log(safe), np.log(1 - safe)))
    return {
        "cases": len(likely),
        "share": rounded(float(np.mean(came))),
        "brier": rounded(float(np.mean((likely - came) ** 2))),
        "brier_of_the_share": rounded(float(np.mean(came) * (1 - np.mean(came)))),
        "log_loss": rounded(float(loss)),
        "auc": auc(likely, came),
        "expected_calibration_error": rounded(float(error)),
        "reliability": [{**line, "likelihood": round(line["likelihood"], 6)} for line in table],
    }


def _bin(likely: Floats, came: Flags, at: int) -> dict[str, Any]:
    return {
        "from": at / BINS,
        "to": (at + 1) / BINS,
        "cases": len(likely),
        "likelihood": float(np.mean(likely)),
        "share": round(float(np.mean(came)), 6),
    }


def auc(likely: Floats, came: Flags) -> float | None:
    """The share of (came, did not) pairs in the right order, equal ones half; None where there are no pairs."""
    good, bad = int(came.sum()), int((~came).sum())
    if not good or not bad:
        return None
    _values, inverse, counts = np.unique(likely, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2.0
    ranks = middle[inverse]
    return rounded(float((ranks[came].sum() - good * (good + 1) / 2) / (good * bad)))


def gain(one: Floats, other: Floats, *, seed: int = 5, rounds: int = 1000) -> dict[str, Any]:
    """The mean difference of two figures of the same rows, and where 95 % of resampled means lie (seeded bootstrap)."""
    apart = one - other
    if not len(apart):
        return {"mean": None, "low": None, "high": None}
    dice = np.random.default_rng(seed)
    means = [float(apart[dice.integers(0, len(apart), len(apart))].mean()) for _round in range(rounds)]
    low, high = np.percentile(means, [2.5, 97.5])
    return {"mean": rounded(float(apart.mean())), "low": rounded(float(low)), "high": rounded(float(high))}
