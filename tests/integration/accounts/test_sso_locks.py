"""Linking an account and signing in by it lock the same rows in the same order, so that neither waits for the other."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import Select

from finmart.platform.accounts.models.sso import SsoLink
from finmart.platform.accounts.repository import sso as rows
from finmart.platform.accounts.repository import users
from finmart.platform.accounts.service import sso
from finmart.platform.accounts.types.sso import SsoUnlinked
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.sso.types import SsoIdentity
from tests.factories import accounts as made

IDENTITY = SsoIdentity("fingerprint-of-an-account", "", "", "", "")


@contextmanager
def locks() -> Iterator[list[str]]:
    """The tables whose rows are locked in the block, in order (SQLite is asked too, and takes none)."""
    taken: list[str] = []

    def note(state: ORMExecuteState) -> None:
        statement = state.statement
        if isinstance(statement, Select) and statement._for_update_arg is not None:
            taken.extend(source.name for source in statement.get_final_froms())  # type: ignore[attr-defined]

    event.listen(Session, "do_orm_execute", note)
    try:
        yield taken
    finally:
        event.remove(Session, "do_orm_execute", note)


@pytest.fixture
def owner(database: Database) -> Actor:
    """A firm that has signed up."""
    assert database
    with unit_of_work():
        return made.signed_up()


def _orders(owner: Actor) -> tuple[list[str], list[str]]:
    with unit_of_work(), locks() as linking:
        sso.link_account(owner, IDENTITY)
    with unit_of_work(), locks() as signing_in:
        sso.sign_in_by_sso(IDENTITY, made.DEVICE)
    return linking, signing_in


def test_the_user_is_locked_before_the_link(owner: Actor) -> None:
    linking, signing_in = _orders(owner)
    assert linking[:2] == signing_in[:2] == ["user_account", "sso_link"]


def test_a_link_that_went_while_the_user_was_waited_for_opens_nothing(
    owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work():
        sso.link_account(owner, IDENTITY)
    found = users.user_by_id

    def meanwhile(user_id: int, *, lock: bool = False) -> object:
        rows.remove_links(rows.links_of_user(user_id))
        return found(user_id, lock=lock)

    monkeypatch.setattr(users, "user_by_id", meanwhile)
    with unit_of_work(), pytest.raises(SsoUnlinked):
        sso.sign_in_by_sso(IDENTITY, made.DEVICE)
    with unit_of_work(readonly=True):
        assert session().query(SsoLink).count() == 0
