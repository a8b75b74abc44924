"""Simple ways that the trained ranking has to beat, each fitted on the same past."""

import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Any

import numpy as np

from finmart.matching.learning.past import Past
from finmart.matching.learning.types import Column, Floats, Ints, NoLearningExtra

#: Firms → a figure for every product.
Scorer = Callable[[Ints], Floats]
#: What columns are called that tell a firm's region and its trade.
REGION = (
    "region",
    "region_code",
    "city",
    "district",
    "province",
    "county",
    "area",
    "location",
    "地区",
    "区域",
    "城市",
    "区县",
)
INDUSTRY = (
    "industry",
    "industry_code",
    "sector",
    "section",
    "industry_section",
    "trade",
    "naics",
    "sic",
    "行业",
    "产业",
)
POPULARITY, BY_REGION, SVD, NMF = "popularity", "popularity_by_region_and_industry", "truncated_svd", "nmf"
#: Numbers of latent factors that are tried; the best on the validation part is kept.
RANKS = (4, 8, 16, 32)
MOST_FIRMS = 50_000


def has_extra() -> bool:
    """Whether scikit-learn is installed."""
    return find_spec("sklearn") is not None


def one_thread() -> AbstractContextManager[object]:
    """One thread for linear algebra and trees, whatever the machine has.

    Threads of the libraries wait for each other by turning round: beside other work on the same cores that took
    minutes for seconds. One thread also adds in one order, so the same files give the same bytes on any machine.
    """
    if not has_extra():
        return nullcontext()
    import sklearn.ensemble  # noqa: F401 - only threads of libraries that are loaded can be limited.
    from threadpoolctl import threadpool_limits  # It comes with scikit-learn.

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def popularity(past: Past) -> Scorer:
    """How often each product was obtained."""
    counts = past.popularity()
    return lambda firms: np.broadcast_to(counts, (len(firms), len(counts)))


def by_region_and_industry(past: Past) -> Scorer | None:
    """How often firms of the same region and industry obtained it, then of one of them, then all; None without both."""
    columns = [past.world.table.firms.column(names) for names in (REGION, INDUSTRY)]
    known = [column for column in columns if column is not None]
    if not known:
        return None
    events, whole = past.events.obtained, past.popularity()
    codes = [_codes(column) for column in known]
    if len(codes) == 2:
        joint = codes[0] * (int(codes[1].max()) + 1) + codes[1]
        codes.insert(0, np.unique(joint, return_inverse=True)[1].astype(np.int64))
    tables = []
    for code in codes:
        flat = np.bincount(
            code[events.firm] * past.products + events.product, minlength=(int(code.max()) + 1) * past.products
        )
        tables.append((code, flat.reshape(-1, past.products)))
    # Each coarser count only breaks the ties of the finer one.
    small = 1.0 / (1.0 + len(events))

    def call(firms: Ints) -> Floats:
        total = whole * small ** len(tables)
        found: Floats = (
            np.sum([table[code[firms]] * small**at for at, (code, table) in enumerate(tables)], axis=0) + total
        )
        return found

    return call


def _codes(column: Column) -> Ints:
    return np.unique(np.array(column.values), return_inverse=True)[1].astype(np.int64)


def factorisation(past: Past, kind: str, rank: int) -> Scorer:
    """scikit-learn's TruncatedSVD or NMF of the firms × products table; a firm without a past gets the popularity.

    Raises ``NoLearningExtra`` where scikit-learn is not installed.
    """
    try:
        from scipy.sparse import csr_matrix  # An extra: only training needs it.
        from sklearn.decomposition import NMF as Nmf
        from sklearn.decomposition import TruncatedSVD
    except ImportError as error:
        raise NoLearningExtra from error
    events = past.events.obtained
    active = np.unique(events.firm)[:MOST_FIRMS]
    row = np.searchsorted(active, events.firm)
    kept = row < len(active)
    cells = (np.ones(int(kept.sum())), (row[kept], events.product[kept]))
    had = csr_matrix(cells, shape=(len(active), past.products))
    had.data[:] = 1.0
    rank = max(1, min(rank, past.products - 1, len(active) - 1))
    made: dict[str, Any] = {
        SVD: lambda: TruncatedSVD(rank, random_state=0),
        NMF: lambda: Nmf(rank, random_state=0, init="nndsvda", max_iter=200),
    }
    model = made[kind]()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # That NMF would go on for longer changes no order that matters here.
        model.fit(had)
    popular = past.popularity() / max(1, len(active))

    def call(firms: Ints) -> Floats:
        own = np.minimum(past.counts(firms), 1.0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scores: Floats = model.transform(own) @ model.components_
        cold = ~own.any(axis=1)
        scores[cold] = popular
        return scores

    return call


def scorers(past: Past, ranks: Mapping[str, int]) -> dict[str, Scorer]:
    """Every baseline that the data and what is installed allow, by name."""
    found = {POPULARITY: popularity(past)}
    segment = by_region_and_industry(past)
    if segment is not None:
        found[BY_REGION] = segment
    if has_extra():
        found |= {kind: factorisation(past, kind, rank) for kind, rank in ranks.items()}
    return found
