"""Signing in by phone and password, with a pause after too many wrong ones."""

from finmart.platform.accounts.models.users import Lockable, User
from finmart.platform.accounts.repository import factors, users
from finmart.platform.accounts.service.attempts import FORGET_AFTER, MAX_FAILURES, PAUSE, count, forgive, minutes_left
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
from finmart.platform.accounts.types.second_factor import SecondStep, SecondStepNeeded
from finmart.platform.accounts.types.values import Device, OpenSession
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import VISITOR
from finmart.platform.kernel.clock import now


def sign_in(*, phone: str, password: str, device: Device) -> OpenSession:
    """Open a session. Raises ``SignInRefused``, ``SignInPaused``, ``AccountBlocked`` or ``SecondStepNeeded``.

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
    if minutes := minutes_left(counter):
        raise SignInPaused(minutes)
    if user is None:
        spend_the_same_effort(password)
    if user is None or not password_matches(user.password_hash, password):
        count(counter)
        _note_failure(user)
        raise _refused()
    if user.blocked_at is not None:
        raise AccountBlocked
    forgive(user)
    if is_outdated(user.password_hash):
        user.password_hash = hash_password(password)
    return enter(user, device)


def enter(user: User, device: Device) -> OpenSession:
    """Open a session of somebody who has proved who they are, once. Raises ``SecondStepNeeded``."""
    if factors.confirmed_factor(user.id) is not None:
        raise SecondStepNeeded(SecondStep(user.public_id, now()))
    return open_session(user, device)


def _refused() -> SignInRefused:
    return SignInRefused(MAX_FAILURES, int(PAUSE.total_seconds() // 60))


def _note_failure(user: User | None) -> None:
    if user is None:
        users.forget_unknown_phones(before=now() - FORGET_AFTER)
        return
    locked = user.locked_until is not None
    record(VISITOR, SignInFailed(target=user.public_id, failed_count=user.failed_count, locked=locked))
