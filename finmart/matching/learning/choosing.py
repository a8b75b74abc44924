"""Fitting the ranker: candidates are judged on firms of the newest part of the past that they were not fitted on."""

from collections.abc import Callable
from functools import cache

import numpy as np

from finmart.matching.learning import baselines
from finmart.matching.learning.baselines import NMF, RANKS, SVD, Scorer
from finmart.matching.learning.metrics import rounded
from finmart.matching.learning.past import Past, World, past_of
from finmart.matching.learning.ranker import (
    FEWEST_CHOICES,
    MOST_CHOOSERS,
    MOST_JUDGES,
    PENALTIES,
    SEED,
    Choices,
    Judge,
    Ranker,
    Window,
    blended,
    choices_of,
    fit_logit,
    fit_trees,
    joined,
    ndcg_of,
    obtained_between,
    repeats_happen,
    scorer_of,
    window_start,
)
from finmart.matching.learning.signals import Signals, signals_of
from finmart.matching.learning.types import Floats, Ints, TooLittle
from finmart.platform.kernel.messages import N_

#: So many standard errors a learned way must be better than the best plain one.
MARGIN = 2.0
#: The penalty of the logit whose weights are told to people.
WEIGHED = 30.0
#: Recipes: choices → a judge of signals (None where it cannot be made here).
Recipe = Callable[[Choices], Judge | None]


def _recipes(popularity: int) -> dict[str, Recipe]:
    """Every learned way that is tried."""

    @cache
    def grown(choices: Choices) -> Judge | None:
        return fit_trees(choices)  # Two blends share them.

    def logit(penalty: float) -> Recipe:
        return lambda choices: fit_logit(choices, penalty, popularity).values

    def blend(penalty: float, share: float) -> Recipe:
        def made(choices: Choices) -> Judge | None:
            trees = grown(choices)
            return None if trees is None else blended(fit_logit(choices, penalty, popularity).values, trees, share)

        return made

    found: dict[str, Recipe] = {f"logit_{penalty:g}": logit(penalty) for penalty in PENALTIES}
    found |= {f"logit_and_trees_{share:g}": blend(30.0, share) for share in (0.3, 0.6)}
    return found


def fit_ranker(world: World, day: int, test_days: int) -> Ranker:
    """The ranking for what comes from ``day`` on, learned from what came before. Raises ``TooLittle``."""
    start = window_start(world, day, test_days)
    repeats = repeats_happen(world, start, day)
    past = past_of(world, start)
    window = obtained_between(world, start, day, past, repeats=repeats)
    if len(window.firms) < FEWEST_CHOICES:
        raise TooLittle(
            N_(
                "测试日期前最近一段只有{found}家企业有新的成功记录，至少要有{least}家才能训练；"
                "请补充数据，或把测试日期推后。"
            ),
            found=len(window.firms),
            least=FEWEST_CHOICES,
        )
    mixed = np.random.default_rng(SEED).permutation(window.firms)
    judges = np.sort(mixed[: min(MOST_JUDGES, len(mixed) // 2)])
    fitting = np.sort(mixed[len(judges) :][:MOST_CHOOSERS])
    ranks = _best_ranks(window, judges, repeats=repeats)
    early = signals_of(past, _plain(past, ranks))
    own, rest = (choices_of(window, early, firms, repeats=repeats) for firms in (fitting, judges))
    found = {name: ndcg_of(s, window, judges, repeats=repeats) for name, s in baselines.scorers(past, ranks).items()}
    recipes = _recipes(early.names.index("popularity"))
    for name, recipe in recipes.items():
        judge = recipe(own)
        if judge is not None:
            found[name] = ndcg_of(scorer_of(early, judge), window, judges, repeats=repeats)
    chosen = _chosen(found, set(recipes))
    now = past_of(world, day)
    late, every = signals_of(now, _plain(now, ranks)), joined([own, rest])
    score = _final(chosen, recipes, every, late, ranks)
    weights = fit_logit(every, WEIGHED, early.names.index("popularity")).weights
    report = {
        "chosen": chosen,
        "validation_firms": len(judges),
        "validation_ndcg@10": {name: rounded(float(each.mean())) for name, each in found.items()},
        "signals": list(late.names),
    }
    named = {name: round(float(weight), 4) for name, weight in zip(late.names, weights, strict=True)}
    return Ranker(late, repeats, score, report, ranks, named)


def _plain(past: Past, ranks: dict[str, int]) -> dict[str, Scorer]:
    """The baselines that say more than popularity does, as signals."""
    return {name: score for name, score in baselines.scorers(past, ranks).items() if name != baselines.POPULARITY}


def _final(chosen: str, recipes: dict[str, Recipe], choices: Choices, late: Signals, ranks: dict[str, int]) -> Scorer:
    """What was chosen, fitted again on everything; its signals are those of the whole past."""
    if chosen not in recipes:
        return baselines.scorers(late.past, ranks)[chosen]
    judge = recipes[chosen](choices)
    assert judge is not None, "it was made before"
    return scorer_of(late, judge)


def _best_ranks(window: Window, judges: Ints, *, repeats: bool) -> dict[str, int]:
    """For each factorisation the number of factors that ranks best for the judging firms: baselines are tuned too."""
    if not baselines.has_extra():
        return {}
    found = {}
    for kind in (SVD, NMF):
        means = {
            rank: ndcg_of(baselines.factorisation(window.past, kind, rank), window, judges, repeats=repeats).mean()
            for rank in RANKS
            if rank < window.past.products
        }
        found[kind] = max(means, key=lambda rank: means[rank]) if means else 1
    return found


def _chosen(found: dict[str, Floats], learned: set[str]) -> str:
    """The best learned way, if it is better than the best plain one by more than the noise of the comparison."""
    plain = max((name for name in found if name not in learned), key=lambda name: found[name].mean())
    best = max((name for name in found if name in learned), key=lambda name: found[name].mean())
    apart = found[best] - found[plain]
    noise = float(apart.std() / np.sqrt(max(1, len(apart))))
    # Several learned ways were tried, so the best of them looks better than it is.
    return best if apart.mean() > MARGIN * noise else plain
