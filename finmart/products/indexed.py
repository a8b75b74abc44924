"""How a rate that follows an index is said: index, day, spread, and what it comes to."""

from finmart.platform.web import filters as worded
from finmart.platform.web.language import current_language, localized
from finmart.products.editing.indexes import INDEXES
from finmart.products.types import IndexedRate, PublishedProduct, Variant
from finmart.products.wording import _

_MINUS = "\u2212"


def _signed(spread: int) -> str:
    return f"{_MINUS} {-spread}" if spread < 0 else f"+ {spread}"


def _spread(indexed: IndexedRate) -> str:
    """The spread with its sign; ends of two signs, or an end alone, stand in brackets with theirs."""
    low, high = indexed.spread_min, indexed.spread_max
    if low is not None and low == high:
        return _signed(low)
    if low is not None and high is not None and low >= 0:
        return f"+ {worded.ends(str(low), str(high), current_language())}"
    least, most = (None if each is None else _signed(each) for each in (low, high))
    return f"({worded.ends(least, most, current_language())})"


def said(variant: Variant) -> str:
    """The rate of ``variant`` as index, its day, spread and result; empty where it follows no index."""
    indexed = variant.indexed
    if indexed is None:
        return ""
    low, high = (None if rate is None else worded.rate(rate) for rate in (variant.rate_min, variant.rate_max))
    return _(
        "%(index)s %(base)s（%(day)s）%(spread)s 基点 = %(rate)s",
        index=localized(*INDEXES[indexed.index]),
        base=worded.rate(indexed.base),
        day=indexed.on.isoformat(),
        spread=_spread(indexed),
        rate=worded.ends(low, high, current_language()),
    )


def all_said(product: PublishedProduct) -> tuple[str, ...]:
    """``said`` of every way of getting the product that follows an index, with its name where there are several."""
    several = len(product.variants) > 1
    return tuple(
        f"{localized(each.label_zh, each.label_en)}: {said(each)}" if several else said(each)
        for each in product.variants
        if each.indexed
    )
