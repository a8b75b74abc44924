"""The ranking rule in force: the newest committed version, or the one shipped with the code before any was stored."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from finmart.matching.rulesets import repository, sentences
from finmart.matching.rulesets.types import CriterionText, Json, RuleFrozen, Ruleset, RuleUnknown, read_rule
from finmart.platform.kernel.clock import now

#: The versions that come with the code, by number; a committed one never changes.
SHIPPED = {1: "ranking_v1.json", 2: "ranking_v2.json", 3: "ranking_v3.json"}
NEWEST = max(SHIPPED)


def fingerprint(document: Json) -> str:
    """SHA-256 over the document's canonical JSON."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def ruleset_of(document: Json) -> Ruleset:
    """A version, whole, from its document; words that it does not have are empty. Raises ``RuleFault``."""
    words = ("title_zh", "title_en", "tie_zh", "tie_en", "never_zh", "never_en")
    return Ruleset(
        rule=read_rule(document),
        texts=tuple(CriterionText(c["key"], c.get("text_zh", ""), c.get("text_en", "")) for c in document["criteria"]),
        document=document,
        fingerprint=fingerprint(document),
        **{key: document.get(key, "") for key in words},
    )


@cache
def shipped(version: int = NEWEST) -> Ruleset:
    """A version that comes with the code. Raises ``KeyError`` for any other."""
    text = (files("finmart.matching.rulesets") / "data" / SHIPPED[version]).read_text(encoding="utf-8")
    return ruleset_of(json.loads(text))


@cache
def _standing() -> dict[str, Json]:
    """Criterion → its entry in the newest shipped version that has it."""
    return {entry["key"]: entry for version in sorted(SHIPPED) for entry in shipped(version).document["criteria"]}


def in_words(criteria: Sequence[Json]) -> list[Json]:
    """``criteria`` with sentences that hold for their order and codes, so that a page never says what does not rank."""
    return sentences.worded(criteria, _standing())


def tie_of(criteria: Sequence[Json]) -> Json:
    """What such a rule says of products that are equal in everything."""
    return sentences.tie_words(criteria, turns=shipped(2).document, codes=shipped(1).document)


def active() -> Ruleset:
    """The rule that ranks new runs: the newest, stored or shipped.

    It only reads, so that a page may show the rule before anything was stored.
    """
    row = repository.newest()
    return shipped() if row is None or row.version < NEWEST else ruleset_of(row.document)


def of_version(version: int) -> Ruleset:
    """The rule a stored run names. Raises ``RuleUnknown``."""
    row = repository.committed(version=version)
    if row is not None:
        return ruleset_of(row.document)
    if version in SHIPPED:
        return shipped(version)
    raise RuleUnknown(version)


def versions() -> tuple[Ruleset, ...]:
    """Every rule that has ranked or may, newest first."""
    rows = repository.all_committed()
    stored = {row.version: replace(ruleset_of(row.document), since=row.committed_at) for row in rows}
    every = {version: shipped(version) for version in SHIPPED} | stored
    return tuple(every[version] for version in sorted(every, reverse=True))


def keep(ruleset: Ruleset) -> None:
    """Make sure that the version a run will name is stored. Raises ``RuleFrozen`` when it says something else."""
    row = repository.committed(version=ruleset.version)
    if row is None:
        repository.add_committed(
            version=ruleset.version, document=ruleset.document, fingerprint=ruleset.fingerprint, at=now()
        )
        row = repository.committed(version=ruleset.version)
    if row is not None and row.fingerprint != ruleset.fingerprint:
        raise RuleFrozen(ruleset.version)


def keep_learned_draft(strength: Mapping[str, float], learned: Json, *, author_id: int | None) -> Json:
    """Keep a draft of the rule in force whose criteria stand in the order that outcomes suggest; it ranks nothing.

    ``strength``: criterion → how much it told. Only these change places among themselves, so that the verdict stays
    first and turns stay last; ``learned`` (data, day, metrics) goes with the draft. ``author_id``: who trained it, None
    for the command alone. Returns the draft's document.
    """
    rule = active()
    criteria = list(rule.document["criteria"])
    places = [place for place, entry in enumerate(criteria) if entry["key"] in strength]
    moved = sorted((criteria[place] for place in places), key=lambda entry: -strength[entry["key"]])
    for place, entry in zip(places, moved, strict=True):
        criteria[place] = entry
    document = {
        **rule.document,
        "version": max(repository.highest() or 0, NEWEST) + 1,
        "title_zh": "从结果学到的排序规则草案",
        "title_en": "Draft of a ranking rule learned from outcomes",
        "reason_zh": "申请的结果提示：越能说明问题的条件越应在前；依据和指标见 learned。",
        "reason_en": "Outcomes suggest that criteria which told more should stand earlier; see learned for the data.",
        "criteria": in_words(criteria),
        "learned": {**learned, "from_version": rule.version},
    }
    read_rule(document)
    mark = fingerprint(document)
    repository.add_draft(version=document["version"], document=document, fingerprint=mark, author_id=author_id)
    return document
