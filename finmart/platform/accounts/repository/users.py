"""Users, their agreements to the terms, and phones that have no account."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.users import TermsAcceptance, UnknownPhone, User, UserSession
from finmart.platform.crypto.keyring import keyring
from finmart.platform.db.session import session
from finmart.platform.kernel.clock import now


def phone_index(phone: str) -> str:
    """The blind index of a normalised phone."""
    return keyring().blind_index(phone, "user_account.phone")


def add_user(*, name: str, phone: str, password_hash: str, demonstration: bool, language: str = "zh") -> User | None:
    """A new user; ``phone`` is normalised. None when somebody took the phone at the same moment."""
    user = User(
        name=name,
        phone=phone,
        phone_index=phone_index(phone),
        password_hash=password_hash,
        failed_count=0,
        language=language,
        demonstration=demonstration,
    )
    try:
        with session().begin_nested():
            session().add(user)
    except IntegrityError:
        return None
    return user


def user_by_phone(phone: str, *, lock: bool = False) -> User | None:
    """The user with a normalised phone; ``lock`` holds the row until the transaction ends."""
    query = select(User).where(User.phone_index == phone_index(phone))
    return session().scalar(query.with_for_update() if lock else query)


def user_by_id(user_id: int, *, lock: bool = False) -> User | None:
    """The user with an inner id."""
    query = select(User).where(User.id == user_id)
    return session().scalar(query.with_for_update() if lock else query)


def users_by_ids(user_ids: list[int]) -> list[User]:
    """Users by inner ids, in no order."""
    return list(session().scalars(select(User).where(User.id.in_(user_ids))))


def user_by_public_id(public_id: str, *, lock: bool = False) -> User | None:
    """The user with a public id."""
    query = select(User).where(User.public_id == public_id)
    return session().scalar(query.with_for_update() if lock else query)


def set_language(user_id: int, language: str) -> None:
    """Note in which language a user reads; nothing is written when it is that one already."""
    session().execute(
        update(User)
        .where(User.id == user_id, User.language != language)
        .values(language=language)
        .execution_options(synchronize_session=False)
    )


def unknown_phone(phone: str) -> UnknownPhone:
    """The row that counts wrong sign-ins of a phone without an account, made when missing."""
    index = phone_index(phone)
    query = select(UnknownPhone).where(UnknownPhone.phone_index == index).with_for_update()
    row = session().scalar(query)
    if row is not None:
        return row
    try:
        with session().begin_nested():
            session().add(UnknownPhone(phone_index=index, failed_count=0))
    except IntegrityError:
        # Another request counted the same phone first; its row is the one to go on with.
        pass
    return session().scalars(query).one()


def forget_unknown_phones(*, before: datetime) -> None:
    """Drop counters whose last wrong sign-in is older than ``before``."""
    session().execute(delete(UnknownPhone).where(UnknownPhone.last_failed_at < before))


def accept_terms(*, user_id: int, version: str) -> None:
    """Note that a user agreed to a version of the terms."""
    session().add(TermsAcceptance(user_id=user_id, version=version, accepted_at=now()))


def accepted_terms(user_id: int) -> str | None:
    """The version of the terms that a user agreed to last."""
    return session().scalar(
        select(TermsAcceptance.version)
        .where(TermsAcceptance.user_id == user_id)
        .order_by(TermsAcceptance.id.desc())
        .limit(1)
    )


def _matching(text: str, phone: str | None, kind: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if kind:
        of_kind = select(Membership.user_id).join(Organisation, Organisation.id == Membership.organisation_id)
        conditions.append(User.id.in_(of_kind.where(Organisation.kind == kind)))
    if phone is not None:
        conditions.append(User.phone_index == phone_index(phone))
    elif text:
        named = select(Membership.user_id).join(Organisation, Organisation.id == Membership.organisation_id)
        by_organisation = User.id.in_(named.where(Organisation.name_zh.contains(text, autoescape=True)))
        conditions.append(by_organisation | (User.public_id == text))
    return conditions


def search_users(*, text: str, phone: str | None, kind: str | None, limit: int, offset: int) -> tuple[list[User], int]:
    """Users by normalised phone, public id or part of an organisation's name, newest first, and their number."""
    conditions = _matching(text, phone, kind)
    total = session().scalar(select(func.count()).select_from(User).where(*conditions)) or 0
    query = select(User).where(*conditions).order_by(User.id.desc()).limit(limit).offset(offset)
    return list(session().scalars(query)), total


def last_seen(user_ids: list[int]) -> dict[int, datetime]:
    """When each user was last seen in any session."""
    query = (
        select(UserSession.user_id, func.max(UserSession.last_seen_at))
        .where(UserSession.user_id.in_(user_ids))
        .group_by(UserSession.user_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}
