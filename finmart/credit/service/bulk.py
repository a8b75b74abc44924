"""Profiles of many subjects at once, under a named basis and one access row a run (DECISIONS 19)."""

from collections.abc import Iterable, Iterator
from datetime import date

from finmart.credit.pipeline import peers
from finmart.credit.repository import profiles, views
from finmart.credit.service import access
from finmart.credit.types.errors import ProfileClosed
from finmart.credit.types.freshness import still_fresh
from finmart.credit.types.states import Basis
from finmart.credit.types.values import SubjectFacts
from finmart.platform.accounts.service.subjects import subject_cards, supplier_codes
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today


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
    access.note(actor, read, purpose=purpose, subject_id=None, subjects=len(versions))
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
            facts=still_fresh(views.fact_values(facts[subject_id]), version.as_of),
        )


def is_anybody_known(subject_ids: Iterable[int], *, as_of: date) -> bool:
    """Whether any of the subjects has a profile on or before a day; nothing of one is read."""
    return bool(profiles.latest_versions(sorted(set(subject_ids)), as_of=as_of))


def _run_permitted(actor: Actor, subject_ids: list[int] | None, basis: str) -> access.Read:
    if actor.is_system and actor.may(Permission.ALL_PROFILES_RUN):
        return access.Read(Basis.SYSTEM, basis or actor.basis)
    if subject_ids is not None and all(card.demonstration for card in subject_cards(subject_ids).values()):
        return access.Read(Basis.DEMONSTRATION, basis)
    raise ProfileClosed


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
