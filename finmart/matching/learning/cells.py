"""What single cells of a table from elsewhere say: a day, or what became of a pair."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

from finmart.matching.learning.types import NOTHING, Level
from finmart.platform.kernel.clock import local

#: Level → its words in lower case; anything else is refused unless the caller names it. No word: not yet decided.
_SPOKEN = {
    Level.TOUCHED: "shown impression viewed view opened open clicked click applied apply pending withdrawn expired "
    "ignored 展示 查看 打开 点击 申请 已申请 待定 审批中 撤回 过期",
    Level.DECLINED: "0 no n false f declined decline rejected reject refused denied deny failed fail "
    "拒绝 已拒绝 被拒 拒 未通过 不通过 未批准 不同意 驳回 失败 未成功 否",
    Level.OBTAINED: "1 yes y true t approved approve accepted accept granted obtained funded signed success successful "
    "passed pass disbursed converted purchased bought "
    "通过 已通过 审批通过 批准 已批准 同意 放款 已放款 授信 已授信 成功 是",
}
WORDS: Mapping[str, Level] = {
    NOTHING: Level.TOUCHED,
    **{word: level for level, words in _SPOKEN.items() for word in words.split()},
}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?(?:[T ].*)?")
_CLOSE = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: Seconds since 1970 as they stand in exports (ten digits: 2001 to 2286), or thousandths of them.
_SECONDS = re.compile(r"([1-9]\d{9})(\d{3})?(?:\.\d+)?")


@lru_cache(maxsize=100_000)
def day_of(text: str) -> int | None:
    """The ordinal of a day; of a month its first day; of an instant its day here. None for what is neither."""
    written = _DAY.fullmatch(text) or _CLOSE.fullmatch(text)
    if written is not None:
        return _ordinal(*(int(part) for part in written.groups() if part is not None))
    seconds = _SECONDS.fullmatch(text)
    return None if seconds is None else local(datetime.fromtimestamp(int(seconds[1]), UTC)).date().toordinal()


def _ordinal(year: int, month: int, day: int = 1) -> int | None:
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def level_of(word: str, words: Mapping[str, Level]) -> Level | None:
    """What became of a pair by one of ``words``; None for a word that is not among them."""
    lowered = word.lower()
    return words[lowered] if lowered in words else words.get(lowered.removesuffix(".0"))
