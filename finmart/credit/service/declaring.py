"""What applicants say about themselves, kept beside what shared data says (DECISIONS 3)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from finmart.credit.pipeline.facts import to_json
from finmart.credit.repository import profiles, views
from finmart.credit.service.access import note_access
from finmart.credit.types.declaring import read_answer
from finmart.credit.types.errors import CommitmentMissing
from finmart.credit.types.events import FactsDeclared
from finmart.credit.types.states import Basis
from finmart.credit.types.values import Declared
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.accounts.service.organisations import organisation_cards
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now

if TYPE_CHECKING:
    from finmart.credit.models import DeclaredFact, Fact


def own_declarations(organisation_id: int) -> tuple[Declared, ...]:
    """What an organisation has declared, the newest answer of each key; beside nothing, so that no profile is read."""
    return views.declared_views(profiles.declared_of([organisation_id]), {})


def declarations_of(organisation_ids: Iterable[int]) -> dict[int, list[Declared]]:
    """organisation id → what it has declared, as ``own_declarations`` has it, for those that have declared anything."""
    rows: dict[int, list[DeclaredFact]] = {}
    for row in profiles.declared_of(organisation_ids):
        rows.setdefault(row.organisation_id, []).append(row)
    return {organisation_id: list(views.declared_views(own, {})) for organisation_id, own in rows.items()}


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
    return beside(organisation_id, profiles.facts_of([version])[subject_id] if version else [])


def beside(organisation_id: int, facts: Iterable["Fact"]) -> tuple[Declared, ...]:
    """Declarations beside facts whose read has been noted."""
    return views.declared_views(profiles.declared_of([organisation_id]), views.fact_values(facts))


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
