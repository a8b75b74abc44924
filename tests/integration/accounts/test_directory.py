"""The operator's lists, organisations by code, and accounts made without sign-up."""

from datetime import date

import pytest
from sqlalchemy import select

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service import claims, directory, onboarding, organisations, people, provisioning
from finmart.platform.accounts.service.sign_in import sign_in
from finmart.platform.accounts.types.errors import (
    OrganisationUnknown,
    OwnAccount,
    PhoneInvalid,
    PhoneTaken,
    ReasonMissing,
    UserUnknown,
)
from finmart.platform.accounts.types.kinds import OrganisationKind, SubjectKind
from finmart.platform.accounts.types.values import NewUser
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import VISITOR
from finmart.platform.web.pages import PageBeyond
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")


def test_users_are_found_by_phone_organisation_or_number_and_shown_masked() -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
        operator = made.member("operator")
        by_phone = directory.list_users(operator, text=phone)
        (found,) = by_phone.items
        assert (found.phone_masked, found.name_masked) == (f"{phone[:3]}****{phone[-4:]}", "万**")
        assert directory.read_user(operator, found.public_id) == found
        assert [user.public_id for user in directory.list_users(operator, text=found.public_id).items] == [
            found.public_id
        ]
        assert directory.list_users(operator, text="南昌测试商贸").total == 1
        assert directory.list_users(operator, text="没有这样的名字%").total == 0
        assert directory.list_users(operator, kind=OrganisationKind.OPERATOR).total == 1
        assert directory.list_users(operator).total == 2
        with pytest.raises(PageBeyond):
            directory.list_users(operator, number=9)
        assert found.last_seen_at is not None


def test_lists_are_for_the_operator() -> None:
    with unit_of_work():
        for somebody in (VISITOR, made.signed_up(), made.member("official")):
            with pytest.raises(PermissionMissing):
                directory.list_users(somebody)
            with pytest.raises(PermissionMissing):
                onboarding.list_onboarding(somebody)


def test_locking_asks_for_a_reason_and_not_for_oneself() -> None:
    with unit_of_work():
        operator, other = made.member("operator"), made.member("operator")
        mine, theirs = (
            session().scalars(select(User.public_id).where(User.id == actor.user_id)).one()
            for actor in (operator, other)
        )
        with pytest.raises(OwnAccount):
            directory.lock_user(operator, mine, reason="试一试自己")
        with pytest.raises(ReasonMissing):
            directory.lock_user(operator, theirs, reason="")
        with pytest.raises(UserUnknown):
            directory.lock_user(operator, "nobody", reason="没有这个人")
        directory.lock_user(operator, theirs, reason="已经离职")
        assert directory.read_user(operator, theirs).locked
        with pytest.raises(PhoneInvalid):
            directory.find_by_phone(operator, "123")
        with pytest.raises(UserUnknown):
            directory.find_by_phone(operator, made.new_phone())


def test_an_institution_is_made_once_and_brought_up_to_date() -> None:
    with unit_of_work():
        first = organisations.ensure_institution_organisation(
            code="BANK-1", name_zh="示例银行", name_en="Sample Bank", kind="bank", connected=False
        )
        again = organisations.ensure_institution_organisation(
            code="BANK-1", name_zh="示例银行", name_en="Sample Bank", kind="bank", connected=True
        )
        assert first == again
        card = organisations.organisation_card(first)
        assert (card.connected, card.institution_kind, card.code) == (True, "bank", "BANK-1")
        assert organisations.find_organisation(OrganisationKind.INSTITUTION, "BANK-1") == card
        assert organisations.find_organisation(OrganisationKind.SUPPLIER, "BANK-1") is None
        assert organisations.organisation_cards([first, 10**9]) == {first: card}
        saved = session().scalars(select(AuditRow).where(AuditRow.name == "organisation.saved")).all()
        assert [(row.payload["created"], row.payload["changed"]) for row in saved] == [
            (True, []),
            (False, ["connected"]),
        ]
        with pytest.raises(OrganisationUnknown):
            organisations.organisation_card(10**9)


def test_an_institutions_right_to_read_is_noted_with_both_spans() -> None:
    begin, later, end = date(2026, 1, 1), date(2026, 2, 1), date(2027, 1, 1)
    with unit_of_work():
        bank, office = made.organisation(), made.organisation(OrganisationKind.GOVERNMENT)
        organisations.set_reading_right(made.TESTS, bank, qualified=(begin, end), agreement=(later, end))
        noted = session().get_one(Organisation, bank)
        assert (noted.qualified_from, noted.qualified_until) == (begin, end)
        assert (noted.agreement_from, noted.agreement_until) == (later, end)
        with pytest.raises(OrganisationUnknown):
            organisations.set_reading_right(made.TESTS, office, qualified=(begin, end), agreement=(begin, end))


def test_only_who_may_registers_organisations_and_makes_accounts() -> None:
    day = date(2026, 1, 1)
    with unit_of_work():
        bank = made.organisation()
        clerk = made.member("institution_admin", organisation_id=bank)
        with pytest.raises(PermissionMissing):
            organisations.set_reading_right(clerk, bank, qualified=(day, day), agreement=(day, day))
        with pytest.raises(PermissionMissing):
            organisations.ensure_organisation(OrganisationKind.GOVERNMENT, code="x", name_zh="某局", actor=clerk)
        with pytest.raises(PermissionMissing):
            provisioning.create_member(clerk, made.person(), organisation_id=bank, role="institution_clerk")
        with pytest.raises(PermissionMissing):
            provisioning.create_operator(clerk, name="某人", phone=made.new_phone(), password=made.PASSWORD)


def test_demonstration_people_are_made_again_with_a_new_password() -> None:
    phone = made.new_phone()
    with unit_of_work():
        subject_id = made.subject(SubjectKind.COOPERATIVE)
        organisation_id = provisioning.ensure_demonstration_applicant(subject_id=subject_id, region="360102")
        assert provisioning.ensure_demonstration_applicant(subject_id=subject_id, region="360102") == organisation_id
        assert claims.verified_subject_of(organisation_id) == subject_id
        assert organisations.holds_demonstration()
        passwords = ("tea-field-2718", "tea-field-2719")
        made_ids = {
            provisioning.ensure_demonstration_member(
                NewUser("演示用户", phone, password, accepted_terms=True),
                organisation_id=organisation_id,
                role="applicant_owner",
            )
            for password in passwords
        }
        assert len(made_ids) == 1
        assert sign_in(phone=phone, password=passwords[1], device=made.DEVICE).organisation_id == organisation_id


def test_the_demonstration_never_touches_a_real_account() -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
        organisation_id = made.organisation()
        with pytest.raises(PhoneTaken):
            provisioning.ensure_demonstration_member(
                made.person(phone), organisation_id=organisation_id, role="institution_clerk"
            )
        with pytest.raises(OrganisationUnknown):
            provisioning.create_member(made.TESTS, made.person(), organisation_id=10**9, role="operator")


def test_the_own_account_is_shown_masked() -> None:
    phone = made.new_phone()
    with unit_of_work():
        actor = made.signed_up(phone=phone)
        view = people.account(actor)
        assert view.name == "万里行"
        assert view.phone_masked == f"{phone[:3]}****{phone[-4:]}"
        assert view.terms_version == people.TERMS_VERSION
        with pytest.raises(UserUnknown):
            people.account(VISITOR)


def test_organisations_are_listed_with_their_members() -> None:
    with unit_of_work():
        operator = made.member("operator")
        bank = made.organisation()
        made.member("institution_admin", organisation_id=bank)
        listed = onboarding.list_onboarding(operator, kind=OrganisationKind.INSTITUTION)
        assert [view.members for view in listed.items] == [1]
        card = directory.read_organisation(operator, listed.items[0].public_id)
        assert (card.id, card.members) == (bank, 1)
        name = session().scalars(select(Organisation.name_zh).where(Organisation.id == bank)).one()
        assert onboarding.list_onboarding(operator, text=name).total == 1
        with pytest.raises(OrganisationUnknown):
            directory.read_organisation(operator, "nothing")
