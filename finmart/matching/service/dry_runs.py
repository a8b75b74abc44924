"""What a draft of the ranking rule would change: the newest run of each stored demand, ranked again by the draft."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from finmart.matching import repository
from finmart.matching.engine.plain import Case
from finmart.matching.rulesets import drafts
from finmart.matching.rulesets import service as rulesets
from finmart.matching.rulesets.types import RuleFault, RuleRefused, Ruleset
from finmart.matching.service.runs import OpenRun, opened
from finmart.matching.types.events import RuleTried
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor

#: How much of a result is seen at once, and how many demands are tried, the newest first.
TOP = 10
MOST_DEMANDS = 200


@dataclass(frozen=True)
class Changed:
    """One demand whose top ten change; by the run's public id, so that nobody's data are in it."""

    run: str
    came: tuple[str, ...]
    went: tuple[str, ...]
    furthest: int


@dataclass(frozen=True)
class InstitutionShare:
    """How often an institution's products stood in a top ten, before and after."""

    institution: str
    before: int
    after: int


@dataclass(frozen=True)
class DryRun:
    """What ranking the stored demands by the draft would change against the rule in force."""

    version: int
    against: int
    demands: int
    changed: tuple[Changed, ...]
    #: By how many places products move: the median over those that move, and the furthest.
    median_places: float
    furthest: int
    institutions: tuple[InstitutionShare, ...]


@dataclass(frozen=True)
class _Tried:
    """The orders of one run by both rules, and whose the products are."""

    run: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    institutions: Mapping[str, str]

    @property
    def moves(self) -> list[int]:
        """By how many places each product moves that moves at all."""
        place = {code: number for number, code in enumerate(self.before)}
        return [abs(place[code] - number) for number, code in enumerate(self.after) if place[code] != number]


def _order(run: OpenRun, rule: Ruleset, turns: int) -> tuple[str, ...]:
    """The codes of a run's products as ``rule`` ranks them, with the turns of version ``turns``."""
    answered = run.plan.engine.answer(Case(run.facts, run.need, rule.rule.drawn_as(turns)))
    return tuple(run.plan.offers[place].code for place in answered.order.tolist())


def _tried(run: OpenRun, ranking: Ruleset, draft: Ruleset) -> _Tried:
    # Both orders are drawn as for the version that ranks, so that turns alone move nothing.
    before, after = (_order(run, rule, ranking.version) for rule in (ranking, draft))
    return _Tried(run.view.public_id, before, after, {offer.code: offer.institution for offer in run.plan.offers})


def _changed(one: _Tried) -> Changed | None:
    before, after = one.before[:TOP], one.after[:TOP]
    if before == after:
        return None
    came = tuple(code for code in after if code not in before)
    went = tuple(code for code in before if code not in after)
    return Changed(one.run, came, went, max(one.moves, default=0))


def _institutions(every: Sequence[_Tried]) -> tuple[InstitutionShare, ...]:
    before = Counter(one.institutions[code] for one in every for code in one.before[:TOP])
    after = Counter(one.institutions[code] for one in every for code in one.after[:TOP])
    shares = [InstitutionShare(code, before[code], after[code]) for code in before.keys() | after.keys()]
    return tuple(sorted(shares, key=lambda share: (-abs(share.after - share.before), share.institution)))


def dry_run(actor: Actor, version: int) -> DryRun:
    """Try a draft on the newest run of every stored demand; nothing is stored but who tried exactly these words.

    Raises ``PermissionMissing``, ``RuleUnknown``, or ``RuleRefused`` for a draft that the engine cannot use.
    """
    require(actor, Permission.ALL_RULES_MANAGE)
    draft, ranking = drafts.draft_of(actor, version), rulesets.active()
    try:
        tried_rule = draft.ruleset
    except RuleFault as fault:
        raise RuleRefused(fault) from fault
    every = [_tried(opened(row), ranking, tried_rule) for row in repository.newest_runs_of_demands(limit=MOST_DEMANDS)]
    changed = tuple(found for one in every if (found := _changed(one)) is not None)
    moves = [places for one in every for places in one.moves]
    event = RuleTried(target=str(version), fingerprint=draft.fingerprint, demands=len(every), changed=len(changed))
    record(actor, event)
    drafts.note_trial(actor, draft)
    return DryRun(
        version=version,
        against=ranking.version,
        demands=len(every),
        changed=changed,
        median_places=float(median(moves)) if moves else 0.0,
        furthest=max(moves, default=0),
        institutions=_institutions(every),
    )
