"""Reading and adding branches; nothing here decides or commits."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, update

from finmart.platform.accounts.models.branches import Branch
from finmart.platform.accounts.models.organisations import Membership
from finmart.platform.accounts.models.users import OneTimeLink
from finmart.platform.accounts.repository.organisations import active_on
from finmart.platform.db.session import session
from finmart.platform.kernel.clock import today


def add_branch(**values: Any) -> Branch:
    """A new branch with the given columns."""
    row = Branch(**values)
    session().add(row)
    session().flush()
    return row


def branches_of(organisation_id: int, on: date) -> list[Branch]:
    """The branches of an institution that are not closed on a day, those that open later among them, in order."""
    query = select(Branch).where(
        Branch.organisation_id == organisation_id, or_(Branch.active_until.is_(None), Branch.active_until > on)
    )
    return list(session().scalars(query.order_by(Branch.id)))


def closed_branches(on: date) -> list[Branch]:
    """The branches of every institution that are closed on a day."""
    return list(session().scalars(select(Branch).where(Branch.active_until <= on).order_by(Branch.id)))


def members_by_branch(organisation_id: int) -> dict[int, int]:
    """branch id → how many people belong to it today."""
    query = (
        select(Membership.branch_id, func.count())
        .where(Membership.organisation_id == organisation_id, Membership.branch_id.is_not(None), active_on(today()))
        .group_by(Membership.branch_id)
    )
    return {branch_id: number for branch_id, number in session().execute(query) if branch_id is not None}


def move_people(from_id: int, to_id: int | None, name: str) -> None:
    """Give the members of a branch, and who is invited into it, another one; ``name`` is that one's.

    Whoever has left already was of the old one, and stays so in the records.
    """
    values = {"branch_id": to_id, "branch": name}
    has_not_left = or_(Membership.valid_until.is_(None), Membership.valid_until > today())
    session().execute(update(Membership).where(Membership.branch_id == from_id, has_not_left).values(**values))
    unused = OneTimeLink.used_at.is_(None)
    session().execute(update(OneTimeLink).where(OneTimeLink.branch_id == from_id, unused).values(**values))


def rename_for_people(branch_id: int, name: str) -> None:
    """Let members' cards say the new name of their branch."""
    session().execute(update(Membership).where(Membership.branch_id == branch_id).values(branch=name))


def branch_names(ids: Iterable[int]) -> dict[int, str]:
    """inner id → name, of open and closed branches."""
    query = select(Branch.id, Branch.name).where(Branch.id.in_(sorted(set(ids))))
    return {row.id: row.name for row in session().execute(query)}


def branch_public_ids(ids: Iterable[int]) -> dict[int, str]:
    """inner id → public id, of open and closed branches."""
    query = select(Branch.id, Branch.public_id).where(Branch.id.in_(sorted(set(ids))))
    return {row.id: row.public_id for row in session().execute(query)}
