"""Claims at a counter: a clerk finds a claim by the code that the applicant shows, and checks the papers in person."""

from finmart.platform.accounts.models.subjects import Subject
from finmart.platform.accounts.repository import claims, subjects
from finmart.platform.accounts.service.deciding import locked, verify
from finmart.platform.accounts.service.subjects import normal_identifier
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.contacts import mask_identifier
from finmart.platform.accounts.types.disputes import ClaimLookedUp, CounterRefers, CounterView, PapersDiffer
from finmart.platform.accounts.types.errors import ClaimUnknown
from finmart.platform.accounts.types.evidence import claim_in, code_of
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.db.session import short_transaction
from finmart.platform.kernel.actor import Actor


def look_up(actor: Actor, code: str) -> CounterView:
    """The claim with a code; that it was looked up is written down before it is shown.

    Raises ``PermissionMissing`` or ``ClaimUnknown``.
    """
    require(actor, Permission.COUNTER_CLAIMS_VERIFY)
    row = claims.claim_row(claim_in(code))
    if row is None:
        raise ClaimUnknown
    claim, subject, organisation = row
    with short_transaction():
        record(actor, ClaimLookedUp(target=claim.public_id, state=claim.state))
    identifier = subjects.official_identifier_of(subject.id)
    return CounterView(
        public_id=claim.public_id,
        code=code_of(claim.public_id),
        state=ClaimState(claim.state),
        claimant=organisation.name_zh,
        # What the claimant said to be; the subject's own record stays with the operator.
        subject_kind=SubjectKind(organisation.applicant_kind or subject.kind),
        identifier_masked=mask_identifier(identifier.value) if identifier else "",
    )


def verify_at_counter(actor: Actor, claim_public_id: str, *, identifier: str, note: str) -> None:
    """pending → verified by a clerk who typed ``identifier`` off the papers and says in ``note`` what was seen.

    Raises ``PermissionMissing``, ``ClaimUnknown``, ``PapersDiffer``, ``ReasonMissing``, ``ClaimStepRefused``, or
    ``CounterRefers`` for a claim on a subject that somebody else claims too: that is for the operator.
    """
    require(actor, Permission.COUNTER_CLAIMS_VERIFY)
    claim, subject = locked(claim_public_id)
    if not _carries(subject, identifier):
        raise PapersDiffer
    if len(claims.live_claims_on(subject.id)) > 1:
        raise CounterRefers
    verify(actor, claim, subject, method=ClaimMethod.CLERK, note=note)


def _carries(subject: Subject, identifier: str) -> bool:
    """Whether ``identifier`` is what stands on the subject's own papers."""
    known = subjects.official_identifier_of(subject.id)
    return known is not None and known.value == normal_identifier(known.scheme, identifier)
