"""Access of the endpoints of ``finmart.platform``: accounts and the operator's desk."""

import re
from datetime import date
from io import BytesIO

from sqlalchemy import text

from finmart.platform.accounts.repository import branches
from finmart.platform.accounts.service import members, reset
from finmart.platform.accounts.service.claims import revoke_claim
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.service.passwords import hash_password
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs.runner import use_inline_runner
from finmart.platform.kernel.ids import public_id
from finmart.platform.notices.service.sending import use_sender
from finmart.platform.notices.types import Notice
from tests.factories import accounts as made
from tests.fixtures.people import Person
from tests.functional.access.rows import PUBLIC, SIGNED_IN, Call, Row, Value, first, row

SENT: list[Notice] = []
NEW_PASSWORD = "river-stone-3141"
TWICE: dict[str, Value] = {"password": NEW_PASSWORD, "repeated": NEW_PASSWORD}

A_USER = first("SELECT public_id FROM user_account WHERE id <> :user ORDER BY id DESC LIMIT 1")
OWN_SESSION = first("SELECT public_id FROM user_session WHERE user_id = :user ORDER BY id LIMIT 1")
OWN_MEMBERSHIP = first("SELECT public_id FROM membership WHERE user_id = :user ORDER BY id LIMIT 1")
NEWEST_CLAIM = first("SELECT public_id FROM subject_claim ORDER BY id DESC LIMIT 1")


def _an_account(_person: Person | None) -> str:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    return phone


def _a_phone(_person: Person | None) -> str:
    return made.new_phone()


def _a_resident_id(_person: Person | None) -> str:
    return made.new_resident_id()


def _a_reset_link(person: Person | None) -> str:
    _an_account(person)
    user = first("SELECT public_id FROM user_account ORDER BY id DESC LIMIT 1")(person)
    with unit_of_work():
        return reset.issue_reset_link(made.TESTS, user).token


def _an_invitation(_person: Person | None) -> str:
    with unit_of_work():
        organisation = organisation_card(made.organisation(OrganisationKind.SUPPLIER))
        return members.invite(made.TESTS, role="supplier", organisation_public_id=organisation.public_id).token


def _a_phone_with_a_code(person: Person | None) -> str:
    phone = _an_account(person)
    use_sender(SENT.append)
    use_inline_runner()
    with unit_of_work():
        reset.request_code(phone)
    use_sender(None)
    return phone


def _the_code(_person: Person | None) -> str:
    return str(re.findall(r"\d{6}", SENT.pop().text)[0])


def _own_password(person: Person | None) -> str:
    assert person is not None
    with unit_of_work():
        known = {"stored": hash_password(made.PASSWORD), "user": person.user_id}
        session().execute(text("UPDATE user_account SET password_hash = :stored WHERE id = :user"), known)
    return made.PASSWORD


def _own_invitation(person: Person | None) -> str:
    assert person is not None
    with unit_of_work():
        organisation = organisation_card(person.organisation_id)
        link = members.invite(made.TESTS, role=person.role, organisation_public_id=organisation.public_id)
        return link.public_id


def _a_colleague(person: Person | None) -> str:
    assert person is not None
    with unit_of_work():
        made.member(person.role, organisation_id=person.organisation_id)
    return first("SELECT public_id FROM membership WHERE organisation_id = :organisation ORDER BY id DESC LIMIT 1")(
        person
    )


def _a_branch(person: Person | None) -> str:
    """A branch of the caller's institution, made without its pages."""
    assert person is not None
    name = public_id()
    with unit_of_work():
        row = branches.add_branch(
            organisation_id=person.organisation_id, name=name, region="360102", active_from=date(2026, 1, 5)
        )
        return row.public_id


BRANCH_FILE = "name,region\r\n文件网点,360102\r\n".encode()
BRANCH: dict[str, Value] = {
    "name": lambda _person: f"网点{public_id()}",
    "parent": "",
    "region": "360102",
    "address": "象山北路 1 号",
    "phone": "0791-12345678",
    "hours": "周一至周五 9:00–17:00",
    "active_from": "2026-01-05",
}


def _a_claim(person: Person | None) -> str:
    _an_account(person)
    return NEWEST_CLAIM(person)


def _a_revoked_claim(person: Person | None) -> str:
    """A new code for the caller's organisation, whose claim was revoked just before."""
    own = first("SELECT public_id FROM subject_claim WHERE organisation_id = :organisation ORDER BY id DESC LIMIT 1")
    claim = own(person)
    with unit_of_work():
        revoke_claim(made.TESTS, claim, reason="代码填错了")
    kind = first("SELECT applicant_kind FROM organisation WHERE id = :organisation")(person)
    return made.identifier_of(kind)


SIGN_IN: dict[str, Value] = {"phone": _an_account, "password": made.PASSWORD}
PERSON: dict[str, Value] = {"name": "章小满", "identifier": _a_resident_id, "region": made.REGION}

ROWS: dict[str, Row] = {
    "accounts.sign_in": row(PUBLIC, Call(), Call(method="POST", form=SIGN_IN)),
    "accounts.sign_out": row(SIGNED_IN, Call(role="applicant_owner", method="POST")),
    "accounts.sign_up": row(PUBLIC, Call()),
    "accounts.sign_up_as": row(
        PUBLIC,
        Call(values={"kind": "enterprise"}),
        Call(values={"kind": "farmer"}),
        Call(method="POST", values={"kind": "person"}, form={**PERSON, "phone": _a_phone, **TWICE, "terms": "y"}),
        Call(role="applicant_owner", method="POST", values={"kind": "person"}, form=PERSON),
        shared="no thing, but a choice of the page",
    ),
    "accounts.terms": row(PUBLIC, Call()),
    "accounts.reset": row(PUBLIC, Call(), Call(method="POST", form={"phone": _an_account}, status=200)),
    "accounts.reset_code": row(
        PUBLIC, Call(), Call(method="POST", form={"phone": _a_phone_with_a_code, "code": _the_code, **TWICE})
    ),
    "accounts.reset_link": row(
        PUBLIC,
        Call(values={"token": _a_reset_link}),
        Call(method="POST", values={"token": _a_reset_link}, form=TWICE),
        shared="whoever holds the link",
    ),
    "accounts.settings": row(
        SIGNED_IN, Call(role="applicant_owner"), Call(role="institution_clerk"), Call(role="official")
    ),
    "accounts.password": row(
        SIGNED_IN,
        Call(role="official"),
        Call(role="official", method="POST", form={"current": _own_password, **TWICE}),
    ),
    "accounts.claim": row(
        "own:members:invite",
        Call(role="applicant_owner"),
        Call(role="applicant_owner", method="POST", form={"identifier": _a_revoked_claim}),
    ),
    "accounts.end_session": row(
        SIGNED_IN, Call(role="applicant_owner", method="POST", values={"public_id": OWN_SESSION})
    ),
    "accounts.end_other_sessions": row(SIGNED_IN, Call(role="institution_admin", method="POST")),
    "accounts.switch": row(SIGNED_IN, Call(role="applicant_owner", method="POST", form={"membership": OWN_MEMBERSHIP})),
    "accounts.members": row("own:members:read", Call(role="applicant_owner"), Call(role="institution_admin")),
    "accounts.member": row(
        "own:members:invite",
        Call(role="institution_admin", values={"public_id": _a_colleague}),
        Call(
            role="institution_admin",
            method="POST",
            values={"public_id": _a_colleague},
            form={"role": "institution_clerk", "at": ""},
        ),
    ),
    "accounts.branches": row("own:branches:read", Call(role="institution_admin"), Call(role="institution_clerk")),
    "accounts.new_branch": row(
        "own:branches:manage",
        Call(role="institution_admin"),
        Call(role="institution_admin", method="POST", form=BRANCH),
    ),
    "accounts.import_branches": row(
        "own:branches:manage",
        Call(role="institution_admin"),
        *(
            Call(
                role="institution_admin",
                method="POST",
                form={"file": lambda _person: (BytesIO(BRANCH_FILE), "branches.csv"), "step": step},
                status=status,
            )
            for step, status in (("check", 200), ("import", 302))
        ),
    ),
    "accounts.branch_template": row(
        "own:branches:manage",
        Call(role="institution_admin", values={"kind": "xlsx"}),
        Call(role="institution_admin", values={"kind": "csv"}),
        shared="the same empty file for everybody who may send one",
    ),
    "accounts.branch": row(
        "own:branches:manage",
        Call(role="institution_admin", values={"public_id": _a_branch}),
        Call(role="institution_admin", method="POST", values={"public_id": _a_branch}, form=BRANCH),
    ),
    "accounts.close_branch": row(
        "own:branches:manage",
        Call(role="institution_admin", values={"public_id": _a_branch}),
        Call(role="institution_admin", method="POST", values={"public_id": _a_branch}, form={"successor": ""}),
    ),
    "accounts.invite_member": row(
        "own:members:invite",
        Call(role="applicant_owner", method="POST", form={"role": "applicant_member"}, status=200),
        Call(role="institution_admin", method="POST", form={"role": "institution_clerk"}, status=200),
    ),
    "accounts.withdraw": row(
        "own:members:invite", Call(role="applicant_owner", method="POST", values={"public_id": _own_invitation})
    ),
    "accounts.remove_member": row(
        "own:members:invite", Call(role="institution_admin", method="POST", values={"public_id": _a_colleague})
    ),
    "accounts.invitation": row(
        PUBLIC,
        Call(values={"token": _an_invitation}),
        Call(
            method="POST",
            values={"token": _an_invitation},
            form={"name": "来访者", "phone": _a_phone, **TWICE, "terms": "y"},
        ),
        shared="whoever holds the link",
    ),
    "accounts.join": row(
        SIGNED_IN,
        Call(role="official", method="POST", values={"token": _an_invitation}),
        shared="whoever holds the link",
    ),
    "desk.users": row("all:users:read", Call(role="operator"), Call(role="operator", query={"kind": "applicant"})),
    "desk.user": row("all:users:read", Call(role="operator", values={"public_id": A_USER})),
    "desk.lock": row(
        "all:users:manage",
        Call(role="operator", method="POST", values={"public_id": A_USER}, form={"reason": "本人报失手机"}),
    ),
    "desk.unlock": row("all:users:manage", Call(role="operator", method="POST", values={"public_id": A_USER})),
    "desk.reset_link": row(
        "all:users:manage", Call(role="operator", method="POST", values={"public_id": A_USER}, status=200)
    ),
    "desk.claims": row("all:claims:read", Call(role="operator"), Call(role="operator", query={"state": "all"})),
    "desk.claim": row("all:claims:read", Call(role="operator", values={"public_id": NEWEST_CLAIM})),
    "desk.verify": row(
        "all:claims:review",
        Call(
            role="operator",
            method="POST",
            values={"public_id": _a_claim},
            form={"method": "review", "note": "核对营业执照原件"},
        ),
    ),
    "desk.revoke": row(
        "all:claims:review",
        Call(role="operator", method="POST", values={"public_id": _a_claim}, form={"reason": "材料与登记不符"}),
    ),
    "desk.audit": row("all:audit:read", Call(role="operator"), Call(role="operator", query={"name": "claim.made"})),
}
