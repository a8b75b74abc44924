"""Claims: an organisation says which subject it is; until verified it sees no shared data (DECISIONS 2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from finmart.platform.accounts.models.subjects import SubjectClaim
from finmart.platform.accounts.repository import claims, organisations, subjects
from finmart.platform.accounts.service.deciding import locked, revoke, verify
from finmart.platform.accounts.service.telling import tell_members
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.contacts import mask_identifier
from finmart.platform.accounts.types.errors import (
    AlreadyClaimed,
    ClaimUnknown,
    OrganisationUnknown,
    SubjectUnknown,
)
from finmart.platform.accounts.types.events import ClaimDisputed, ClaimMade
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.accounts.types.letters import claim_disputed
from finmart.platform.accounts.types.values import ClaimView, FarmerDetails
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.pages import Page

PAGE_SIZE = 30


@dataclass(frozen=True)
class Applicant:
    """An applicant organisation for those who ask what it may do.

    ``kind`` is what its founder said; ``subject_id`` the claimed subject while the claim is pending or verified;
    only ``verified`` opens shared data.
    """

    organisation_id: int
    name: str
    kind: SubjectKind
    region: str | None
    subject_id: int | None
    claim: ClaimState | None
    farmer: FarmerDetails | None = None

    @property
    def verified(self) -> bool:
        """Whether the organisation has proved to be the subject."""
        return self.claim is ClaimState.VERIFIED


def applicant(organisation_id: int) -> Applicant:
    """The applicant behind an organisation. Raises ``OrganisationUnknown`` for any other organisation."""
    organisation = organisations.organisation_by_id(organisation_id)
    if organisation is None or organisation.applicant_kind is None:
        raise OrganisationUnknown
    claim = claims.latest_claim_of(organisation_id)
    state = ClaimState(claim.state) if claim else None
    live = claim is not None and state is not ClaimState.REVOKED
    farmer = subjects.farmer_profile(organisation_id)
    return Applicant(
        organisation_id=organisation.id,
        name=organisation.name_zh,
        kind=SubjectKind(organisation.applicant_kind),
        region=organisation.region,
        subject_id=claim.subject_id if claim is not None and live else None,
        claim=state,
        farmer=FarmerDetails(farmer.village, tuple(farmer.activities), farmer.scale_mu, farmer.scale_note)
        if farmer
        else None,
    )


def verified_subject_of(organisation_id: int) -> int | None:
    """The subject an organisation has proved to be; None until a claim is verified."""
    return claims.verified_subject_id(organisation_id)


def verified_subjects_of(organisation_ids: Iterable[int]) -> dict[int, int]:
    """organisation id → the subject it has proved to be, for those that have."""
    return claims.verified_subject_ids(organisation_ids)


def verified_organisations_of(subject_ids: Iterable[int]) -> dict[int, int]:
    """subject id → the organisation that has proved to be it, for those that somebody has."""
    return claims.verified_organisation_ids(subject_ids)


def make_claim(actor: Actor, *, organisation_id: int, subject_id: int) -> SubjectClaim:
    """A pending claim; when another live one stands, it is disputed and the verified members are told.

    The claimant is never told of the other claim. Raises ``SubjectUnknown``, ``OrganisationUnknown`` or
    ``AlreadyClaimed`` when the organisation has a live claim already.
    """
    subject = subjects.subject_by_id(subject_id, lock=True)
    if subject is None:
        raise SubjectUnknown
    organisation = organisations.organisation_by_id(organisation_id)
    if organisation is None:
        raise OrganisationUnknown
    latest = claims.latest_claim_of(organisation_id)
    if latest is not None and latest.state != ClaimState.REVOKED:
        raise AlreadyClaimed
    others = claims.live_claims_on(subject_id)
    claim = claims.add_claim(
        subject_id=subject_id, organisation_id=organisation_id, user_id=actor.user_id, disputed=bool(others)
    )
    record(actor, ClaimMade(target=claim.public_id, subject=subject.public_id, organisation=organisation.public_id))
    if others:
        told = _tell_verified_members(others)
        record(
            actor,
            ClaimDisputed(
                target=claim.public_id,
                subject=subject.public_id,
                other_claims=tuple(other.public_id for other in others),
                members_told=told,
            ),
        )
    return claim


def _tell_verified_members(others: list[SubjectClaim]) -> int:
    verified = [claim for claim in others if claim.state == ClaimState.VERIFIED]
    return sum(tell_members(claim.organisation_id, claim_disputed()) for claim in verified)


def verify_claim(actor: Actor, claim_public_id: str, *, method: ClaimMethod, note: str) -> None:
    """pending → verified, with how and on what evidence.

    Raises ``PermissionMissing``, ``ClaimUnknown``, ``ReasonMissing``, ``ClaimStepRefused``, or ``SubjectHeld`` when
    another organisation is verified for the subject: that claim must be revoked first.
    """
    require(actor, Permission.ALL_CLAIMS_REVIEW)
    claim, subject = locked(claim_public_id)
    verify(actor, claim, subject, method=method, note=note)


def revoke_claim(actor: Actor, claim_public_id: str, *, reason: str) -> None:
    """pending or verified → revoked, with the reason; final.

    Raises ``PermissionMissing``, ``ClaimUnknown``, ``ReasonMissing`` or ``ClaimStepRefused``.
    """
    require(actor, Permission.ALL_CLAIMS_REVIEW)
    claim, subject = locked(claim_public_id)
    revoke(actor, claim, subject, reason=reason)


def list_claims(
    actor: Actor, *, state: ClaimState | None = None, disputed: bool = False, number: int = 1
) -> Page[ClaimView]:
    """Claims for review; pending ones oldest first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_CLAIMS_READ)
    number = max(1, number)
    rows, total = claims.search_claims(
        state=state.value if state else None, disputed=disputed, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    return Page(views(rows), total, number, PAGE_SIZE)


def read_claim(actor: Actor, claim_public_id: str) -> ClaimView:
    """One claim for review. Raises ``PermissionMissing`` or ``ClaimUnknown``."""
    require(actor, Permission.ALL_CLAIMS_READ)
    row = claims.claim_row(claim_public_id)
    if row is None:
        raise ClaimUnknown
    return views([row])[0]


def own_claim(actor: Actor) -> ClaimState | None:
    """Where the actor's own organisation's claim stands; None when there is none.

    The subject's recorded name and whether the claim is disputed stay untold: they would say who else is here.
    """
    if actor.organisation_id is None:
        return None
    claim = claims.latest_claim_of(actor.organisation_id)
    return None if claim is None else ClaimState(claim.state)


def views(rows: list[claims.ClaimRow]) -> tuple[ClaimView, ...]:
    """Claims as the operator sees them. Whoever calls has asked for permission."""
    contested = claims.contested([subject.id for _claim, subject, _organisation in rows])
    identifiers = {row.subject_id: row for row in reversed(subjects.identifiers_of(row[1].id for row in rows))}
    views = []
    for claim, subject, organisation in rows:
        identifier = identifiers.get(subject.id)
        views.append(
            ClaimView(
                public_id=claim.public_id,
                state=ClaimState(claim.state),
                disputed=subject.id in contested and claim.state != ClaimState.REVOKED,
                subject_public_id=subject.public_id,
                subject_kind=SubjectKind(subject.kind),
                subject_name=subject.display_name,
                identifier_scheme=identifier.scheme if identifier else "",
                identifier_masked=mask_identifier(identifier.value) if identifier else "",
                organisation_public_id=organisation.public_id,
                organisation_name=organisation.name_zh,
                created_at=claim.created_at,
                method=ClaimMethod(claim.method) if claim.method else None,
                decided_at=claim.revoked_at or claim.verified_at,
                evidence_note=claim.evidence_note or "",
                revoke_reason=claim.revoke_reason or "",
                demonstration=organisation.demonstration,
            )
        )
    return tuple(views)
