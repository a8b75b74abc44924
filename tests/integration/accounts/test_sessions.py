"""Sessions: ended by their owner, by time, by a lock, by a new password; switched between organisations."""

from datetime import date

import pytest
from sqlalchemy import select, text

from finmart.platform.accounts.models.organisations import Membership
from finmart.platform.accounts.models.users import UserSession
from finmart.platform.accounts.repository import users
from finmart.platform.accounts.service import directory, reset, sessions, sign_up
from finmart.platform.accounts.service.sign_in import sign_in
from finmart.platform.accounts.types.errors import OrganisationUnknown, SessionUnknown, WrongPassword
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.errors import NotFound
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")


def _token(phone: str) -> str:
    return sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE).token


def _actor(token: str) -> Actor:
    actor = sessions.load_actor(token)
    assert actor is not None
    return actor


def test_the_table_holds_no_token_and_no_whole_address() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.signed_up(phone=phone)
        token = _token(phone)
        rows = session().execute(text("SELECT * FROM user_session")).all()
        assert token not in repr(rows)
        assert made.DEVICE.address not in repr(rows)
        assert "203.0.113.0" in repr(rows)


def test_everybody_has_a_token_of_their_own_each_time() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.signed_up(phone=phone)
        assert len({_token(phone) for _ in range(3)}) == 3


def test_a_person_lists_and_ends_own_sessions_only() -> None:
    with unit_of_work():
        phone, other = made.new_phone(), made.new_phone()
        made.signed_up(phone=phone)
        made.signed_up(phone=other)
        mine, elsewhere, foreign = _token(phone), _token(phone), _token(other)
        actor = _actor(mine)
        listed = sessions.list_sessions(actor)
        assert [view.current for view in listed].count(True) == 1
        theirs = sessions.list_sessions(_actor(foreign))[0]
        with pytest.raises(SessionUnknown):
            sessions.revoke_session(actor, theirs.public_id)
        for view in listed:
            if not view.current:
                sessions.revoke_session(actor, view.public_id)
        assert sessions.load_actor(elsewhere) is None
        assert sessions.load_actor(mine) is not None
        assert sessions.load_actor(foreign) is not None
        with pytest.raises(NotFound):
            sessions.list_sessions(VISITOR)


def test_ending_all_others_keeps_this_one() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.signed_up(phone=phone)
        tokens = [_token(phone) for _ in range(3)]
        assert sessions.revoke_other_sessions(_actor(tokens[0])) == 3
        assert [sessions.load_actor(token) is not None for token in tokens] == [True, False, False]


def test_signing_out_ends_the_session_on_the_server() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.signed_up(phone=phone)
        token = _token(phone)
        sessions.sign_out(_actor(token))
        assert sessions.load_actor(token) is None
        sessions.sign_out(VISITOR)


def test_a_lock_ends_every_session() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.signed_up(phone=phone)
        token = _token(phone)
        operator = made.member("operator")
        directory.lock_user(operator, directory.find_by_phone(operator, phone).public_id, reason="可疑登录")
        assert sessions.load_actor(token) is None


def test_a_new_password_ends_the_other_sessions() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.signed_up(phone=phone)
        here, elsewhere = _token(phone), _token(phone)
        with pytest.raises(WrongPassword):
            reset.change_password(_actor(here), current="not-the-one-7", password="river-stone-31")
        reset.change_password(_actor(here), current=made.PASSWORD, password="river-stone-31")
        assert sessions.load_actor(here) is not None
        assert sessions.load_actor(elsewhere) is None
        assert sign_in(phone=phone, password="river-stone-31", device=made.DEVICE).token


def test_a_person_switches_between_own_organisations_only() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.signed_up(phone=phone)
        actor = _actor(_token(phone))
        sign_up.add_identity(actor, made.identity(SubjectKind.FARMER))
        stranger = made.signed_up()
        views = sessions.list_memberships(actor)
        assert [view.current for view in views] == [True, False]
        switched = sessions.switch_organisation(actor, views[1].public_id)
        assert switched.organisation_id == views[1].organisation_id
        assert sessions.list_memberships(switched)[1].current
        foreign = sessions.list_memberships(stranger)[0]
        with pytest.raises(OrganisationUnknown):
            sessions.switch_organisation(actor, foreign.public_id)


def test_an_ended_membership_takes_its_rights_at_once() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.member("institution_clerk", phone=phone)
        token = _token(phone)
        assert _actor(token).role == "institution_clerk"
        membership = session().scalars(select(Membership)).one()
        membership.valid_until = date.today()  # noqa: DTZ011  # The wall date or the day before: either has ended it.
        session().flush()
        left = _actor(token)
        assert left.role is None
        assert left.permissions == frozenset()
        assert left.user_id is not None


def test_sessions_of_a_user_are_found_by_user() -> None:
    with unit_of_work():
        phone = made.new_phone()
        made.signed_up(phone=phone)
        user = users.user_by_phone(phone)
        assert user is not None
        assert set(session().scalars(select(UserSession.user_id))) == {user.id}
