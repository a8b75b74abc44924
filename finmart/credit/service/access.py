"""Who may read a profile, and writing that down before anything is returned; when that fails nothing is (DECISIONS 20).

The organisation that has proved to be the subject (basis ``own``), anybody allowed to see the demonstration its
demonstration subjects (basis ``demonstration``), the system under a named basis, and an institution under a consent
(basis ``consent``, asked in ``granted.py`` alone: nothing here opens a profile by that word).
"""

from dataclasses import dataclass

from finmart.credit.repository import profiles
from finmart.credit.types.errors import ProfileClosed
from finmart.credit.types.states import Basis
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.accounts.service.subjects import subject_card
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import short_transaction
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now


@dataclass(frozen=True)
class Read:
    """Why a profile is read: the kind of basis, and its words where the system reads.

    Under a consent: its number, and as ``detail`` the number of its receipt.
    """

    basis: Basis
    detail: str = ""
    consent_id: int | None = None


def permitted(actor: Actor, subject_id: int, basis: str) -> Read:
    """Why ``actor`` may read this subject's profile. Raises ``ProfileClosed``."""
    if basis == Basis.OWN:
        own = actor.organisation_id is not None and verified_subject_of(actor.organisation_id) == subject_id
        if own:
            return Read(Basis.OWN)
    elif basis == Basis.DEMONSTRATION:
        if subject_card(subject_id).demonstration:
            return Read(Basis.DEMONSTRATION)
    elif actor.is_system and actor.may(Permission.ALL_PROFILES_RUN):
        return Read(Basis.SYSTEM, basis or actor.basis)
    raise ProfileClosed


def note(actor: Actor, read: Read, *, purpose: str, subject_id: int | None, subjects: int = 1) -> None:
    """Write the read down, committed before anything of it is returned (DECISIONS 20)."""
    with short_transaction():
        profiles.add_access(
            at=now(),
            subject_id=subject_id,
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
            actor=f"system:{actor.name}"[:120] if actor.is_system else f"user:{actor.user_id}",
            purpose=purpose[:32],
            basis=read.basis.value,
            detail=read.detail[:200],
            consent_id=read.consent_id,
            subjects=subjects,
        )


def note_access(actor: Actor, subject_id: int, *, purpose: str, basis: str) -> None:
    """Note that something read of a subject's profile before is shown again. Raises ``ProfileClosed``."""
    note(actor, permitted(actor, subject_id, basis), purpose=purpose, subject_id=subject_id)
