"""One-time links and reset codes; the table holds hashes only."""

from datetime import datetime

from sqlalchemy import func, select, update

from finmart.platform.accounts.models.users import OneTimeLink, ResetCode
from finmart.platform.db.session import session
from finmart.platform.kernel.clock import now


def add_link(
    *,
    purpose: str,
    token_hash: str,
    expires_at: datetime,
    created_by_user_id: int | None,
    user_id: int | None = None,
    organisation_id: int | None = None,
    role: str | None = None,
    branch: str = "",
    branch_id: int | None = None,
    region: str | None = None,
) -> OneTimeLink:
    """A new link."""
    link = OneTimeLink(
        purpose=purpose,
        token_hash=token_hash,
        expires_at=expires_at,
        created_by_user_id=created_by_user_id,
        user_id=user_id,
        organisation_id=organisation_id,
        role=role,
        branch=branch,
        branch_id=branch_id,
        region=region,
    )
    session().add(link)
    session().flush()
    return link


def usable_link(*, token_hash: str, purpose: str) -> OneTimeLink | None:
    """The link of that purpose, if it is neither used nor withdrawn nor expired."""
    return session().scalar(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == token_hash,
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.withdrawn_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
    )


def use_up(link_id: int, *, by_user_id: int) -> bool:
    """Mark a link as used; False when somebody else was first. The condition in the update makes it one use."""
    result = session().execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None), OneTimeLink.withdrawn_at.is_(None))
        .values(used_at=now(), used_by_user_id=by_user_id)
        .returning(OneTimeLink.id)
    )
    return result.first() is not None


def withdraw_reset_links(user_id: int) -> None:
    """Withdraw every open reset link of a user: only the newest one works, and none after a reset."""
    session().execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user_id, OneTimeLink.used_at.is_(None), OneTimeLink.withdrawn_at.is_(None))
        .values(withdrawn_at=now())
    )


def link_of_organisation(*, organisation_id: int, public_id: str) -> OneTimeLink | None:
    """An invitation of an organisation by its public id."""
    return session().scalar(
        select(OneTimeLink).where(OneTimeLink.organisation_id == organisation_id, OneTimeLink.public_id == public_id)
    )


def live_links(*, limit: int, offset: int) -> tuple[list[OneTimeLink], int]:
    """Links that still open something, those that end first first, and their number."""
    live = (OneTimeLink.used_at.is_(None), OneTimeLink.withdrawn_at.is_(None), OneTimeLink.expires_at > now())
    total = session().scalar(select(func.count()).select_from(OneTimeLink).where(*live)) or 0
    query = select(OneTimeLink).where(*live).order_by(OneTimeLink.expires_at, OneTimeLink.id)
    return list(session().scalars(query.limit(limit).offset(offset))), total


def link_by_public_id(public_id: str) -> OneTimeLink | None:
    """A link by its public id, held until the transaction ends."""
    return session().scalar(select(OneTimeLink).where(OneTimeLink.public_id == public_id).with_for_update())


def invitations_of(organisation_id: int, *, limit: int = 50) -> list[OneTimeLink]:
    """The latest invitations into an organisation."""
    query = (
        select(OneTimeLink)
        .where(OneTimeLink.organisation_id == organisation_id)
        .order_by(OneTimeLink.id.desc())
        .limit(limit)
    )
    return list(session().scalars(query))


def add_code(*, user_id: int, code_index: str, expires_at: datetime) -> None:
    """A new reset code; earlier ones of the user stop working."""
    drop_codes(user_id)
    session().add(ResetCode(user_id=user_id, code_index=code_index, tries=0, expires_at=expires_at))
    session().flush()


def drop_codes(user_id: int) -> None:
    """End every reset code of a user."""
    session().execute(
        update(ResetCode).where(ResetCode.user_id == user_id, ResetCode.used_at.is_(None)).values(used_at=now())
    )


def open_code(user_id: int) -> ResetCode | None:
    """The reset code of a user that is neither used nor expired, held until the transaction ends."""
    query = (
        select(ResetCode)
        .where(ResetCode.user_id == user_id, ResetCode.used_at.is_(None), ResetCode.expires_at > now())
        .order_by(ResetCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    return session().scalar(query)


def codes_since(user_id: int, *, since: datetime) -> int:
    """How many reset codes a user was sent since ``since``."""
    query = select(func.count()).where(ResetCode.user_id == user_id, ResetCode.created_at >= since)
    return session().scalar(query) or 0
