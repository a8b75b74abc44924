"""Whom a draft would admit among the demonstration sample, and what that changes: the saved one against what is public,
what is typed against what is saved.
"""

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
from finmart.products.drafts.service.trying import Typed
from finmart.products.drafts.types import OPEN, VersionView
from finmart.products.types import PublishedProduct


class Standing(StrEnum):
    """Whether a required condition stands in both, in what is counted alone, or only in what stood before."""

    KEPT = "kept"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Line:
    """One required condition: how many fail it, how many cannot be told, and how many more than before.

    ``alone`` fail it and nothing else. ``lost`` were admitted before and are no longer, for want of this condition
    among others; ``won`` were kept out by it before and are admitted.
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
    """What a draft says of the sample, and what stood ``before`` it; None when there is nothing to compare with.

    ``number`` is the version counted, ``is_draft`` whether it is one: then what is public stood before. Where
    ``is_typed``, what was counted is saved nowhere, and that version stood before; 0 for a product never saved.
    """

    number: int
    is_draft: bool
    admission: Admission
    before: Admission | None
    lines: tuple[Line, ...]
    is_typed: bool = False

    @property
    def lost(self) -> int:
        """How many were admitted before and would no longer be."""
        return len(self.before.met - self.admission.met) if self.before else 0

    @property
    def won(self) -> int:
        """How many were not admitted before and would be."""
        return len(self.admission.met - self.before.met) if self.before else 0

    @property
    def more_admitted(self) -> int:
        """How many more the draft would admit; negative when fewer."""
        return self.admission.admitted - self.before.admitted if self.before else 0

    @property
    def more_undecided(self) -> int:
        """How many more could not be told."""
        return self.admission.undecided - self.before.undecided if self.before else 0

    @property
    def more_refused(self) -> int:
        """How many more the draft would refuse."""
        return self.admission.refused - self.before.refused if self.before else 0


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


def _line(now: Reason | None, before: Reason | None, standing: Standing, moved: _Moved) -> Line:
    known = now or before
    if known is None:
        raise LookupError("a line needs a reason of what is counted or of what stood before")
    not_met, unknown = (now.not_met, now.unknown) if now else (0, 0)
    old_not_met, old_unknown = (before.not_met, before.unknown) if before else (0, 0)
    return Line(
        known.clause,
        not_met,
        unknown,
        not_met - old_not_met,
        unknown - old_unknown,
        standing,
        alone=now.alone if now else 0,
        lost=len(moved.lost & now.without) if now else 0,
        won=len(moved.won & before.without) if before else 0,
    )


def _lines(offer: ProductOffer, admission: Admission, old: ProductOffer, before: Admission) -> tuple[Line, ...]:
    """The conditions counted in the order of their own reasons, then those that are given up."""
    ours, theirs = _by_key(admission.reasons), _by_key(before.reasons)
    required, required_before = _required(offer), _required(old)
    moved = _Moved(before.met - admission.met, admission.met - before.met)

    def standing(key: str) -> Standing:
        if key not in required:
            return Standing.GONE
        return Standing.KEPT if key in required_before else Standing.NEW

    keys = dict.fromkeys((*ours, *theirs))
    return tuple(_line(ours.get(key), theirs.get(key), standing(key), moved) for key in keys)


@dataclass(frozen=True)
class _Counted:
    """The sample counted by one product, and by the one that stood before it."""

    admission: Admission
    before: Admission | None
    lines: tuple[Line, ...]


def _count(actor: Actor, product: PublishedProduct, old: PublishedProduct | None) -> _Counted:
    offer = snapshots.product_offer(product)
    stood = snapshots.product_offer(old) if old else None
    subjects = sample(actor, snapshots.used_keys([offer, stood] if stood else [offer]))
    admission = admission_of(offer, subjects)
    if stood is None:
        lines = tuple(_line(reason, reason, Standing.KEPT, _Moved()) for reason in admission.reasons)
        return _Counted(admission, None, lines)
    before = admission_of(stood, subjects)
    return _Counted(admission, before, _lines(offer, admission, stood, before))


def who_would_a_draft_admit(actor: Actor, code: str) -> DraftAdmission:
    """Count the demonstration sample by what the actor's own draft of ``code`` requires, beside what is public.

    Without a draft the published version is counted and nothing is compared. Raises ``PermissionMissing``, and
    ``ProductUnknown`` for a product of somebody else.
    """
    require(actor, Permission.SAMPLE_PROSPECTS_READ)
    view = _working_version(actor, code)
    is_draft = view.state in OPEN
    found = _count(actor, view.product, view.before if is_draft else None)
    return DraftAdmission(view.number, is_draft, found.admission, found.before, found.lines)


def who_would_the_typed_admit(actor: Actor, typed: Typed) -> DraftAdmission:
    """Count the demonstration sample by what is typed, beside what stands saved. Raises ``PermissionMissing``."""
    require(actor, Permission.SAMPLE_PROSPECTS_READ)
    saved = typed.saved
    found = _count(actor, typed.product, saved.product if saved else None)
    number, is_draft = (saved.number, saved.state in OPEN) if saved else (0, False)
    return DraftAdmission(number, is_draft, found.admission, found.before, found.lines, is_typed=True)
