"""Drafts of the ranking rule: written by one person, tried and committed by somebody else; then frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from finmart.matching.engine.rank import MEASURES, SUM, TURN
from finmart.matching.rulesets import repository
from finmart.matching.rulesets import service as rulesets
from finmart.matching.rulesets.models import RankingRuleset
from finmart.matching.rulesets.types import (
    INTERVAL,
    Json,
    RuleFault,
    RuleFrozen,
    RuleOfOnesOwn,
    RuleOutdated,
    RuleRefused,
    Ruleset,
    RuleTriedAlone,
    RuleUnknown,
    RuleUntried,
    RuleWithoutReason,
    read_rule,
)
from finmart.matching.types.events import RuleCommitted, RuleWithdrawn, RuleWritten
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.kernel.messages import N_, Message

MANAGE = Permission.ALL_RULES_MANAGE


@dataclass(frozen=True)
class Draft:
    """A draft as its editors see it. ``fault`` says why it cannot rank, None when it can."""

    version: int
    document: Json
    fingerprint: str
    author_id: int | None
    created_at: datetime
    fault: Message | None

    @property
    def ruleset(self) -> Ruleset:
        """The draft as a rule. Raises ``RuleFault``."""
        return rulesets.ruleset_of(self.document)


@dataclass(frozen=True)
class Wording:
    """What a draft says: criteria in order, code tables of those that have one, weights of the sum, and its reason."""

    order: Sequence[str]
    codes: Mapping[str, Mapping[str, Any]]
    weights: Mapping[str, Any]
    reason_zh: str
    reason_en: str = ""


def _fault(document: Json) -> RuleFault | None:
    try:
        read_rule(document)
    except RuleFault as fault:
        return fault
    return None


def _view(row: RankingRuleset) -> Draft:
    fault = _fault(row.document)
    told = None if fault is None else fault.told
    return Draft(row.version, row.document, row.fingerprint, row.author_id, row.created_at, told)


def _row(version: int) -> RankingRuleset:
    row = repository.draft(version=version)
    if row is None:
        raise RuleUnknown(version) if committed(version) is None else RuleFrozen(version)
    return row


def committed(version: int) -> Ruleset | None:
    """The rule of ``version``, with the moment of its commitment; None for a draft or no version."""
    return next((one for one in rulesets.versions() if one.version == version), None)


def list_drafts(actor: Actor) -> tuple[Draft, ...]:
    """Every draft, newest first. Raises ``PermissionMissing``."""
    require(actor, MANAGE)
    return tuple(map(_view, repository.drafts()))


def draft_of(actor: Actor, version: int) -> Draft:
    """One draft. Raises ``PermissionMissing``, ``RuleUnknown``, or ``RuleFrozen`` for what is a draft no more."""
    require(actor, MANAGE)
    return _view(_row(version))


def usable_criteria() -> tuple[str, ...]:
    """Every criterion that a rule may name; there is none for a paid place."""
    return (*MEASURES, SUM, TURN)


def new_draft(actor: Actor, from_version: int) -> Draft:
    """A draft that says what ``from_version`` says. Raises ``PermissionMissing`` or ``RuleUnknown``."""
    require(actor, MANAGE)
    origin = rulesets.of_version(from_version)
    version = max(repository.highest() or 0, rulesets.NEWEST) + 1
    document = {
        **origin.document,
        "version": version,
        "title_zh": f"排序规则第{version}版",
        "title_en": f"Ranking rule, version {version}",
        "reason_zh": "",
        "reason_en": "",
        "from_version": origin.version,
    }
    fingerprint = rulesets.fingerprint(document)
    repository.add_draft(version=version, document=document, fingerprint=fingerprint, author_id=actor.user_id)
    record(actor, RuleWritten(target=str(version), from_version=origin.version, fingerprint=fingerprint))
    return _view(_row(version))


def _criteria(said: Wording) -> list[Json]:
    entries = (
        {
            "key": key,
            "codes": dict(said.codes.get(key, {})),
            **({"weights": dict(said.weights)} if key == SUM else {}),
        }
        for key in said.order
    )
    return rulesets.in_words(list(entries))


def _check_weights(said: Wording) -> None:
    """Raise ``RuleRefused`` for weights that nothing would add up."""
    if SUM not in said.order and any(said.weights.values()):
        raise RuleRefused(
            RuleFault(
                "weights without a sum",
                N_("填了权重，但加权合计没有排位：请写明加权合计排第几项，或清空权重。"),
            )
        )


def write_draft(actor: Actor, version: int, said: Wording) -> Draft:
    """Say something else in a draft; whoever changes it becomes its author.

    Raises ``PermissionMissing``, ``RuleUnknown``, or ``RuleRefused`` for what the engine cannot use.
    """
    require(actor, MANAGE)
    row = _row(version)
    _check_weights(said)
    criteria = _criteria(said)
    document = {
        **row.document,
        **rulesets.tie_of(criteria),
        "limits": row.document.get("limits", INTERVAL),
        "criteria": criteria,
        "reason_zh": said.reason_zh,
        "reason_en": said.reason_en,
    }
    fault = _fault(document)
    if fault is not None:
        raise RuleRefused(fault)
    row.document, row.fingerprint, row.author_id = document, rulesets.fingerprint(document), actor.user_id
    origin = int(document.get("from_version", 0))
    record(actor, RuleWritten(target=str(version), from_version=origin, fingerprint=row.fingerprint))
    return _view(row)


def withdraw_draft(actor: Actor, version: int) -> None:
    """Give a draft up. Raises ``PermissionMissing`` or ``RuleUnknown``."""
    require(actor, MANAGE)
    row = _row(version)
    record(actor, RuleWithdrawn(target=str(version), fingerprint=row.fingerprint))
    repository.remove_draft(row)


def note_trial(actor: Actor, draft: Draft) -> None:
    """Keep that somebody saw what these very words would change. A command that nobody signed for is no somebody."""
    if actor.user_id is not None:
        repository.add_trial(version=draft.version, fingerprint=draft.fingerprint, user_id=actor.user_id, at=now())


def _people_refused(row: RankingRuleset, actor: Actor) -> FinmartError | None:
    """Why ``actor`` may not be the one who commits, or why too few people have looked."""
    if actor.user_id is None or actor.user_id == row.author_id:
        return RuleOfOnesOwn()
    triers = repository.triers(row.fingerprint) - {row.author_id}
    if not triers:
        return RuleUntried()
    if row.author_id is None and triers == {actor.user_id}:
        return RuleTriedAlone()
    return None


def _words_refused(row: RankingRuleset, ranking: Ruleset) -> FinmartError | None:
    """What is wrong with the draft itself."""
    if row.version <= ranking.version:
        return RuleOutdated(row.version)
    fault = _fault(row.document)
    if fault is not None:
        return RuleRefused(fault)
    return None if row.document.get("reason_zh") else RuleWithoutReason()


def hindrance(actor: Actor, version: int) -> FinmartError | None:
    """Why ``actor`` could not commit this draft now; None when nothing is in the way.

    Raises ``PermissionMissing`` or ``RuleUnknown``.
    """
    require(actor, MANAGE)
    row = _row(version)
    return _words_refused(row, rulesets.active()) or _people_refused(row, actor)


def commit_draft(actor: Actor, version: int) -> None:
    """Let a draft rank from now on; it is frozen.

    Raises ``PermissionMissing``, ``RuleUnknown``, ``RuleOutdated`` when a later version ranks already, ``RuleRefused``
    when the engine cannot use it, ``RuleWithoutReason``, ``RuleOfOnesOwn`` for its author and for commands,
    ``RuleUntried`` until somebody who did not write it has tried these very words, or ``RuleTriedAlone`` when a draft
    without an author was tried by nobody else.
    """
    refused = hindrance(actor, version)
    if refused is not None:
        raise refused
    row, ranking = _row(version), rulesets.active()
    rulesets.keep(ranking)
    row.committed_by_id, row.committed_at = actor.user_id, now()
    event = RuleCommitted(target=str(version), from_version=ranking.version, fingerprint=row.fingerprint)
    record(actor, event)
