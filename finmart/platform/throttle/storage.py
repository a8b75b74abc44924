"""The store of rate limits on the house's own database, so that all server processes count together.

It implements the ``Storage`` interface of ``limits`` (fixed and moving windows). Each call is a short transaction of
its own, asked before a request opens its unit of work: on SQLite it would wait for itself inside of it.
"""

from datetime import datetime, timedelta
from typing import Any

from limits.storage import MovingWindowSupport, Storage
from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from finmart.platform.crypto.keyring import keyring
from finmart.platform.db.session import apart, session
from finmart.platform.kernel.clock import now
from finmart.platform.throttle.models import RateCount, RateEntry

SCHEME = "finmart"


class DatabaseStorage(Storage, MovingWindowSupport):
    """Counts in ``rate_count``, hits of moving windows in ``rate_entry``; keys are kept as keyed fingerprints."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  # The name and its type are the library's.

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What a database in trouble raises."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more in the window of ``key`` (``expiry`` seconds from its first hit); the new count."""
        moment = now()
        over = RateCount.until <= moment
        following = moment + timedelta(seconds=expiry)
        with apart() as current:
            insert = postgresql.insert if current.get_bind().dialect.name == "postgresql" else sqlite.insert
            statement = (
                insert(RateCount)
                .values(key=_fingerprint(key), count=amount, until=following)
                .on_conflict_do_update(
                    index_elements=[RateCount.key],
                    set_={
                        "count": case((over, amount), else_=RateCount.count + amount),
                        "until": case((over, following), else_=RateCount.until),
                    },
                )
                .returning(RateCount.count)
            )
            count = current.execute(statement).scalar_one()
        return int(count)

    def get(self, key: str) -> int:
        """The count of the window that is open now; 0 when none is."""
        query = select(RateCount.count).where(RateCount.key == _fingerprint(key), RateCount.until > now())
        with apart(readonly=True) as current:
            return current.scalar(query) or 0

    def get_expiry(self, key: str) -> float:
        """When the window of ``key`` ends, in seconds since 1970; now when none is open."""
        moment = now()
        query = select(RateCount.until).where(RateCount.key == _fingerprint(key), RateCount.until > moment)
        with apart(readonly=True) as current:
            return (current.scalar(query) or moment).timestamp()

    def check(self) -> bool:
        """Whether the database answers and has the tables."""
        try:
            with apart(readonly=True) as current:
                current.scalar(select(RateCount.count).limit(1))
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget everything; how many keys were counted."""
        with apart() as current:
            keys = current.scalar(select(func.count()).select_from(RateCount)) or 0
            keys += current.scalar(select(func.count(func.distinct(RateEntry.key)))) or 0
            current.execute(delete(RateCount))
            current.execute(delete(RateEntry))
        return keys

    def clear(self, key: str) -> None:
        """Forget one key."""
        with apart() as current:
            current.execute(delete(RateCount).where(RateCount.key == _fingerprint(key)))
            current.execute(delete(RateEntry).where(RateEntry.key == _fingerprint(key)))

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note ``amount`` hits unless more than ``limit`` would then lie within the last ``expiry`` seconds."""
        if amount > limit:
            return False
        moment, fingerprint = now(), _fingerprint(key)
        within = (RateEntry.key == fingerprint, RateEntry.at > moment - timedelta(seconds=expiry))
        with apart() as current:
            _alone(current, fingerprint)
            held = current.scalar(select(func.count()).select_from(RateEntry).where(*within)) or 0
            if held + amount > limit:
                return False
            until = moment + timedelta(seconds=expiry)
            current.add_all(RateEntry(key=fingerprint, at=moment, until=until) for _hit in range(amount))
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002
        """When the oldest hit within the last ``expiry`` seconds was, in seconds since 1970, and how many there are."""
        moment = now()
        within = (RateEntry.key == _fingerprint(key), RateEntry.at > moment - timedelta(seconds=expiry))
        with apart(readonly=True) as current:
            oldest, count = current.execute(select(func.min(RateEntry.at), func.count()).where(*within)).one()
        return (oldest or moment).timestamp(), count


def sweep() -> None:
    """Drop what no window needs any more, in the present unit of work."""
    moment: datetime = now()
    session().execute(delete(RateCount).where(RateCount.until <= moment))
    session().execute(delete(RateEntry).where(RateEntry.until <= moment))


def _fingerprint(key: str) -> str:
    """Keys hold network addresses; what is kept of them for some minutes must not."""
    return keyring().blind_index(key, "rate")


def _alone(current: Session, fingerprint: str) -> None:
    """Hits of one key take turns; on SQLite all writers do."""
    if current.get_bind().dialect.name == "postgresql":
        current.execute(select(func.pg_advisory_xact_lock(int(fingerprint[:15], 16))))
