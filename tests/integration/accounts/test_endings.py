"""Qualifications and agreements that are about to end: told once, to whom it concerns."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from finmart.platform.accounts.repository import organisations
from finmart.platform.accounts.service import onboarding
from finmart.platform.accounts.service.branches import add_branch, read_branch
from finmart.platform.accounts.service.endings import remind_of_ends
from finmart.platform.accounts.types.branches import BranchDetails
from finmart.platform.accounts.types.onboarding import Dates
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.notices.models import Message
from tests.factories import accounts as made

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

OPERATOR = Actor(name="operator", organisation_kind="operator", role="operator", permissions=permissions_of("operator"))


def _dates(qualified_until: date | None, agreement_until: date | None) -> Dates:
    start = date(2026, 1, 1)
    return Dates(
        start if qualified_until else None, qualified_until, start if agreement_until else None, agreement_until
    )


def _state(admin: Actor, dates: Dates) -> None:
    row = organisations.organisation_by_id(admin.organisation_id or 0)
    assert row is not None
    onboarding.set_dates(OPERATOR, row.public_id, dates)


def _letters(actor: Actor) -> list[str]:
    found = session().scalars(select(Message).where(Message.user_id == actor.user_id).order_by(Message.id))
    return [row.kind for row in found if row.kind.startswith("institution.")]


def test_each_end_is_told_of_once_thirty_days_before() -> None:
    with unit_of_work():
        admin, operator = made.member("institution_admin"), made.member("operator")
        clerk = made.member("institution_clerk", organisation_id=admin.organisation_id)
        _state(admin, _dates(today() + timedelta(days=45), today() + timedelta(days=60)))
        assert remind_of_ends() == 0
    begun, told = now(), []
    for days in (14, 15, 16, 30, 31, 59, 60):
        with time_machine.travel(begun + timedelta(days=days)), unit_of_work():
            told.append(remind_of_ends())
    assert told == [0, 1, 0, 1, 0, 0, 0]
    with unit_of_work(readonly=True):
        assert _letters(admin) == ["institution.qualification_ends", "institution.agreement_ends"]
        assert _letters(operator) == ["institution.end_near"] * 2
        assert _letters(clerk) == []


def test_two_ends_on_one_day_are_two_letters_that_name_the_last_day() -> None:
    with unit_of_work():
        admin = made.member("institution_admin")
        end = today() + timedelta(days=20)
        _state(admin, _dates(end, end))
        assert remind_of_ends() == 2
        said = session().scalars(select(Message).where(Message.user_id == admin.user_id)).all()
        last = end - timedelta(days=1)
        assert all(f"{last.year}年{last.month}月{last.day}日" in row.happened for row in said)


def test_an_end_that_was_put_off_or_brought_forward_is_told_of_again() -> None:
    with unit_of_work():
        admin = made.member("institution_admin")
        _state(admin, _dates(None, today() + timedelta(days=20)))
        assert (remind_of_ends(), remind_of_ends()) == (1, 0)
        _state(admin, _dates(None, today() + timedelta(days=10)))
        assert (remind_of_ends(), remind_of_ends()) == (1, 0)
        _state(admin, _dates(None, today() + timedelta(days=400)))
        assert remind_of_ends() == 0


def test_administrators_of_a_branch_are_not_told() -> None:
    with unit_of_work():
        admin = made.member("institution_admin")
        branch = add_branch(admin, BranchDetails("东湖支行", "360102", date(2026, 1, 5)))
        local = made.member("institution_admin", organisation_id=admin.organisation_id)
        own = {user.id: row for row, user in organisations.members_of(admin.organisation_id or 0)}
        own[local.user_id or 0].branch_id = read_branch(admin, branch).id
        session().flush()
        _state(admin, _dates(None, today() + timedelta(days=20)))
        assert remind_of_ends() == 1
        assert (_letters(admin), _letters(local)) == (["institution.agreement_ends"], [])
