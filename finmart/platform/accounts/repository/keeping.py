"""Deleting what is over."""

from datetime import datetime

from sqlalchemy import delete, func

from finmart.platform.accounts.models.users import OneTimeLink, ResetCode, UserSession
from finmart.platform.db.session import session


def forget_entries(*, before: datetime) -> None:
    """Delete sessions, one-time links and reset codes that were over before that instant."""
    ended = (
        delete(UserSession).where(func.coalesce(UserSession.revoked_at, UserSession.expires_at) < before),
        delete(OneTimeLink).where(
            func.coalesce(OneTimeLink.used_at, OneTimeLink.withdrawn_at, OneTimeLink.expires_at) < before
        ),
        delete(ResetCode).where(ResetCode.expires_at < before),
    )
    for each in ended:
        session().execute(each, execution_options={"synchronize_session": False})
