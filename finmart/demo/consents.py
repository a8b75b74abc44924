"""Consents of the city's people with an account, so that both sides of a consent can be looked at."""

from collections.abc import Mapping

from finmart.credit.datasets.registry import DATASETS
from finmart.credit.service import consenting
from finmart.credit.service.consenting import Asked
from finmart.demo.city.people import READERS, applicants
from finmart.demo.needs import applicant_actor
from finmart.platform.accounts.service.organisations import find_organisation
from finmart.platform.accounts.types.errors import OrganisationUnknown
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.consents.types import Purpose, RevokeReason

DAYS = 180
#: What everybody lets the first reader see; the enterprise opens everything.
USUAL = ("registration", "adverse")


def grant_consents(organisations: Mapping[int, int]) -> int:
    """Let the first reader see every account's profile, and one more a profile that is then withdrawn; how many."""
    first, second = (_public_id(code) for code in READERS)
    granted = 0
    for organisation_id in dict.fromkeys(organisations[subject.number] for _person, subject in applicants()):
        actor = applicant_actor(organisation_id)
        if consenting.own_consents(actor):
            continue
        whole = granted == 0
        scopes = tuple(DATASETS) if whole else USUAL
        consenting.grant_consent(actor, _asked(first, scopes))
        granted += 1
        if whole:
            withdrawn = consenting.grant_consent(actor, _asked(second, USUAL))
            consenting.revoke_consent(actor, withdrawn.public_id, RevokeReason.MISTAKE)
            granted += 1
    return granted


def _asked(institution: str, scopes: tuple[str, ...]) -> Asked:
    return Asked(institution, Purpose.LOAN_REVIEW, scopes, DAYS, agreed=True, warned=True)


def _public_id(code: str) -> str:
    card = find_organisation(OrganisationKind.INSTITUTION, code)
    if card is None:
        raise OrganisationUnknown
    return card.public_id
