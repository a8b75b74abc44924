"""Whom a draft would admit among the demonstration sample, and what it changes against what is public."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from finmart.matching import snapshots
from finmart.matching.engine.inputs import Clause, ProductOffer
from finmart.matching.service.prospects import Admission, Reason, admission_of, sample
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.products.drafts.service import desk
from finmart.products.drafts.types import OPEN, VersionView


class Standing(StrEnum):
    """Whether a required condition stands in both versions, in the draft alone, or only in what is public."""

    KEPT = "kept"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Line:
    """One required condition: how many fail it, how many cannot be told, and how many more than at present.

    ``alone`` fail it and nothing else. ``lost`` are admitted at present and by the draft no longer, for want of this
    condition among others; ``won`` are kept out by it at present and admitted by the draft.
    """

    clause: Clause
    not_met: int
    unknown: int
    more_not_met: int
    more_unknown: int
    standing: Standing
    alone: int
    lost: int = 0
    won: int = 0

    @property
    def together(self) -> int:
        """How many of those who fail it fail or miss something else as well."""
        return self.not_met - self.alone


@dataclass(frozen=True)
class DraftAdmission:
    """What a version says of the sample; ``public`` is what people see, None when nothing differs or is public yet."""

    number: int
    is_draft: bool
    admission: Admission
    public: Admission | None
    lines: tuple[Line, ...]

    @property
    def lost(self) -> int:
        """How many are admitted at present and would no longer be."""
        return len(self.public.met - self.admission.met) if self.public else 0

    @property
    def won(self) -> int:
        """How many are not admitted at present and would be."""
        return len(self.admission.met - self.public.met) if self.public else 0

    @property
    def more_admitted(self) -> int:
        """How many more the draft would admit; negative when fewer."""
        return self.admission.admitted - self.public.admitted if self.public else 0

    @property
    def more_undecided(self) -> int:
        """How many more could not be told."""
        return self.admission.undecided - self.public.undecided if self.public else 0

    @property
    def more_refused(self) -> int:
        """How many more the draft would refuse."""
        return self.admission.refused - self.public.refused if self.public else 0


def _working_version(actor: Actor, code: str) -> VersionView:
    """The version under way of the actor's own product, else the one published last."""
    line = desk.own_product(actor, code).line
    # A product whose only draft was given up has neither; no version bears the number 0, so it is not found.
    return desk.own_version(actor, code, line.open_number or line.published_number or 0)


def _required(offer: ProductOffer | None) -> frozenset[str]:
    variants = offer.variants if offer else ()
    return frozenset(clause.key for variant in variants for clause in variant.clauses if clause.required)


def _by_key(reasons: Iterable[Reason]) -> dict[str, Reason]:
    return {reason.clause.key: reason for reason in reasons}


@dataclass(frozen=True)
class _Moved:
    """Places in the sample: admitted at present and by the draft no longer, and the other way round."""

    lost: frozenset[int] = frozenset()
    won: frozenset[int] = frozenset()


def _line(draft: Reason | None, public: Reason | None, standing: Standing, moved: _Moved) -> Line:
    known = draft or public
    if known is None:
        raise LookupError("a line needs a reason of the draft or of what is public")
    not_met, unknown = (draft.not_met, draft.unknown) if draft else (0, 0)
    old_not_met, old_unknown = (public.not_met, public.unknown) if public else (0, 0)
    return Line(
        known.clause,
        not_met,
        unknown,
        not_met - old_not_met,
        unknown - old_unknown,
        standing,
        alone=draft.alone if draft else 0,
        lost=len(moved.lost & draft.without) if draft else 0,
        won=len(moved.won & public.without) if public else 0,
    )


def _lines(offer: ProductOffer, admission: Admission, before: ProductOffer, public: Admission) -> tuple[Line, ...]:
    """The draft's conditions in the order of the draft's own reasons, then those that it gives up."""
    ours, theirs = _by_key(admission.reasons), _by_key(public.reasons)
    required, required_before = _required(offer), _required(before)
    moved = _Moved(public.met - admission.met, admission.met - public.met)

    def standing(key: str) -> Standing:
        if key not in required:
            return Standing.GONE
        return Standing.KEPT if key in required_before else Standing.NEW

    keys = dict.fromkeys((*ours, *theirs))
    return tuple(_line(ours.get(key), theirs.get(key), standing(key), moved) for key in keys)


def who_would_a_draft_admit(actor: Actor, code: str) -> DraftAdmission:
    """Count the demonstration sample by what the actor's own draft of ``code`` requires, beside what is public.

    Without a draft the published version is counted and nothing is compared. Raises ``PermissionMissing``, and
    ``ProductUnknown`` for a product of somebody else.
    """
    require(actor, Permission.SAMPLE_PROSPECTS_READ)
    view = _working_version(actor, code)
    is_draft = view.state in OPEN
    offer = snapshots.product_offer(view.product)
    before = snapshots.product_offer(view.before) if is_draft and view.before else None
    subjects = sample(actor, snapshots.used_keys([offer, before] if before else [offer]))
    admission = admission_of(offer, subjects)
    if before is None:
        lines = tuple(_line(reason, reason, Standing.KEPT, _Moved()) for reason in admission.reasons)
        return DraftAdmission(view.number, is_draft, admission, None, lines)
    public = admission_of(before, subjects)
    return DraftAdmission(view.number, is_draft, admission, public, _lines(offer, admission, before, public))
