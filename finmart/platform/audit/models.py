"""The audit trail: rows are only ever added, and sealed into a chain a little later."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime

#: Hexadecimal digits of a SHA-256.
DIGEST = 64


class AuditRow(Identified, Base):
    """Who did what to which thing, when, in which role or on which basis, in which request."""

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_name_at", "name", "at"), Index("ix_audit_row_target", "target"))

    at: Mapped[datetime] = mapped_column(UtcDateTime())
    name: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[int | None] = mapped_column(BigId)
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    role: Mapped[str | None] = mapped_column(String(32))
    basis: Mapped[str] = mapped_column(String(200))
    request_id: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonValue)


class AuditSeal(Base):
    """One link of the chain: some rows' digests under one hash that also holds the hash of the link before."""

    __tablename__ = "audit_seal"

    #: 1, 2, 3 … without a gap; two processes that seal at once meet here, and one of them starts again.
    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    first_id: Mapped[int] = mapped_column(BigId)
    last_id: Mapped[int] = mapped_column(BigId)
    rows: Mapped[int] = mapped_column(Integer)
    previous: Mapped[str] = mapped_column(String(DIGEST))
    hash: Mapped[str] = mapped_column(String(DIGEST))
    #: The hash under a key of the house: whoever can only write to the database cannot forge a chain of their own.
    mac: Mapped[str] = mapped_column(String(DIGEST))


class SealedRow(Base):
    """The digest of one audit row, and the seal it went into."""

    __tablename__ = "audit_sealed_row"
    __table_args__ = (Index("ix_audit_sealed_row_seal_number", "seal_number"),)

    row_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    seal_number: Mapped[int] = mapped_column(BigId, ForeignKey("audit_seal.number"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditVerification(Identified, Base):
    """What one look at the whole chain found; ``fault`` is empty when all was in order."""

    __tablename__ = "audit_verification"

    at: Mapped[datetime] = mapped_column(UtcDateTime())
    seals: Mapped[int] = mapped_column(BigId)
    sealed: Mapped[int] = mapped_column(BigId)
    unsealed: Mapped[int] = mapped_column(BigId)
    head: Mapped[str] = mapped_column(String(DIGEST))
    fault: Mapped[str] = mapped_column(String(32), default="")
    #: The first seal and the first row at fault, where it is about one.
    seal_number: Mapped[int | None] = mapped_column(BigId)
    row_id: Mapped[int | None] = mapped_column(BigId)
