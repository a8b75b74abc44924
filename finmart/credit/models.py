"""Tables of shared data: deliveries, what was stored or set aside of them, facts, profiles, and who read them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, EncryptedText, JsonValue, UtcDateTime

CHECKSUM = 64
KEY = 64


class Batch(PubliclyIdentified, Base):
    """One delivery of one data set. ``under_way`` holds the data set's name while it is worked on, then nothing."""

    __tablename__ = "credit_batch"
    __table_args__ = (
        Index("ix_credit_batch_dataset_fingerprint", "dataset", "fingerprint"),
        Index("ix_credit_batch_state", "state"),
    )

    dataset: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    under_way: Mapped[str | None] = mapped_column(String(32), unique=True)
    process: Mapped[str] = mapped_column(String(120))
    fingerprint: Mapped[str] = mapped_column(String(CHECKSUM))
    as_of: Mapped[date] = mapped_column(Date)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    rows_read: Mapped[int] = mapped_column(BigInteger, default=0)
    rows_stored: Mapped[int] = mapped_column(BigInteger, default=0)
    rows_duplicate: Mapped[int] = mapped_column(BigInteger, default=0)
    rows_quarantined: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Voided rows among those read.
    rows_voided: Mapped[int] = mapped_column(BigInteger, default=0)
    subjects: Mapped[int] = mapped_column(default=0)
    facts: Mapped[int] = mapped_column(BigInteger, default=0)
    profiles: Mapped[int] = mapped_column(default=0)
    covers_from: Mapped[date | None] = mapped_column(Date)
    covers_until: Mapped[date | None] = mapped_column(Date)
    assertions: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue, default=list)
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    demonstration: Mapped[bool] = mapped_column(default=False)
    #: Nothing once it is destroyed: then the landed bytes are noise.
    landing_key: Mapped[str | None] = mapped_column(EncryptedText("credit_batch.landing_key"))
    landing_until: Mapped[date] = mapped_column(Date)


class LandedFile(Identified, Base):
    """One delivered file as it lies, encrypted, below the landing folder."""

    __tablename__ = "credit_landed_file"
    __table_args__ = (Index("ix_credit_landed_file_batch_id", "batch_id"),)

    batch_id: Mapped[int] = mapped_column(BigId, ForeignKey("credit_batch.id"))
    name: Mapped[str] = mapped_column(String(255))
    place: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(BigInteger)
    checksum: Mapped[str] = mapped_column(String(CHECKSUM))
    rows: Mapped[int] = mapped_column(BigInteger)


class StoredFile(Identified, Base):
    """One Parquet file; it exists because this row names it (DECISIONS 14)."""

    __tablename__ = "credit_stored_file"
    __table_args__ = (
        Index("ix_credit_stored_file_dataset_bucket", "dataset", "bucket"),
        Index("ix_credit_stored_file_batch_id", "batch_id"),
    )

    batch_id: Mapped[int] = mapped_column(BigId, ForeignKey("credit_batch.id"))
    dataset: Mapped[str] = mapped_column(String(32))
    bucket: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(200), unique=True)
    rows: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    checksum: Mapped[str] = mapped_column(String(CHECKSUM))


class QuarantinedRow(PubliclyIdentified, Timestamped, Base):
    """A row that could not be stored, with the reason and what became of it."""

    __tablename__ = "credit_quarantined_row"
    __table_args__ = (
        Index("ix_credit_quarantined_row_batch_id", "batch_id"),
        Index("ix_credit_quarantined_row_handled_at", "handled_at"),
    )

    batch_id: Mapped[int] = mapped_column(BigId, ForeignKey("credit_batch.id"))
    file: Mapped[str] = mapped_column(String(255))
    row: Mapped[int] = mapped_column(BigInteger)
    column: Mapped[str] = mapped_column(String(64))
    fault: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(EncryptedText("credit_quarantined_row.value"))
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    handled_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(String(500), default="")


class Fact(Identified, Base):
    """One fact of one subject; rows are only ever added (DECISIONS 12). Units as the dictionary says."""

    __tablename__ = "credit_fact"
    __table_args__ = (Index("ix_credit_fact_subject_id_as_of", "subject_id", "as_of"),)

    subject_id: Mapped[int] = mapped_column(BigId, ForeignKey("subject.id"))
    key: Mapped[str] = mapped_column(String(KEY))
    version: Mapped[int] = mapped_column(Integer)
    as_of: Mapped[date] = mapped_column(Date)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime())
    value: Mapped[Any] = mapped_column(JsonValue)
    observed_until: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(48))
    origin: Mapped[str] = mapped_column(String(16))
    rows_used: Mapped[int] = mapped_column(BigInteger)
    batches: Mapped[list[int]] = mapped_column(JsonValue)


class ProfileVersion(PubliclyIdentified, Base):
    """One published profile: a list of fact ids. ``known_at`` is the moment its facts were known."""

    __tablename__ = "credit_profile_version"
    __table_args__ = (Index("ix_credit_profile_version_subject_id_as_of", "subject_id", "as_of"),)

    subject_id: Mapped[int] = mapped_column(BigId, ForeignKey("subject.id"))
    as_of: Mapped[date] = mapped_column(Date)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime())
    batch_id: Mapped[int] = mapped_column(BigId, ForeignKey("credit_batch.id"))
    fact_ids: Mapped[list[int]] = mapped_column(JsonValue)


class PeerQuantile(Identified, Base):
    """How a fact is spread over one industry, size and month; only cells of ten subjects or more (DECISIONS 12)."""

    __tablename__ = "credit_peer_quantile"
    __table_args__ = (Index("uq_credit_peer_quantile_cell", "key", "industry", "size", "month", unique=True),)

    key: Mapped[str] = mapped_column(String(KEY))
    industry: Mapped[str] = mapped_column(String(8))
    size: Mapped[str] = mapped_column(String(16))
    month: Mapped[date] = mapped_column(Date)
    subjects: Mapped[int] = mapped_column(Integer)
    #: Quantiles 10, 25, 50, 75 and 90 %, in the fact's unit.
    quantiles: Mapped[list[int]] = mapped_column(JsonValue)


class DeclaredFact(Identified, Base):
    """What an organisation says about itself; the newest row of a key counts, older ones stay."""

    __tablename__ = "credit_declared_fact"
    __table_args__ = (Index("ix_credit_declared_fact_organisation_id_key", "organisation_id", "key"),)

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    subject_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subject.id"))
    key: Mapped[str] = mapped_column(String(KEY))
    value: Mapped[Any] = mapped_column(JsonValue)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime())
    declared_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    commitment: Mapped[bool] = mapped_column()


class ProfileAccess(Identified, Base):
    """One read of a profile, or one bulk run over many (then ``subject_id`` is empty); written before it is shown."""

    __tablename__ = "credit_profile_access"
    __table_args__ = (
        Index("ix_credit_profile_access_subject_id_at", "subject_id", "at"),
        Index("ix_credit_profile_access_consent_id", "consent_id"),
    )

    at: Mapped[datetime] = mapped_column(UtcDateTime())
    subject_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subject.id"))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
    actor: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(32))
    basis: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(String(200), default="")
    #: Under which consent, where the basis is one.
    consent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("consent.id"))
    subjects: Mapped[int] = mapped_column(Integer, default=1)
