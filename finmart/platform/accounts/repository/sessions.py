"""Sessions of signed-in browsers."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.users import User, UserSession
from finmart.platform.db.session import apart, session
from finmart.platform.kernel.clock import now

#: Milliseconds for which noting that somebody was here waits for a writer on SQLite.
PATIENCE = 200


def add_session(
    *, user_id: int, membership_id: int | None, token_hash: str, expires_at: datetime, device: str, network: str
) -> UserSession:
    """A new session."""
    row = UserSession(
        user_id=user_id,
        membership_id=membership_id,
        token_hash=token_hash,
        expires_at=expires_at,
        device=device,
        network=network,
    )
    session().add(row)
    session().flush()
    return row


def open_session_by_hash(token_hash: str) -> tuple[UserSession, User, Membership | None, Organisation | None] | None:
    """A session that is neither revoked nor expired, with its user, membership and organisation."""
    query = (
        select(UserSession, User, Membership, Organisation)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(Membership, Membership.id == UserSession.membership_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(UserSession.token_hash == token_hash, UserSession.revoked_at.is_(None), UserSession.expires_at > now())
    )
    row = session().execute(query).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


def session_by_hash(token_hash: str) -> UserSession | None:
    """The session with a token, open or not."""
    return session().scalar(select(UserSession).where(UserSession.token_hash == token_hash))


def session_by_id(session_id: int) -> UserSession | None:
    """The session with an inner id."""
    return session().get(UserSession, session_id)


def session_of_user(*, user_id: int, public_id: str) -> UserSession | None:
    """A user's own session by its public id."""
    return session().scalar(
        select(UserSession).where(UserSession.user_id == user_id, UserSession.public_id == public_id)
    )


def open_sessions(user_id: int) -> list[UserSession]:
    """The sessions of a user that still open the account, the latest first."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now())
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    return list(session().scalars(query))


def touch(session_id: int, *, at: datetime) -> None:
    """Write when a session was last seen, in a transaction of its own; while somebody else writes for long, not now."""
    seen = update(UserSession).where(UserSession.id == session_id, UserSession.last_seen_at < at)
    try:
        with apart(patience=PATIENCE) as current:
            current.execute(seen.values(last_seen_at=at), execution_options={"synchronize_session": False})
    except OperationalError:
        return  # The next request tries again.
