"""Bringing organisations in, step by step; live links; and jobs that failed."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.service import directory, issued, members, onboarding, reset
from finmart.platform.accounts.service.organisations import ensure_organisation
from finmart.platform.accounts.types.errors import LinkUnusable, OrganisationUnknown, RegionUnknown
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.accounts.types.onboarding import (
    Attention,
    Choice,
    CodeTaken,
    Dates,
    Lack,
    NotYetConnectable,
    Registration,
    RegistrationRefused,
)
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs import operating, outbox, registry, runner
from finmart.platform.jobs.models import OutboxRow
from finmart.platform.jobs.operating import JobState
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.search.factory import use_search_folder
from finmart.products import loading
from finmart.products import service as shelf
from tests.factories import accounts as made

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

DAY = timedelta(days=1)
YEAR = timedelta(days=365)
BANK = Registration("南昌新银行", "New Bank of Nanchang", "360102", "bank", "0791-00000000")


@pytest.fixture(autouse=True)
def known_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onboarding._Kinds, "known", lambda: [Choice("bank", "银行", "Bank")])


def _dates(until: date) -> Dates:
    return Dates(until - YEAR, until, until - YEAR, until)


def _lacks(operator: Actor, public_id: str) -> tuple[Lack, ...]:
    return onboarding.read_onboarding(operator, public_id).lacks


def test_an_institution_comes_in_step_by_step() -> None:
    with unit_of_work():
        operator = made.member("operator")
        bank = onboarding.register(operator, OrganisationKind.INSTITUTION, BANK, code="new-bank")
        assert _lacks(operator, bank) == (Lack.QUALIFICATION, Lack.AGREEMENT, Lack.MEMBERS, Lack.DESK)
        with pytest.raises(NotYetConnectable):
            onboarding.connect(operator, bank, on=True)
        onboarding.set_dates(operator, bank, _dates(today() + YEAR))
        token = members.invite(operator, role="institution_clerk", organisation_public_id=bank).token
        members.accept_as_new_user(token, made.person(), made.DEVICE)
        assert _lacks(operator, bank) == (Lack.KEEPER, Lack.DESK)
        with pytest.raises(NotYetConnectable):
            onboarding.connect(operator, bank, on=True)
        token = members.invite(operator, role="institution_admin", organisation_public_id=bank).token
        members.accept_as_new_user(token, made.person(), made.DEVICE)
        onboarding.connect(operator, bank, on=True)
        assert _lacks(operator, bank) == ()
        events = session().scalars(select(AuditRow).where(AuditRow.target == bank).order_by(AuditRow.id))
        assert [event.name for event in events][:2] == ["organisation.saved", "organisation.dates_set"]


def test_an_office_needs_a_region_and_its_people() -> None:
    with unit_of_work():
        operator = made.member("operator")
        office = onboarding.register(operator, OrganisationKind.GOVERNMENT, Registration("测试区金融办"))
        assert _lacks(operator, office) == (Lack.NAME_EN, Lack.REGION, Lack.MEMBERS)
        changed = Registration("测试区金融办", "Finance Office", "360102")
        onboarding.change_registration(operator, office, changed)
        token = members.invite(
            operator, role="official", organisation_public_id=office, branch="金融科", region="360103"
        ).token
        members.accept_as_new_user(token, made.person(), made.DEVICE)
        assert _lacks(operator, office) == ()
        row = session().scalars(select(Organisation).where(Organisation.public_id == office)).one()
        assert (row.region, row.institution_kind) == ("360102", None)


@pytest.mark.parametrize(
    ("left", "lack", "filters"),
    [
        (31, None, set()),
        (30, Lack.AGREEMENT_ENDING, {Attention.AGREEMENT_ENDING}),
        (1, Lack.AGREEMENT_ENDING, {Attention.AGREEMENT_ENDING}),
        (0, Lack.AGREEMENT_OVER, {Attention.AGREEMENT_OVER}),
    ],
)
def test_an_agreement_that_ends_comes_to_notice(left: int, lack: Lack | None, filters: set[Attention]) -> None:
    with unit_of_work():
        operator = made.member("operator")
        bank = onboarding.register(operator, OrganisationKind.INSTITUTION, BANK)
        onboarding.set_dates(operator, bank, _dates(today() + left * DAY))
        found = {one for one in Attention if onboarding.list_onboarding(operator, attention=one, text=bank).total == 1}
        assert found - {Attention.NO_MEMBERS, Attention.NOT_CONNECTED} == filters
        agreement = {Lack.AGREEMENT, Lack.AGREEMENT_ENDING, Lack.AGREEMENT_OVER}
        assert agreement & set(_lacks(operator, bank)) == ({lack} if lack else set())


@pytest.mark.parametrize(
    ("kind", "new", "error"),
    [
        (OrganisationKind.INSTITUTION, Registration("", "", "", "bank"), RegistrationRefused),
        (OrganisationKind.INSTITUTION, Registration("银行名称", "", "", "circus"), RegistrationRefused),
        (OrganisationKind.INSTITUTION, Registration("银行名称", "", "999999", "bank"), RegionUnknown),
        (OrganisationKind.APPLICANT, Registration("某某公司"), RegistrationRefused),
        (OrganisationKind.OPERATOR, Registration("另一个平台"), RegistrationRefused),
    ],
)
def test_a_registration_that_cannot_be_right_is_refused(
    kind: OrganisationKind, new: Registration, error: type[Exception]
) -> None:
    with unit_of_work():
        operator = made.member("operator")
        with pytest.raises(error):
            onboarding.register(operator, kind, new)


def test_a_code_names_one_institution() -> None:
    with unit_of_work():
        operator = made.member("operator")
        ensure_organisation(OrganisationKind.INSTITUTION, code="taken", name_zh="已有银行", actor=made.TESTS)
        with pytest.raises(CodeTaken):
            onboarding.register(operator, OrganisationKind.INSTITUTION, BANK, code=" taken ")


@pytest.mark.parametrize("dates", [Dates(qualified_from=date(2026, 1, 1)), Dates(None, None, *[date(2026, 1, 1)] * 2)])
def test_half_a_period_is_refused(dates: Dates) -> None:
    with unit_of_work():
        operator = made.member("operator")
        bank = onboarding.register(operator, OrganisationKind.INSTITUTION, BANK)
        with pytest.raises(RegistrationRefused):
            onboarding.set_dates(operator, bank, dates)
        office = onboarding.register(operator, OrganisationKind.GOVERNMENT, Registration("测试局"))
        with pytest.raises(OrganisationUnknown):
            onboarding.set_dates(operator, office, _dates(today() + YEAR))


def test_only_the_operator_brings_organisations_in() -> None:
    with unit_of_work():
        operator = made.member("operator")
        bank = onboarding.register(operator, OrganisationKind.INSTITUTION, BANK)
        for somebody in (made.member("institution_admin"), made.member("official"), made.signed_up()):
            for act in (
                lambda actor: onboarding.register(actor, OrganisationKind.INSTITUTION, BANK),
                lambda actor: onboarding.change_registration(actor, bank, BANK),
                lambda actor: onboarding.set_dates(actor, bank, Dates()),
                lambda actor: onboarding.connect(actor, bank, on=True),
                lambda actor: onboarding.list_onboarding(actor),
                lambda actor: onboarding.read_onboarding(actor, bank),
            ):
                with pytest.raises(PermissionMissing):
                    act(somebody)


def test_a_live_link_is_listed_and_can_be_withdrawn() -> None:
    with unit_of_work():
        operator, clerk = made.member("operator"), made.member("institution_clerk")
        bank = onboarding.register(operator, OrganisationKind.INSTITUTION, BANK)
        link = members.invite(operator, role="institution_admin", organisation_public_id=bank)
        view = next(one for one in issued.list_live_links(operator).items if one.public_id == link.public_id)
        assert (view.purpose, view.organisation, view.role) == ("invitation", BANK.name_zh, "institution_admin")
        assert link.token not in repr(view)
        with pytest.raises(PermissionMissing):
            issued.withdraw_link(clerk, link.public_id)
        issued.withdraw_link(operator, link.public_id)
        with pytest.raises(LinkUnusable):
            issued.withdraw_link(operator, link.public_id)
        with pytest.raises(LinkUnusable):
            members.invitation_of(link.token)
        assert link.public_id not in {one.public_id for one in issued.list_live_links(operator).items}
        user = session().scalars(select(AuditRow.target).where(AuditRow.name == "user.created")).first()
        assert reset.issue_reset_link(operator, user or "").public_id in {
            one.public_id for one in issued.list_live_links(operator).items
        }


@pytest.fixture
def unlucky(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A job that fails as long as the list holds something."""
    trouble = [1]

    def work(_payload: object) -> None:
        if trouble:
            raise ConnectionError("13800000000")

    monkeypatch.setitem(registry.JOBS, "test.unlucky", work)
    return trouble


def _failed_job() -> int:
    with unit_of_work():
        outbox.enqueue("test.unlucky", {})
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.drain()
        with unit_of_work() as current:
            row = current.scalars(select(OutboxRow).where(OutboxRow.name == "test.unlucky")).one()
            row.run_after -= timedelta(days=1)
            number = row.id
    return number


def test_failed_work_is_done_again_when_the_operator_says_so(unlucky: list[int]) -> None:
    number = _failed_job()
    with unit_of_work():
        operator = made.member("operator")
        (job,), total = operating.list_jobs(operator, JobState.FAILED, limit=10, offset=0)
        assert (job.number, job.error, total) == (number, "ConnectionError", 1)
        unlucky.clear()
        operating.retry_job(operator, number)
        with pytest.raises(operating.JobNotFailed):
            operating.retry_job(operator, number)
    assert outbox.drain() == 1
    with unit_of_work():
        assert operating.job_counts(operator) == {JobState.FAILED: 0, JobState.WAITING: 0, JobState.DROPPED: 0}


@pytest.mark.usefixtures("unlucky")
def test_failed_work_is_given_up_with_a_reason() -> None:
    number = _failed_job()
    with unit_of_work():
        operator, official = made.member("operator"), made.member("official")
        with pytest.raises(PermissionMissing):
            operating.drop_job(official, number, reason="不再需要")
        with pytest.raises(operating.JobReasonMissing):
            operating.drop_job(operator, number, reason=" ")
        operating.drop_job(operator, number, reason="不再需要")
        assert operating.read_job(operator, number).drop_reason == "不再需要"
        with pytest.raises(operating.JobNotFailed):
            operating.retry_job(operator, number)
        with pytest.raises(operating.JobUnknown):
            operating.retry_job(operator, 10**9)
        audited = session().scalars(select(AuditRow.payload).where(AuditRow.name == "job.dropped")).one()
        assert audited == {"job": "test.unlucky", "fault": "ConnectionError"}
    assert outbox.drain() == 0


def _broken() -> None:
    raise ZeroDivisionError


def test_jobs_that_come_back_say_when_they_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "PERIODIC", {})
    monkeypatch.setattr(runner, "PERIODIC", registry.PERIODIC)
    monkeypatch.setattr(operating, "PERIODIC", registry.PERIODIC)
    registry.periodic("test.sound", DAY)(lambda: None)
    registry.periodic("test.broken", DAY)(_broken)
    with unit_of_work():
        operator = made.member("operator")
        assert [view.ran_at for view in operating.list_periodic(operator)] == [None, None]
    runner.run_periodic()
    with unit_of_work():
        broken, sound = operating.list_periodic(operator)
        assert (broken.is_failing, broken.error, broken.ran_at) == (True, "ZeroDivisionError", None)
        assert sound.ran_at is not None
        assert not sound.is_failing


def test_a_desk_that_opens_is_seen_on_the_products(tmp_path: Path) -> None:
    use_search_folder(tmp_path)
    with unit_of_work():
        operator = made.member("operator")
        loading.load_catalogue(loading.importer())
        code = shelf.published_catalogue().products[0].institution.code
        bank = onboarding.list_onboarding(operator, text=code).items[0].public_id
        card = directory.read_organisation(operator, bank)
        made.member("institution_admin", organisation_id=card.id)
        assert not shelf.published_catalogue().products[0].institution.connected
        onboarding.connect(operator, bank, on=True)
        known = onboarding.read_onboarding(operator, bank).registration
        onboarding.change_registration(operator, bank, replace(known, contact_phone="0791-00000000"))
    assert outbox.drain() > 0
    with unit_of_work(readonly=True):
        assert shelf.published_catalogue().products[0].institution.connected
        assert shelf.institution(code).record.phone == "0791-00000000"
    use_search_folder(None)
