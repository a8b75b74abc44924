"""Papers of a claim: handed in by the claimant while the claim waits, read by whoever reviews it."""

from collections.abc import Iterable

from finmart.platform.accounts.models.evidence import ClaimEvidence
from finmart.platform.accounts.models.subjects import SubjectClaim
from finmart.platform.accounts.repository import claims, evidence, organisations, subjects
from finmart.platform.accounts.types.claims import ClaimState
from finmart.platform.accounts.types.contacts import mask_identifier
from finmart.platform.accounts.types.errors import ClaimUnknown, OrganisationUnknown
from finmart.platform.accounts.types.evidence import (
    MAX_PAPERS,
    ClaimClosed,
    EvidenceAdded,
    EvidenceKind,
    EvidenceOpened,
    EvidenceRemoved,
    OwnClaimView,
    PaperUnknown,
    PaperView,
    TooManyPapers,
    code_of,
    wanted,
)
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.db.session import short_transaction
from finmart.platform.files import service as files
from finmart.platform.files.types.kinds import DOCUMENTS
from finmart.platform.files.types.values import FileContent
from finmart.platform.kernel.actor import Actor

#: What is taken as a paper.
ALLOWED = DOCUMENTS


def own_claim_with_papers(actor: Actor) -> OwnClaimView:
    """The newest claim of the actor's own organisation. Raises ``PermissionMissing`` or ``ClaimUnknown``."""
    claim = _own(actor)
    organisation = organisations.organisation_by_id(claim.organisation_id)
    if organisation is None or organisation.applicant_kind is None:
        raise OrganisationUnknown
    kind = SubjectKind(organisation.applicant_kind)
    papers = papers_by_claim([claim.id]).get(claim.id, ())
    identifier = subjects.official_identifier_of(claim.subject_id)
    return OwnClaimView(
        public_id=claim.public_id,
        code=code_of(claim.public_id),
        state=ClaimState(claim.state),
        subject_kind=kind,
        identifier_masked=mask_identifier(identifier.value) if identifier else "",
        created_at=claim.created_at,
        papers=papers,
        missing=tuple(one for one in wanted(kind) if one not in {paper.kind for paper in papers}),
        contested=_is_contested(claim),
    )


def add_paper(actor: Actor, *, kind: EvidenceKind, name: str, content: bytes) -> None:
    """Hand in a paper of the own claim while it waits, or while somebody else claims what it was verified for.

    Raises ``PermissionMissing``, ``ClaimUnknown``, ``ClaimClosed``, ``TooManyPapers`` or ``FileRefused``.
    """
    claim = _held(actor)
    if claim.state != ClaimState.PENDING and not _is_contested(claim):
        raise ClaimClosed
    if evidence.count_papers(claim.id) >= MAX_PAPERS:
        raise TooManyPapers
    kept = files.keep(actor, name=name, content=content, allowed=ALLOWED)
    evidence.add_paper(claim_id=claim.id, kind=kind.value, file=kept.public_id, user_id=actor.user_id)
    record(actor, EvidenceAdded(target=claim.public_id, kind=kind.value, file=kept.public_id))


def remove_paper(actor: Actor, paper_public_id: str) -> None:
    """Take a paper of the own pending claim back.

    Raises ``PermissionMissing``, ``ClaimUnknown``, ``ClaimClosed`` or ``PaperUnknown``.
    """
    claim = _held(actor)
    if claim.state != ClaimState.PENDING:
        raise ClaimClosed
    paper = _paper(claim, paper_public_id)
    record(actor, EvidenceRemoved(target=claim.public_id, kind=paper.kind, file=paper.file))
    evidence.remove_paper(paper)
    files.discard(actor, paper.file)


def own_paper(actor: Actor, paper_public_id: str) -> FileContent:
    """A paper of the own claim. Raises ``PermissionMissing``, ``ClaimUnknown``, ``PaperUnknown`` or ``FileLost``."""
    return files.read(_paper(_own(actor), paper_public_id).file)


def papers_for_review(actor: Actor, claim_public_id: str) -> tuple[PaperView, ...]:
    """The papers of a claim, without their content. Raises ``PermissionMissing`` or ``ClaimUnknown``."""
    require(actor, Permission.ALL_CLAIMS_READ)
    row = claims.claim_row(claim_public_id)
    if row is None:
        raise ClaimUnknown
    return papers_by_claim([row[0].id]).get(row[0].id, ())


def open_paper(actor: Actor, claim_public_id: str, paper_public_id: str) -> FileContent:
    """A paper for review; that it was opened, and by whom, is written down before anything is shown.

    Raises ``PermissionMissing``, ``ClaimUnknown``, ``PaperUnknown`` or ``FileLost``.
    """
    require(actor, Permission.ALL_CLAIMS_READ)
    row = claims.claim_row(claim_public_id)
    if row is None:
        raise ClaimUnknown
    paper = _paper(row[0], paper_public_id)
    with short_transaction():
        record(actor, EvidenceOpened(target=claim_public_id, kind=paper.kind, file=paper.file))
    return files.read(paper.file)


def papers_by_claim(claim_ids: Iterable[int]) -> dict[int, tuple[PaperView, ...]]:
    """claim id → its papers. Whoever calls has asked for permission."""
    rows = evidence.papers_of(list(claim_ids))
    kept = files.described(row.file for row in rows)
    found: dict[int, tuple[PaperView, ...]] = {}
    for row in rows:
        file = kept[row.file]
        view = PaperView(row.public_id, EvidenceKind(row.kind), file.name, file.size, row.created_at)
        found[row.claim_id] = (*found.get(row.claim_id, ()), view)
    return found


def _own(actor: Actor) -> SubjectClaim:
    require(actor, Permission.OWN_CLAIMS_MANAGE)
    claim = claims.latest_claim_of(actor.organisation_id) if actor.organisation_id is not None else None
    if claim is None:
        raise ClaimUnknown
    return claim


def _held(actor: Actor) -> SubjectClaim:
    """The own claim, held until the end: it must not be decided while its papers change."""
    claim = claims.claim_by_public_id(_own(actor).public_id)
    if claim is None:
        raise ClaimUnknown
    return claim


def _is_contested(claim: SubjectClaim) -> bool:
    """Whether the claim is verified and another one is live; of a claim that waits this is never told."""
    return claim.state == ClaimState.VERIFIED and bool(claims.contested([claim.subject_id]))


def _paper(claim: SubjectClaim, paper_public_id: str) -> ClaimEvidence:
    paper = evidence.paper_of(claim_id=claim.id, public_id=paper_public_id)
    if paper is None:
        raise PaperUnknown
    return paper
