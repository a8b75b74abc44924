"""What a question says in figures: an amount, a term, a rate, or that there is no security; the same for both engines.

What is found is taken out of the words. A product that states otherwise is left out; one that states it comes first;
one that does not say comes after. The page shows each as a chip that can be taken away.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from finmart.platform.kernel.money import Term
from finmart.platform.search.normal import normal
from finmart.platform.search.types import MAX_QUERY, Need

#: Nobody lends for longer; what is larger is a year of the calendar.
MAX_YEARS = 30
#: Nobody borrows more here, in 万元; what is larger is no amount but a number.
MAX_WAN = 10_000_000
MAX_PERCENT = 36
FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
PPM_PER_PERCENT = 10_000
MONTHS_PER_YEAR = 12

_DIGITS = {**{word: value for value, word in enumerate("零一二三四五六七八九")}, "两": 2, "壹": 1, "贰": 2, "叁": 3}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"(?:\d+(?:\.\d+)?|[零一二三四五六七八九十百千两]+)"
_ABOUT = r"(?:左右|以内|以下|之内|内|以上|上下|起)?"
_UP_TO = r"(?:最长|最短|最高|最多|至少|不少于|不低于|不超过|大概|大约|约)?"
_AMOUNT = re.compile(
    rf"{_UP_TO}(?:(?P<least>{_NUMBER})(?:万元|万|w)?(?:-|~|—|到|至))?(?P<most>{_NUMBER})\s*(?P<unit>千万|百万|亿|万|w(?![a-z]))(?:元|块)?{_ABOUT}"
    rf"|(?P<yuan>\d{{4,12}})\s*(?:元|块钱?){_ABOUT}"
)
_BEFORE_TERM = r"(?<!成立)(?<!成立满)(?<!近)(?<!满)(?<!经营)(?<!开业)(?<!注册)(?<!不到)(?<!未满)(?<!第)(?<![\d.])"
_TERM = re.compile(rf"{_BEFORE_TERM}{_UP_TO}(?P<number>{_NUMBER}|半)\s*(?P<unit>个月|月|年|期|天|日)期?{_ABOUT}(?:的)?")
_FEE = re.compile(rf"(?P<kept>担保费率?|费率|保费)[^\d一-九]{{0,3}}{_NUMBER}\s*%{_ABOUT}")
_RATE = re.compile(
    rf"(?:(?:年化|利率|利息|年利率|年息|综合成本)+(?:低于|不超过|不高于|小于|在|<|≤)?\s*)?(?P<number>\d+(?:\.\d+)?)\s*(?:%|个点){_ABOUT}"
)
#: Whoever says so asks for no security at all.
_UNSECURED = re.compile(
    r"(?:无|免|不用|不要|不需要?|没有?)(?:任何)?(?:抵押|担保|抵质押|房子?|房产)物?(?:和担保|担保)?|纯信用|信用方式"
    r"|(?<![\u4e00-\u9fff])信用(?:贷款?|类)?(?![\u4e00-\u9fff])"
)


@dataclass(frozen=True)
class Hint:
    """One figure of a question: what it is (``amount``, ``term``, ``rate``, ``guarantee``), its value, as it was typed.

    ``value`` is in 分, in days (a month is 30) or ppm; ``rest`` is the question without it.
    """

    kind: str
    value: int
    typed: str
    rest: str
    need: Need


@dataclass(frozen=True)
class Asked:
    """A question taken apart: the words that are left, words that only rank, the figures, the order asked for."""

    words: str
    soft: str = ""
    hints: tuple[Hint, ...] = ()
    sort: str = ""

    @property
    def needs(self) -> tuple[Need, ...]:
        """The figures as the index understands them."""
        return tuple(hint.need for hint in self.hints)


def number_of(text: str) -> Decimal:
    """A number in digits or in Chinese words below ten thousand. Raises ``ValueError`` for anything else."""
    if text[0].isdigit():
        return Decimal(text)
    total, last = 0, 0
    for character in text:
        if character in _STEPS:
            total += (last or 1) * _STEPS[character]
            last = 0
        elif character in _DIGITS:
            last = _DIGITS[character]
        else:
            raise ValueError(text)
    return Decimal(total + last)


def _amount(match: re.Match[str]) -> tuple[int, Need] | None:
    if match["yuan"]:
        fen = int(match["yuan"]) * FEN_PER_YUAN
    else:
        scale = {"千万": 1000, "百万": 100, "亿": 10_000}.get(match["unit"], 1)
        wan = number_of(match["most"]) * scale
        if not 0 < wan <= MAX_WAN:
            return None
        fen = int(wan * FEN_PER_WAN)
    return fen, Need(fen, reaches="amount_max", begins="amount_min")


def _term(match: re.Match[str]) -> tuple[int, Need] | None:
    unit = match["unit"]
    number = Decimal("0.5") if match["number"] == "半" else number_of(match["number"])
    if unit == "年":
        if not 0 < number <= MAX_YEARS:
            return None
        days = Term(months=int(number * MONTHS_PER_YEAR)).in_days
    elif unit in ("天", "日"):
        days = int(number)
    else:
        days = Term(months=int(number)).in_days
    return (
        (days, Need(days, reaches="term_max")) if 0 < days <= Term(months=MAX_YEARS * MONTHS_PER_YEAR).in_days else None
    )


def _rate(match: re.Match[str]) -> tuple[int, Need] | None:
    percent = Decimal(match["number"])
    if not 0 < percent <= MAX_PERCENT:
        return None
    ppm = int(percent * PPM_PER_PERCENT)
    return ppm, Need(ppm, within="lowest_interest")


def _unsecured(_match: re.Match[str]) -> tuple[int, Need]:
    return 0, Need(facet="guarantee", code="credit")


_READERS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], tuple[int, Need] | None]], ...] = (
    ("rate", _RATE, _rate),
    ("amount", _AMOUNT, _amount),
    ("term", _TERM, _term),
    ("guarantee", _UNSECURED, _unsecured),
)
#: Words that ask for an order rather than for a kind of product, each with a name of the index's sorts.
_ORDERS = (
    ("lowest_interest", re.compile(r"(?:利息|利率|成本)(?:最低|低的?|便宜的?)|(?:最低|低)(?:利息|利率)|最便宜|便宜")),
    (
        "decision_days",
        re.compile(r"(?:最快|快速?)(?:放款|审批|到账|下款)|(?:放款|审批|到账|下款)(?:最快|快的?)|急用钱?|着急|加急"),
    ),
    ("-amount_max", re.compile(r"(?:额度|金额)(?:最高|最大|高的?|大的?)|(?:最高|最大|大)额度?")),
    ("-term_max", re.compile(r"(?:期限|时间)(?:最长|长的?)|期限?最长|最长期限")),
)
#: How search engines are told to join words, in capitals and by itself; here every word is wanted anyway.
_OPERATORS = re.compile(r"(?<![0-9A-Za-z_])(?:AND|OR|NOT|NEAR)(?![0-9A-Za-z_])")
#: What is still looked for in words, where it only ranks.
_SOFT = "信用"


def asked(text: str) -> Asked:
    """Take ``text`` apart; a kind of figure counts once, the first time it stands there."""
    if len(text) > MAX_QUERY:
        return Asked(_plain(text))
    whole = normal(_plain(text))
    # A fee's rate is no interest rate: the word stays, the figure says nothing that products could be asked.
    left = _FEE.sub(lambda match: match["kept"], whole)
    hints = []
    for kind, match, (value, need) in _figures(left):
        left = left.replace(match, " ", 1)
        hints.append(Hint(kind, value, match, " ".join(whole.replace(match, " ", 1).split()), need))
    soft = " ".join(hint.typed if _SOFT in hint.typed else _SOFT for hint in hints if hint.kind == "guarantee")
    left, sort = _ordered(left)
    return Asked(" ".join(left.split()), soft, tuple(hints), sort)


def _plain(text: str) -> str:
    """``text`` without operators, as long as it was."""
    return _OPERATORS.sub(lambda match: " " * len(match[0]), text)


def _ordered(text: str) -> tuple[str, str]:
    """``text`` without the first words that ask for an order, and that order."""
    for sort, pattern in _ORDERS:
        if pattern.search(text):
            return pattern.sub(" ", text), sort
    return text, ""


def _figures(text: str) -> Iterator[tuple[str, str, tuple[int, Need]]]:
    for kind, pattern, read in _READERS:
        for match in pattern.finditer(text):
            found = read(match)
            if found is not None:
                yield kind, match[0], found
                text = text.replace(match[0], " " * len(match[0]), 1)
                break
