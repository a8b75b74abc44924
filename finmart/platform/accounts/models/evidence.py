"""What a claimant hands in to prove a claim."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId
from finmart.platform.kernel.ids import LENGTH


class ClaimEvidence(PubliclyIdentified, Timestamped, Base):
    """One paper of a claim; ``file`` is the public id of a kept file, which alone knows its name and content."""

    __tablename__ = "claim_evidence"
    __table_args__ = (Index("ix_claim_evidence_claim_id", "claim_id"),)

    claim_id: Mapped[int] = mapped_column(BigId, ForeignKey("subject_claim.id"))
    #: Licence, letter, identity … (``EvidenceKind``), as the claimant says.
    kind: Mapped[str] = mapped_column(String(16))
    file: Mapped[str] = mapped_column(String(LENGTH), unique=True)
    added_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
