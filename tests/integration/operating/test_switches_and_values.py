"""Switches, dated values and announcements: what holds when, who may change it, and what a change leaves behind."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from finmart.matching.demands.types.clocks import DutyKind
from finmart.matching.insights.service.scope import fewest
from finmart.platform.accounts.service.sign_up import sign_up
from finmart.platform.announcements import service as announcements
from finmart.platform.announcements.types import (
    AnnouncementFixed,
    AnnouncementRefused,
    AnnouncementUnknown,
    Audience,
    Reach,
    Wording,
)
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.dictionaries.types import (
    ENTRIES,
    KeyUnknown,
    NewValue,
    Scope,
    ValueMissing,
    ValueRefused,
    ValueUnknown,
)
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.clock import today
from finmart.platform.switches import service as switches
from finmart.platform.switches.types import DEFINITIONS, Switch, SwitchedOff, SwitchUnknown
from finmart.reference.lpr import IndexNotKnown
from tests.factories import accounts as made

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

DAY = timedelta(days=1)
FROM = date(2026, 11, 20)
WORDING = Wording("系统维护", "Maintenance", "周日夜间维护。", "Maintenance on Sunday night.")


def _last_event(name: str) -> dict[str, object]:
    query = select(AuditRow).where(AuditRow.name == name).order_by(AuditRow.id.desc()).limit(1)
    return session().scalars(query).one().payload


def test_a_switch_stands_as_the_code_says_until_it_is_turned() -> None:
    with unit_of_work():
        operator = made.member("operator")
        assert all(switches.is_on(switch) == definition.default for switch, definition in DEFINITIONS.items())
        switches.turn(operator, "registration", on=False, reason="系统维护")
        assert not switches.is_on(Switch.REGISTRATION)
        assert _last_event("switch.set") == {"old": True, "new": False}
        with pytest.raises(SwitchedOff) as raised:
            sign_up(made.identity(), made.person(), made.DEVICE)
        assert str(raised.value) == DEFINITIONS[Switch.REGISTRATION].sentence
    with unit_of_work():
        assert not switches.is_on("registration")
        switches.turn(operator, "registration", on=True, reason="维护结束")
        switches.turn(operator, "registration", on=True, reason="维护结束")
        assert session().scalars(select(AuditRow.id).where(AuditRow.name == "switch.set")).all().__len__() == 2
        made.signed_up()


def test_only_the_operator_turns_switches() -> None:
    with unit_of_work():
        operator = made.member("operator")
        for somebody in (VISITOR, made.member("institution_admin"), made.member("official")):
            with pytest.raises(PermissionMissing):
                switches.turn(somebody, "registration", on=False, reason="系统维护")
            with pytest.raises(PermissionMissing):
                switches.list_switches(somebody)
        with pytest.raises(SwitchUnknown):
            switches.turn(operator, "everything", on=False, reason="系统维护")
        with pytest.raises(ValueError, match="everything"):
            switches.is_on("everything")


def test_asking_a_switch_reads_once_a_unit_of_work() -> None:
    statements: list[str] = []
    with unit_of_work() as current:
        engine = current.get_bind().engine

        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        for switch in Switch:
            switches.is_on(switch)
            switches.is_on(switch)
        event.remove(engine, "before_cursor_execute", count)
    assert len([statement for statement in statements if "feature_switch" in statement]) == 1


def _enter(operator: Actor, key: str, number: int, on: date, **more: object) -> str:
    return dictionaries.enter(operator, NewValue(key, on, number, "", "测试", **more))  # type: ignore[arg-type]


def test_a_value_holds_from_its_day_until_the_next() -> None:
    with unit_of_work():
        operator = made.member("operator")
        assert dictionaries.value("clock.decision", FROM) == 5
        _enter(operator, "clock.decision", 7, FROM)
        second = _enter(operator, "clock.decision", 6, FROM + 10 * DAY)
        assert _last_event("dictionary.entered")["old"] == 7
        on_days = [dictionaries.value("clock.decision", FROM + days * DAY) for days in (-1, 0, 9, 10)]
        assert on_days == [5, 7, 7, 6]
        dictionaries.withdraw(operator, second, reason="录入有误")
        assert dictionaries.value("clock.decision", FROM + 10 * DAY) == 7
        with pytest.raises(ValueUnknown):
            dictionaries.withdraw(operator, second, reason="录入有误")
        assert [view.withdrawn_at is None for view in dictionaries.list_values(operator, "clock.decision")] == [
            False,
            True,
        ]


def test_of_two_values_from_one_day_the_one_entered_last_holds() -> None:
    with unit_of_work():
        operator = made.member("operator")
        _enter(operator, "clock.contact", 2, FROM)
        _enter(operator, "clock.contact", 3, FROM)
        assert dictionaries.value("clock.contact", FROM) == 3


def test_a_product_type_may_have_a_clock_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionaries._Scopes, "known", lambda: [Scope("leasing", "融资租赁", "Leasing")])
    with unit_of_work():
        operator = made.member("operator")
        _enter(operator, "clock.decision", 10, FROM, scope="leasing")
        assert dictionaries.value("clock.decision", FROM, scope="leasing") == 10
        assert dictionaries.value("clock.decision", FROM, scope="tax_loan") == 5
        assert dictionaries.value("clock.decision", FROM) == 5
        for key, scope in (("clock.decision", "nonsense"), ("figures.small_count", "leasing")):
            with pytest.raises(ValueRefused):
                _enter(operator, key, 5, FROM, scope=scope)


def test_every_duty_has_its_clock_and_every_clock_its_duty() -> None:
    clocks = {key.removeprefix("clock.") for key in ENTRIES if key.startswith("clock.")}
    assert clocks == {kind.value for kind in DutyKind}


def test_rates_come_from_the_project_and_from_the_operator() -> None:
    with unit_of_work():
        operator = made.member("operator")
        known = dictionaries.loan_prime_rates().quote("1y", date(2019, 8, 25))
        assert known.rate == 42_500
        day = date(2026, 11, 25)
        with pytest.raises(IndexNotKnown):
            dictionaries.loan_prime_rates().quote("1y", day)
        assert "lpr.1y" in dictionaries.missing_on(day)
        with pytest.raises(ValueMissing):
            dictionaries.value("lpr.1y", day)
        _enter(operator, "lpr.1y", 30_000, FROM, valid_until=date(2026, 12, 21))
        assert dictionaries.loan_prime_rates().quote("1y", day).rate == 30_000
        assert dictionaries.value("lpr.1y", day) == 30_000
        assert "lpr.1y" not in dictionaries.missing_on(day)
        # Nothing is carried forward beyond the day up to which it is known.
        with pytest.raises(IndexNotKnown):
            dictionaries.loan_prime_rates().quote("1y", date(2026, 12, 21))
        assert "lpr.1y" in dictionaries.missing_on(date(2026, 12, 21))


def test_what_nobody_knows_is_missing_until_it_is_entered() -> None:
    with unit_of_work():
        operator = made.member("operator")
        assert {key for key in ENTRIES if key.startswith("basis.")} <= set(dictionaries.missing_on(FROM))
        assert dictionaries.words("basis.bridge_fees", FROM) == ""
        dictionaries.enter(operator, NewValue("basis.bridge_fees", FROM, None, "按文件执行。", "市府文件"))
        assert dictionaries.words("basis.bridge_fees", FROM) == "按文件执行。"
        assert dictionaries.words("basis.bridge_fees", FROM - DAY) == ""
        assert "basis.bridge_fees" not in dictionaries.missing_on(FROM)


@pytest.mark.parametrize(
    "new",
    [
        NewValue("clock.contact", FROM, 0, "", "来源"),
        NewValue("clock.contact", FROM, 61, "", "来源"),
        NewValue("clock.contact", FROM, None, "", "来源"),
        NewValue("clock.contact", FROM, 2, "", "  "),
        NewValue("clock.contact", FROM, 2, "", "来源" * 200),
        NewValue("lpr.1y", FROM, 30_000, "", "来源"),
        NewValue("lpr.1y", FROM, 30_000, "", "来源", valid_until=FROM),
        NewValue("lpr.1y", FROM, 300_000, "", "来源", valid_until=FROM + DAY),
        NewValue("hotline.platform", FROM, None, "", "来源"),
        NewValue("hotline.platform", FROM, None, "1" * 81, "来源"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(new: NewValue) -> None:
    with unit_of_work():
        operator = made.member("operator")
        with pytest.raises(ValueRefused):
            dictionaries.enter(operator, new)


def test_only_the_operator_keeps_dictionaries() -> None:
    with unit_of_work():
        operator, official = made.member("operator"), made.member("official")
        with pytest.raises(PermissionMissing):
            _enter(official, "clock.contact", 2, FROM)
        with pytest.raises(KeyUnknown):
            _enter(operator, "clock.nothing", 2, FROM)
        with pytest.raises(KeyUnknown):
            dictionaries.list_values(operator, "nothing")


def _published(operator: Actor, reach: Reach) -> str:
    public_id = announcements.draft(operator, WORDING, reach)
    announcements.publish(operator, public_id)
    return public_id


def test_an_announcement_is_shown_on_its_days_to_those_it_is_for() -> None:
    with unit_of_work():
        operator = made.member("operator")
        bank, firm = made.member("institution_admin"), made.signed_up()
        week = (today(), today() + 7 * DAY)
        for_all = _published(operator, Reach(Audience.ALL, "", *week))
        for_banks = _published(operator, Reach(Audience.INSTITUTION, "", *week))
        there = _published(operator, Reach(Audience.ALL, firm.region or "", *week))
        _published(operator, Reach(Audience.ALL, "", today() + DAY, today() + 7 * DAY))
        announcements.draft(operator, WORDING, Reach(Audience.ALL, "", *week))
        shown = {
            name: {view.public_id for view in announcements.shown_to(actor)}
            for name, actor in (("visitor", VISITOR), ("bank", bank), ("firm", firm), ("operator", operator))
        }
        assert shown == {
            "visitor": {for_all},
            "bank": {for_all, for_banks},
            "firm": {for_all, there},
            "operator": {for_all, for_banks, there},
        }
        with pytest.raises(AnnouncementUnknown):
            announcements.read_shown(VISITOR, for_banks)


def test_an_announcement_changes_only_while_it_is_a_draft() -> None:
    with unit_of_work():
        operator = made.member("operator")
        reach = Reach(Audience.ALL, "", today(), today() + DAY)
        public_id = announcements.draft(operator, WORDING, reach)
        announcements.change(operator, public_id, WORDING, Reach(Audience.APPLICANT, "", today(), today()))
        announcements.publish(operator, public_id)
        with pytest.raises(AnnouncementFixed):
            announcements.publish(operator, public_id)
        with pytest.raises(AnnouncementFixed):
            announcements.change(operator, public_id, WORDING, reach)
        with pytest.raises(AnnouncementRefused):
            announcements.withdraw(operator, public_id, reason="错")
        announcements.withdraw(operator, public_id, reason="内容有误")
        assert announcements.shown_to(operator) == []
        with pytest.raises(AnnouncementFixed):
            announcements.withdraw(operator, public_id, reason="内容有误")
        with pytest.raises(PermissionMissing):
            announcements.draft(made.member("official"), WORDING, reach)


@pytest.mark.parametrize(
    ("wording", "reach"),
    [
        (Wording("标题", "", "正文", "Body"), Reach(Audience.ALL, "", FROM, FROM)),
        (WORDING, Reach(Audience.ALL, "", FROM, FROM - DAY)),
        (WORDING, Reach(Audience.ALL, "999999", FROM, FROM)),
    ],
)
def test_an_announcement_that_lacks_something_is_refused(wording: Wording, reach: Reach) -> None:
    with unit_of_work():
        operator = made.member("operator")
        with pytest.raises(AnnouncementRefused):
            announcements.draft(operator, wording, reach)


def test_an_announcement_whose_days_are_over_is_not_published() -> None:
    with unit_of_work():
        operator = made.member("operator")
        public_id = announcements.draft(operator, WORDING, Reach(Audience.ALL, "", today() - 2 * DAY, today() - DAY))
        with pytest.raises(AnnouncementRefused):
            announcements.publish(operator, public_id)


def test_what_counts_as_few_is_the_operators_to_set() -> None:
    with unit_of_work():
        operator = made.member("operator")
        assert fewest() == 3
        entered = _enter(operator, "figures.small_count", 5, today())
        assert fewest() == 5
        dictionaries.withdraw(operator, entered, reason="录入有误")
        assert fewest() == 3
