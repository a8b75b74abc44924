"""A rate stated as an index and a spread: its cells read, judged, and worked out with the index of its day."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from finmart.platform.kernel.messages import N_, Message
from finmart.products.editing.sheet import INDEXED
from finmart.products.types import IndexedRate
from finmart.reference import lpr
from finmart.reference.lpr import IndexNotKnown, IndexTable

#: index → its Chinese and English name
INDEXES: Mapping[str, tuple[str, str]] = {
    lpr.ONE_YEAR: ("LPR 1年期", "1-year LPR"),
    lpr.FIVE_YEARS: ("LPR 5年期以上", "LPR over 5 years"),
}
#: Ten percentage points either way: more is a mistaken unit.
MOST_SPREAD = 1_000
_SPREAD = re.compile(r"^[+-]?[0-9]{1,4}$")

Problem = tuple[str, Message]
_NAMELESS = N_("请先选择以哪个LPR为基准；不按LPR定价就把基准日和加点清空。")
_UNDATED = N_("请填写LPR的基准日，例如 2026-10-20。")
_NO_SPREAD = N_("请填写加多少基点；与LPR相同就填 0，低于LPR填负数。")
_TWICE = N_("已按LPR加点定价，利率由平台按基准日的LPR算出，请清空这里。")
_FEE_RATE = N_("只有年利率可以按LPR加点，担保费率和保险费率请直接填写百分比。")
_NOT_A_SPREAD = N_("“{text}”不是加点数，请填整数，例如 60 或 -20，1 个百分点是 100 个基点。")
_NOT_A_DAY = N_("“{text}”不是日期，请写成 2026-10-20 这样。")
_WRONG_WAY = N_("最少加点不能大于最多加点，请核对。")
_OUT_OF_RANGE = N_("加点后的利率超出了可以填写的范围，请核对加点的单位：1 个百分点是 100 个基点。")


def spread(cell: str) -> int | None:
    """Basis points; None when blank. Raises ``ValueError``."""
    text = cell.strip().replace("\u2212", "-")
    if not text:
        return None
    if not _SPREAD.match(text) or abs(int(text)) > MOST_SPREAD:
        raise ValueError(text)
    return int(text)


def resolved(way: Mapping[str, str], table: IndexTable) -> IndexedRate | None:
    """The indexed rate that ``way`` states, with the index as ``table`` has it for its day; None where it states none.

    Raises ``ValueError`` for cells that are none and ``IndexNotKnown`` for a day without a published value.
    """
    index = way["rate_index"].strip()
    if not index:
        return None
    on = date.fromisoformat(way["rate_index_on"].strip())
    base = table.quote(index, on).rate
    return IndexedRate(index, on, base, spread(way["spread_min_bp"]), spread(way["spread_max_bp"]))


def _shape(way: Mapping[str, str]) -> Iterator[Problem]:
    for name in ("spread_min_bp", "spread_max_bp"):
        try:
            spread(way[name])
        except ValueError:
            yield name, Message(_NOT_A_SPREAD, {"text": way[name].strip()[:40]})
    day = way["rate_index_on"].strip()
    try:
        date.fromisoformat(day or "2000-01-01")
    except ValueError:
        yield "rate_index_on", Message(_NOT_A_DAY, {"text": day[:40]})


def _whole(way: Mapping[str, str], *, is_fee: bool) -> Iterator[Problem]:
    if is_fee:
        yield "rate_index", Message(_FEE_RATE)
    if not way["rate_index_on"].strip():
        yield "rate_index_on", Message(_UNDATED)
    if not way["spread_min_bp"].strip() and not way["spread_max_bp"].strip():
        yield "spread_min_bp", Message(_NO_SPREAD)
    for name in ("rate_min_pct", "rate_max_pct"):
        if way[name].strip():
            yield name, Message(_TWICE)


def _worked_out(way: Mapping[str, str], table: IndexTable, most: int) -> Iterator[Problem]:
    try:
        found = resolved(way, table)
    except IndexNotKnown as error:
        yield "rate_index_on", Message(error.msgid, error.params)
        return
    if found is None:
        return
    low, high = found.spread_min, found.spread_max
    if low is not None and high is not None and low > high:
        yield "spread_min_bp", Message(_WRONG_WAY)
    for name, each in (("spread_min_bp", low), ("spread_max_bp", high)):
        if not 0 <= (found.over(each) or 0) <= most:
            yield name, Message(_OUT_OF_RANGE)


def problems(way: Mapping[str, str], table: IndexTable, *, is_fee: bool, most: int) -> tuple[Problem, ...]:
    """What is wrong with the index cells of ``way``, each with its cell; ``most`` is the highest rate in ppm."""
    if not any(way[name].strip() for name in INDEXED):
        return ()
    index = way["rate_index"].strip()
    if not index:
        return (("rate_index", Message(_NAMELESS)),)
    if index not in INDEXES:
        return (("rate_index", Message(N_("不认识“{text}”，请从可选的内容中选择。"), {"text": index[:40]})),)
    found = (*_shape(way), *_whole(way, is_fee=is_fee))
    return found or tuple(_worked_out(way, table, most))
