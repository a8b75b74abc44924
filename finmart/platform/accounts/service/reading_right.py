"""Which institutions may read what they are granted: qualification and agreement hold on the day (DECISIONS 6)."""

from datetime import date

from finmart.platform.accounts.repository import organisations
from finmart.platform.accounts.service.organisations import card_of
from finmart.platform.accounts.types.errors import OrganisationUnknown
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.accounts.types.values import OrganisationCard


def may_read(institution_id: int, on: date) -> bool:
    """Whether an institution's qualification and agreement both hold on a day; the last days are exclusive."""
    found = organisations.organisation_by_id(institution_id)
    return (
        found is not None
        and found.kind == OrganisationKind.INSTITUTION
        and _within(on, found.qualified_from, found.qualified_until)
        and _within(on, found.agreement_from, found.agreement_until)
    )


def institution_by_public_id(public_id: str) -> OrganisationCard:
    """The institution with a public id. Raises ``OrganisationUnknown`` for anything else."""
    found = organisations.organisation_by_public_id(public_id)
    if found is None or found.kind != OrganisationKind.INSTITUTION:
        raise OrganisationUnknown
    return card_of(found)


def readers(on: date) -> tuple[OrganisationCard, ...]:
    """Every institution that may read on a day, by name."""
    return tuple(card_of(row) for row in organisations.reading_institutions(on))


def _within(on: date, first: date | None, end: date | None) -> bool:
    return first is not None and end is not None and first <= on < end
