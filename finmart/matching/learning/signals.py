"""What speaks for a product and a firm, each signal a figure a pair; learned from the past alone.

Signals of taste (what else the firm and others obtained) and signals of features (what alike firms obtained, crosses
of two features, what the product names) stand side by side; the ranker learns what each is worth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from finmart.matching.learning.encoding import Category, crossed
from finmart.matching.learning.past import SHRINK, Past, lifts, shares
from finmart.matching.learning.types import Floats, Ints, Level

#: Columns of the regression on features and crosses; crosses that tell most come first.
MOST_COLUMNS, MOST_CROSSES = 1500, 24
RIDGE, EASE = 30.0, 100.0
FACTORS = 24
#: What is added to a plain figure before its logarithm is taken.
LEAST = 0.02
NEIGHBOURS = 60
#: Firms whose past is compared with one firm's; more tell little new.
MOST_OTHERS = 20_000


@dataclass
class Signals:
    """Named functions from firms (positions) to a figure for every product."""

    past: Past
    by_name: dict[str, Callable[[Ints], Floats]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in the order of ``of``."""
        return tuple(self.by_name)

    def of(self, firms: Ints) -> Floats:
        """Firms × products × signals."""
        return np.stack([call(firms) for call in self.by_name.values()], axis=2)


def signals_of(past: Past, plain: Mapping[str, Callable[[Ints], Floats]] | None = None) -> Signals:
    """Learn every signal from a past; the ``plain`` ways to rank are signals too, as logarithms of their figures."""
    found = Signals(past)
    base = shares(past.popularity())
    _popular(found, base)
    _features(found, base)
    _repeats(found)
    _taste(found, base)
    _declines(found)
    for name, score in (plain or {}).items():
        found.by_name[f"plain_{name}"] = lambda firms, s=score: np.log(np.maximum(s(firms), 0.0) + LEAST)  # type: ignore[misc]
    return found


def _same(row: Floats) -> Callable[[Ints], Floats]:
    return lambda firms: np.broadcast_to(row, (len(firms), len(row)))


def _popular(found: Signals, base: Floats) -> None:
    past = found.past
    found.by_name["popularity"] = _same(np.log(base))
    recent = shares(past.recent(max(15.0, past.span() / 6.0)))
    found.by_name["trend"] = _same(np.log(recent) - np.log(base))


def _features(found: Signals, base: Floats) -> None:
    past, world = found.past, found.past.world
    events = past.events.obtained
    categories = list(world.firms.categories)
    singles = [(c, lifts(c.of, events, base, len(c.names))) for c in categories]
    crosses = _best_crosses(categories, past, base)
    tables = [(c, lifts(c.of, events, base, len(c.names))) for c in crosses]
    if singles:
        found.by_name["alike_in_one"] = _sum_of(singles)
        found.by_name["regression"] = _regression(found, [*categories, *crosses])
    if tables:
        found.by_name["alike_in_two"] = _sum_of(tables)
    for number, match in enumerate(world.matches[:8]):
        found.by_name[f"names_{number}"] = lambda firms, m=match: m.table[m.kind[firms]]  # type: ignore[misc]
    if singles and world.products.categories:
        found.by_name["kind_of_product"] = _kinds(found, categories, base)
        if crosses:
            found.by_name["kind_of_product_in_two"] = _kinds(found, crosses, base)


def _sum_of(tables: list[tuple[Category, Floats]]) -> Callable[[Ints], Floats]:
    def call(firms: Ints) -> Floats:
        total = np.zeros((len(firms), tables[0][1].shape[1]))
        for category, table in tables:
            total += table[category.of[firms]]
        return total

    return call


def _best_crosses(categories: list[Category], past: Past, base: Floats) -> list[Category]:
    """Crosses of two categories, those first that tell most about the product beyond their parts."""
    events = past.events.obtained
    if not len(events):
        return []
    told = {c.name: _told(c, past, base) for c in categories}
    candidates = []
    for at, one in enumerate(categories[:25]):
        for other in categories[at + 1 : 25]:
            if len(one.names) * len(other.names) <= 4000:
                both = crossed(one, other)
                extra = _told(both, past, base) - told[one.name] - told[other.name]
                candidates.append((extra, both))
    candidates.sort(key=lambda pair: -pair[0])
    return [both for _extra, both in candidates[:MOST_CROSSES]]


def _told(category: Category, past: Past, base: Floats) -> float:
    """Mean shrunk log-lift of what was obtained, less what chance alone would give."""
    events, size = past.events.obtained, len(category.names) * len(base)
    flat = np.bincount(category.of[events.firm] * len(base) + events.product, minlength=size)
    table = flat.reshape(-1, len(base)).astype(np.float64)
    total = table.sum(axis=1, keepdims=True)
    # Each event judged by the others: a cell that only holds itself tells nothing.
    without = (np.maximum(table - 1, 0) + SHRINK * base) / (np.maximum(total - 1, 0) + SHRINK)
    return float((table * (np.log(without) - np.log(base))).sum() / max(1.0, table.sum()))


def _regression(found: Signals, categories: list[Category]) -> Callable[[Ints], Floats]:
    """Ridge regression of what firms obtained on their levels, crosses too; log of the fitted share."""
    past = found.past
    kept: list[Category] = []
    columns = 1
    for category in categories:
        if columns + len(category.names) <= MOST_COLUMNS:
            kept.append(category)
            columns += len(category.names)
    offsets = np.cumsum([1, *(len(c.names) for c in kept)])[:-1]

    def design(firms: Ints) -> Floats:
        out = np.zeros((len(firms), columns))
        out[:, 0] = 1.0
        for offset, category in zip(offsets, kept, strict=True):
            out[np.arange(len(firms)), offset + category.of[firms]] = 1.0
        return out

    active = np.unique(past.events.obtained.firm)
    square, right = np.zeros((columns, columns)), np.zeros((columns, past.products))
    for chunk in np.array_split(active, max(1, len(active) // 4000)):
        x, y = design(chunk), np.minimum(past.counts(chunk), 1.0)
        square += x.T @ x
        right += x.T @ (y / np.maximum(y.sum(axis=1, keepdims=True), 1.0))
    square[np.arange(1, columns), np.arange(1, columns)] += RIDGE
    square[0, 0] += 1e-6
    weights = np.linalg.solve(square, right)
    least = 0.2 / past.products
    return lambda firms: np.log(np.maximum(design(firms) @ weights, least))


def _kinds(found: Signals, categories: list[Category], base: Floats) -> Callable[[Ints], Floats]:
    """What firms of each level obtain by the products' own levels: speaks for products that nobody has had yet."""
    past = found.past
    events = past.events.obtained
    tables = []
    for category in categories:
        total = np.zeros((len(category.names), past.products))
        for kind in past.world.products.categories:
            share = np.bincount(kind.of, weights=base, minlength=len(kind.names)).astype(np.float64)
            of_kind = shares(share * len(events))
            flat = np.bincount(
                category.of[events.firm] * len(kind.names) + kind.of[events.product],
                minlength=len(category.names) * len(kind.names),
            )
            table = flat.reshape(len(category.names), len(kind.names)).astype(np.float64)
            lift = np.log((table + SHRINK * of_kind) / (table.sum(axis=1, keepdims=True) + SHRINK)) - np.log(of_kind)
            total += lift[:, kind.of]
        tables.append((category, total))
    return _sum_of(tables)


def _repeats(found: Signals) -> None:
    past = found.past

    def recency(firms: Ints) -> Floats:
        newest = past.newest(firms)
        return np.where(newest > 0, 0.5 ** ((past.day - newest) / max(10.0, past.span() / 8.0)), 0.0)

    found.by_name["had"] = lambda firms: np.minimum(past.counts(firms), 1.0)
    found.by_name["had_times"] = lambda firms: np.log1p(past.counts(firms))
    found.by_name["had_lately"] = recency


def _taste(found: Signals, base: Floats) -> None:
    """Item to item (EASE, Steck 2019), latent factors folded in, firms of like taste, what followed what."""
    past = found.past
    active = np.unique(past.events.obtained.firm)
    if len(active) < 2:
        return
    gram = np.zeros((past.products, past.products))
    for chunk in np.array_split(active, max(1, len(active) // 4000)):
        had = np.minimum(past.counts(chunk), 1.0)
        gram += had.T @ had
    _ease(found, gram)
    _factors(found, gram, active)
    _cosine(found, gram)
    _followers(found, base)


def _ease(found: Signals, gram: Floats) -> None:
    past = found.past
    for name, strength in (("item_to_item", EASE), ("item_to_item_close", EASE / 10)):
        inverse = np.linalg.inv(gram + strength * np.eye(len(gram)))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0.0)
        found.by_name[name] = lambda firms, w=weights: np.minimum(past.counts(firms), 1.0) @ w  # type: ignore[misc]


def _cosine(found: Signals, gram: Floats) -> None:
    size = np.sqrt(np.diag(gram) + 10.0)
    near = gram / np.outer(size, size)
    np.fill_diagonal(near, 0.0)

    def call(firms: Ints) -> Floats:
        had = np.minimum(found.past.counts(firms), 1.0)
        mean: Floats = had @ near / np.maximum(had.sum(axis=1, keepdims=True), 1.0)
        return mean

    found.by_name["bought_together"] = call


def _factors(found: Signals, gram: Floats, active: Ints) -> None:
    past = found.past
    popular = np.sqrt(np.maximum(np.diag(gram), 1.0))
    values, vectors = np.linalg.eigh(gram / np.outer(popular, popular) ** 0.5)
    axes = vectors[:, np.argsort(-values)[: min(FACTORS, past.products - 1)]]
    scale = popular**0.5

    def latent(firms: Ints) -> Floats:
        found_at: Floats = (np.minimum(past.counts(firms), 1.0) / scale) @ axes
        return found_at

    found.by_name["factors"] = lambda firms: (latent(firms) @ axes.T) * scale
    others = active if len(active) <= MOST_OTHERS else active[:: -(-len(active) // MOST_OTHERS)]
    place = np.hstack([latent(others), _where(past, others)])
    theirs = np.minimum(past.counts(others), 1.0)

    def neighbours(firms: Ints) -> Floats:
        own = np.hstack([latent(firms), _where(past, firms)])
        near = own @ place.T / np.maximum(np.linalg.norm(place, axis=1), 1e-9)
        near[firms[:, None] == others[None, :]] = -np.inf  # Nobody is its own neighbour.
        count = min(NEIGHBOURS, near.shape[1] - 1)
        best = np.argpartition(-near, count, axis=1)[:, :count]
        weight = np.maximum(np.take_along_axis(near, best, axis=1), 0.0)
        sparse = np.zeros_like(near)
        np.put_along_axis(sparse, best, weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-9), axis=1)
        votes: Floats = np.log(sparse @ theirs + 0.02)
        return votes

    found.by_name["alike_firms"] = neighbours


def _where(past: Past, firms: Ints) -> Floats:
    """Features as a place: the standardised numbers, and each category as one-hot of small weight."""
    encoded = past.world.firms
    parts = [encoded.numbers[firms] * 0.3]
    for category in encoded.categories[:12]:
        hot = np.zeros((len(firms), len(category.names)))
        hot[np.arange(len(firms)), category.of[firms]] = 0.5
        parts.append(hot)
    return np.hstack(parts)


def _followers(found: Signals, base: Floats) -> None:
    """What firms obtained next after the last thing they had obtained."""
    past = found.past
    events = past.events.obtained  # By firm, and by day inside a firm.
    follows = (events.firm[1:] == events.firm[:-1]) & (events.product[1:] != events.product[:-1])
    flat = np.bincount(
        events.product[:-1][follows] * past.products + events.product[1:][follows], minlength=past.products**2
    )
    table = flat.reshape(past.products, past.products).astype(np.float64)
    lift = np.log((table + SHRINK * base) / (table.sum(axis=1, keepdims=True) + SHRINK)) - np.log(base)

    def call(firms: Ints) -> Floats:
        newest = past.newest(firms)
        known = np.asarray(newest.any(axis=1)).reshape(-1, 1)
        return np.where(known, lift[newest.argmax(axis=1)], 0.0)

    found.by_name["followers"] = call


def _declines(found: Signals) -> None:
    """How often the product ends well, what the firm was declined, what it only looked at."""
    past = found.past
    level = past.events.level
    if np.any(level == Level.DECLINED):
        good = np.bincount(past.events.product[level == Level.OBTAINED], minlength=past.products)
        bad = np.bincount(past.events.product[level == Level.DECLINED], minlength=past.products)
        share = (good.sum() + 1) / (good.sum() + bad.sum() + 2)
        found.by_name["approval"] = _same(np.log((good + 10 * share) / (good + bad + 10)))
        found.by_name["declined"] = lambda firms: np.log1p(past.counts(firms, Level.DECLINED))
        found.by_name["approval_of_alike"] = _approval(past, share)
    if np.any(level != Level.OBTAINED):
        _tried(found)
    if np.any(level == Level.TOUCHED):
        found.by_name["looked_at"] = lambda firms: np.log1p(past.counts(firms, Level.TOUCHED))


def _tried(found: Signals) -> None:
    """Whatever firms turned to, however it ended: how often, and from item to item; an attempt tells of taste too."""
    past = found.past
    tried = past.events
    counts = np.bincount(tried.product, minlength=past.products).astype(np.float64)
    share = shares(counts)
    found.by_name["tried"] = _same(np.log(share))
    active = np.unique(tried.firm)
    gram = np.zeros((past.products, past.products))
    for chunk in np.array_split(active, max(1, len(active) // 4000)):
        any_level = np.minimum(past.counts(chunk, None), 1.0)
        gram += any_level.T @ any_level
    inverse = np.linalg.inv(gram + EASE * np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    found.by_name["tried_to_item"] = lambda firms: np.minimum(past.counts(firms, None), 1.0) @ weights
    singles = [(c, lifts(c.of, tried, share, len(c.names))) for c in past.world.firms.categories]
    if singles:
        found.by_name["tried_by_alike"] = _sum_of(singles)


def _approval(past: Past, share: float) -> Callable[[Ints], Floats]:
    """The sum over the firm's levels of how much better than usual they end with each product, shrunk to none."""
    decided = past.events.where(past.events.level != Level.TOUCHED)
    tables = []
    for category in past.world.firms.categories:
        size, at = len(category.names) * past.products, category.of[decided.firm] * past.products + decided.product
        good = np.bincount(at[decided.level == Level.OBTAINED], minlength=size).reshape(-1, past.products)
        every = np.bincount(at, minlength=size).reshape(-1, past.products)
        product = (good.sum(axis=0) + 10 * share) / (every.sum(axis=0) + 10)
        tables.append((category, np.log((good + SHRINK * product) / (every + SHRINK)) - np.log(product)))
    if not tables:
        return lambda firms: np.zeros((len(firms), past.products))
    return _sum_of(tables)
