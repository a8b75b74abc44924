"""The rows that name kept files; a file on the disk without a row is nobody's and is swept away."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, EncryptedText


class StoredFileRow(PubliclyIdentified, Timestamped, Base):
    """One kept file. Rows with the same content share the file on the disk, which is named by ``fingerprint``."""

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_fingerprint", "fingerprint"),
        Index("ix_stored_file_organisation_id", "organisation_id"),
    )

    #: Keyed, so that nobody who reads the table or the folder can tell whether a certain file is here.
    fingerprint: Mapped[str] = mapped_column(String(32))
    #: The key the file on the disk was sealed with, for rotation; the file itself says so too.
    key_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(EncryptedText("stored_file.name"))
    sha256: Mapped[str] = mapped_column(EncryptedText("stored_file.sha256"))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(BigId)
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
