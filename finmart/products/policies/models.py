"""Policies' tables: which there are, and what each said in every version."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, event, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from finmart.platform.db.base import Base, Identified, Timestamped
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class PolicyRow(Identified, Timestamped, Base):
    """One policy; what it says stands in its versions."""

    __tablename__ = "policy"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    #: The number of the version people see. A number and no key, as with products.
    published_number: Mapped[int | None]


class PolicyVersion(Identified, Timestamped, Base):
    """What a policy says, whole, as of one publication; never changed. The document is ``types.document``'s JSON."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("policy_id", "number"),)

    policy_id: Mapped[int] = mapped_column(BigId, ForeignKey("policy.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    title_zh: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    fingerprint: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: "import" for the project's own files, "staff" for what the operator has published.
    origin: Mapped[str] = mapped_column(String(8))
    #: None when the system did it.
    published_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


def _refuse_change(_mapper: Mapper[PolicyVersion], _connection: Connection, target: PolicyVersion) -> None:
    changed = {attribute.key for attribute in inspect(target).attrs if attribute.history.has_changes()}
    if changed - {"state"} or target.state != "retired":
        raise RuntimeError(f"version {target.number} of policy {target.policy_id} is published: make a new one")


def _refuse_removal(_mapper: Mapper[PolicyVersion], _connection: Connection, target: PolicyVersion) -> None:
    raise RuntimeError(f"{target!r} is history: it is never removed")


event.listen(PolicyVersion, "before_update", _refuse_change)
event.listen(PolicyVersion, "before_delete", _refuse_removal)
