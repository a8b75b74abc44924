"""Authenticators and recovery codes."""

from datetime import datetime

from sqlalchemy import delete, func, select

from finmart.platform.accounts.models.second_factor import RecoveryCode, SecondFactor
from finmart.platform.db.session import session


def factor_of(user_id: int, *, lock: bool = False) -> SecondFactor | None:
    """A user's authenticator, confirmed or not; ``lock`` holds the row until the transaction ends."""
    query = select(SecondFactor).where(SecondFactor.user_id == user_id)
    return session().scalar(query.with_for_update() if lock else query)


def confirmed_factor(user_id: int, *, lock: bool = False) -> SecondFactor | None:
    """A user's authenticator that a code was once given from."""
    query = select(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None))
    return session().scalar(query.with_for_update() if lock else query)


def add_factor(*, user_id: int, secret: str) -> SecondFactor:
    """A new authenticator that still has to be confirmed."""
    row = SecondFactor(user_id=user_id, secret=secret, last_step=0, failed_count=0)
    session().add(row)
    session().flush()
    return row


def remove_factor(row: SecondFactor) -> None:
    """Remove an authenticator and the codes that stand in for it."""
    remove_codes(row.user_id)
    session().delete(row)
    session().flush()


def add_codes(user_id: int, indexes: list[str]) -> None:
    """New recovery codes."""
    session().add_all(RecoveryCode(user_id=user_id, code_index=index) for index in indexes)


def remove_codes(user_id: int) -> None:
    """No recovery code of a user works any more."""
    session().execute(
        delete(RecoveryCode).where(RecoveryCode.user_id == user_id),
        execution_options={"synchronize_session": False},
    )


def use_code(user_id: int, index: str, *, at: datetime) -> bool:
    """Use up a recovery code; False when there is none like that. The caller holds the authenticator's row."""
    query = select(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.code_index == index)
    row = session().scalar(query.where(RecoveryCode.used_at.is_(None)))
    if row is None:
        return False
    row.used_at = at
    return True


def codes_left(user_id: int) -> int:
    """How many recovery codes still work."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session().scalar(query) or 0
