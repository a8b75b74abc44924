"""A ranking rule as data: what a version says, in numbers for the engine and in words for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from finmart.matching.engine.rank import MEASURES, SUM, TURN, Criterion, RankingRule
from finmart.platform.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from finmart.platform.kernel.messages import N_, Message

Json = dict[str, Any]

#: Criterion → its short name.
LABELS: Mapping[str, str] = {
    "verdict": N_("准入结论"),
    "not_met": N_("不符合的条件"),
    "fit": N_("合适程度"),
    "amount_short": N_("金额缺口"),
    "term_short": N_("期限缺口"),
    "unknown": N_("缺资料的条件"),
    "words": N_("须确认的条件"),
    "cost": N_("综合年化成本"),
    "preference": N_("未达到的优先条件"),
    "evidence": N_("来源可靠程度"),
    "connected": N_("机构是否入驻"),
    "speed": N_("审批天数"),
    "sum": N_("加权合计"),
    "turn": N_("轮流的次序"),
}
#: The states that a criterion's code table must name, so that no outcome is left without a number.
STATES: Mapping[str, frozenset[str]] = {
    "verdict": frozenset({"met", "met_checked", "open", "unchecked", "not_met"}),
    "fit": frozenset({"full", "open", "partial", "none"}),
}

#: A weight beyond this would make one criterion the only one; sums also stay within 64 bits.
MOST_WEIGHT = 1_000_000
#: Codes only say what comes first; there are never so many states.
MOST_CODE = 1_000
#: How a limit that is not known is read: by its upper end alone, or between both.
AT_MOST, INTERVAL = "at_most", "interval"


class RuleFault(ValueError):
    """A rule's document cannot be used; the text says which criterion and why, ``told`` what to do about it.

    ``criterion`` stands in ``told`` by its short name, a msgid of its own.
    """

    def __init__(self, text: str, words: str, criterion: str = "") -> None:
        super().__init__(text)
        self.told = Message(words, {"criterion": LABELS.get(criterion, criterion)} if criterion else {})


class RuleFrozen(Conflict):
    """A committed version is never edited."""

    def __init__(self, version: int) -> None:
        super().__init__(N_("排序规则第{version}版已经生效，不能再改；请另立新版。"), version=version)


class RuleUnknown(NotFound):
    """No rule of this version."""

    def __init__(self, version: int) -> None:
        super().__init__(N_("没有第{version}版排序规则。"), version=version)


class RuleRefused(BadInput):
    """A draft that the engine cannot use, in the words of its ``RuleFault``."""

    def __init__(self, fault: RuleFault) -> None:
        super().__init__(fault.told.msgid, **fault.told.params)


class RuleWithoutReason(BadInput):
    """A draft that does not say why."""

    def __init__(self) -> None:
        super().__init__(N_("请先写明为什么改，再让它生效。"))


class RuleOfOnesOwn(NotAllowed):
    """Whoever wrote a draft may not let it rank."""

    def __init__(self) -> None:
        super().__init__(N_("底稿是您写的，要由另一位运营人员核对后生效。"))


class RuleUntried(Conflict):
    """Nobody but its author has seen what these very words of a draft would change."""

    def __init__(self) -> None:
        super().__init__(N_("这份底稿的现有内容还没有由写底稿以外的运营人员试算，请先试算，看过变化后再让它生效。"))


class RuleTriedAlone(NotAllowed):
    """A draft that nobody wrote needs two people: one who tries it, another who commits it."""

    def __init__(self) -> None:
        super().__init__(N_("这份底稿没有作者，只有您试算过；要由另一位运营人员核对后生效。"))


class RuleOutdated(Conflict):
    """Another version was committed since the draft was begun."""

    def __init__(self, version: int) -> None:
        super().__init__(N_("第{version}版底稿早于现行规则，请以现行规则另写一份底稿。"), version=version)


@dataclass(frozen=True)
class CriterionText:
    """One criterion in words, both languages."""

    key: str
    text_zh: str
    text_en: str


@dataclass(frozen=True)
class Ruleset:
    """One version, whole. ``fingerprint`` is the SHA-256 of its document."""

    rule: RankingRule
    title_zh: str
    title_en: str
    texts: tuple[CriterionText, ...]
    tie_zh: str
    tie_en: str
    never_zh: str
    never_en: str
    document: Json
    fingerprint: str
    #: When it was committed; None where it was never stored.
    since: datetime | None = None

    @property
    def version(self) -> int:
        """The number that every stored run names."""
        return self.rule.version


def _codes(key: str, table: Mapping[str, Any]) -> dict[str, int]:
    for state, number in table.items():
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_CODE:
            raise RuleFault(
                f"{key}: the code of {state} must be a whole number of 0 to {MOST_CODE}, not {number!r}",
                N_("“{criterion}”的代码必须是 0 到 1000 之间的整数，请改正。"),
                key,
            )
    missing = STATES.get(key, frozenset()) - table.keys()
    if missing:
        raise RuleFault(
            f"{key}: no code for {', '.join(sorted(missing))}",
            N_("“{criterion}”有的状态没有写代码，请补全。"),
            key,
        )
    if key == "verdict" and table["not_met"] <= max(table[state] for state in STATES[key] - {"not_met"}):
        raise RuleFault(
            f"{key}: nothing that meets its conditions may stand behind what does not",
            N_("“{criterion}”里“有条件不符合”的代码必须比其他状态的都大，请改正。"),
            key,
        )
    return dict(table)


def _weights(key: str, table: Mapping[str, Any]) -> dict[str, int]:
    for name, number in table.items():
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_WEIGHT:
            raise RuleFault(
                f"{key}: the weight of {name} must be a whole number of 0 to {MOST_WEIGHT}, not {number!r}",
                N_("“{criterion}”的权重必须是 0 到 1000000 之间的整数，请改正。"),
                name,
            )
    if key == SUM and not any(table.values()):
        raise RuleFault(
            f"{key}: nothing is added up",
            N_("加权合计没有写任何权重，请写明权重或不用这一项。"),
        )
    if key != SUM and table:
        raise RuleFault(
            f"{key}: only a sum has weights",
            N_("只有加权合计可以有权重，请删去“{criterion}”的权重。"),
            key,
        )
    return dict(table)


def _criterion(entry: Json) -> Criterion:
    key = entry["key"]
    if key not in MEASURES.keys() | {SUM, TURN}:
        raise RuleFault(
            f"{key}: the engine has no such criterion",
            N_("平台没有排序项目“{criterion}”，请删去。"),
            key,
        )
    return Criterion(key, _codes(key, entry.get("codes", {})), _weights(key, entry.get("weights", {})))


def _check_order(criteria: tuple[Criterion, ...]) -> None:
    keys = [criterion.key for criterion in criteria]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise RuleFault(f"{twice}: a criterion stands twice", N_("“{criterion}”写了两次，请删去一个。"), twice)
    if keys[:1] != ["verdict"]:
        raise RuleFault(
            "the verdict comes first: nothing outweighs a condition that is not met",
            N_("准入结论必须是第一项，请调整顺序。"),
        )
    if TURN in keys[:-1]:
        raise RuleFault(
            "turns come last: they only part what is equal in everything",
            N_("轮流的次序只能是最后一项，请调整顺序。"),
        )
    for place, criterion in enumerate(criteria):
        stray = criterion.weights.keys() - (set(keys[place + 1 :]) - {TURN})
        if stray:
            raise RuleFault(
                f"{SUM}: no later criterion {', '.join(sorted(stray))} whose share could be shown",
                N_("加权合计只能计入排在它后面的各项，请把“{criterion}”排到它后面，或不填它的权重。"),
                min(stray),
            )


def _is_entry(entry: object) -> bool:
    """Whether it is a criterion with a name, and its tables are some."""
    if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
        return False
    tables = (entry.get(name, {}) for name in ("codes", "weights"))
    return all(isinstance(table, dict) and all(isinstance(key, str) for key in table) for table in tables)


def _check_shape(document: Json) -> None:
    """Raise ``RuleFault`` for what is no rule at all: no number, no list of criteria, tables that are none."""
    version, criteria = document.get("version"), document.get("criteria")
    is_number = isinstance(version, int) and not isinstance(version, bool) and version > 0
    if not is_number or not isinstance(criteria, list) or not all(map(_is_entry, criteria)):
        raise RuleFault(
            "the document is no rule: a version and a list of criteria with their tables are wanted",
            N_("这份内容不是完整的排序规则，请从现行规则另写一份底稿。"),
        )


def read_rule(document: Json) -> RankingRule:
    """The engine's rule in ``document``.

    Raises ``RuleFault`` for what is no rule at all, for an unknown, doubled, misplaced or wrongly coded criterion, and
    for a weight that is not a whole number of at least 0.
    """
    _check_shape(document)
    limits = document.get("limits", AT_MOST)
    if limits not in (AT_MOST, INTERVAL):
        raise RuleFault(
            f"limits: {limits!r} is no way to read a limit",
            N_("额度的读法不认识，请改正。"),
        )
    criteria = tuple(map(_criterion, document["criteria"]))
    _check_order(criteria)
    return RankingRule(document["version"], criteria, intervals=limits == INTERVAL)
