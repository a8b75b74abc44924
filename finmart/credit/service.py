"""Credit's services: imports, deliveries and quarantine for the operator; profiles and declarations for applicants.

Who may read a profile: the organisation that has proved to be the subject (basis ``own``), anybody allowed to see the
demonstration its demonstration subjects (basis ``demonstration``), and the system under a named basis. The read is
written down before anything is returned; when that fails nothing is (DECISIONS 20).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from finmart.credit.pipeline import peers, run
from finmart.credit.pipeline.copies import download
from finmart.credit.pipeline.facts import to_json
from finmart.credit.repository import batches, profiles, views
from finmart.credit.store import landing
from finmart.credit.types.declaring import read_answer
from finmart.credit.types.errors import (
    BatchUnknown,
    CommitmentMissing,
    NoteMissing,
    ProfileClosed,
    ProfileMissing,
    QuarantinedRowHandled,
    QuarantinedRowUnknown,
)
from finmart.credit.types.events import FactsDeclared, LandingErased, QuarantineHandled
from finmart.credit.types.freshness import still_fresh
from finmart.credit.types.states import Basis
from finmart.credit.types.values import (
    AccessEntry,
    BatchView,
    Declared,
    ImportReport,
    Profile,
    ProfileFacts,
    QuarantineView,
    SubjectFacts,
)
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.accounts.service.organisations import organisation_cards
from finmart.platform.accounts.service.subjects import subject_card, subject_cards, supplier_codes
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.db.session import short_transaction
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.web.pages import Page

if TYPE_CHECKING:
    from finmart.credit.models import Fact

__all__ = ["Declared", "ImportReport", "ProfileFacts", "SubjectFacts", "download"]

PAGE_SIZE = 30
MIN_NOTE, MAX_NOTE = 4, 500
#: Reads shown on the profile page; the download holds as many.
READS_SHOWN = 50
DOWNLOAD_LIMIT = 10_000


# Deliveries and quarantine -------------------------------------------------------------------------------------------


def import_dataset(
    actor: Actor,
    name: str,
    source: Path,
    *,
    as_of: date,
    scheme: str = "supplier_code",
    demonstration: bool = False,
    report: run.Report = run.silent,
) -> ImportReport:
    """Import a supplier's delivery (a folder, or one file) and publish profiles as of ``as_of``.

    It opens its own units of work, so it is called outside of any. ``scheme`` is that of codes whose file says none.
    Raises ``PermissionMissing``, ``DatasetUnknown``, a ``FileFault`` (file, row, column) or ``ImportUnderWay``.
    """
    require(actor, Permission.ALL_BATCHES_IMPORT)
    return run.import_dataset(
        actor, name, source, as_of=as_of, scheme=scheme, demonstration=demonstration, report=report
    )


def list_batches(actor: Actor, *, dataset: str = "", state: str = "", number: int = 1) -> Page[BatchView]:
    """Deliveries, newest first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_BATCHES_READ)
    number = max(1, number)
    rows, total = batches.list_batches(dataset=dataset, state=state, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    open_rows = batches.open_quarantine([row.id for row in rows])
    items = [views.batch_view(row, open_quarantine=open_rows.get(row.id, 0)) for row in rows]
    return Page(items, total, number, PAGE_SIZE)


def read_batch(actor: Actor, public_id: str) -> BatchView:
    """One delivery with its files and assertions. Raises ``PermissionMissing`` or ``BatchUnknown``."""
    require(actor, Permission.ALL_BATCHES_READ)
    row = batches.batch_by_public_id(public_id)
    if row is None:
        raise BatchUnknown
    return views.batch_view(
        row,
        open_quarantine=batches.open_quarantine([row.id]).get(row.id, 0),
        files=tuple(batches.landed_files(row.id)),
        stored_files=batches.count_stored_files(row.id),
    )


def list_quarantine(
    actor: Actor, *, batch: str = "", open_only: bool = False, number: int = 1, size: int = PAGE_SIZE
) -> Page[QuarantineView]:
    """Rows in quarantine, newest delivery first, in the files' order. ``PermissionMissing`` or ``BatchUnknown``."""
    require(actor, Permission.ALL_QUARANTINE_READ)
    number = max(1, number)
    batch_id = None
    if batch:
        row = batches.batch_by_public_id(batch)
        if row is None:
            raise BatchUnknown
        batch_id = row.id
    rows, total = batches.list_quarantined(
        batch_id=batch_id, open_only=open_only, limit=size, offset=(number - 1) * size
    )
    return Page([views.quarantine_view(row, of_batch) for row, of_batch in rows], total, number, size)


def read_quarantined(actor: Actor, public_id: str) -> QuarantineView:
    """One row in quarantine. Raises ``PermissionMissing`` or ``QuarantinedRowUnknown``."""
    require(actor, Permission.ALL_QUARANTINE_READ)
    row = batches.quarantined_by_public_id(public_id)
    if row is None:
        raise QuarantinedRowUnknown
    return views.quarantine_view(row, batches.batch_by_id(row.batch_id))


def handle_quarantined(actor: Actor, public_id: str, *, note: str) -> str:
    """Note what became of a row in quarantine; returns its batch's public id.

    Raises ``PermissionMissing``, ``QuarantinedRowUnknown``, ``QuarantinedRowHandled`` or ``NoteMissing``.
    """
    require(actor, Permission.ALL_QUARANTINE_HANDLE)
    row = batches.quarantined_by_public_id(public_id, lock=True)
    if row is None:
        raise QuarantinedRowUnknown
    if row.handled_at is not None:
        raise QuarantinedRowHandled
    if not MIN_NOTE <= len(note.strip()) <= MAX_NOTE:
        raise NoteMissing
    row.handled_at, row.handled_by_user_id, row.note = now(), actor.user_id, note.strip()
    batch = batches.batch_by_id(row.batch_id)
    record(actor, QuarantineHandled(target=row.public_id, batch=batch.public_id, fault=row.fault))
    return batch.public_id


def erase_expired_landings(actor: Actor) -> int:
    """Destroy the keys of landed files whose retention has ended, and the files; returns how many batches."""
    expired = batches.batches_with_expired_landing(today())
    for row in expired:
        row.landing_key = None
        landing.discard(row.public_id)
        record(actor, LandingErased(target=row.public_id, dataset=row.dataset))
    return len(expired)


# Reading profiles ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Read:
    """Why a profile is read: the kind of basis, and its words where the system reads."""

    basis: Basis
    detail: str = ""


def _permitted(actor: Actor, subject_id: int, basis: str) -> _Read:
    """Why ``actor`` may read this subject's profile. Raises ``ProfileClosed``."""
    if basis == Basis.OWN:
        own = actor.organisation_id is not None and verified_subject_of(actor.organisation_id) == subject_id
        if own:
            return _Read(Basis.OWN)
    elif basis == Basis.DEMONSTRATION:
        if subject_card(subject_id).demonstration:
            return _Read(Basis.DEMONSTRATION)
    elif actor.is_system and actor.may(Permission.ALL_PROFILES_RUN):
        return _Read(Basis.SYSTEM, basis or actor.basis)
    raise ProfileClosed


def _note_access(actor: Actor, read: _Read, *, purpose: str, subject_id: int | None, subjects: int = 1) -> None:
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
            subjects=subjects,
        )


def note_access(actor: Actor, subject_id: int, *, purpose: str, basis: str) -> None:
    """Note that something read of a subject's profile before is shown again. Raises ``ProfileClosed``."""
    _note_access(actor, _permitted(actor, subject_id, basis), purpose=purpose, subject_id=subject_id)


def profile_facts(
    actor: Actor,
    subject_id: int,
    *,
    purpose: str,
    basis: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> ProfileFacts:
    """A subject's newest published facts (on or before ``as_of``, known by ``known_at``); the read is noted first.

    Facts out of date by ``as_of`` (of the demonstration: by its own day) are left out: they are unknown.
    Nothing published yet: no version and no facts. Raises ``ProfileClosed``.
    """
    _note_access(actor, _permitted(actor, subject_id, basis), purpose=purpose, subject_id=subject_id)
    found = profiles.latest_versions([subject_id], as_of=as_of or today(), known_at=known_at)
    version = found.get(subject_id)
    if version is None:
        return ProfileFacts(None, as_of or today(), known_at or now(), {})
    facts = {row.key: views.fact_value(row) for row in profiles.facts_of([version])[subject_id]}
    judged_on = version.as_of if subject_card(subject_id).demonstration else as_of or today()
    return ProfileFacts(version.public_id, version.as_of, version.known_at, still_fresh(facts, judged_on))


def profiles_for_run(
    actor: Actor,
    *,
    basis: str,
    as_of: date,
    subject_ids: Iterable[int] | None = None,
    keys: Iterable[str] | None = None,
    purpose: str = "match_everyone",
) -> Iterator[SubjectFacts]:
    """The newest profile on or before ``as_of`` of every subject (or of ``subject_ids``), in order of subject.

    All facts, or those with one of ``keys``, without those out of date by the profile's own day. One access row a
    run, written first. The system needs ``all:profiles:run``; anybody else may run over demonstration subjects alone.
    Raises ``ProfileClosed``.
    """
    wanted = None if subject_ids is None else sorted(set(subject_ids))
    read = _run_permitted(actor, wanted, basis)
    versions = profiles.latest_versions(wanted, as_of=as_of)
    _note_access(actor, read, purpose=purpose, subject_id=None, subjects=len(versions))
    cards, codes = subject_cards(versions), supplier_codes(versions)
    facts = profiles.facts_of(versions.values(), keys=keys)
    for subject_id in sorted(versions):
        version = versions[subject_id]
        yield SubjectFacts(
            subject_id=subject_id,
            identifier=codes.get(subject_id) or cards[subject_id].public_id,
            version_public_id=version.public_id,
            as_of=version.as_of,
            known_at=version.known_at,
            facts=still_fresh({row.key: views.fact_value(row) for row in facts[subject_id]}, version.as_of),
        )


def _run_permitted(actor: Actor, subject_ids: list[int] | None, basis: str) -> _Read:
    if actor.is_system and actor.may(Permission.ALL_PROFILES_RUN):
        return _Read(Basis.SYSTEM, basis or actor.basis)
    if subject_ids is not None and all(card.demonstration for card in subject_cards(subject_ids).values()):
        return _Read(Basis.DEMONSTRATION, basis)
    raise ProfileClosed


def profile_subject(actor: Actor) -> int | None:
    """The subject whose profile is the actor's own; None until its claim is verified. ``PermissionMissing``."""
    require(actor, Permission.OWN_PROFILE_READ)
    return verified_subject_of(actor.organisation_id) if actor.organisation_id is not None else None


def read_profile(actor: Actor, subject_id: int, *, purpose: str = "view", basis: str = Basis.OWN) -> Profile:
    """A published profile with everything a page shows of it; the read is noted first.

    Raises ``ProfileClosed``, or ``ProfileMissing`` when nothing has been published about the subject.
    """
    _note_access(actor, _permitted(actor, subject_id, basis), purpose=purpose, subject_id=subject_id)
    version = profiles.latest_version(subject_id)
    if version is None:
        raise ProfileMissing
    rows = profiles.facts_of([version])[subject_id]
    names = batches.public_ids({batch for row in rows for batch in row.batches})
    card = subject_card(subject_id)
    own = basis == Basis.OWN and actor.organisation_id is not None
    return Profile(
        version_public_id=version.public_id,
        subject_public_id=card.public_id,
        name=card.display_name,
        kind=card.kind.value,
        demonstration=card.demonstration,
        as_of=version.as_of,
        known_at=version.known_at,
        facts={row.key: views.stored_fact(row, names) for row in rows},
        declared=_beside(actor.organisation_id or 0, rows) if own else (),
        accesses=_accesses(subject_id, READS_SHOWN if purpose == "view" else DOWNLOAD_LIMIT) if own else (),
    )


def _accesses(subject_id: int, limit: int) -> tuple[AccessEntry, ...]:
    """Every read of one subject's profile, and the bulk runs it was part of, newest first."""
    demonstration = subject_card(subject_id).demonstration
    scopes = [Basis.SYSTEM.value, *([Basis.DEMONSTRATION.value] if demonstration else [])]
    since = profiles.first_known(subject_id) or now()
    rows = profiles.accesses_of(subject_id, scopes=scopes, since=since, limit=limit)
    cards = organisation_cards({row.organisation_id for row in rows if row.organisation_id is not None})
    names = {number: card.name_zh for number, card in cards.items()}
    return tuple(views.access_entry(row, names.get(row.organisation_id or 0, "")) for row in rows)


def count_peers(actor: Actor) -> int:
    """Write down how facts are spread among peers, from the newest profiles; returns how many cells."""
    found = peers.spread(profiles_for_run(actor, basis=actor.basis, as_of=today(), purpose="peers"))
    for month in sorted({cell.month for cell in found}):
        of_month = {cell: values for cell, values in found.items() if cell.month == month}
        profiles.replace_quantiles(
            month,
            [
                {**vars(cell), "subjects": len(values), "quantiles": peers.quantiles(values)}
                for cell, values in of_month.items()
            ],
        )
    return len(found)


# Declarations --------------------------------------------------------------------------------------------------------


def own_declarations(organisation_id: int) -> tuple[Declared, ...]:
    """What an organisation has declared, the newest answer of each key; beside nothing, so that no profile is read."""
    return tuple(views.declared_view(row, {}) for row in profiles.declared_of(organisation_id))


def compared_declarations(actor: Actor, subject_id: int | None) -> tuple[Declared, ...]:
    """What the actor's organisation has declared, beside what shared data says; the read is noted first.

    Shared data is looked at only when the organisation has proved to be the subject, and has declared something.
    """
    organisation_id = actor.organisation_id or 0
    said = own_declarations(organisation_id)
    if not said or subject_id is None or verified_subject_of(organisation_id) != subject_id:
        return said
    note_access(actor, subject_id, purpose="declared", basis=Basis.OWN)
    version = profiles.latest_version(subject_id)
    return _beside(organisation_id, profiles.facts_of([version])[subject_id] if version else [])


def _beside(organisation_id: int, facts: Iterable["Fact"]) -> tuple[Declared, ...]:
    """Declarations beside facts whose read has been noted."""
    imported = {row.key: views.fact_value(row) for row in facts}
    return tuple(views.declared_view(row, imported) for row in profiles.declared_of(organisation_id))


def declare(actor: Actor, subject_id: int | None, values: Mapping[str, str], commitment: bool) -> None:
    """Keep what an applicant answers about itself; older answers stay stored.

    ``values``: fact key → text as typed (money in 万元, ratios in %, flags yes/no, several codes with ``;``).
    Raises ``PermissionMissing``, ``CommitmentMissing``, ``NotDeclarable`` or ``DeclarationInvalid``.
    """
    require(actor, Permission.OWN_FACTS_DECLARE)
    if not commitment:
        raise CommitmentMissing
    typed = {key: read_answer(key, text) for key, text in values.items() if text.strip()}
    if not typed:
        return
    moment = now()
    profiles.add_declared(
        [
            {
                "organisation_id": actor.organisation_id,
                "subject_id": subject_id,
                "key": key,
                "value": to_json(value),
                "declared_at": moment,
                "declared_by_user_id": actor.user_id,
                "commitment": commitment,
            }
            for key, value in typed.items()
        ]
    )
    organisation = organisation_cards({actor.organisation_id or 0})[actor.organisation_id or 0]
    record(actor, FactsDeclared(target=organisation.public_id, keys=tuple(sorted(typed))))
