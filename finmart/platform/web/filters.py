"""Figures and dates in words, in Chinese and English. Pure: each function is told the language."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from finmart.platform.kernel.clock import local
from finmart.platform.kernel.money import FEN_PER_WAN, FEN_PER_YUAN, Money, Rate, Term

#: Shown where there is no value; the page around it says why.
NOTHING = "—"
MINUS = "−"
#: Between words that stay on one line.
TIED = "\N{NO-BREAK SPACE}"
FEN_PER_YI = FEN_PER_WAN * 10_000
FEN_PER_MILLION = FEN_PER_YUAN * 1_000_000
FEN_PER_BILLION = FEN_PER_MILLION * 1000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _trim(value: Decimal, places: int, *, least: int = 0) -> str:
    """``value`` with at most ``places`` decimals and at least ``least``, grouped in thousands, with a true minus."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}"
    if places > least:
        whole, point, rest = text.partition(".")
        rest = rest[:least] + rest[least:].rstrip("0")
        text = f"{whole}{point}{rest}" if rest else whole
    return f"{MINUS}{text}" if rounded < 0 else text


def _fen(value: Money | int) -> int:
    return value.fen if isinstance(value, Money) else value


def money(value: Money | int | None, language: str = "zh") -> str:
    """An amount of 分 in words: 亿元 from 1亿, 万元 from 1万, else 元; at most two decimals, rounded half up."""
    if value is None:
        return NOTHING
    fen = _fen(value)
    return _money_en(fen) if language == "en" else _money_zh(fen)


def _money_zh(fen: int) -> str:
    for size, unit in ((FEN_PER_YI, "亿元"), (FEN_PER_WAN, "万元")):
        if abs(fen) >= size:
            return f"{_trim(Decimal(fen) / size, 2)}{unit}"
    return f"{_yuan(fen)}元"


def _money_en(fen: int) -> str:
    for size, unit in ((FEN_PER_BILLION, "billion"), (FEN_PER_MILLION, "million")):
        if abs(fen) >= size:
            return f"CNY{TIED}{_trim(Decimal(fen) / size, 2)} {unit}"
    return f"CNY{TIED}{_yuan(fen)}"


def _yuan(fen: int) -> str:
    whole = fen % FEN_PER_YUAN == 0
    return _trim(Decimal(fen) / FEN_PER_YUAN, 0 if whole else 2, least=0 if whole else 2)


def money_exact(value: Money | int | None, language: str = "zh") -> str:
    """An amount of 分 to the last 分: 1,234,567.89元 / CNY 1,234,567.89."""
    if value is None:
        return NOTHING
    text = _yuan(_fen(value))
    return f"CNY{TIED}{text}" if language == "en" else f"{text}元"


def rate(value: Rate | int | None, _language: str = "zh") -> str:
    """A rate in ppm as a percentage with two to four decimals: 31500 → 3.15%."""
    return NOTHING if value is None else f"{_trim(_percent(value), 4, least=2)}%"


def ratio(value: Rate | int | None, _language: str = "zh") -> str:
    """A share in ppm as a percentage with at most one decimal: 200000 → 20%."""
    return NOTHING if value is None else f"{_trim(_percent(value), 1)}%"


def _percent(value: Rate | int) -> Decimal:
    return value.percent if isinstance(value, Rate) else Rate(value).percent


def number(value: int | Decimal | None, _language: str = "zh") -> str:
    """A count, grouped in thousands; at most two decimals of a decimal."""
    return NOTHING if value is None else _trim(Decimal(value), 0 if isinstance(value, int) else 2)


def day(value: date | None, language: str = "zh") -> str:
    """A legal date; an instant is first taken to its day in Asia/Shanghai."""
    if value is None:
        return NOTHING
    found = local(value).date() if isinstance(value, datetime) else value
    if language == "en":
        return f"{found.day}{TIED}{_MONTHS[found.month - 1]}{TIED}{found.year}"
    return f"{found.year}年{found.month}月{found.day}日"


def moment(value: datetime | None, language: str = "zh") -> str:
    """An aware instant as people in Asia/Shanghai read it on the wall, to the minute."""
    return NOTHING if value is None else f"{day(value, language)} {local(value):%H:%M}"


def month(value: date | None, language: str = "zh") -> str:
    """The month of a date."""
    if value is None:
        return NOTHING
    return f"{_MONTHS[value.month - 1]}{TIED}{value.year}" if language == "en" else f"{value.year}年{value.month}月"


def term(value: Term | None, language: str = "zh") -> str:
    """A length of time in whole months or days."""
    if value is None:
        return NOTHING
    if value.months is not None:
        return _counted(value.months, "个月", "month", language)
    return _counted(value.days or 0, "天", "day", language)


def _counted(count: int, zh: str, en: str, language: str) -> str:
    return f"{count} {en}{'' if count == 1 else 's'}" if language == "en" else f"{count}{zh}"


def ends(low: str | None, high: str | None, language: str = "zh") -> str:
    """A range of two worded ends, either of which may be missing: 2–5 · 不超过5 · 2起."""
    if low and high:
        return low if low == high else f"{low} – {high}"
    if high:
        return f"up to {high}" if language == "en" else f"不超过{high}"
    if low:
        return f"from {low}" if language == "en" else f"{low}起"
    return NOTHING


#: Filters of templates by name; each takes the value and is given the language of the request.
WORDINGS: dict[str, Callable[..., str]] = {
    "day": day,
    "moment": moment,
    "money": money,
    "money_exact": money_exact,
    "month": month,
    "number": number,
    "rate": rate,
    "ratio": ratio,
    "term": term,
}
