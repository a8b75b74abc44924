"""Profiles: who may read one, that every read is written down first, and what is declared beside it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from finmart.credit.models import ProfileAccess
from finmart.credit.pipeline.copies import download
from finmart.credit.repository import profiles
from finmart.credit.service import bulk, declaring, deliveries, reading
from finmart.credit.types.errors import (
    CommitmentMissing,
    DeclarationInvalid,
    NotDeclarable,
    ProfileClosed,
    ProfileMissing,
)
from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.models.subjects import Subject, SubjectClaim
from finmart.platform.accounts.service.subjects import find_subject
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import Actor, system_actor
from tests.factories.credit import IMPORTER, Line, write_invoices

AS_OF = date(2020, 2, 21)

pytestmark = pytest.mark.usefixtures("database", "settings")


@pytest.fixture
def subject(tmp_path: Path, database: Database) -> int:
    """A firm with a published profile."""
    assert database.connection is not None
    deliveries.import_dataset(IMPORTER, "invoices", write_invoices(tmp_path), as_of=AS_OF)
    with unit_of_work(readonly=True):
        found = find_subject("supplier_code", "E1")
    assert found is not None
    return found


def applicant(subject_id: int, state: str | None) -> Actor:
    """A member of an applicant whose claim on the subject is in ``state`` (None: it made none)."""
    with unit_of_work():
        organisation = Organisation(kind="applicant", applicant_kind="enterprise", name_zh="甲公司", region="360100")
        session().add(organisation)
        session().flush()
        if state is not None:
            session().add(SubjectClaim(subject_id=subject_id, organisation_id=organisation.id, state=state))
        return Actor(
            name="member",
            organisation_id=organisation.id,
            organisation_kind="applicant",
            role="applicant_owner",
            permissions=permissions_of("applicant_owner"),
        )


def accesses() -> list[tuple[int | None, str, str]]:
    """Every noted read: subject, purpose, basis."""
    with unit_of_work(readonly=True):
        rows = session().scalars(select(ProfileAccess).order_by(ProfileAccess.id))
        return [(row.subject_id, row.purpose, row.basis) for row in rows]


def test_the_verified_subject_reads_its_own_and_the_read_is_noted(subject: int) -> None:
    actor = applicant(subject, "verified")
    with unit_of_work(readonly=True):
        assert reading.profile_subject(actor) == subject
        profile = reading.read_profile(actor, subject)
    assert profile.facts["sales_12m"].value == 10_000
    assert profile.facts["sales_12m"].batches
    assert accesses() == [(subject, "view", "own")]
    with unit_of_work(readonly=True):
        again = reading.read_profile(actor, subject, purpose="download")
        assert [one.reader_zh for one in again.accesses] == ["甲公司", "甲公司"]
        assert download(again)["subject"] == {
            "id": profile.subject_public_id,
            "name": "E1有限公司",
            "kind": "enterprise",
        }


@pytest.mark.parametrize("state", [None, "pending", "revoked"])
def test_nobody_else_reads_it(subject: int, state: str | None) -> None:
    actor = applicant(subject, state)
    with unit_of_work(readonly=True):
        assert reading.profile_subject(actor) is None
        with pytest.raises(ProfileClosed):
            reading.read_profile(actor, subject)
        with pytest.raises(ProfileClosed):
            reading.profile_facts(actor, subject, purpose="match", basis="demonstration")
        with pytest.raises(ProfileClosed):
            reading.profile_facts(actor, subject, purpose="match", basis="curiosity")
        with pytest.raises(ProfileClosed):
            list(bulk.profiles_for_run(actor, basis="x", as_of=AS_OF))
        with pytest.raises(ProfileClosed):
            list(bulk.profiles_for_run(actor, basis="x", as_of=AS_OF, subject_ids=[subject]))
        with pytest.raises(ProfileClosed):
            reading.profile_facts(system_actor("x", "y"), subject, purpose="match", basis="no permission")
    assert accesses() == []


def test_when_the_read_cannot_be_noted_nothing_is_shown(subject: int, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = applicant(subject, "verified")

    def full(**_values: object) -> None:
        raise OSError("no space left")

    def must_not_be_read(*_arguments: object, **_keywords: object) -> None:
        raise AssertionError("read before it was noted")

    monkeypatch.setattr(profiles, "add_access", full)
    monkeypatch.setattr(profiles, "latest_version", must_not_be_read)
    monkeypatch.setattr(profiles, "facts_of", must_not_be_read)
    with pytest.raises(OSError, match="no space"), unit_of_work(readonly=True):
        reading.read_profile(actor, subject)
    with pytest.raises(OSError, match="no space"), unit_of_work(readonly=True):
        reading.profile_facts(actor, subject, purpose="match", basis="own")


def test_a_run_over_many_writes_one_row(subject: int) -> None:
    with unit_of_work():
        [found] = bulk.profiles_for_run(IMPORTER, basis="match everyone", as_of=AS_OF)
    assert (found.subject_id, found.identifier, found.as_of) == (subject, "E1", AS_OF)
    assert found.facts["sales_12m"].value == 10_000
    assert accesses() == [(None, "match_everyone", "system")]
    actor = applicant(subject, "verified")
    with unit_of_work(readonly=True):
        assert [one.basis for one in reading.read_profile(actor, subject).accesses] == ["own", "system"]


def test_both_bounds_choose_the_version(subject: int, tmp_path: Path) -> None:
    actor = applicant(subject, "verified")
    with unit_of_work():
        first = reading.profile_facts(actor, subject, purpose="match", basis="own", as_of=AS_OF)
    more = write_invoices(tmp_path / "more", sales=[Line(), Line(number="2")])
    deliveries.import_dataset(IMPORTER, "invoices", more, as_of=AS_OF)
    with unit_of_work():
        now = reading.profile_facts(actor, subject, purpose="match", basis="own", as_of=AS_OF)
        then = reading.profile_facts(actor, subject, purpose="match", basis="own", as_of=AS_OF, known_at=first.known_at)
        before = reading.profile_facts(actor, subject, purpose="match", basis="own", as_of=date(2020, 2, 20))
    assert (first.facts["sales_12m"].value, now.facts["sales_12m"].value) == (10_000, 20_000)
    assert then == first
    assert (before.version_public_id, dict(before.facts)) == (None, {})


def test_what_is_out_of_date_is_unknown_to_a_match_and_stays_on_the_page(subject: int) -> None:
    actor = applicant(subject, "verified")
    last = AS_OF.replace(month=1, day=15) + timedelta(days=120)
    with unit_of_work():
        fresh = reading.profile_facts(actor, subject, purpose="match", basis="own", as_of=last)
        old = reading.profile_facts(actor, subject, purpose="match", basis="own", as_of=last + timedelta(days=1))
        today = reading.profile_facts(actor, subject, purpose="match", basis="own")
        [run] = bulk.profiles_for_run(IMPORTER, basis="match everyone", as_of=date(2026, 1, 1))
        page = reading.read_profile(actor, subject)
    assert fresh.facts["sales_12m"].value == 10_000
    assert old.version_public_id == fresh.version_public_id == today.version_public_id
    assert "sales_12m" not in old.facts
    assert "sales_12m" not in today.facts
    # A bulk run asks as of the profile's own day, the page shows everything with its age.
    assert run.facts["sales_12m"].value == 10_000
    assert page.facts["sales_12m"].value == 10_000


def test_the_demonstration_keeps_to_its_own_day(tmp_path: Path) -> None:
    deliveries.import_dataset(IMPORTER, "invoices", write_invoices(tmp_path), as_of=AS_OF, demonstration=True)
    with unit_of_work():
        subject = find_subject("supplier_code", "E1")
        assert subject is not None
        found = reading.profile_facts(IMPORTER, subject, purpose="match", basis="demonstration")
    assert found.facts["sales_12m"].value == 10_000


def test_declared_facts_stand_beside_and_conflicts_are_shown(subject: int) -> None:
    actor = applicant(subject, "verified")
    with unit_of_work():
        declaring.declare(actor, subject, {"employees": "12", "annual_revenue": "5", "overdue_now": "no"}, True)
    with unit_of_work():
        declaring.declare(actor, subject, {"employees": "15", "qualifications": "none", "total_debt": " "}, True)
    with unit_of_work(readonly=True):
        told = set(session().scalars(select(AuditRow.target).where(AuditRow.name == "facts.declared")))
        assert told == {session().get_one(Organisation, actor.organisation_id).public_id}
    with unit_of_work(readonly=True):
        found = {one.key: one for one in declaring.compared_declarations(actor, subject)}
    assert {key: one.value for key, one in found.items()} == {
        "annual_revenue": 5_000_000,
        "employees": 15,
        "overdue_now": False,
        "qualifications": (),
    }
    assert found["annual_revenue"].conflicts
    assert found["annual_revenue"].imported == 10_000
    assert not found["employees"].conflicts
    assert accesses() == [(subject, "declared", "own")]


def test_declarations_alone_read_no_profile(subject: int) -> None:
    actor = applicant(subject, "verified")
    with unit_of_work():
        declaring.declare(actor, subject, {"annual_revenue": "5"}, True)
        [said] = declaring.own_declarations(actor.organisation_id or 0)
    assert said.imported is None
    assert accesses() == []


def test_before_verification_declarations_are_compared_with_nothing(subject: int) -> None:
    actor = applicant(subject, "pending")
    with unit_of_work():
        declaring.declare(actor, subject, {"annual_revenue": "5"}, True)
        [said] = declaring.compared_declarations(actor, subject)
    assert said.imported is None
    assert accesses() == []


@pytest.mark.parametrize(
    ("key", "text", "error"),
    [
        ("employees", "many", DeclarationInvalid),
        ("employees", "-1", DeclarationInvalid),
        ("annual_revenue", "1.23456789", DeclarationInvalid),
        ("tax_grade", "E", DeclarationInvalid),
        ("overdue_now", "maybe", DeclarationInvalid),
        ("industry", "no such", DeclarationInvalid),
        ("sales_12m", "5", NotDeclarable),
        ("no_such_fact", "5", NotDeclarable),
    ],
)
def test_answers_that_do_not_fit_are_refused(subject: int, key: str, text: str, error: type[Exception]) -> None:
    actor = applicant(subject, "verified")
    with unit_of_work(), pytest.raises(error):
        declaring.declare(actor, subject, {key: text}, True)


def test_nothing_is_declared_without_commitment(subject: int) -> None:
    actor = applicant(subject, "verified")
    with unit_of_work(), pytest.raises(CommitmentMissing):
        declaring.declare(actor, subject, {"employees": "12"}, False)


def test_a_subject_without_data_has_no_profile(subject: int) -> None:
    with unit_of_work():
        other = Subject(kind="enterprise", display_name="乙公司")
        session().add(other)
        session().flush()
        other_id = other.id
    actor = applicant(other_id, "verified")
    assert other_id != subject
    with unit_of_work(readonly=True):
        with pytest.raises(ProfileMissing):
            reading.read_profile(actor, other_id)
        assert reading.profile_facts(actor, other_id, purpose="match", basis="own").version_public_id is None


def test_peers_are_counted_under_a_named_basis(subject: int) -> None:
    with unit_of_work():
        assert bulk.count_peers(IMPORTER) == 0
        assert bulk.count_peers(IMPORTER) == 0
    assert subject
    assert accesses() == [(None, "peers", "system"), (None, "peers", "system")]
