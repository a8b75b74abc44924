"""A person's e-mail address: nothing goes to it until its owner has opened the link sent there."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import users
from finmart.platform.accounts.service.telling import recipient, tell_user
from finmart.platform.accounts.types.contacts import normal_email
from finmart.platform.accounts.types.errors import EmailOff, LinkUnusable, UserUnknown
from finmart.platform.accounts.types.events import EmailChanged
from finmart.platform.accounts.types.letters import email_changed
from finmart.platform.audit.service import record
from finmart.platform.crypto.keyring import KeyMissing, Unreadable, keyring
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.messages import N_
from finmart.platform.notices.service.post import post_code
from finmart.platform.notices.service.sending import is_off
from finmart.platform.notices.service.wording import word
from finmart.platform.notices.types import Channel, Recipient

CONTEXT = "email_confirmation"
LINK_LIFE = timedelta(hours=24)
#: No token of ours is longer; what is would only be costly to look at.
MAX_TOKEN = 600


def ask_to_confirm(actor: Actor, email: str, link_of: Callable[[str], str]) -> None:
    """Send a link to ``email``; ``link_of`` makes the link of a token. Raises ``EmailInvalid`` or ``EmailOff``.

    The token is a ciphertext of user, address and time: nothing is kept of an address that nobody confirms.
    """
    if is_off(Channel.EMAIL):
        raise EmailOff
    user = _user(actor)
    address = normal_email(email)
    until = now() + LINK_LIFE
    text = word(
        N_("您正在金融超市登记接收消息的邮箱。请在 {hours} 小时内打开 {link} 完成确认。不是您本人操作请忽略。"),
        {"hours": int(LINK_LIFE.total_seconds() // 3600), "link": link_of(_token(user, address, until))},
        user.language,
    )
    # Not the recipient's own address, which may be an older one.
    there = Recipient(user.id, user.language, email=address, demonstration=recipient(user).demonstration)
    post_code(there, "email_confirmation", Channel.EMAIL, text, useless_after=until)


def address_in(actor: Actor, token: str) -> str:
    """The address that a token confirms for the actor. Raises ``LinkUnusable`` for any but their own fresh one."""
    user = _user(actor)
    if len(token) > MAX_TOKEN:
        raise LinkUnusable
    try:
        said = json.loads(keyring().decrypt(base64.urlsafe_b64decode(token.encode("ascii")), CONTEXT))
    except (ValueError, binascii.Error, KeyMissing, Unreadable):
        raise LinkUnusable from None
    if said["user"] != user.public_id or datetime.fromisoformat(said["until"]) < now():
        raise LinkUnusable
    return str(said["email"])


def confirm(actor: Actor, token: str) -> None:
    """Keep the address that the token names; the one before is told. Raises ``LinkUnusable``."""
    address = address_in(actor, token)
    user = _user(actor, lock=True)
    if user.email == address:
        return
    tell_user(user.id, email_changed())
    user.email = address
    record(actor, EmailChanged(target=user.public_id, how="confirmed"))


def forget(actor: Actor) -> None:
    """Keep no address any more; there is nothing to forget where there is none."""
    user = _user(actor, lock=True)
    if user.email is None:
        return
    tell_user(user.id, email_changed())
    user.email = None
    record(actor, EmailChanged(target=user.public_id, how="removed"))


def _token(user: User, address: str, until: datetime) -> str:
    said = json.dumps({"user": user.public_id, "email": address, "until": until.isoformat()})
    return base64.urlsafe_b64encode(keyring().encrypt(said.encode(), CONTEXT)).decode("ascii")


def _user(actor: Actor, *, lock: bool = False) -> User:
    user = users.user_by_id(actor.user_id, lock=lock) if actor.user_id is not None else None
    if user is None:
        raise UserUnknown
    return user
