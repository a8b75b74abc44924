"""Getting back in: a code sent to the phone, or a one-time link handed over by the operator (DECISIONS 5)."""

import hmac
import secrets
from datetime import timedelta

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import links, users
from finmart.platform.accounts.service.attempts import forgive
from finmart.platform.accounts.service.links import issue, redeemable, use_link
from finmart.platform.accounts.service.passwords import (
    check_password,
    hash_password,
    password_matches,
    spend_the_same_effort,
)
from finmart.platform.accounts.service.sessions import end_sessions
from finmart.platform.accounts.service.telling import recipient, tell_user
from finmart.platform.accounts.types.contacts import normal_phone
from finmart.platform.accounts.types.errors import CodeUnusable, LinkUnusable, UserUnknown, WrongPassword
from finmart.platform.accounts.types.events import PasswordChanged, ResetRequested
from finmart.platform.accounts.types.letters import password_changed
from finmart.platform.accounts.types.links import LinkPurpose
from finmart.platform.accounts.types.values import IssuedLink
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.crypto.keyring import keyring
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.messages import N_
from finmart.platform.notices.service.post import post_code
from finmart.platform.notices.service.wording import word
from finmart.platform.notices.types import Channel

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
MAX_TRIES = 5
#: With five tries a code, an hour's guessing has 25 chances in a million.
MAX_CODES_AN_HOUR = 5


def request_code(phone: str) -> None:
    """Send a reset code to ``phone`` if it has an account; nothing the caller sees tells whether. ``PhoneInvalid``.

    It goes out after the commit, so that a slow gateway tells nothing either.
    """
    user = users.user_by_phone(normal_phone(phone), lock=True)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    if user is None or user.blocked_at is not None:
        return
    if links.codes_since(user.id, since=now() - timedelta(hours=1)) >= MAX_CODES_AN_HOUR:
        return
    links.add_code(user_id=user.id, code_index=_code_index(user, code), expires_at=now() + CODE_LIFE)
    record(VISITOR, ResetRequested(target=user.public_id))
    minutes = int(CODE_LIFE.total_seconds() // 60)
    text = word(
        N_("您正在重设金融超市的登录密码，验证码 {code}，{minutes} 分钟内有效。不是您本人操作请忽略。"),
        {"code": code, "minutes": minutes},
        user.language,
    )
    post_code(recipient(user), "reset_code", Channel.SMS, text, useless_after=now() + CODE_LIFE)


def reset_with_code(*, phone: str, code: str, password: str) -> None:
    """Set a new password with a code from the phone; every session ends.

    Raises ``CodeUnusable`` (the edge must keep the changes: the try is counted) or ``WeakPassword``.
    """
    number = normal_phone(phone)
    check_password(password, phone=number)
    user = users.user_by_phone(number, lock=True)
    row = links.open_code(user.id) if user is not None else None
    if user is None or row is None or user.blocked_at is not None or row.tries >= MAX_TRIES:
        spend_the_same_effort(password)
        raise CodeUnusable
    if not hmac.compare_digest(row.code_index, _code_index(user, code.strip())):
        row.tries += 1
        spend_the_same_effort(password)
        raise CodeUnusable
    row.used_at = now()
    _set_password(VISITOR, user, password, "code")


def issue_reset_link(actor: Actor, user_public_id: str) -> IssuedLink:
    """A link by which the user sets a new password, to be handed over by the operator; earlier ones stop working.

    Raises ``PermissionMissing`` or ``UserUnknown``.
    """
    require(actor, Permission.ALL_USERS_MANAGE)
    user = users.user_by_public_id(user_public_id, lock=True)
    if user is None:
        raise UserUnknown
    links.withdraw_reset_links(user.id)
    return issue(actor, LinkPurpose.RESET, user=user)


def check_reset_link(token: str) -> None:
    """Let a usable reset link pass. Raises ``LinkUnusable``."""
    redeemable(token, LinkPurpose.RESET)


def reset_with_link(*, token: str, password: str) -> None:
    """Set a new password with a one-time link; every session ends. Raises ``LinkUnusable`` or ``WeakPassword``."""
    link = redeemable(token, LinkPurpose.RESET)
    user = users.user_by_id(link.user_id, lock=True) if link.user_id is not None else None
    if user is None or user.blocked_at is not None:
        raise LinkUnusable
    check_password(password, phone=user.phone)
    use_link(VISITOR, link, user)
    _set_password(VISITOR, user, password, "link")


def change_password(actor: Actor, *, current: str, password: str) -> None:
    """Set a new password, knowing the old one; the actor's other sessions end.

    Raises ``WrongPassword`` or ``WeakPassword``.
    """
    user = users.user_by_id(actor.user_id, lock=True) if actor.user_id is not None else None
    if user is None:
        raise UserUnknown
    if not password_matches(user.password_hash, current):
        raise WrongPassword
    check_password(password, phone=user.phone)
    _set_password(actor, user, password, "change", keep=actor.session_id)


def _set_password(actor: Actor, user: User, password: str, how: str, *, keep: int | None = None) -> None:
    user.password_hash = hash_password(password)
    user.password_changed_at = now()
    forgive(user)
    links.drop_codes(user.id)
    links.withdraw_reset_links(user.id)
    record(actor, PasswordChanged(target=user.public_id, how=how))
    end_sessions(actor, user.id, "password_changed", keep=keep)
    tell_user(user.id, password_changed())


def _code_index(user: User, code: str) -> str:
    return keyring().blind_index(code, f"reset_code.{user.public_id}")
