"""``finmart accounts`` on the command line."""

import json

import pytest
from click.testing import CliRunner, Result

from finmart.platform.accounts.cli import group
from finmart.platform.accounts.service import sessions
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.service.sign_in import sign_in
from finmart.platform.accounts.types.errors import AccountBlocked
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.errors import FinmartError
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")


def _run(*arguments: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(group, list(arguments), obj=lambda: None, input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit | FinmartError):
        raise result.exception
    return result


def _json(*arguments: str) -> dict[str, object]:
    result = _run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    loaded: dict[str, object] = json.loads(result.stdout)
    return loaded


def test_the_first_operator_is_made_by_command() -> None:
    phone = made.new_phone()
    result = _run("create-operator", "--phone", phone, "--password-stdin", stdin=f"{made.PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert made.PASSWORD not in result.output
    with unit_of_work():
        opened = sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE)
        actor = sessions.load_actor(opened.token)
    assert actor is not None
    assert actor.role == "operator"


def test_the_password_is_asked_for_twice_and_not_shown() -> None:
    answers = f"{made.new_phone()}\n{made.PASSWORD}\n{made.PASSWORD}\n"
    result = _run("create-operator", stdin=answers)
    assert result.exit_code == 0, result.output
    assert made.PASSWORD not in result.output


def test_a_weak_password_is_refused() -> None:
    result = _run("create-operator", "--phone", made.new_phone(), "--password-stdin", stdin="short\n")
    assert isinstance(result.exception, FinmartError)


def test_users_are_listed_masked() -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    listed = _json("list", "--kind", "applicant")
    assert listed["total"] == 1
    assert phone not in json.dumps(listed)
    assert f"{phone[:3]}****" in _run("list").stdout


def test_locking_unlocking_and_links() -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    assert _run("lock", phone, "--reason", "本人报失手机").exit_code == 0
    with pytest.raises(AccountBlocked), unit_of_work():
        sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE)
    assert _run("unlock", phone).exit_code == 0
    with unit_of_work():
        sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE)
    assert str(_json("one-time-link", phone)["path"]).startswith("/reset/link/")
    assert _run("one-time-link", phone).stdout.startswith("/reset/link/")


def test_claims_are_listed_verified_and_revoked() -> None:
    with unit_of_work():
        made.signed_up()
    listed = _json("claims", "list", "--state", "pending")
    claims = listed["claims"]
    assert isinstance(claims, list)
    claim = str(claims[0]["public_id"])
    assert claim in _run("claims", "list").stdout
    assert _run("claims", "verify", claim, "--note", "核对营业执照原件").exit_code == 0
    assert _json("claims", "list", "--state", "verified")["total"] == 1
    assert isinstance(_run("claims", "verify", claim, "--note", "再核实一次").exception, FinmartError)
    assert _run("claims", "revoke", claim, "--reason", "授权书是伪造的").exit_code == 0
    assert _json("claims", "list", "--disputed")["total"] == 0


def test_inviting_by_command() -> None:
    with unit_of_work():
        bank = made.organisation()
        public_id = organisation_card(bank).public_id
    assert str(_json("invite", public_id, "institution_admin")["path"]).startswith("/invitation/")
    assert isinstance(_run("invite", public_id, "operator").exception, FinmartError)
