"""Organisations: looked up by other packages, registered by command, import and the operator."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.repository import organisations
from finmart.platform.accounts.types.errors import OrganisationUnknown
from finmart.platform.accounts.types.events import OrganisationSaved
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.accounts.types.values import OrganisationCard
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor, system_actor

_REGISTRAR = system_actor(
    "accounts",
    "registration of organisations named by imported data",
    frozenset({Permission.ALL_ORGANISATIONS_MANAGE}),
)


def card_of(organisation: Organisation, members: int = 0) -> OrganisationCard:
    """``organisation`` as pages show it."""
    return OrganisationCard(
        id=organisation.id,
        public_id=organisation.public_id,
        kind=OrganisationKind(organisation.kind),
        code=organisation.code,
        name_zh=organisation.name_zh,
        name_en=organisation.name_en,
        region=organisation.region,
        institution_kind=organisation.institution_kind,
        connected=organisation.connected,
        demonstration=organisation.demonstration,
        members=members,
    )


def organisation_card(organisation_id: int) -> OrganisationCard:
    """One organisation by its inner id. Raises ``OrganisationUnknown``."""
    found = organisations.organisation_by_id(organisation_id)
    if found is None:
        raise OrganisationUnknown
    return card_of(found)


def organisation_cards(ids: Iterable[int]) -> dict[int, OrganisationCard]:
    """inner id → organisation, for those that exist."""
    return {row.id: card_of(row) for row in organisations.organisations_by_id(sorted(set(ids)))}


def applicant_kinds(ids: Iterable[int]) -> dict[int, str]:
    """inner id → which kind of applicant it is, for those of the organisations that are applicants."""
    rows = organisations.organisations_by_id(sorted(set(ids)))
    return {row.id: row.applicant_kind for row in rows if row.applicant_kind is not None}


def applicant_ids() -> list[int]:
    """The inner ids of all applicants."""
    return organisations.ids_of_kind(OrganisationKind.APPLICANT.value)


def find_organisation(kind: OrganisationKind, code: str) -> OrganisationCard | None:
    """The organisation of a kind with a code of ours; institutions carry the catalogue's institution code."""
    found = organisations.organisation_by_code(kind=kind.value, code=code)
    return None if found is None else card_of(found)


def ensure_institution_organisation(
    *,
    code: str,
    name_zh: str,
    name_en: str = "",
    kind: str,
    region: str | None = None,
    connected: bool = False,
    demonstration: bool = False,
    actor: Actor = _REGISTRAR,
) -> int:
    """The id of the institution with ``code``, made or brought up to date; running it again changes nothing.

    ``kind`` is the institution's kind in the catalogue's spelling (bank, guarantor …). DECISIONS 1: its listing
    profile in ``products`` has the same key.
    """
    return ensure_organisation(
        OrganisationKind.INSTITUTION,
        code=code,
        actor=actor,
        name_zh=name_zh,
        name_en=name_en,
        institution_kind=kind,
        region=region,
        connected=connected,
        demonstration=demonstration,
    )


def ensure_organisation(
    kind: OrganisationKind, *, code: str, name_zh: str, actor: Actor = _REGISTRAR, **columns: Any
) -> int:
    """The id of the organisation of ``kind`` with ``code``, made or brought up to date with ``columns``.

    Raises ``PermissionMissing``.
    """
    require(actor, Permission.ALL_ORGANISATIONS_MANAGE)
    values = {"name_zh": name_zh, **columns}
    found = organisations.organisation_by_code(kind=kind.value, code=code)
    if found is None:
        found = organisations.add_organisation(kind=kind.value, code=code, **values)
        record(actor, OrganisationSaved(target=found.public_id, kind=kind.value, created=True))
        return found.id
    changed = tuple(sorted(name for name, value in values.items() if getattr(found, name) != value))
    for name in changed:
        setattr(found, name, values[name])
    if changed:
        event = OrganisationSaved(target=found.public_id, kind=kind.value, created=False, changed=changed)
        record(actor, event)
    return found.id


def set_reading_right(
    actor: Actor, organisation_id: int, *, qualified: tuple[date, date], agreement: tuple[date, date]
) -> None:
    """Note an institution's qualification and agreement, each from a day until another (exclusive). DECISIONS 6.

    Raises ``PermissionMissing``, and ``OrganisationUnknown`` for what is not an institution.
    """
    require(actor, Permission.ALL_ORGANISATIONS_MANAGE)
    found = organisations.organisation_by_id(organisation_id)
    if found is None or found.kind != OrganisationKind.INSTITUTION:
        raise OrganisationUnknown
    found.qualified_from, found.qualified_until = qualified
    found.agreement_from, found.agreement_until = agreement
    changed = ("agreement_from", "agreement_until", "qualified_from", "qualified_until")
    record(actor, OrganisationSaved(target=found.public_id, kind=found.kind, created=False, changed=changed))


def holds_demonstration() -> bool:
    """Whether this installation holds demonstration data, by its organisations."""
    return organisations.any_demonstration()
