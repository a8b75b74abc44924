"""Passwords: argon2id hashes, rules against the easily guessed, and the same effort for an unknown phone."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from finmart.platform.accounts.types.errors import WeakPassword
from finmart.platform.kernel.messages import N_

MIN_LENGTH = 10
#: A longer one would only make the server work; argon2 itself has no such limit.
MAX_LENGTH = 128
MIN_DISTINCT = 5
_COMMON = ("password", "passw0rd", "qwerty", "1qaz2wsx", "iloveyou", "admin", "woaini", "123456", "abc123")


class _Holder:
    hasher = PasswordHasher()
    # The hash that an unknown phone's password is compared with, made by the hasher in use.
    decoy: str | None = None


def use_password_hasher(hasher: PasswordHasher) -> None:
    """Hash with ``hasher`` from now on (tests take cheap parameters; old hashes stay readable)."""
    _Holder.hasher = hasher
    _Holder.decoy = None


def _normal(password: str) -> str:
    # The same password typed on another keyboard (full width, composed accents) must stay the same password.
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``, with its parameters and salt inside."""
    return _Holder.hasher.hash(_normal(password))


def password_matches(stored: str, password: str) -> bool:
    """Whether ``password`` is the one whose hash is ``stored``."""
    try:
        return _Holder.hasher.verify(stored, _normal(password)[: MAX_LENGTH * 4])
    except (VerificationError, InvalidHashError):
        return False


def spend_the_same_effort(password: str) -> None:
    """Do what checking a password costs, so that an unknown phone answers no faster than a known one."""
    if _Holder.decoy is None:
        _Holder.decoy = _Holder.hasher.hash(secrets.token_hex(16))
    password_matches(_Holder.decoy, password)


def is_outdated(stored: str) -> bool:
    """Whether ``stored`` was made with other parameters than those in use now."""
    return _Holder.hasher.check_needs_rehash(stored)


def check_password(password: str, *, phone: str) -> None:
    """Refuse what is easily guessed: short, one kind of character, common, or made of the phone. ``WeakPassword``."""
    normal = _normal(password)
    if len(normal) < MIN_LENGTH:
        raise WeakPassword(N_("密码至少 {length} 位，请同时使用字母和数字。"), length=MIN_LENGTH)
    if len(normal) > MAX_LENGTH:
        raise WeakPassword(N_("密码最多 {length} 位。"), length=MAX_LENGTH)
    if normal.isdigit() or normal.isalpha() or len(set(normal)) < MIN_DISTINCT:
        raise WeakPassword(N_("密码过于简单，请同时使用字母和数字，并避免大量重复。"))
    lowered = normal.lower()
    if any(word in lowered for word in _COMMON) or (phone and phone[-8:] in normal):
        raise WeakPassword(N_("密码过于常见或包含手机号，请换一个别人猜不到的。"))
