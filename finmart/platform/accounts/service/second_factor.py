"""An authenticator as the second step of signing in (RFC 6238: six digits, SHA-1, 30 seconds)."""

import hmac
import re
import secrets
from datetime import timedelta

import pyotp

from finmart.platform.accounts.models.second_factor import SecondFactor
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import factors, users
from finmart.platform.accounts.service.attempts import count, forgive, minutes_left
from finmart.platform.accounts.service.deciding import MIN_REASON
from finmart.platform.accounts.service.passwords import password_matches
from finmart.platform.accounts.service.sessions import end_sessions, open_session
from finmart.platform.accounts.service.telling import tell_user
from finmart.platform.accounts.types import letters
from finmart.platform.accounts.types.errors import AccountBlocked, ReasonMissing, UserUnknown, WrongPassword
from finmart.platform.accounts.types.second_factor import (
    Enrolment,
    FactorCodeWrong,
    FactorOff,
    FactorOn,
    FactorPaused,
    FactorState,
    OwnFactor,
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    SecondFactorRemoved,
    SecondFactorSet,
    SecondStep,
    SecondStepFailed,
    SecondStepOver,
)
from finmart.platform.accounts.types.values import Device, OpenSession
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.authz.roles import SECOND_FACTOR_ROLES
from finmart.platform.crypto.keyring import keyring
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.ids import ALPHABET

ISSUER = "金融超市"
STEP_SECONDS = 30
#: Clocks of phones differ: one step earlier and one later are taken too.
DRIFT = 1
#: Between the password and the code.
STEP_LIFE = timedelta(minutes=10)
CODES = 10
CODE_LENGTH = 10
_TOTP = re.compile(r"^[0-9]{6}$")


def state(actor: Actor) -> FactorState:
    """How the actor's own second step stands. Raises ``UserUnknown`` for a visitor."""
    user = _own(actor)
    row = factors.factor_of(user.id)
    return FactorState(
        since=row.confirmed_at if row else None,
        codes_left=factors.codes_left(user.id),
        required=actor.role in SECOND_FACTOR_ROLES,
        begun=row is not None and row.confirmed_at is None,
    )


def is_advised(actor: Actor) -> bool:
    """Whether the actor's role calls for a second factor that is not asked for here, and there is none."""
    if actor.user_id is None or actor.must_enrol or actor.role not in SECOND_FACTOR_ROLES:
        return False
    return factors.confirmed_factor(actor.user_id) is None


def begin(actor: Actor, *, password: str) -> None:
    """Make a new secret, to be confirmed by a code; one that was not confirmed is replaced.

    Raises ``WrongPassword`` or ``FactorOn``.
    """
    user = _own(actor, lock=True)
    if not password_matches(user.password_hash, password):
        raise WrongPassword
    row = factors.factor_of(user.id, lock=True)
    if row is None:
        factors.add_factor(user_id=user.id, secret=pyotp.random_base32())
    elif row.confirmed_at is not None:
        raise FactorOn
    else:
        row.secret = pyotp.random_base32()


def enrolment(actor: Actor) -> Enrolment:
    """What the authenticator is set up with, while it waits for its first code. Raises ``FactorOff``."""
    user = _own(actor)
    row = factors.factor_of(user.id)
    if row is None or row.confirmed_at is not None:
        raise FactorOff
    uri = pyotp.TOTP(row.secret).provisioning_uri(name=f"{user.phone[:3]}****{user.phone[-4:]}", issuer_name=ISSUER)
    return Enrolment(uri, " ".join(row.secret[start : start + 4] for start in range(0, len(row.secret), 4)))


def confirm(actor: Actor, code: str) -> tuple[str, ...]:
    """Turn the second step on with a first code; other sessions end. The recovery codes, shown this once.

    Raises ``FactorOff``, ``FactorCodeWrong`` or ``FactorPaused``; the edge must keep a refused try, which is counted.
    """
    user = _own(actor, lock=True)
    row = factors.factor_of(user.id, lock=True)
    if row is None or row.confirmed_at is not None:
        raise FactorOff
    _spend(actor, user, row, code)
    row.confirmed_at = now()
    codes = _new_codes(user)
    ended = end_sessions(actor, user.id, "second_factor_set", keep=actor.session_id)
    record(actor, SecondFactorSet(target=user.public_id, sessions_revoked=ended))
    tell_user(user.id, letters.second_factor_set())
    return codes


def renew_codes(actor: Actor, code: str) -> tuple[str, ...]:
    """New recovery codes for a code from the authenticator (or one of the old ones).

    Raises what ``confirm`` raises.
    """
    user = _own(actor, lock=True)
    _spend(actor, user, _confirmed(user), code)
    codes = _new_codes(user)
    record(actor, RecoveryCodesRenewed(target=user.public_id))
    return codes


def remove(actor: Actor, code: str) -> None:
    """Turn the second step off, for a code; whose role needs one sets up another at once.

    Raises what ``confirm`` raises.
    """
    user = _own(actor, lock=True)
    row = _confirmed(user)
    _spend(actor, user, row, code)
    _remove(actor, user, row, "own", keep=actor.session_id)


def reset_for(actor: Actor, user_public_id: str, *, reason: str) -> None:
    """Take away a lost authenticator, by the operator who knows whom it is for; every session ends.

    Raises ``PermissionMissing``, ``UserUnknown``, ``OwnFactor``, ``ReasonMissing`` or ``FactorOff``.
    """
    require(actor, Permission.ALL_USERS_MANAGE)
    user = users.user_by_public_id(user_public_id, lock=True)
    if user is None:
        raise UserUnknown
    if user.id == actor.user_id:
        raise OwnFactor
    if len(reason.strip()) < MIN_REASON:
        raise ReasonMissing
    row = factors.factor_of(user.id, lock=True)
    if row is None:
        raise FactorOff
    _remove(actor, user, row, "operator")


def has_factor(actor: Actor, user_public_id: str) -> bool:
    """Whether somebody signs in with a second step. Raises ``PermissionMissing`` or ``UserUnknown``."""
    require(actor, Permission.ALL_USERS_READ)
    user = users.user_by_public_id(user_public_id)
    if user is None:
        raise UserUnknown
    return factors.confirmed_factor(user.id) is not None


def finish_sign_in(step: SecondStep, *, code: str, device: Device) -> OpenSession:
    """Open the session for which the password was given before.

    Raises ``SecondStepOver``, ``AccountBlocked``, ``FactorCodeWrong`` or ``FactorPaused``; the edge must keep the
    changes of a refused try: they are the count.
    """
    user = users.user_by_public_id(step.user_public_id, lock=True)
    row = factors.confirmed_factor(user.id, lock=True) if user is not None else None
    if user is None or row is None or now() - step.begun_at > STEP_LIFE or user.password_changed_at > step.begun_at:
        raise SecondStepOver
    if user.blocked_at is not None:
        raise AccountBlocked
    _spend(VISITOR, user, row, code)
    return open_session(user, device)


def _own(actor: Actor, *, lock: bool = False) -> User:
    user = users.user_by_id(actor.user_id, lock=lock) if actor.user_id is not None else None
    if user is None:
        raise UserUnknown
    return user


def _confirmed(user: User) -> SecondFactor:
    row = factors.confirmed_factor(user.id, lock=True)
    if row is None:
        raise FactorOff
    return row


def _spend(actor: Actor, user: User, row: SecondFactor, code: str) -> None:
    """Take a code once. The caller holds the row, so that of two requests with one code only the first succeeds."""
    if minutes := minutes_left(row):
        raise FactorPaused(minutes)
    if not (_take_totp(row, code) or _take_recovery_code(actor, user, row, code)):
        count(row)
        locked = row.locked_until is not None
        record(actor, SecondStepFailed(target=user.public_id, failed_count=row.failed_count, locked=locked))
        raise FactorCodeWrong
    forgive(row)


def _take_totp(row: SecondFactor, code: str) -> bool:
    typed = re.sub(r"\s", "", code)
    if not _TOTP.match(typed):
        return False
    totp, present = pyotp.TOTP(row.secret), int(now().timestamp()) // STEP_SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > row.last_step and hmac.compare_digest(totp.generate_otp(step), typed):
            row.last_step = step
            return True
    return False


def _take_recovery_code(actor: Actor, user: User, row: SecondFactor, code: str) -> bool:
    """A recovery code, which works once; before the first code from the authenticator there are none."""
    typed = re.sub(r"[^a-z0-9]", "", code.lower())
    if row.confirmed_at is None or not factors.use_code(user.id, _index(user, typed), at=now()):
        return False
    record(actor, RecoveryCodeUsed(target=user.public_id, codes_left=factors.codes_left(user.id)))
    tell_user(user.id, letters.recovery_code_used())
    return True


def _new_codes(user: User) -> tuple[str, ...]:
    plain = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    factors.remove_codes(user.id)
    factors.add_codes(user.id, [_index(user, code) for code in plain])
    half = CODE_LENGTH // 2
    return tuple(f"{code[:half]}-{code[half:]}" for code in plain)


def _index(user: User, code: str) -> str:
    return keyring().blind_index(code, f"recovery_code.{user.public_id}")


def _remove(actor: Actor, user: User, row: SecondFactor, how: str, *, keep: int | None = None) -> None:
    factors.remove_factor(row)
    ended = end_sessions(actor, user.id, "second_factor_removed", keep=keep)
    record(actor, SecondFactorRemoved(target=user.public_id, how=how, sessions_revoked=ended))
    tell_user(user.id, letters.second_factor_removed())
