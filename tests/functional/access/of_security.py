"""Access of the second step of signing in, and of the audit trail's check."""

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import factors
from finmart.platform.accounts.service import second_factor, sessions
from finmart.platform.accounts.service.passwords import hash_password
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.factories import accounts as made
from tests.factories.second_factor import code_of
from tests.fixtures.people import Person
from tests.functional.access.rows import PUBLIC, SIGNED_IN, Call, Row, first, row


def _actor(person: Person | None) -> Actor:
    assert person is not None
    with unit_of_work(readonly=True):
        actor = sessions.load_actor(person.token)
    assert actor is not None
    return actor


def _own_password(person: Person | None) -> str:
    assert person is not None
    with unit_of_work():
        user = session().get_one(User, person.user_id)
        user.password_hash = hash_password(made.PASSWORD)
    return made.PASSWORD


def _begun(person: Person | None) -> str:
    """The code that ends the caller's setting up, which is begun here."""
    actor = _actor(person)
    _own_password(person)
    with unit_of_work():
        second_factor.begin(actor, password=made.PASSWORD)
        assert actor.user_id is not None
        return code_of(actor.user_id)


def _a_code(person: Person | None) -> str:
    """A code of the caller, whose second step is turned on here."""
    code = _begun(person)
    with unit_of_work():
        return second_factor.confirm(_actor(person), code)[0]


def _a_user_with_it(_person: Person | None) -> str:
    with unit_of_work():
        user_id = made.member("official").user_id
        assert user_id is not None
        factors.add_factor(user_id=user_id, secret="JBSWY3DPEHPK3PXP").confirmed_at = None
    return first("SELECT public_id FROM user_account ORDER BY id DESC LIMIT 1")(None)


ROWS: dict[str, Row] = {
    # Without a password given in the same browser both lead to the sign-in page.
    "accounts.second_step": row(PUBLIC, Call(status=302), Call(method="POST", form={"code": "123456"})),
    "accounts.second_factor": row(SIGNED_IN, Call(role="official"), Call(role="applicant_owner")),
    "accounts.begin_second_factor": row(
        SIGNED_IN, Call(role="institution_clerk", method="POST", form={"password": _own_password})
    ),
    "accounts.set_second_factor": row(
        SIGNED_IN,
        Call(role="operator", query={"code": _begun}),
        Call(role="operator", method="POST", form={"code": _begun}, status=200),
    ),
    "accounts.renew_recovery_codes": row(
        SIGNED_IN, Call(role="official", method="POST", form={"renew-code": _a_code}, status=200)
    ),
    "accounts.remove_second_factor": row(
        SIGNED_IN, Call(role="applicant_owner", method="POST", form={"remove-code": _a_code})
    ),
    "desk.verify_audit": row(
        "all:audit:verify", Call(role="operator", method="POST"), Call(role="auditor", method="POST")
    ),
    "desk.reset_second_factor": row(
        "all:users:manage",
        Call(
            role="operator",
            method="POST",
            values={"public_id": _a_user_with_it},
            form={"factor-reason": "当面核对工作证"},
        ),
    ),
}
