"""One-time links, reset codes and invitations: once, in time, never forged, never told apart."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service import directory, members, onboarding, reset, sessions, sign_up
from finmart.platform.accounts.service.sign_in import sign_in
from finmart.platform.accounts.types.errors import (
    AlreadyMember,
    CodeUnusable,
    LastOwner,
    LinkUnusable,
    OrganisationUnknown,
    PhoneTaken,
    RoleUnknown,
    UserUnknown,
    WeakPassword,
)
from finmart.platform.accounts.types.values import IssuedLink
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs.runner import use_inline_runner
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.notices.service.sending import use_sender
from finmart.platform.notices.types import Notice
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NEW_PASSWORD = "river-stone-3141"


@pytest.fixture
def notices() -> Iterator[list[Notice]]:
    """What was sent."""
    sent: list[Notice] = []
    use_sender(sent.append)
    use_inline_runner()
    yield sent
    use_sender(None)


def _code(notice: Notice) -> str:
    return next(word for word in notice.text.replace("，", " ").split() if word.isdigit() and len(word) == 6)


def _account() -> str:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    return phone


def _reset_link(phone: str) -> IssuedLink:
    with unit_of_work():
        operator = made.member("operator")
        return reset.issue_reset_link(operator, directory.find_by_phone(operator, phone).public_id)


def _kept(call: Callable[[], object]) -> FinmartError | None:
    """Call at an edge that keeps the changes of a refusal."""
    refusal: FinmartError | None = None
    with unit_of_work():
        try:
            call()
        except FinmartError as error:
            refusal = error
    return refusal


def test_a_code_from_the_phone_sets_a_new_password_once(notices: list[Notice]) -> None:
    phone = _account()
    with unit_of_work():
        token = sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE).token
        reset.request_code(phone)
        assert notices == []  # Nothing is sent for what might still be rolled back.
    (notice,) = notices
    assert (notice.kind, notice.address) == ("reset_code", phone)
    with unit_of_work():
        reset.reset_with_code(phone=phone, code=_code(notice), password=NEW_PASSWORD)
        assert sessions.load_actor(token) is None
        assert sign_in(phone=phone, password=NEW_PASSWORD, device=made.DEVICE).token
    with pytest.raises(CodeUnusable), unit_of_work():
        reset.reset_with_code(phone=phone, code=_code(notice), password="another-one-777")


def test_an_unknown_phone_gets_no_code_and_no_other_answer(notices: list[Notice]) -> None:
    with unit_of_work():
        reset.request_code(made.new_phone())
    assert notices == []
    with pytest.raises(CodeUnusable), unit_of_work():
        reset.reset_with_code(phone=made.new_phone(), code="123456", password=NEW_PASSWORD)


def test_a_code_cannot_be_guessed_and_runs_out(notices: list[Notice]) -> None:
    phone = _account()
    with time_machine.travel(NOW, tick=False) as clock:
        with unit_of_work():
            reset.request_code(phone)
        code = _code(notices[0])
        wrong = "000000" if code != "000000" else "111111"
        for _ in range(reset.MAX_TRIES):
            answer = _kept(lambda: reset.reset_with_code(phone=phone, code=wrong, password=NEW_PASSWORD))
            assert isinstance(answer, CodeUnusable)
        answer = _kept(lambda: reset.reset_with_code(phone=phone, code=code, password=NEW_PASSWORD))
        assert isinstance(answer, CodeUnusable)
        with unit_of_work():
            reset.request_code(phone)
        clock.shift(reset.CODE_LIFE + timedelta(seconds=1))
        late = _code(notices[1])
        answer = _kept(lambda: reset.reset_with_code(phone=phone, code=late, password=NEW_PASSWORD))
        assert isinstance(answer, CodeUnusable)


def test_codes_are_sent_five_times_an_hour_at_most(notices: list[Notice]) -> None:
    phone = _account()
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(reset.MAX_CODES_AN_HOUR + 3):
            with unit_of_work():
                reset.request_code(phone)
        assert len(notices) == reset.MAX_CODES_AN_HOUR
        clock.shift(timedelta(minutes=61))
        with unit_of_work():
            reset.request_code(phone)
        assert len(notices) == reset.MAX_CODES_AN_HOUR + 1


def test_a_reset_opens_a_paused_phone(notices: list[Notice]) -> None:
    phone = _account()
    for _ in range(6):
        _kept(lambda: sign_in(phone=phone, password="wrong-password-1", device=made.DEVICE))
    with unit_of_work():
        reset.request_code(phone)
    with unit_of_work():
        reset.reset_with_code(phone=phone, code=_code(notices[0]), password=NEW_PASSWORD)
        assert sign_in(phone=phone, password=NEW_PASSWORD, device=made.DEVICE).token


def test_the_operators_link_works_once() -> None:
    phone = _account()
    link = _reset_link(phone)
    with pytest.raises(WeakPassword), unit_of_work():
        reset.reset_with_link(token=link.token, password="short")
    with unit_of_work():
        reset.check_reset_link(link.token)
        reset.reset_with_link(token=link.token, password=NEW_PASSWORD)
        assert sign_in(phone=phone, password=NEW_PASSWORD, device=made.DEVICE).token
    with pytest.raises(LinkUnusable), unit_of_work():
        reset.reset_with_link(token=link.token, password="another-one-777")


def test_a_link_lasts_72_hours() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        link = _reset_link(_account())
        clock.shift(timedelta(hours=72) - timedelta(seconds=1))
        with unit_of_work():
            reset.check_reset_link(link.token)
        clock.shift(timedelta(seconds=2))
        with pytest.raises(LinkUnusable), unit_of_work():
            reset.check_reset_link(link.token)


def test_a_newer_link_ends_the_older_one() -> None:
    phone = _account()
    older, newer = _reset_link(phone), _reset_link(phone)
    with unit_of_work():
        reset.check_reset_link(newer.token)
        with pytest.raises(LinkUnusable):
            reset.check_reset_link(older.token)


def test_forged_links_and_links_of_another_purpose_open_nothing() -> None:
    link = _reset_link(_account())
    with unit_of_work():
        for forged in ("", "x" * 43, link.token[:-1], link.token + "A", link.public_id):
            with pytest.raises(LinkUnusable):
                reset.check_reset_link(forged)
        with pytest.raises(LinkUnusable):
            members.invitation_of(link.token)


def test_the_table_holds_hashes_of_links_and_codes_only(notices: list[Notice]) -> None:
    phone = _account()
    link = _reset_link(phone)
    with unit_of_work():
        reset.request_code(phone)
    with unit_of_work(readonly=True):
        stored = repr(
            [
                session().execute(text("SELECT * FROM one_time_link")).all(),
                session().execute(text("SELECT * FROM reset_code")).all(),
            ]
        )
        assert link.token not in stored
        assert f"'{_code(notices[0])}'" not in stored


def test_only_who_manages_users_makes_reset_links() -> None:
    with unit_of_work():
        applicant, operator = made.signed_up(), made.member("operator")
        listed = directory.list_users(operator).items
        with pytest.raises(PermissionMissing):
            reset.issue_reset_link(applicant, listed[0].public_id)
        with pytest.raises(UserUnknown):
            reset.issue_reset_link(operator, "nobody")


def test_a_colleague_and_an_identity_of_the_demonstration_belong_to_it() -> None:
    with unit_of_work():
        admin = made.member("institution_admin")
        session().get_one(Organisation, admin.organisation_id).demonstration = True
        link = members.invite(admin, role="institution_clerk", branch="红谷滩支行")
        opened = members.accept_as_new_user(link.token, made.person(), made.DEVICE)
        clerk = sessions.load_actor(opened.token)
        assert clerk is not None
        assert session().get_one(User, clerk.user_id).demonstration
        own = sign_up.add_identity(clerk, made.identity())
        assert session().scalars(select(Organisation.demonstration).filter_by(public_id=own)).one()
        real = made.signed_up()
        assert not session().get_one(User, real.user_id).demonstration
        assert not session().get_one(Organisation, real.organisation_id).demonstration


def test_an_invitation_brings_a_new_colleague_once() -> None:
    with unit_of_work():
        admin = made.member("institution_admin")
        link = members.invite(admin, role="institution_clerk", branch="红谷滩支行")
        organisation, role = members.invitation_of(link.token)
        assert (organisation.id, role) == (admin.organisation_id, "institution_clerk")
        opened = members.accept_as_new_user(link.token, made.person(), made.DEVICE)
        clerk = sessions.load_actor(opened.token)
        assert clerk is not None
        assert (clerk.organisation_id, clerk.role) == (admin.organisation_id, "institution_clerk")
        assert [member.branch for member in members.list_members(admin)] == ["", "红谷滩支行"]
        with pytest.raises(LinkUnusable):
            members.accept_as_new_user(link.token, made.person(), made.DEVICE)
        assert [invitation.state for invitation in members.list_invitations(admin)] == ["used"]


def test_somebody_with_an_account_joins_with_it() -> None:
    phone = made.new_phone()
    with unit_of_work():
        owner, guest = made.signed_up(), made.signed_up(phone=phone)
        link = members.invite(owner, role="applicant_member")
        with pytest.raises(PhoneTaken), session().begin_nested():
            members.accept_as_new_user(link.token, made.person(phone), made.DEVICE)
        members.accept_as_member(guest, link.token)
        assert len(sessions.list_memberships(guest)) == 2
        again = members.invite(owner, role="applicant_member")
        with pytest.raises(AlreadyMember):
            members.accept_as_member(guest, again.token)


def test_an_invitation_can_be_withdrawn_by_its_own_organisation() -> None:
    with unit_of_work():
        owner, stranger = made.signed_up(), made.signed_up()
        link = members.invite(owner, role="applicant_member")
        with pytest.raises(LinkUnusable):
            members.withdraw_invitation(stranger, link.public_id)
        members.withdraw_invitation(owner, link.public_id)
        with pytest.raises(LinkUnusable):
            members.invitation_of(link.token)
        with pytest.raises(LinkUnusable):
            members.withdraw_invitation(owner, link.public_id)


def test_nobody_invites_into_a_role_or_house_that_is_not_theirs() -> None:
    with unit_of_work():
        owner, clerk = made.signed_up(), made.member("institution_clerk")
        operator = made.member("operator")
        for role in ("operator", "institution_admin", "nonsense"):
            with pytest.raises(RoleUnknown):
                members.invite(owner, role=role)
        with pytest.raises(PermissionMissing):
            members.invite(clerk, role="institution_clerk")
        organisation = onboarding.list_onboarding(operator).items[0]
        with pytest.raises(PermissionMissing):
            members.invite(owner, role="operator", organisation_public_id=organisation.public_id)
        with pytest.raises(OrganisationUnknown):
            members.invite(operator, role="operator", organisation_public_id="nothing")


def test_the_last_owner_stays_and_strangers_cannot_be_removed() -> None:
    with unit_of_work():
        owner, stranger = made.signed_up(), made.signed_up()
        mine = members.list_members(owner)[0]
        with pytest.raises(LastOwner):
            members.end_membership(owner, mine.public_id)
        with pytest.raises(UserUnknown):
            members.end_membership(stranger, mine.public_id)
        link = members.invite(owner, role="applicant_owner")
        members.accept_as_member(stranger, link.token)
        members.end_membership(owner, mine.public_id)
        assert owner.user_id is not None
        assert [view.organisation_id for view in sessions.list_memberships(owner)] == []
