"""Parts of the firms by which figures are given again."""

from collections.abc import Mapping

import numpy as np

from finmart.matching.learning.baselines import INDUSTRY, REGION
from finmart.matching.learning.types import Column, Flags, Ints

#: Segment → what a firm's column of it may be called.
SEGMENTS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "applicant_kind", "firm_type", "type", "legal_form", "类型", "主体类型"),
    "region": REGION,
    "industry": ("section", "industry_section", *INDUSTRY),
    "size": ("size", "firm_size", "scale", "size_class", "规模", "企业规模"),
}
#: A segment is given with at least so many cases, and at most so many of a kind, the largest.
FEWEST_CASES, MOST_VALUES = 5, 30


def split(column: Column, firms: Ints) -> list[tuple[str, Flags]]:
    """The largest segments of ``firms`` by a column, each with its members."""
    values = np.array(column.values)[firms]
    names, counts = np.unique(values, return_counts=True)
    largest = sorted(zip(counts, names, strict=True), key=lambda pair: (-pair[0], pair[1]))[:MOST_VALUES]
    return [(str(name), values == name) for count, name in largest if count >= FEWEST_CASES]
