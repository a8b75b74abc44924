"""Organisations and memberships."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.types.onboarding import Attention
from finmart.platform.db.session import session
from finmart.platform.kernel.clock import today

#: So long before its end an agreement is brought to the operator's notice.
ENDING_WITHIN = timedelta(days=30)


def add_organisation(**values: Any) -> Organisation:
    """A new organisation with the given columns."""
    organisation = Organisation(**values)
    session().add(organisation)
    session().flush()
    return organisation


def organisation_by_id(organisation_id: int) -> Organisation | None:
    """The organisation with an inner id."""
    return session().get(Organisation, organisation_id)


def organisation_by_public_id(public_id: str, *, lock: bool = False) -> Organisation | None:
    """The organisation with a public id."""
    query = select(Organisation).where(Organisation.public_id == public_id)
    return session().scalar(query.with_for_update() if lock else query)


def organisation_by_code(*, kind: str, code: str) -> Organisation | None:
    """The organisation of a kind with a code of ours."""
    return session().scalar(select(Organisation).where(Organisation.kind == kind, Organisation.code == code))


def organisations_by_id(ids: list[int]) -> list[Organisation]:
    """Organisations by inner ids, in no order."""
    return list(session().scalars(select(Organisation).where(Organisation.id.in_(ids))))


def _needing(attention: Attention, on: date) -> ColumnElement[bool]:
    """Which organisations need something; ends are exclusive, and only institutions have agreements and desks."""
    institution = Organisation.kind == "institution"
    until = Organisation.agreement_until
    has_members = exists().where(Membership.organisation_id == Organisation.id, active_on(on))
    conditions: dict[Attention, ColumnElement[bool]] = {
        Attention.AGREEMENT_ENDING: institution & (until > on) & (until <= on + ENDING_WITHIN),
        Attention.AGREEMENT_OVER: institution & (until <= on),
        Attention.NO_AGREEMENT: institution & until.is_(None),
        Attention.NO_MEMBERS: ~has_members,
        Attention.NOT_CONNECTED: institution & ~Organisation.connected,
    }
    return conditions[attention]


def search_organisations(
    *, text: str, kind: str | None, attention: Attention | None, limit: int, offset: int
) -> tuple[list[tuple[Organisation, int]], int]:
    """Organisations with their number of members, by part of the name or code, newest first, and the total."""
    conditions: list[ColumnElement[bool]] = [_needing(attention, today())] if attention else []
    if kind:
        conditions.append(Organisation.kind == kind)
    if text:
        conditions.append(
            or_(
                Organisation.name_zh.contains(text, autoescape=True),
                Organisation.name_en.contains(text, autoescape=True),
                Organisation.code == text,
                Organisation.public_id == text,
            )
        )
    total = session().scalar(select(func.count()).select_from(Organisation).where(*conditions)) or 0
    members = (
        select(func.count())
        .where(Membership.organisation_id == Organisation.id, active_on(today()))
        .correlate(Organisation)
        .scalar_subquery()
    )
    query = select(Organisation, members).where(*conditions).order_by(Organisation.id.desc())
    rows = session().execute(query.limit(limit).offset(offset))
    return [(row[0], row[1]) for row in rows], total


def active_on(day: date) -> ColumnElement[bool]:
    """The condition that a membership holds on ``day``."""
    return (Membership.valid_from <= day) & or_(Membership.valid_until.is_(None), Membership.valid_until > day)


def add_membership(
    *, user_id: int, organisation_id: int, role: str, branch: str = "", region: str | None = None
) -> Membership:
    """A membership from today on."""
    membership = Membership(
        user_id=user_id,
        organisation_id=organisation_id,
        role=role,
        branch=branch,
        region=region,
        valid_from=today(),
    )
    session().add(membership)
    session().flush()
    return membership


def memberships_of(user_id: int) -> list[tuple[Membership, Organisation]]:
    """A user's memberships that hold today, the oldest first."""
    query = (
        select(Membership, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id == user_id, active_on(today()))
        .order_by(Membership.id)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def memberships_of_users(user_ids: list[int]) -> list[tuple[Membership, Organisation]]:
    """The memberships of several users that hold today."""
    query = (
        select(Membership, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id.in_(user_ids), active_on(today()))
        .order_by(Membership.id)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def members_of(organisation_id: int, *, lock: bool = False) -> list[tuple[Membership, User]]:
    """The members of an organisation today, the oldest first."""
    query = (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id, active_on(today()))
        .order_by(Membership.id)
    )
    rows = session().execute(query.with_for_update(of=Membership) if lock else query)
    return [(row[0], row[1]) for row in rows]


def members_of_many(organisation_ids: Collection[int]) -> list[tuple[Membership, User]]:
    """The members of several organisations today."""
    query = select(Membership, User).join(User, User.id == Membership.user_id)
    rows = session().execute(query.where(Membership.organisation_id.in_(organisation_ids), active_on(today())))
    return [(row[0], row[1]) for row in rows]


def ids_of_kind(kind: str) -> list[int]:
    """The inner ids of all organisations of a kind."""
    return list(session().scalars(select(Organisation.id).where(Organisation.kind == kind).order_by(Organisation.id)))


def reading_institutions(on: date) -> list[Organisation]:
    """Institutions whose qualification and agreement both hold on a day, by name; the last days are exclusive."""
    query = select(Organisation).where(
        Organisation.qualified_from <= on,
        Organisation.qualified_until > on,
        Organisation.agreement_from <= on,
        Organisation.agreement_until > on,
    )
    return list(session().scalars(query.order_by(Organisation.name_zh)))


def ending_institutions(on: date) -> list[Organisation]:
    """Institutions whose qualification or agreement ends within ``ENDING_WITHIN`` of a day; locked."""
    near = [
        (until > on) & (until <= on + ENDING_WITHIN)
        for until in (Organisation.qualified_until, Organisation.agreement_until)
    ]
    query = select(Organisation).where(Organisation.kind == "institution", or_(*near)).order_by(Organisation.id)
    return list(session().scalars(query.with_for_update()))


def ids_with_roles(organisation_ids: list[int], roles: Iterable[str]) -> set[int]:
    """Those of the organisations that have a member today in one of ``roles``."""
    query = select(Membership.organisation_id).where(
        Membership.organisation_id.in_(organisation_ids), Membership.role.in_(sorted(roles)), active_on(today())
    )
    return set(session().scalars(query))


def any_demonstration() -> bool:
    """Whether any organisation belongs to the demonstration."""
    return session().scalar(select(Organisation.id).where(Organisation.demonstration).limit(1)) is not None
