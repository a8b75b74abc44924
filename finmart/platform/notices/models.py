"""Messages people read in the site, and what was sent of them by other ways."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, EncryptedText, UtcDateTime
from finmart.platform.kernel.clock import now


class Message(PubliclyIdentified, Timestamped, Base):
    """One letter to one person, in the words in which it was sent (DECISIONS 18); the words are ciphertext."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_user_id_created_at", "user_id", "created_at"),
        # The header of every page counts these.
        Index(
            "ix_message_user_id_unread",
            "user_id",
            "organisation_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    #: The organisation it concerns: read only while acting for it. None: it concerns the person.
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(48))
    happened: Mapped[str] = mapped_column(EncryptedText("message.happened"))
    next_step: Mapped[str] = mapped_column(EncryptedText("message.next_step"))
    by: Mapped[date | None] = mapped_column(Date)
    path: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(2))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Delivery(PubliclyIdentified, Timestamped, Base):
    """One sending by e-mail or text message. Address and text are ciphertext, and gone once it is over."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_state_created_at", "state", "created_at"),
        Index("ix_delivery_message_id", "message_id"),
    )

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    #: None for a code, which no page ever shows.
    message_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("message.id"))
    kind: Mapped[str] = mapped_column(String(48))
    channel: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(EncryptedText("delivery.address"))
    subject: Mapped[str | None] = mapped_column(EncryptedText("delivery.subject"))
    text: Mapped[str | None] = mapped_column(EncryptedText("delivery.text"))
    attempts: Mapped[int] = mapped_column(default=0)
    #: The class of the last error; never its text, which could hold an address.
    last_error: Mapped[str] = mapped_column(String(48), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: Why the operator gave it up.
    drop_reason: Mapped[str | None] = mapped_column(EncryptedText("delivery.drop_reason"))
    #: A code is worth nothing after this.
    useless_after: Mapped[datetime | None] = mapped_column(UtcDateTime())


class MessageWish(Base):
    """By which ways a person wants to hear of news; nobody's row means by all of them."""

    __tablename__ = "message_wish"

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"), primary_key=True)
    email: Mapped[bool] = mapped_column(default=True)
    sms: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=now, onupdate=now)
