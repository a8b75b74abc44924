"""Accounts of the demonstration: made once, flagged, with passwords of this installation alone."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from finmart.demo import members, signins
from finmart.demo.city.people import INSTITUTIONS, applicants, staff
from finmart.demo.city.subjects import subjects
from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.models.subjects import Subject
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service.organisations import ensure_institution_organisation
from finmart.platform.accounts.service.passwords import password_matches
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import system_actor

pytestmark = pytest.mark.database
ACTOR = system_actor("test", "members of the demonstration", frozenset({Permission.ALL_ORGANISATIONS_MANAGE}))


@pytest.fixture
def places(database: Database) -> dict[str, int]:  # noqa: ARG001 - the fixture is the database itself.
    with unit_of_work():
        return {code: ensure_institution_organisation(code=code, name_zh=code, kind="bank") for code in INSTITUTIONS}


@pytest.mark.usefixtures("places")
def test_everybody_can_sign_in_and_is_flagged() -> None:
    with unit_of_work():
        people = [subject for _, subject in applicants()]
        ids = members.ensure_subjects(ACTOR, subjects())
        organisations = members.ensure_applicants(people, ids)
        given = members.ensure_people(ACTOR, organisations)
    with unit_of_work(readonly=True):
        users = {user.phone: user for user in session().scalars(select(User))}
        assert len(given) == len(staff()) + len(applicants()) == len(users)
        assert all(users[one.phone].demonstration for one in given)
        assert all(password_matches(users[one.phone].password_hash, one.password) for one in given)
        assert len({one.password for one in given}) == len(given)
        assert all(session().scalars(select(Subject.demonstration)))


def test_a_second_time_makes_nothing_but_new_passwords(places: dict[str, int]) -> None:
    people = [subject for _, subject in applicants()]
    with unit_of_work():
        ids = members.ensure_subjects(ACTOR, people)
        organisations = members.ensure_applicants(people, ids)
        first = members.ensure_people(ACTOR, organisations)
    with unit_of_work():
        assert members.ensure_subjects(ACTOR, people) == ids
        assert members.ensure_applicants(people, ids) == organisations
        second = members.ensure_people(ACTOR, organisations)
        assert [one.phone for one in second] == [one.phone for one in first]
        assert {one.password for one in second}.isdisjoint(one.password for one in first)
        until = {code: session().get_one(Organisation, places[code]).agreement_until for code in ("jxbank", "cmb_nc")}
        assert until == {"jxbank": members.READING_RIGHT[1], "cmb_nc": None}


def test_the_file_of_sign_ins_is_private(tmp_path: Path) -> None:
    path = tmp_path / signins.FILE
    path.touch(mode=0o644)
    one = signins.SignIn("企业负责人", "Enterprise owner", "19000000101", signins.new_password())
    assert signins.write(tmp_path, [one]) == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert one.password in path.read_text(encoding="utf-8")
