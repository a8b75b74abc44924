"""Reading and adding versions of the ranking rule."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from finmart.matching.rulesets.models import RankingRuleset, RankingTrial
from finmart.matching.rulesets.types import Json
from finmart.platform.db.session import session

#: The highest number that the column holds: whoever asks for a higher one asks for none.
MOST_VERSION = (1 << 31) - 1


def _row(version: int) -> RankingRuleset | None:
    return session().get(RankingRuleset, version) if 0 < version <= MOST_VERSION else None


def committed(*, version: int) -> RankingRuleset | None:
    """The committed rule of ``version``."""
    row = _row(version)
    return row if row is not None and row.committed_at is not None else None


def newest() -> RankingRuleset | None:
    """The committed rule with the highest version."""
    query = select(RankingRuleset).where(RankingRuleset.committed_at.is_not(None))
    return session().scalar(query.order_by(RankingRuleset.version.desc()).limit(1))


def all_committed() -> list[RankingRuleset]:
    """Every committed version, newest first."""
    query = select(RankingRuleset).where(RankingRuleset.committed_at.is_not(None))
    return list(session().scalars(query.order_by(RankingRuleset.version.desc())))


def add_committed(*, version: int, document: Json, fingerprint: str, at: datetime) -> None:
    """Store a version, committed from the start, unless somebody has stored it at the same moment."""
    row = RankingRuleset(version=version, document=document, fingerprint=fingerprint, committed_at=at)
    with suppress(IntegrityError), session().begin_nested():
        session().add(row)


def highest() -> int | None:
    """The highest version that is stored, drafts too."""
    return session().scalar(select(func.max(RankingRuleset.version)))


def add_draft(*, version: int, document: Json, fingerprint: str, author_id: int | None = None) -> None:
    """Store a draft: without a commitment no run can name it."""
    session().add(RankingRuleset(version=version, document=document, fingerprint=fingerprint, author_id=author_id))
    session().flush()


def drafts() -> list[RankingRuleset]:
    """Every draft, newest first."""
    query = select(RankingRuleset).where(RankingRuleset.committed_at.is_(None))
    return list(session().scalars(query.order_by(RankingRuleset.version.desc())))


def draft(*, version: int) -> RankingRuleset | None:
    """The draft of ``version``."""
    row = _row(version)
    return row if row is not None and row.committed_at is None else None


def remove_draft(row: RankingRuleset) -> None:
    """Delete a draft; a committed version refuses it."""
    session().delete(row)
    session().flush()


def add_trial(*, version: int, fingerprint: str, user_id: int, at: datetime) -> None:
    """Keep who saw what exactly these words would change; once is enough, also of two trials at one moment."""
    row = RankingTrial(version=version, fingerprint=fingerprint, user_id=user_id, at=at)
    with suppress(IntegrityError), session().begin_nested():
        session().add(row)


def triers(fingerprint: str) -> frozenset[int]:
    """Everybody who tried exactly these words."""
    query = select(RankingTrial.user_id).where(RankingTrial.fingerprint == fingerprint)
    return frozenset(session().scalars(query))
