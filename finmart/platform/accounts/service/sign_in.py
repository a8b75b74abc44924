"""Signing in by phone and password, with a pause after too many wrong ones."""

from datetime import timedelta

from finmart.platform.accounts.models.users import Lockable, User
from finmart.platform.accounts.repository import users
from finmart.platform.accounts.service.passwords import (
    hash_password,
    is_outdated,
    password_matches,
    spend_the_same_effort,
)
from finmart.platform.accounts.service.sessions import open_session
from finmart.platform.accounts.types.contacts import normal_phone
from finmart.platform.accounts.types.errors import AccountBlocked, PhoneInvalid, SignInPaused, SignInRefused
from finmart.platform.accounts.types.events import SignInFailed
from finmart.platform.accounts.types.values import Device, OpenSession
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import VISITOR
from finmart.platform.kernel.clock import now

MAX_FAILURES = 5
PAUSE = timedelta(minutes=15)
#: Wrong passwords further apart than this are not one attack; the count starts again.
FORGET_AFTER = timedelta(hours=24)


def sign_in(*, phone: str, password: str, device: Device) -> OpenSession:
    """Open a session. Raises ``SignInRefused``, ``SignInPaused`` or ``AccountBlocked``.

    A phone without an account takes the same time, is counted and pauses the same way, so that nobody learns who
    has one. The edge must keep the changes of a refused sign-in: they are the count.
    """
    try:
        number = normal_phone(phone)
    except PhoneInvalid:
        spend_the_same_effort(password)
        raise _refused() from None
    user = users.user_by_phone(number, lock=True)
    counter: Lockable = user if user is not None else users.unknown_phone(number)
    _refuse_while_paused(counter)
    if user is None:
        spend_the_same_effort(password)
    if user is None or not password_matches(user.password_hash, password):
        _count(counter)
        _note_failure(user)
        raise _refused()
    if user.blocked_at is not None:
        raise AccountBlocked
    forgive(user)
    if is_outdated(user.password_hash):
        user.password_hash = hash_password(password)
    return open_session(user, device)


def forgive(counter: Lockable) -> None:
    """Forget the wrong passwords counted so far."""
    counter.failed_count = 0
    counter.last_failed_at = None
    counter.locked_until = None


def _refused() -> SignInRefused:
    return SignInRefused(MAX_FAILURES, int(PAUSE.total_seconds() // 60))


def _refuse_while_paused(counter: Lockable) -> None:
    moment = now()
    if counter.locked_until is not None and counter.locked_until > moment:
        left = (counter.locked_until - moment).total_seconds()
        raise SignInPaused(max(1, -(-int(left) // 60)))


def _count(counter: Lockable) -> None:
    moment = now()
    stale = counter.last_failed_at is not None and moment - counter.last_failed_at > FORGET_AFTER
    over = counter.locked_until is not None
    counter.failed_count = 1 if stale or over else counter.failed_count + 1
    counter.last_failed_at = moment
    counter.locked_until = moment + PAUSE if counter.failed_count >= MAX_FAILURES else None


def _note_failure(user: User | None) -> None:
    if user is None:
        users.forget_unknown_phones(before=now() - FORGET_AFTER)
        return
    locked = user.locked_until is not None
    record(VISITOR, SignInFailed(target=user.public_id, failed_count=user.failed_count, locked=locked))
