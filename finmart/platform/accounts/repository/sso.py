"""Accounts elsewhere that open accounts here."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from finmart.platform.accounts.models.sso import SsoLink
from finmart.platform.db.session import session


def add_link(*, user_id: int, account: str) -> bool:
    """A new link; False when somebody else linked the same account at the same moment."""
    try:
        with session().begin_nested():
            session().add(SsoLink(user_id=user_id, account_index=account))
            session().flush()
    except IntegrityError:
        return False
    return True


def link_of_account(account: str, *, lock: bool = False) -> SsoLink | None:
    """The link of an account elsewhere; ``lock``: as it stands now, and held until the end of the transaction."""
    query = select(SsoLink).where(SsoLink.account_index == account)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session().scalar(query)


def links_of_user(user_id: int) -> list[SsoLink]:
    """All links of a user."""
    return list(session().scalars(select(SsoLink).where(SsoLink.user_id == user_id).order_by(SsoLink.id)))


def remove_links(links: list[SsoLink]) -> None:
    """Take links away."""
    for link in links:
        session().delete(link)
    session().flush()
