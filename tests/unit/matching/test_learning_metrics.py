"""Figures of rankings and likelihoods agree with their definitions, worked out slowly."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finmart.matching.learning.metrics import auc, calibration, first_places, ranked
from finmart.matching.learning.monotone import fit_monotone


def slow_ndcg(order: list[int], relevant: set[int]) -> float:
    """NDCG@10 by definition: gain over discount, divided by the best order's."""
    gained = sum(1 / math.log2(place + 2) for place, column in enumerate(order[:10]) if column in relevant)
    best = sum(1 / math.log2(place + 2) for place in range(min(10, len(relevant))))
    return gained / best


@settings(deadline=None)
@given(st.integers(2, 20), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_hits_and_ndcg_are_what_their_definitions_say(columns: int, rows: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    scores = dice.integers(0, 5, (rows, columns)).astype(float)
    relevant = dice.random((rows, columns)) < 0.3
    relevant[:, 0] |= ~relevant.any(axis=1)
    found = ranked(first_places(scores, 10), relevant)
    for row in range(rows):
        order = sorted(range(columns), key=lambda column: (-scores[row, column], column))
        wanted = set(np.flatnonzero(relevant[row]).tolist())
        assert found.ndcg[row] == pytest.approx(slow_ndcg(order, wanted))
        first = next((place for place, column in enumerate(order[:10], start=1) if column in wanted), 0)
        assert found.first[row] == first
    summary = found.summary()
    assert summary["hit@3"] == pytest.approx(np.mean([0 < one <= 3 for one in found.first]), abs=1e-6)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_calibration_is_what_its_definition_says(cases: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    likely, came = dice.random(cases).round(2), dice.random(cases) < 0.5
    found = calibration(likely, came)
    bins: dict[int, list[int]] = {}
    for at, value in enumerate(likely):
        bins.setdefault(min(int(value * 10), 9), []).append(at)
    error = sum(
        len(own) / cases * abs(float(np.mean(likely[own])) - float(np.mean(came[own]))) for own in bins.values()
    )
    assert found["expected_calibration_error"] == pytest.approx(error, abs=1e-5)
    assert found["brier"] == pytest.approx(
        float(np.mean([(p - c) ** 2 for p, c in zip(likely, came, strict=True)])), abs=1e-6
    )
    pairs = [(g, b) for g in likely[came] for b in likely[~came]]
    share = sum(1.0 if g > b else 0.5 if g == b else 0.0 for g, b in pairs) / len(pairs) if pairs else None
    assert auc(likely, came) == (None if share is None else pytest.approx(share, abs=1e-6))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_more_overdue_never_raises_a_likelihood(seed: int) -> None:
    dice = np.random.default_rng(seed)
    x = np.stack([dice.poisson(1.0, 200), dice.normal(0, 1, 200)], axis=1).astype(float)
    # Data that say the opposite of what the columns mean.
    y = (dice.random(200) < 1 / (1 + np.exp(-(x[:, 0] - 1 - x[:, 1])))).astype(float)
    model = fit_monotone(x, y, {"overdue": -1, "years": 1})
    more, older = x.copy(), x.copy()
    more[:, 0] += 1
    older[:, 1] += 1
    assert np.all(model.predict(more) <= model.predict(x))
    assert np.all(model.predict(older) >= model.predict(x))


def test_a_monotone_fit_finds_what_the_data_say() -> None:
    dice = np.random.default_rng(3)
    x = dice.normal(0, 1, (4000, 2))
    y = (dice.random(4000) < 1 / (1 + np.exp(-(0.5 - 1.0 * x[:, 0] + 0.7 * x[:, 1])))).astype(float)
    model = fit_monotone(x, y, {"overdue": -1, "years": 1})
    assert model.weights == pytest.approx([-1.0, 0.7], abs=0.15)
    assert calibration(model.predict(x), y > 0)["expected_calibration_error"] < 0.03
