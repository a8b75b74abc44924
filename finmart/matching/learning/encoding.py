"""Feature columns of any name and type as numbers: numeric ones in bins and standardised, others as categories."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from finmart.matching.learning.types import NOTHING, Column, Floats, Ints, Side

#: A column is numeric when at least this share of what it states are numbers, and there are more than a few of them.
NUMERIC_SHARE, FEWEST_NUMBERS = 0.95, 8
#: Levels with fewer rows than this are one level together.
RARE = 5
MOST_LEVELS = 60
#: A text column in which nearly every row says something else names its rows and tells nothing about them.
NAMING_SHARE = 0.5
BINS = 8
_CODE = re.compile(r"[A-Za-z]?\d{3,6}")
_PARTS = re.compile(r"[;|]")


@dataclass(frozen=True)
class Category:
    """A column as levels: ``of`` is each row's level; ``names`` the levels' names."""

    name: str
    of: Ints
    names: tuple[str, ...]


@dataclass(frozen=True)
class Encoded:
    """One side's features: categories (numbers in bins among them), numbers standardised with 0 where unknown,
    the numbers as they were (NaN where unknown), and what each row's lists hold."""

    categories: tuple[Category, ...]
    numbers: Floats
    raw: Floats
    number_names: tuple[str, ...]
    sets: tuple[tuple[str, tuple[frozenset[str], ...]], ...]


def encode(side: Side) -> Encoded:
    """The features of one side; columns that say nothing (one value, or a name a row) are left out."""
    categories: list[Category] = []
    numbers: list[Floats] = []
    names: list[str] = []
    sets: list[tuple[str, tuple[frozenset[str], ...]]] = []
    for column in side.columns:
        read = _numbers(column)
        if read is not None:
            numbers.append(read)
            names.append(column.name)
            categories.extend(_kept(_binned(column.name, read)))
            continue
        parts = tuple(frozenset(p.strip() for p in _PARTS.split(text) if p.strip()) for text in column.values)
        if _names_rows(column):
            continue
        sets.append((column.name, parts))
        if any(len(one) > 1 for one in parts):
            categories.extend(_parts(column.name, parts))
        else:
            categories.extend(_kept(_levels(column.name, column.values)))
            categories.extend(_prefixes(column))
    raw = np.array(numbers).T if numbers else np.zeros((len(side.keys), 0))
    return Encoded(tuple(categories), _standard(raw), raw, tuple(names), tuple(sets))


def _names_rows(column: Column) -> bool:
    distinct = len(set(column.values) - {NOTHING})
    return distinct > max(20, NAMING_SHARE * len(column.values))


def number_in(text: str) -> float:
    """The number that a text states, the ordinal of a day; NaN where it is neither."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        pass
    try:
        return (
            float(date.fromisoformat(text.replace("/", "-")[:10]).toordinal())
            if len(text) >= len("2026-1-1")
            else np.nan
        )
    except ValueError:
        return np.nan


def _numbers(column: Column) -> Floats | None:
    """A column's numbers (days for dates), NaN where nothing is stated; None for a column of categories."""
    stated = [text for text in column.values if text]
    if not stated or len(set(stated)) < FEWEST_NUMBERS or _is_code(stated):
        return None
    read = np.array([number_in(text) if text else np.nan for text in column.values])
    good = np.isfinite(read)
    return np.where(good, read, np.nan) if good.sum() >= NUMERIC_SHARE * len(stated) else None


def _is_code(stated: list[str]) -> bool:
    """Whether texts are codes of a classification, all of one length: 360113, C3911, not 5000000."""
    alike = len({len(text) for text in stated}) == 1 and all(_CODE.fullmatch(text) for text in stated)
    return alike and len(set(stated)) <= len(stated) / 4 and (not stated[0].isdigit() or len(stated[0]) == 6)


def _binned(name: str, read: Floats) -> Category:
    """Quantile bins; level 0 is unknown."""
    good = np.isfinite(read)
    edges = np.unique(np.quantile(read[good], np.linspace(0, 1, BINS + 1)[1:-1])) if good.any() else np.zeros(0)
    level = np.where(good, np.searchsorted(edges, np.where(good, read, 0.0), side="right") + 1, 0)
    return Category(name, level.astype(np.int64), ("", *(f"bin{n}" for n in range(len(edges) + 1))))


def _levels(name: str, values: tuple[str, ...]) -> Category:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    common = sorted(
        (v for v in counts if v and (counts[v] >= RARE or len(values) < 20 * RARE)), key=lambda v: -counts[v]
    )
    place = {value: at + 1 for at, value in enumerate(common[:MOST_LEVELS])}
    return Category(name, np.array([place.get(value, 0) for value in values], dtype=np.int64), ("", *place))


def _prefixes(column: Column) -> list[Category]:
    """The division of codes with many levels: their first characters."""
    stated = [text for text in column.values if text]
    if len(set(stated)) <= MOST_LEVELS / 3 or not _is_code_like(stated):
        return []
    cut = 3 if stated[0][0].isalpha() else 2
    found = [_levels(f"{column.name}[:{at}]", tuple(text[:at] for text in column.values)) for at in (1, cut)]
    return [one for each in found for one in _kept(each)]


def _is_code_like(stated: list[str]) -> bool:
    return len({len(text) for text in stated}) == 1 and all(_CODE.fullmatch(text) for text in stated)


def _parts(name: str, parts: tuple[frozenset[str], ...]) -> list[Category]:
    """A column of lists: one yes-or-no category a part that is neither rare nor everywhere."""
    counts: dict[str, int] = {}
    for one in parts:
        for part in one:
            counts[part] = counts.get(part, 0) + 1
    common = sorted(counts, key=lambda part: (-counts[part], part))[:20]
    found = [
        Category(f"{name}={part}", np.array([int(part in one) for one in parts], dtype=np.int64), ("", part))
        for part in common
    ]
    return [one for each in found for one in _kept(each)]


def _kept(category: Category) -> list[Category]:
    return [category] if len(np.unique(category.of)) > 1 else []


def _standard(raw: Floats) -> Floats:
    """Ranks between −1 and 1, so that no scale and no outlier weighs; 0 where unknown."""
    out = np.zeros_like(raw)
    for at in range(raw.shape[1]):
        good = np.isfinite(raw[:, at])
        if good.sum() > 1:
            values, inverse, counts = np.unique(raw[good, at], return_inverse=True, return_counts=True)
            middle = (np.cumsum(counts) - (counts + 1) / 2.0) / max(1, good.sum() - 1)
            out[good, at] = 2.0 * middle[inverse] - 1.0 if len(values) > 1 else 0.0
    return out


def crossed(one: Category, other: Category) -> Category:
    """Both levels at once; pairs that are rare are one level."""
    joint = one.of * len(other.names) + other.of
    values, inverse, counts = np.unique(joint, return_inverse=True, return_counts=True)
    common = np.flatnonzero(counts >= RARE)
    place = np.zeros(len(values), dtype=np.int64)
    place[common] = np.arange(1, len(common) + 1)
    return Category(f"{one.name}×{other.name}", place[inverse], ("", *(str(values[at]) for at in common)))


@dataclass(frozen=True)
class Match:
    """Whether a product names the firm's word: 1, 0, or 0.5 where it names none; a row a kind of firm."""

    kind: Ints
    table: Floats


def matches(firms: Encoded, products: Encoded) -> list[Match]:
    """For each firm's and product's column that speak the same words."""
    found = []
    for _name, of_firms in firms.sets:
        words = frozenset[str]().union(*of_firms)
        for _other, of_products in products.sets:
            both = words & frozenset[str]().union(*of_products)
            if len(both) >= 2 and 2 * len(both) >= min(len(words), len(frozenset[str]().union(*of_products))):
                found.append(_match(of_firms, of_products))
    return found


def _match(of_firms: tuple[frozenset[str], ...], of_products: tuple[frozenset[str], ...]) -> Match:
    kinds = {one: at for at, one in enumerate(dict.fromkeys(of_firms))}
    table = np.array([[1.0 if one & p else 0.0 if p else 0.5 for p in of_products] for one in kinds])
    return Match(np.array([kinds[one] for one in of_firms], dtype=np.int64), table)
