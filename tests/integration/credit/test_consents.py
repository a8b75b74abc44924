"""Consents: who may give one, what it opens, and that withdrawing, time and lost rights close it at once."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update

from finmart.credit.models import ProfileAccess
from finmart.credit.repository import profiles
from finmart.credit.service import consenting, granted, reading
from finmart.credit.service.consenting import Standing
from finmart.credit.types.errors import (
    AgreementMissing,
    ClaimNeeded,
    ConsentEnded,
    InstitutionNotReady,
    ProfileClosed,
    ProfileMissing,
    PurposeNotCovered,
    ScopeUnknown,
    WarningUnconfirmed,
)
from finmart.platform.accounts.models.subjects import SubjectClaim
from finmart.platform.accounts.service.claims import revoke_claim
from finmart.platform.accounts.service.organisations import organisation_card, set_reading_right
from finmart.platform.accounts.types.errors import OrganisationUnknown
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.audit.service import AuditEntry, AuditFilter, list_events
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.consents.models import Consent
from finmart.platform.consents.types import (
    ConsentOver,
    ConsentUnknown,
    NothingGranted,
    PurposeUnknown,
    ReasonUnknown,
    ValidityInvalid,
)
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.clock import today
from tests.factories import accounts
from tests.factories.consents import RIGHT, World, claimant, make_world, read

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("database", "settings")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world of the test's own."""
    return make_world(tmp_path)


def accesses() -> list[tuple[int | None, str, str, str]]:
    """Every noted read: subject, purpose, basis, detail."""
    with unit_of_work(readonly=True):
        rows = session().scalars(
            select(ProfileAccess).where(ProfileAccess.basis == "consent").order_by(ProfileAccess.id)
        )
        return [(row.subject_id, row.purpose, row.basis, row.detail) for row in rows]


def events(name: str) -> list[AuditEntry]:
    """Audit entries of an event."""
    with unit_of_work(readonly=True):
        return list_events(accounts.TESTS, AuditFilter(name=name))


def test_a_consent_opens_its_data_sets_and_the_read_is_noted(world: World) -> None:
    consent = world.grant()
    found = read(world.clerk, consent)
    assert found.profile.facts["sales_12m"].value == 10_000
    assert found.profile.facts["employees"].value == 20
    assert (found.profile.declared, found.profile.accesses) == ((), ())
    assert accesses() == [(world.subject, "loan_review", "consent", consent.receipt_number)]
    [event] = events("profile.read_under_consent")
    assert (event.target, event.role) == (consent.public_id, "institution_clerk")
    assert "10000" not in str(event.payload)


def test_the_subject_sees_who_read_why_and_under_which_consent(world: World) -> None:
    consent = world.grant()
    read(world.clerk, consent)
    with unit_of_work(readonly=True):
        [own, entry] = reading.read_profile(world.owner, world.subject).accesses
        given, reads = consenting.own_consent(world.owner, consent.public_id)
        name = organisation_card(world.bank).name_zh
    assert own.receipt == ""
    assert (entry.reader_zh, entry.purpose, entry.basis) == (name, "loan_review", "consent")
    assert entry.receipt == consent.receipt_number
    assert [one.at for one in reads] == [entry.at]
    assert given.standing is Standing.OPEN


def test_only_facts_made_of_nothing_but_the_granted_data_sets_are_shown(world: World) -> None:
    only_registration = read(world.clerk, world.grant(scopes=("registration",))).profile.facts
    only_invoices = read(world.clerk, world.grant(scopes=("invoices",))).profile.facts
    both = read(world.clerk, world.grant()).profile.facts
    assert "employees" in only_registration
    assert not {key for key in only_registration if key.startswith(("sales", "purchases", "invoices", "annual"))}
    assert "sales_12m" in only_invoices
    assert "employees" not in only_invoices
    mixed = set(both) - set(only_registration) - set(only_invoices)
    assert mixed == {"firm_size"}, "the size is made of employees and of invoiced sales"


def test_withdrawing_stops_the_very_next_read(world: World) -> None:
    consent = world.grant()
    read(world.clerk, consent)
    with unit_of_work():
        consenting.revoke_consent(world.owner, consent.public_id, "mistake")
    with pytest.raises(ConsentEnded):
        read(world.clerk, consent)
    assert len(accesses()) == 1
    [event] = events("consent.revoked")
    assert event.payload["reason"] == "mistake"
    with unit_of_work(readonly=True):
        assert consenting.given_consents(world.clerk).items[0].standing is Standing.REVOKED


def test_when_the_read_cannot_be_noted_nothing_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    consent = world.grant()

    def full(**_values: object) -> None:
        raise OSError("no space left")

    def must_not_be_read(*_arguments: object, **_keywords: object) -> None:
        raise AssertionError("read before it was noted")

    monkeypatch.setattr(profiles, "add_access", full)
    monkeypatch.setattr(profiles, "latest_version", must_not_be_read)
    monkeypatch.setattr(profiles, "facts_of", must_not_be_read)
    with pytest.raises(OSError, match="no space"):
        read(world.clerk, consent)
    assert events("profile.read_under_consent") == []


def test_another_institution_never_learns_of_it(world: World) -> None:
    consent = world.grant()
    with pytest.raises(ConsentUnknown):
        read(world.other_clerk, consent)
    with unit_of_work(readonly=True):
        assert consenting.given_consents(world.other_clerk).total == 0
        with pytest.raises(ConsentUnknown):
            granted.granted_profile(world.clerk, "nothingthere", None)
        with pytest.raises(PermissionMissing):
            granted.granted_profile(world.owner, consent.public_id)
    assert accesses() == []


def test_another_purpose_is_not_covered(world: World) -> None:
    consent = world.grant()
    with pytest.raises(PurposeNotCovered):
        read(world.clerk, consent, "post_loan")
    assert accesses() == []
    assert read(world.clerk, consent, "loan_review").consent == consent


def test_it_holds_until_the_end_of_its_last_day(world: World) -> None:
    consent = world.grant(days=30)
    last = consent.valid_until
    # Midnight in Shanghai is 16:00 UTC of the day before.
    with time_machine.travel(f"{last.isoformat()}T15:59:00+00:00", tick=False):
        read(world.clerk, consent)
    with time_machine.travel(f"{last.isoformat()}T16:00:00+00:00", tick=False):
        with pytest.raises(ConsentEnded):
            read(world.clerk, consent)
        with unit_of_work(readonly=True):
            assert consenting.own_consents(world.owner)[0].standing is Standing.EXPIRED
        with unit_of_work(), pytest.raises(ConsentOver):
            consenting.revoke_consent(world.owner, consent.public_id, "done")
    assert len(accesses()) == 1


@pytest.mark.parametrize("which", ["qualified", "agreement"])
def test_without_qualification_or_agreement_nobody_reads(world: World, which: str) -> None:
    consent = world.grant()
    ended = {"qualified": RIGHT, "agreement": RIGHT, which: (RIGHT[0], today())}
    with unit_of_work():
        set_reading_right(accounts.TESTS, world.bank, **ended)
    with pytest.raises(InstitutionNotReady):
        read(world.clerk, consent)
    with pytest.raises(InstitutionNotReady):
        world.grant()
    with unit_of_work(readonly=True):
        assert not consenting.may_read_now(world.clerk)
        assert consenting.own_consents(world.owner)[0].standing is Standing.CLOSED
        assert [card.id for card in consenting.institutions_to_choose()] == [world.other_bank]
        assert consenting.consent_for(subject_id=world.subject, institution_id=world.bank, on=today()) is None
    with unit_of_work():
        last_day_included = {"qualified": RIGHT, "agreement": RIGHT, which: (RIGHT[0], today() + DAY)}
        set_reading_right(accounts.TESTS, world.bank, **last_day_included)
    read(world.clerk, consent)


def test_a_consent_dies_with_the_claim_of_whoever_gave_it(world: World) -> None:
    consent = world.grant()
    with unit_of_work():
        claim = (
            session()
            .scalars(select(SubjectClaim).where(SubjectClaim.organisation_id == world.owner.organisation_id))
            .one()
        )
        revoke_claim(accounts.TESTS, claim.public_id, reason="认领人不是本企业")
        second = claimant(world.subject)
    with pytest.raises(ConsentEnded):
        read(world.clerk, consent)
    with unit_of_work(readonly=True):
        assert consenting.given_consents(world.clerk).items[0].standing is Standing.CLAIM_ENDED
        assert consenting.own_consents(second) == ()
        with pytest.raises(ConsentUnknown):
            consenting.own_consent(second, consent.public_id)
        with pytest.raises(ConsentUnknown):
            consenting.revoke_consent(second, consent.public_id, "done")
        with pytest.raises(ClaimNeeded):
            consenting.grant_consent(world.owner, world.asked())
    assert accesses() == []


@pytest.mark.parametrize("state", ["pending", "revoked"])
def test_a_second_organisation_that_is_not_verified_grants_nothing(world: World, state: str) -> None:
    with unit_of_work():
        stranger = claimant(world.subject, state)
    with unit_of_work(), pytest.raises(ClaimNeeded):
        consenting.grant_consent(stranger, world.asked())
    assert events("consent.granted") == []


def test_the_newest_valid_consent_is_found(world: World) -> None:
    first, second = world.grant(), world.grant(scopes=("invoices",))
    where = {"subject_id": world.subject, "institution_id": world.bank, "on": today()}
    with unit_of_work(readonly=True):
        assert consenting.consent_for(**where) == second  # type: ignore[arg-type]
        assert consenting.consent_for(**{**where, "on": second.valid_until + DAY}) is None  # type: ignore[arg-type]
        assert consenting.consent_for(**{**where, "institution_id": world.other_bank}) is None  # type: ignore[arg-type]
    with unit_of_work():
        consenting.revoke_consent(world.owner, second.public_id, "done")
    with unit_of_work(readonly=True):
        assert consenting.consent_for(**where) == first  # type: ignore[arg-type]


def test_of_two_consents_the_one_that_covers_what_is_asked_is_found(world: World) -> None:
    first, second = world.grant(scopes=("registration",)), world.grant(scopes=("invoices",))
    where = {"subject_id": world.subject, "institution_id": world.bank, "on": today()}
    with unit_of_work(readonly=True):
        assert consenting.consent_for(**where, scopes=("registration",)) == first  # type: ignore[arg-type]
        assert consenting.consent_for(**where, scopes=("invoices",)) == second  # type: ignore[arg-type]
        together = ("invoices", "registration")
        assert consenting.consent_for(**where, scopes=together) is None, "no union"  # type: ignore[arg-type]
        assert consenting.consents_for(**where) == (second, first)  # type: ignore[arg-type]
    whole = world.grant()
    with unit_of_work(readonly=True):
        assert consenting.consents_for(**where) == (whole,), "it opens what both others open"  # type: ignore[arg-type]
        assert consenting.consent_for(**where, scopes=together) == whole  # type: ignore[arg-type]


def test_a_consent_behind_one_whose_claim_has_ended_is_found(world: World) -> None:
    first = world.grant()
    second = world.grant()
    with unit_of_work():
        other = claimant(world.subject, "revoked").organisation_id
        session().execute(update(Consent).where(Consent.id == second.id).values(organisation_id=other))
    with unit_of_work(readonly=True):
        found = consenting.consent_for(subject_id=world.subject, institution_id=world.bank, on=today())
    assert found == first


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"agreed": False}, AgreementMissing),
        ({"scopes": ()}, NothingGranted),
        ({"scopes": ("registration", "score")}, ScopeUnknown),
        ({"purpose": "curiosity"}, PurposeUnknown),
        ({"days": -1}, ValidityInvalid),
        ({"days": 367}, ValidityInvalid),
        ({"institution": "nothingthere"}, OrganisationUnknown),
    ],
)
def test_what_cannot_be_granted_is_refused(world: World, changes: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        world.grant(**changes)
    with unit_of_work(readonly=True):
        assert consenting.own_consents(world.owner) == ()


def test_a_colleague_may_withdraw_and_nobody_else(world: World) -> None:
    consent = world.grant()
    with unit_of_work():
        colleague = accounts.member("applicant_member", organisation_id=world.owner.organisation_id)
        with pytest.raises(ReasonUnknown):
            consenting.revoke_consent(colleague, consent.public_id, "because")
        with pytest.raises(PermissionMissing):
            consenting.revoke_consent(world.clerk, consent.public_id, "done")
        consenting.revoke_consent(colleague, consent.public_id, "done")
        with pytest.raises(ConsentOver):
            consenting.revoke_consent(world.owner, consent.public_id, "done")


@pytest.mark.parametrize("kind", [SubjectKind.INDIVIDUAL_BUSINESS, SubjectKind.FARMER, SubjectKind.PERSON])
def test_a_persons_income_needs_a_tick_of_its_own(world: World, kind: SubjectKind) -> None:
    with unit_of_work():
        person = claimant(accounts.subject(kind))
    for scopes, warned in ((("tax",), ("tax",)), (("invoices", "adverse"), ("invoices",))):
        with unit_of_work(), pytest.raises(WarningUnconfirmed):
            consenting.grant_consent(person, world.asked(scopes=scopes))
        with unit_of_work():
            assert consenting.grant_consent(person, world.asked(scopes=scopes, warned=True)).warned == warned
    with unit_of_work():
        assert consenting.grant_consent(person, world.asked(scopes=("adverse",))).warned == ()


def test_a_consent_on_a_subject_without_data_says_so(world: World) -> None:
    with unit_of_work():
        newcomer = claimant(accounts.subject())
        consent = consenting.grant_consent(newcomer, world.asked())
    with pytest.raises(ProfileMissing):
        read(world.clerk, consent)


def test_no_other_door_opens_by_the_word_consent(world: World) -> None:
    world.grant()
    with unit_of_work(readonly=True):
        for basis in ("consent", "own", "demonstration"):
            with pytest.raises(ProfileClosed):
                reading.read_profile(world.clerk, world.subject, basis=basis)
            with pytest.raises(ProfileClosed):
                reading.profile_facts(world.clerk, world.subject, purpose="match", basis=basis)
