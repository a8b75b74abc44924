"""The tables of ranking rules and of their trials."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from finmart.platform.db.base import Base, Identified, Timestamped
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class RankingRuleset(Timestamped, Base):
    """One version of the rule. Frozen once ``committed_at`` is set: results name it and must be replayable.

    Before that it is a draft. Versions that come with the code have no author.
    """

    __tablename__ = "ranking_ruleset"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    fingerprint: Mapped[str] = mapped_column(String(64))
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: Two people: who wrote it, and who let it rank. Users are never deleted.
    author_id: Mapped[int | None] = mapped_column(BigId)
    committed_by_id: Mapped[int | None] = mapped_column(BigId)


class RankingTrial(Identified, Base):
    """Somebody saw what exactly these words of a draft would change. Kept when the draft is changed or given up."""

    __tablename__ = "ranking_trial"
    __table_args__ = (UniqueConstraint("fingerprint", "user_id"),)

    version: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime())


def _refuse_change(_mapper: Mapper[RankingRuleset], _connection: Connection, target: RankingRuleset) -> None:
    was = inspect(target).attrs.committed_at.history.deleted or (target.committed_at,)
    if was[0] is not None:
        raise RuntimeError(f"ranking rule {target.version} is committed: make a new version")


event.listen(RankingRuleset, "before_update", _refuse_change)
event.listen(RankingRuleset, "before_delete", _refuse_change)
