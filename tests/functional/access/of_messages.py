"""Access of people's messages, of how they hear of them, and of announcements."""

from datetime import timedelta

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service import mailbox
from finmart.platform.accounts.service.telling import recipient
from finmart.platform.announcements import service as announcements
from finmart.platform.announcements.types import Audience, Reach, Wording
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.notices.service.post import post
from finmart.platform.notices.types import Letter
from tests.factories import accounts as made
from tests.fixtures.people import Person
from tests.functional.access.rows import PUBLIC, Call, Row, first, row

OWN = "own:messages:read"
LETTER = Letter("test.told", "发生了一件事。", "请去看一看。", path="/account")
WORDING = Wording("系统维护", "Maintenance", "周日夜间维护。", "Maintenance on Sunday night.")


def _a_message(person: Person | None) -> str:
    assert person is not None
    with unit_of_work():
        post(LETTER, [recipient(session().get_one(User, person.user_id))], organisation_id=person.organisation_id)
    return first("SELECT public_id FROM message WHERE user_id = :user ORDER BY id DESC LIMIT 1")(person)


def _a_token(person: Person | None) -> str:
    """The token of a link that was sent to confirm an address."""
    assert person is not None
    tokens: list[str] = []

    def keep(token: str) -> str:
        tokens.append(token)
        return token

    with unit_of_work():
        actor = Actor(name="test", user_id=person.user_id)
        mailbox.ask_to_confirm(actor, "someone@example.com", keep)
    return tokens[0]


def _an_announcement(_person: Person | None) -> str:
    with unit_of_work():
        reach = Reach(Audience.ALL, "", today(), today() + timedelta(days=7))
        public_id = announcements.draft(made.TESTS, WORDING, reach)
        announcements.publish(made.TESTS, public_id)
        return public_id


ROWS: dict[str, Row] = {
    "notices.messages": row(OWN, Call(role="applicant_owner"), Call(role="operator", query={"show": "unread"})),
    "notices.message": row(OWN, Call(role="institution_clerk", values={"public_id": _a_message})),
    "notices.read": row(
        OWN,
        Call(role="applicant_owner", method="POST", values={"public_id": _a_message}),
        Call(role="official", method="POST", values={"public_id": _a_message}, form={"go": "1"}),
    ),
    "notices.read_all": row(OWN, Call(role="applicant_owner", method="POST")),
    "accounts.preferences": row(
        OWN,
        Call(role="applicant_owner"),
        Call(role="applicant_owner", method="POST", form={"sms": "y", "language": "en"}),
    ),
    "accounts.email": row(OWN, Call(role="official", method="POST", form={"address": "someone@example.com"})),
    "accounts.confirm_email": row(
        OWN,
        Call(role="applicant_owner", values={"token": _a_token}),
        Call(role="applicant_owner", method="POST", values={"token": _a_token}),
    ),
    "accounts.remove_email": row(OWN, Call(role="applicant_owner", method="POST")),
    "dictionaries.contact": row(PUBLIC, Call()),
    "announcements.shown": row(PUBLIC, Call(), Call(role="applicant_owner")),
    "announcements.announcement": row(
        PUBLIC, Call(values={"public_id": _an_announcement}), shared="a page for everybody"
    ),
}
