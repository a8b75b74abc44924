"""Telling people: who is told, in which words, by which ways, and what happens when a way is closed."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service import members
from finmart.platform.accounts.service.mailbox import ask_to_confirm, confirm, forget
from finmart.platform.accounts.service.people import keep_language
from finmart.platform.accounts.service.telling import tell_members, tell_operators, tell_user
from finmart.platform.accounts.types.errors import EmailInvalid, LinkUnusable
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs import outbox
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.messages import Message as Words
from finmart.platform.kernel.money import Money
from finmart.platform.notices.models import Delivery, Message
from finmart.platform.notices.service import inbox
from finmart.platform.notices.service.delivering import (
    PAUSES,
    delivery_counts,
    drop_delivery,
    list_deliveries,
    retry_delivery,
)
from finmart.platform.notices.service.sending import use_sender
from finmart.platform.notices.types import (
    Channel,
    DeliverySettled,
    DeliveryState,
    Letter,
    MessageUnknown,
    Named,
    Notice,
    SendingFailed,
    SmsGatewayUnreachable,
    SmsNumberRefused,
    Wishes,
)
from tests.factories import accounts as made

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LETTER = Letter(
    "lead.approved",
    "{institution}批准了您的申请，金额 {amount}。",
    "请在页面上答复是否接受。",
    by=date(2026, 11, 30),
    path="/applications/x",
    params={"institution": Named("南昌银行", "Bank of Nanchang"), "amount": Money(120_000_000)},
)


class Outside:
    """Whoever receives notices: keeps them, or fails as told."""

    def __init__(self) -> None:
        self.taken: list[Notice] = []
        self.failing: SendingFailed | None = None

    def __call__(self, notice: Notice) -> None:
        if self.failing is not None:
            raise self.failing
        self.taken.append(notice)


class Links:
    """Makes links of tokens, and remembers the tokens."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    def __call__(self, token: str) -> str:
        self.tokens.append(token)
        return f"https://site.example/{token}"


@pytest.fixture
def outside() -> Iterator[Outside]:
    found = Outside()
    use_sender(found)
    yield found
    use_sender(None)


def _people() -> tuple[Actor, Actor]:
    """The administrator and a clerk of one institution."""
    admin = made.member("institution_admin")
    return admin, made.member("institution_clerk", organisation_id=admin.organisation_id)


def test_a_letter_goes_to_those_who_may_act_on_it(outside: Outside) -> None:
    with unit_of_work():
        admin, clerk = _people()
        told = tell_members(admin.organisation_id or 0, LETTER, permission=Permission.OWN_PRODUCTS_APPROVE)
        assert told == 1
        assert [inbox.unread_count(actor) for actor in (admin, clerk)] == [1, 0]
        assert tell_members(admin.organisation_id or 0, LETTER) == 2
        assert outside.taken == []  # Nothing leaves before the commit.
    assert outbox.drain() == 3
    assert {notice.channel for notice in outside.taken} == {Channel.SMS}
    assert len(outside.taken) == 3


def test_a_letter_is_kept_in_the_words_in_which_it_was_sent(outside: Outside) -> None:
    with unit_of_work():
        admin, clerk = _people()
        keep_language(clerk, "en")
        tell_members(admin.organisation_id or 0, LETTER)
        mine = inbox.list_messages(admin).items[0]
        theirs = inbox.list_messages(clerk).items[0]
    assert mine.happened == "南昌银行批准了您的申请，金额 120万元。"
    assert (mine.by, mine.path) == (date(2026, 11, 30), "/applications/x")
    # This letter has no English: its words stay Chinese, its values are English.
    assert theirs.happened.startswith("Bank of Nanchang")
    assert "CNY" in theirs.happened
    outbox.drain()
    (first, second) = (notice.text for notice in outside.taken)
    assert "请在 2026年11月30日 前办理。" in first
    assert "30\u00a0Nov\u00a02026" in second or "30 Nov 2026" in second


def test_words_inside_a_letter_are_worded_too() -> None:
    letter = Letter("test.reason", "没有通过：{reason}。", "请看页面。", params={"reason": Words("材料不齐", {})})
    with unit_of_work():
        admin, _clerk = _people()
        tell_user(admin.user_id or 0, letter)
        assert inbox.list_messages(admin).items[0].happened == "没有通过：材料不齐。"


def test_neither_words_nor_address_lie_open(outside: Outside) -> None:
    with unit_of_work():
        phone = made.new_phone()
        admin = made.member("institution_admin", phone=phone)
        tell_user(admin.user_id or 0, LETTER)
        session().flush()
        stored = repr(session().execute(text("SELECT * FROM message")).all())
        stored += repr(session().execute(text("SELECT * FROM delivery")).all())
        assert "批准" not in stored
        assert phone not in stored
        assert "批准".encode() not in b"".join(session().execute(text("SELECT happened FROM message")).scalars())
    outbox.drain()
    with unit_of_work(readonly=True) as current:
        delivery = current.scalars(select(Delivery)).one()
        assert (delivery.state, delivery.address, delivery.text) == ("sent", None, None)
        assert delivery.settled_at is not None
    assert [notice.address for notice in outside.taken] == [phone]


def test_a_way_that_is_switched_off_is_not_used_but_for_safety(outside: Outside) -> None:
    with unit_of_work():
        admin, _clerk = _people()
        inbox.wish(admin, Wishes(email=False, sms=False))
        tell_user(admin.user_id or 0, LETTER)
        tell_user(admin.user_id or 0, Letter("security.test", "密码改了。", "请核对。"))
        assert inbox.unread_count(admin) == 2
    outbox.drain()
    assert [notice.kind for notice in outside.taken] == ["security.test"]


def test_a_letter_that_goes_wrong_fails_nothing_else(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    class Unsayable:
        def __format__(self, _spec: str) -> str:
            raise RuntimeError("13800000000")

    with unit_of_work():
        admin, _clerk = _people()
        tell_user(admin.user_id or 0, Letter("test.broken", "{what}", "请看。", params={"what": Unsayable()}))
        tell_user(admin.user_id or 0, LETTER)
        assert inbox.unread_count(admin) == 1
    monkeypatch.setattr("finmart.platform.notices.repository.wishes_of", lambda _ids: 1 / 0)
    with unit_of_work():
        assert tell_members(admin.organisation_id or 0, LETTER) == 0
    assert outside.taken == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "Test Kind"},
        {"happened": ""},
        {"next_step": "{missing}"},
        {"path": "https://elsewhere.example"},
        {"path": "//elsewhere.example"},
    ],
)
def test_a_letter_that_could_not_be_worded_is_never_made(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="letter"):
        Letter(**{"kind": "test.kind", "happened": "发生了。", "next_step": "请看。", **wrong})  # type: ignore[arg-type]


def test_operators_hear_what_is_for_them() -> None:
    with unit_of_work():
        operator, clerk = made.member("operator"), made.member("institution_clerk")
        assert tell_operators(LETTER) >= 1
        assert inbox.unread_count(operator) == 1
        assert inbox.unread_count(clerk) == 0


def test_whoever_is_locked_out_hears_nothing() -> None:
    with unit_of_work():
        admin, clerk = _people()
        session().get_one(User, clerk.user_id).blocked_at = now()
        assert tell_members(admin.organisation_id or 0, LETTER) == 1


def test_people_of_the_demonstration_get_nothing_from_a_real_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINMART_SMS", "http")
    monkeypatch.setenv("FINMART_SMS_URL", "http://127.0.0.1:9/send")
    monkeypatch.setenv("FINMART_SMS_TOKEN", "x")
    with unit_of_work():
        admin, clerk = _people()
        session().get_one(User, clerk.user_id).demonstration = True
        tell_members(admin.organisation_id or 0, LETTER)
        told = session().scalars(select(Delivery.user_id)).all()
        assert told == [admin.user_id]


def test_a_way_that_is_closed_is_tried_again_and_then_left_to_the_operator(outside: Outside) -> None:
    outside.failing = SmsGatewayUnreachable()
    with time_machine.travel("2026-11-02T10:00:00+08:00", tick=False) as clock:
        with unit_of_work():
            operator = made.member("operator")
            admin = made.member("institution_admin")
            tell_user(admin.user_id or 0, LETTER)
        for pause in PAUSES:
            assert outbox.drain() == 1
            assert outbox.drain() == 0
            clock.shift(pause + timedelta(seconds=1))
        assert outbox.drain() == 1
        clock.shift(timedelta(days=2))
        assert outbox.drain() == 0
        with unit_of_work():
            (failed,) = list_deliveries(operator, DeliveryState.FAILED).items
            assert (failed.attempts, failed.last_error) == (len(PAUSES) + 1, "SmsGatewayUnreachable")
            assert failed.address_masked.count("*") == 4
            assert delivery_counts(operator)[DeliveryState.FAILED] == 1
            outside.failing = None
            retry_delivery(operator, failed.public_id)
        assert outbox.drain() == 1
        assert len(outside.taken) == 1
        with unit_of_work():
            assert inbox.unread_count(admin) == 1  # The message itself was there all the time.
            with pytest.raises(DeliverySettled):
                retry_delivery(operator, failed.public_id)


def test_a_number_that_is_no_number_is_not_tried_again(outside: Outside) -> None:
    outside.failing = SmsNumberRefused()
    with unit_of_work():
        operator, admin = made.member("operator"), made.member("institution_admin")
        tell_user(admin.user_id or 0, LETTER)
    assert outbox.drain() == 1
    with unit_of_work():
        (failed,) = list_deliveries(operator, DeliveryState.FAILED).items
        with pytest.raises(PermissionMissing):
            drop_delivery(admin, failed.public_id, reason="号码已停用")
        drop_delivery(operator, failed.public_id, reason="号码已停用")
        assert list_deliveries(operator, DeliveryState.FAILED).items == ()
        row = session().scalars(select(Delivery)).one()
        assert (row.state, row.address, row.drop_reason) == ("dropped", None, "号码已停用")
        assert "号码已停用" not in repr(session().execute(text("SELECT payload FROM audit_row")).all())


def test_nobody_reads_or_marks_the_messages_of_others() -> None:
    with unit_of_work():
        admin, clerk = _people()
        tell_user(admin.user_id or 0, LETTER)
        message = inbox.list_messages(admin).items[0]
        for call in (inbox.read_message, inbox.mark_read):
            with pytest.raises(MessageUnknown):
                call(clerk, message.public_id)
        assert inbox.read_message(admin, message.public_id).read_at is None
        assert inbox.mark_read(admin, message.public_id).read_at is not None
        assert inbox.mark_all_read(clerk) == 0


def test_a_message_about_an_organisation_is_read_while_acting_for_it() -> None:
    with unit_of_work():
        admin, clerk = _people()
        other = made.organisation()
        tell_members(admin.organisation_id or 0, LETTER)
        elsewhere = Actor(
            name="x", user_id=clerk.user_id, organisation_id=other, permissions=clerk.permissions, role=clerk.role
        )
        assert inbox.unread_count(elsewhere) == 0
        assert inbox.unread_elsewhere(elsewhere) == 1
        membership = next(view for view in members.list_members(admin) if not view.self)
        members.end_membership(admin, membership.public_id)
        assert inbox.unread_elsewhere(elsewhere) == 0


def test_the_list_shows_unread_ones_first() -> None:
    with unit_of_work():
        admin, _clerk = _people()
        for _ in range(3):
            tell_user(admin.user_id or 0, LETTER)
        oldest, *_others = session().scalars(select(Message).order_by(Message.id))
        newest = inbox.list_messages(admin).items[0].public_id
        inbox.mark_read(admin, newest)
        assert inbox.list_messages(admin).items[-1].public_id == newest
        assert inbox.list_messages(admin, unread_only=True).total == 2
        assert inbox.mark_all_read(admin) == 2
        assert inbox.unread_count(admin) == 0
        session().refresh(oldest)
        assert oldest.read_at is not None


def test_an_address_counts_once_its_owner_has_opened_the_link(outside: Outside) -> None:
    links = Links()
    with unit_of_work():
        admin, clerk = _people()
        with pytest.raises(EmailInvalid):
            ask_to_confirm(admin, "someone@example.com\nBcc: all@example.com", str)
        ask_to_confirm(admin, "Someone@Example.COM", links)
        tell_user(admin.user_id or 0, LETTER)
    outbox.drain()
    link, letter = outside.taken
    assert (link.channel, link.address) == (Channel.EMAIL, "Someone@example.com")
    assert links.tokens[0] in link.text
    assert letter.channel is Channel.SMS
    with unit_of_work():
        for token in (links.tokens[0][:-4] + "AAAA", "x", "ü", "A" * 4000):
            with pytest.raises(LinkUnusable):
                confirm(admin, token)
        with pytest.raises(LinkUnusable):
            confirm(clerk, links.tokens[0])
        confirm(admin, links.tokens[0])
        confirm(admin, links.tokens[0])
        tell_user(admin.user_id or 0, LETTER)
    outbox.drain()
    assert [notice.channel for notice in outside.taken[3:]] == [Channel.EMAIL, Channel.SMS]
    with unit_of_work():
        forget(admin)
        assert session().get_one(User, admin.user_id).email is None


def test_a_link_to_confirm_runs_out(outside: Outside) -> None:
    links = Links()
    with time_machine.travel("2026-11-02T10:00:00+08:00", tick=False) as clock:
        with unit_of_work():
            admin, _clerk = _people()
            ask_to_confirm(admin, "someone@example.com", links)
        clock.shift(timedelta(hours=25))
        assert outbox.drain() == 1
        assert outside.taken == []  # Nobody can use it any more, so it is not sent late.
        with unit_of_work(), pytest.raises(LinkUnusable):
            confirm(admin, links.tokens[0])
