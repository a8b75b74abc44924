"""Access of the pages by which the operator brings organisations in and keeps the platform running."""

from datetime import date, timedelta

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service import onboarding, reset
from finmart.platform.accounts.service.telling import recipient
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.accounts.types.onboarding import Registration
from finmart.platform.announcements import service as announcements
from finmart.platform.announcements.types import Audience, Reach, Wording
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.dictionaries.types import NewValue
from finmart.platform.jobs.models import OutboxRow
from finmart.platform.kernel.clock import now, today
from finmart.platform.notices.models import Delivery
from finmart.platform.notices.service.post import post
from finmart.platform.notices.types import Letter
from tests.factories import accounts as made
from tests.fixtures.people import Person
from tests.functional.access.rows import Call, Row, Value, first, row

ORGANISATIONS = "all:organisations:manage"
ANNOUNCE = "all:announcements:manage"
DICTIONARIES = "all:dictionaries:manage"
SWITCHES = "all:switches:manage"
RETRY = "all:jobs:retry"

AN_INSTITUTION = first("SELECT public_id FROM organisation WHERE kind = 'institution' ORDER BY id LIMIT 1")
CONNECTED = first("SELECT public_id FROM organisation WHERE connected ORDER BY id LIMIT 1")
REASON: dict[str, Value] = {"reason": "测试用的理由"}
ANNOUNCEMENT: dict[str, Value] = {
    "title_zh": "系统维护",
    "title_en": "Maintenance",
    "body_zh": "周日夜间维护。",
    "body_en": "Maintenance on Sunday night.",
    "audience": "all",
    "region": "360102",
    "shown_from": "2026-11-01",
    "shown_until": "2999-12-31",
}


def _an_office(_person: Person | None) -> str:
    with unit_of_work():
        return onboarding.register(made.TESTS, OrganisationKind.GOVERNMENT, Registration("测试局", region="360102"))


def _a_link(_person: Person | None) -> str:
    with unit_of_work():
        made.signed_up()
        user = session().query(User).order_by(User.id.desc()).limit(1).one()
        return reset.issue_reset_link(made.TESTS, user.public_id).public_id


def _a_failed_job(_person: Person | None) -> int:
    with unit_of_work() as current:
        row = OutboxRow(name="products.index", payload={}, request_id="", run_after=now(), failed_at=now(), error="X")
        current.add(row)
        current.flush()
        return row.id


def _a_failed_delivery(_person: Person | None) -> str:
    with unit_of_work() as current:
        made.signed_up()
        user = current.query(User).order_by(User.id.desc()).limit(1).one()
        post(Letter("test.told", "发生了一件事。", "请去看一看。"), [recipient(user)])
        delivery = current.query(Delivery).order_by(Delivery.id.desc()).limit(1).one()
        delivery.state = "failed"
        return delivery.public_id


def _a_draft(_person: Person | None) -> str:
    with unit_of_work():
        wording = Wording("系统维护", "Maintenance", "周日夜间维护。", "Maintenance on Sunday night.")
        return announcements.draft(made.TESTS, wording, Reach(Audience.ALL, "", today(), today() + timedelta(days=7)))


def _a_published_one(person: Person | None) -> str:
    public_id = _a_draft(person)
    with unit_of_work():
        announcements.publish(made.TESTS, public_id)
    return public_id


def _a_value(_person: Person | None) -> str:
    with unit_of_work():
        return dictionaries.enter(made.TESTS, NewValue("clock.contact", date(2026, 11, 1), 2, "", "测试"))


ROWS: dict[str, Row] = {
    "desk.organisations": row(
        "all:organisations:read",
        Call(role="operator", query={"q": "银行"}),
        Call(role="operator", query={"attention": "agreement_ending", "kind": "institution"}),
        Call(role="operator", query={"attention": "no_members"}),
    ),
    "desk.organisation": row(
        "all:organisations:read",
        Call(role="operator", values={"public_id": AN_INSTITUTION}),
        Call(role="operator", values={"public_id": _an_office}),
    ),
    "desk.new_organisation": row(
        ORGANISATIONS,
        Call(role="operator", values={"kind": "institution"}),
        Call(role="operator", values={"kind": "government"}),
        Call(
            role="operator",
            method="POST",
            values={"kind": "institution"},
            form={"name_zh": "新来的银行", "name_en": "New Bank", "institution_kind": "bank", "region": "360102"},
        ),
        Call(role="operator", method="POST", values={"kind": "supplier"}, form={"name_zh": ""}, status=422),
    ),
    "desk.registration": row(
        ORGANISATIONS,
        Call(role="operator", values={"public_id": AN_INSTITUTION}),
        Call(
            role="operator",
            method="POST",
            values={"public_id": _an_office},
            form={"name_zh": "测试局", "name_en": "Office", "region": "360103"},
        ),
    ),
    "desk.organisation_dates": row(
        ORGANISATIONS,
        Call(
            role="operator",
            method="POST",
            values={"public_id": AN_INSTITUTION},
            form={"agreement_from": "2026-01-01", "agreement_last": "2026-12-31"},
        ),
    ),
    "desk.connect_organisation": row(
        ORGANISATIONS,
        Call(role="operator", method="POST", values={"public_id": CONNECTED}, form={"on": "0"}),
    ),
    "desk.invite_into": row(
        "all:users:manage",
        Call(
            role="operator",
            method="POST",
            values={"public_id": AN_INSTITUTION},
            form={"role": "institution_admin"},
            status=200,
        ),
        Call(
            role="operator",
            method="POST",
            values={"public_id": _an_office},
            form={"role": "official", "branch": "金融科", "region": "360103"},
            status=200,
        ),
    ),
    "desk.links": row("all:users:read", Call(role="operator")),
    "desk.withdraw_one_time_link": row(
        "all:users:manage", Call(role="operator", method="POST", values={"public_id": _a_link})
    ),
    "desk.jobs": row(
        "all:jobs:read",
        Call(role="operator"),
        Call(role="operator", query={"state": "waiting"}),
        Call(role="operator", query={"state": "dropped"}),
    ),
    "desk.retry_failed_job": row(RETRY, Call(role="operator", method="POST", values={"number": _a_failed_job})),
    "desk.drop_failed_job": row(
        RETRY,
        Call(role="operator", values={"number": _a_failed_job}),
        Call(role="operator", method="POST", values={"number": _a_failed_job}, form=REASON),
    ),
    "desk.deliveries": row("all:jobs:read", Call(role="operator"), Call(role="operator", query={"state": "waiting"})),
    "desk.retry_failed_delivery": row(
        RETRY, Call(role="operator", method="POST", values={"public_id": _a_failed_delivery})
    ),
    "desk.drop_failed_delivery": row(
        RETRY,
        Call(role="operator", values={"public_id": _a_failed_delivery}),
        Call(role="operator", method="POST", values={"public_id": _a_failed_delivery}, form=REASON),
    ),
    "desk.announcements": row(ANNOUNCE, Call(role="operator"), Call(role="operator", query={"state": "draft"})),
    "desk.new_announcement": row(
        ANNOUNCE, Call(role="operator"), Call(role="operator", method="POST", form=ANNOUNCEMENT)
    ),
    "desk.announcement": row(
        ANNOUNCE,
        Call(role="operator", values={"public_id": _a_draft}),
        Call(role="operator", values={"public_id": _a_published_one}),
    ),
    "desk.edit_announcement": row(
        ANNOUNCE,
        Call(role="operator", values={"public_id": _a_draft}),
        Call(role="operator", method="POST", values={"public_id": _a_draft}, form=ANNOUNCEMENT),
        Call(role="operator", method="POST", values={"public_id": _a_published_one}, form=ANNOUNCEMENT, status=409),
    ),
    "desk.publish_announcement": row(ANNOUNCE, Call(role="operator", method="POST", values={"public_id": _a_draft})),
    "desk.withdraw_announcement": row(
        ANNOUNCE, Call(role="operator", method="POST", values={"public_id": _a_published_one}, form=REASON)
    ),
    "desk.dictionaries": row(DICTIONARIES, Call(role="operator")),
    "desk.dictionary": row(
        DICTIONARIES,
        Call(role="operator", values={"key": "clock.contact"}),
        Call(role="operator", values={"key": "lpr.1y"}),
        Call(role="operator", values={"key": "basis.bridge_fees"}),
        Call(
            role="operator",
            method="POST",
            values={"key": "lpr.1y"},
            form={"number": "3.00", "valid_from": "2026-11-20", "valid_until": "2026-12-21", "source": "公布"},
        ),
        Call(
            role="operator",
            method="POST",
            values={"key": "clock.contact"},
            form={"number": "99", "scope": "", "valid_from": "2026-11-20", "source": "公布"},
            status=400,
        ),
    ),
    "desk.withdraw_value": row(
        DICTIONARIES,
        Call(role="operator", values={"public_id": _a_value}),
        Call(role="operator", method="POST", values={"public_id": _a_value}, form=REASON),
    ),
    "desk.switches": row(SWITCHES, Call(role="operator")),
    "desk.switch": row(
        SWITCHES,
        Call(role="operator", values={"name": "registration"}),
        Call(role="operator", method="POST", values={"name": "registration"}, form={**REASON, "on": "0"}),
    ),
}
