"""Making user accounts, in the one way all doors use."""

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import organisations, users
from finmart.platform.accounts.service.passwords import check_password, hash_password
from finmart.platform.accounts.types.contacts import mask_email, mask_phone, normal_phone
from finmart.platform.accounts.types.errors import NameMissing, PhoneTaken, TermsNotAccepted, UserUnknown
from finmart.platform.accounts.types.values import AccountView, NewUser
from finmart.platform.db.session import short_transaction
from finmart.platform.kernel.actor import Actor

#: The version of the terms and of the list of what is stored, as shown at sign-up.
TERMS_VERSION = "2026-11"
MAX_NAME = 60


def create_user(person: NewUser, *, demonstration: bool = False) -> User:
    """A new account with its agreement to the terms.

    Raises ``TermsNotAccepted``, ``PhoneInvalid``, ``PhoneTaken``, ``WeakPassword`` or ``NameMissing``.
    """
    if not person.accepted_terms:
        raise TermsNotAccepted
    name = person.name.strip()
    if not name or len(name) > MAX_NAME:
        raise NameMissing
    phone = normal_phone(person.phone)
    check_password(person.password, phone=phone)
    if users.user_by_phone(phone) is not None:
        raise PhoneTaken
    user = users.add_user(
        name=name,
        phone=phone,
        password_hash=hash_password(person.password),
        demonstration=demonstration,
        language=person.language,
    )
    if user is None:
        raise PhoneTaken
    users.accept_terms(user_id=user.id, version=TERMS_VERSION)
    return user


def contact_of(organisation_id: int) -> tuple[str, str, str]:
    """Whom to call for an applicant: the organisation's name, its first member's name, and phone.

    The caller has seen to it that the applicant allowed it and that the look is recorded. Raises ``UserUnknown``.
    """
    organisation = organisations.organisation_by_id(organisation_id)
    members = organisations.members_of(organisation_id)
    if organisation is None or not members:
        raise UserUnknown
    _membership, user = members[0]
    return organisation.name_zh, user.name, user.phone


def account(actor: Actor) -> AccountView:
    """The actor's own account. Raises ``UserUnknown`` for a visitor."""
    user = users.user_by_id(actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise UserUnknown
    return AccountView(
        public_id=user.public_id,
        name=user.name,
        phone_masked=mask_phone(user.phone),
        email_masked=mask_email(user.email) if user.email else "",
        created_at=user.created_at,
        password_changed_at=user.password_changed_at,
        terms_version=users.accepted_terms(user.id),
        language=user.language,
    )


def keep_language(actor: Actor, language: str) -> None:
    """Word letters to the actor in ``language`` from now on; a visitor is passed over.

    Written in a short transaction of its own, because a language is switched by following a link.
    """
    if actor.user_id is not None:
        with short_transaction():
            users.set_language(actor.user_id, language)
