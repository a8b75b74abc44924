"""Sign-up of all five kinds, in one transaction, telling nobody who else is here."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.subjects import FarmerProfile, Subject, SubjectClaim
from finmart.platform.accounts.models.users import TermsAcceptance, User
from finmart.platform.accounts.service import claims, sign_up
from finmart.platform.accounts.types.claims import ClaimState
from finmart.platform.accounts.types.errors import (
    ActivityUnknown,
    FarmerDetailsMissing,
    IdentifierInvalid,
    NameMissing,
    PhoneTaken,
    RegionUnknown,
    TermsNotAccepted,
    WeakPassword,
)
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.accounts.types.values import FarmerDetails, Identity, NewUser
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.errors import FinmartError
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")

TABLES = (User, Organisation, Membership, Subject, SubjectClaim, TermsAcceptance)


def _counts() -> dict[str, int]:
    return {table.__tablename__: session().scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


@pytest.mark.parametrize("kind", list(SubjectKind))
def test_every_kind_of_applicant_can_sign_up(kind: SubjectKind) -> None:
    with unit_of_work():
        actor = made.signed_up(made.identity(kind))
        assert actor.role == "applicant_owner"
        assert actor.organisation_kind == "applicant"
        assert set(_counts().values()) == {1}
        applicant = claims.applicant(actor.organisation_id or 0)
        assert (applicant.kind, applicant.claim, applicant.verified) == (kind, ClaimState.PENDING, False)
        assert applicant.subject_id is not None
        assert (applicant.farmer is not None) == (kind is SubjectKind.FARMER)
        assert claims.verified_subject_of(actor.organisation_id or 0) is None
        names = set(session().scalars(select(AuditRow.name)))
        assert {"user.signed_up", "subject.created", "claim.made", "membership.began", "user.signed_in"} <= names


def test_a_farmer_says_where_what_and_how_much() -> None:
    with unit_of_work():
        actor = made.signed_up(made.identity(SubjectKind.FARMER))
        profile = session().scalars(select(FarmerProfile)).one()
        assert profile.organisation_id == actor.organisation_id
        assert (profile.village, profile.activities, profile.scale_mu) == ("360102002", ["crops"], 30)


def test_the_second_with_the_same_code_learns_nothing() -> None:
    code = made.new_credit_code()
    with unit_of_work():
        first = made.signed_up(made.identity(identifier=code))
        second = made.signed_up(made.identity(identifier=code))
        views = [claims.applicant(actor.organisation_id or 0) for actor in (first, second)]
        assert views[0].subject_id == views[1].subject_id
        assert claims.own_claim(first) == claims.own_claim(second) == ClaimState.PENDING
        disputed = session().scalars(select(SubjectClaim).order_by(SubjectClaim.id)).all()
        assert [claim.disputed_at is not None for claim in disputed] == [False, True]
        assert session().scalar(select(func.count()).where(AuditRow.name == "claim.disputed")) == 1


FIRM = made.identity()
FARMER = made.identity(SubjectKind.FARMER)
DETAILS = FARMER.farmer or FarmerDetails("", ())


@pytest.mark.parametrize(
    ("who", "error"),
    [
        (replace(FIRM, name=" "), NameMissing),
        (replace(FIRM, identifier="91360102MA35ABCD00"), IdentifierInvalid),
        (replace(FIRM, identifier="9.136E+17"), IdentifierInvalid),
        (replace(FIRM, identifier=made.new_credit_code(SubjectKind.COOPERATIVE)), IdentifierInvalid),
        (replace(FIRM, kind=SubjectKind.INDIVIDUAL_BUSINESS), IdentifierInvalid),
        (replace(FIRM, region="999999"), RegionUnknown),
        (replace(FARMER, identifier="360102199001011234"), IdentifierInvalid),
        (replace(FARMER, farmer=None), FarmerDetailsMissing),
        (replace(FARMER, farmer=replace(DETAILS, place="360102101201")), RegionUnknown),
        (replace(FARMER, farmer=replace(DETAILS, activities=())), ActivityUnknown),
        (replace(FARMER, farmer=replace(DETAILS, activities=("mining",))), ActivityUnknown),
        (replace(FARMER, farmer=replace(DETAILS, scale_mu=None)), FarmerDetailsMissing),
        (replace(FARMER, farmer=replace(DETAILS, scale_mu=-1)), FarmerDetailsMissing),
    ],
)
def test_an_identity_that_cannot_be_right_is_refused(who: Identity, error: type[FinmartError]) -> None:
    with pytest.raises(error), unit_of_work():
        made.signed_up(who)
    with unit_of_work(readonly=True):
        assert set(_counts().values()) == {0}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"accepted_terms": False}, TermsNotAccepted),
        ({"password": "short"}, WeakPassword),
        ({"name": ""}, NameMissing),
    ],
)
def test_a_person_who_leaves_something_out_is_refused(change: dict[str, str], error: type[FinmartError]) -> None:
    person: NewUser = replace(made.person(), **change)  # type: ignore[arg-type]
    with pytest.raises(error), unit_of_work():
        sign_up.sign_up(made.identity(), person, made.DEVICE)
    with unit_of_work(readonly=True):
        assert set(_counts().values()) == {0}


def test_a_phone_has_one_account() -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    with pytest.raises(PhoneTaken), unit_of_work():
        made.signed_up(phone=f"+86 {phone}")


def test_somebody_with_an_account_adds_another_identity() -> None:
    with unit_of_work():
        actor = made.signed_up()
        sign_up.add_identity(actor, made.identity(SubjectKind.FARMER))
        assert _counts()["user_account"] == 1
        assert _counts()["organisation"] == 2
