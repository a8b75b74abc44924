"""Papers of claims."""

from sqlalchemy import func, select

from finmart.platform.accounts.models.evidence import ClaimEvidence
from finmart.platform.db.session import session


def add_paper(*, claim_id: int, kind: str, file: str, user_id: int | None) -> ClaimEvidence:
    """A new paper."""
    paper = ClaimEvidence(claim_id=claim_id, kind=kind, file=file, added_by_user_id=user_id)
    session().add(paper)
    session().flush()
    return paper


def papers_of(claim_ids: list[int]) -> list[ClaimEvidence]:
    """The papers of claims, in the order in which they came."""
    query = select(ClaimEvidence).where(ClaimEvidence.claim_id.in_(claim_ids)).order_by(ClaimEvidence.id)
    return list(session().scalars(query))


def count_papers(claim_id: int) -> int:
    """How many papers a claim has."""
    query = select(func.count()).select_from(ClaimEvidence).where(ClaimEvidence.claim_id == claim_id)
    return session().scalar(query) or 0


def paper_of(*, claim_id: int, public_id: str) -> ClaimEvidence | None:
    """A paper of that very claim."""
    return session().scalar(
        select(ClaimEvidence).where(ClaimEvidence.claim_id == claim_id, ClaimEvidence.public_id == public_id)
    )


def remove_paper(paper: ClaimEvidence) -> None:
    """Take a paper out."""
    session().delete(paper)
    session().flush()
