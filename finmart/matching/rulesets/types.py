"""A ranking rule as data: what a version says, in numbers for the engine and in words for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from finmart.matching.engine.rank import MEASURES, Criterion, RankingRule
from finmart.platform.kernel.errors import Conflict, NotFound
from finmart.platform.kernel.messages import N_

Json = dict[str, Any]

#: The states that a criterion's code table must name, so that no outcome is left without a number.
STATES: Mapping[str, frozenset[str]] = {
    "verdict": frozenset({"met", "met_checked", "open", "unchecked", "not_met"}),
    "fit": frozenset({"full", "open", "partial", "none"}),
}


class RuleFault(ValueError):
    """A rule's document cannot be used; the text says which criterion and why."""


class RuleFrozen(Conflict):
    """A committed version is never edited."""

    def __init__(self, version: int) -> None:
        super().__init__(N_("排序规则第{version}版已经生效，不能再改；请另立新版。"), version=version)


class RuleUnknown(NotFound):
    """No rule of this version."""

    def __init__(self, version: int) -> None:
        super().__init__(N_("没有第{version}版排序规则。"), version=version)


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

    @property
    def version(self) -> int:
        """The number that every stored run names."""
        return self.rule.version


def _codes(key: str, table: Mapping[str, Any]) -> dict[str, int]:
    for state, number in table.items():
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise RuleFault(f"{key}: the code of {state} must be a whole number of at least 0, not {number!r}")
    missing = STATES.get(key, frozenset()) - table.keys()
    if missing:
        raise RuleFault(f"{key}: no code for {', '.join(sorted(missing))}")
    return dict(table)


def read_rule(document: Json) -> RankingRule:
    """The engine's rule in ``document``. Raises ``RuleFault`` for an unknown, doubled or wrongly coded criterion."""
    criteria = []
    for entry in document["criteria"]:
        key = entry["key"]
        if key not in MEASURES:
            raise RuleFault(f"{key}: the engine has no such criterion")
        criteria.append(Criterion(key, _codes(key, entry["codes"])))
    keys = [criterion.key for criterion in criteria]
    if len(set(keys)) != len(keys):
        raise RuleFault("a criterion stands twice")
    if keys[:1] != ["verdict"]:
        raise RuleFault("the verdict comes first: nothing outweighs a condition that is not met")
    return RankingRule(int(document["version"]), tuple(criteria))
