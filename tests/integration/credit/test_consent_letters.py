"""Letters about consents: who is told of what, once, and without naming the subject."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from finmart.credit.service import consenting
from finmart.platform.consents.models import Consent
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.notices.service.inbox import list_messages
from tests.factories.consents import World, make_world

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("database", "settings")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world of the test's own."""
    return make_world(tmp_path)


def letters_of(actor: Actor) -> list[str]:
    """The kinds of the letters somebody has received, in order."""
    with unit_of_work(readonly=True):
        return sorted(message.kind for message in list_messages(actor).items)


def test_both_sides_are_told(world: World) -> None:
    consent, short = world.grant(days=30), world.grant(days=7)
    withdrawn = world.grant(days=5)
    with unit_of_work():
        consenting.revoke_consent(world.owner, withdrawn.public_id, "done")
    told = ["consent.granted", "consent.granted", "consent.granted", "consent.revoked"]
    assert letters_of(world.clerk) == told
    assert letters_of(world.other_clerk) == letters_of(world.owner) == []
    with unit_of_work():
        assert consenting.tell_endings() == 1
    assert letters_of(world.owner) == ["consent.own_ending"]
    assert letters_of(world.clerk) == ["consent.ending", *told]
    with unit_of_work():
        assert consenting.tell_endings() == 0, "each is told once"
    with unit_of_work(readonly=True):
        marked = session().scalars(select(Consent.public_id).where(Consent.reminded_at.is_not(None))).all()
    assert list(marked) == [short.public_id]
    with time_machine.travel(f"{(consent.valid_until - 7 * DAY).isoformat()}T04:00:00+00:00"), unit_of_work():
        assert consenting.tell_endings() == 1


def test_letters_leave_the_house_without_the_subjects_name(world: World) -> None:
    world.grant()
    with unit_of_work(readonly=True):
        [message] = list_messages(world.clerk).items
    assert "E1" not in message.happened + message.next_step
    assert message.path.startswith("/institution/profiles/")
