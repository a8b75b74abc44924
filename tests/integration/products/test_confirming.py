"""Whether listings still hold: their last day, confirming many, asking again, the operator's list."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from finmart.config import Settings
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.notices.models import Message
from finmart.products import service
from finmart.products.drafts.service import confirming, desk, listing, profile
from finmart.products.drafts.types import DatesRefused
from finmart.products.models import InstitutionListing, Product
from finmart.products.service import ListingOver, OwnToConfirm
from finmart.products.types import Confirmation, ListedInstitution
from tests.factories import accounts as made
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("stocked")]

CODE = "jjb_liuzi"
REASON = "已与业务部门核对"


@pytest.fixture
def stocked(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue."""
    with rolled_back(stock.engine) as current:
        assert settings.data
        yield current


def _admin(code: str = "jjb") -> Actor:
    return made.member("institution_admin", organisation_id=service.institution(code).organisation_id)


def _row() -> Product:
    return session().scalars(select(Product).where(Product.code == CODE)).one()


def _letters() -> list[str]:
    return [row.kind for row in session().scalars(select(Message)) if row.kind.startswith("product.unconfirmed")]


def test_a_listing_leaves_the_shelf_after_its_last_day_and_says_so() -> None:
    with unit_of_work():
        admin = _admin()
        last = today() + timedelta(days=3)
        with pytest.raises(DatesRefused):
            confirming.set_validity(admin, CODE, today() - timedelta(days=1))
        confirming.set_validity(admin, CODE, last)
        assert desk.own_product(admin, CODE).line.valid_until == last
    with time_machine.travel(now() + timedelta(days=3)), unit_of_work():
        listing.keep_dates()
        assert service.product(CODE).code == CODE
    with time_machine.travel(now() + timedelta(days=4)), unit_of_work():
        before = service.stamp()
        listing.keep_dates()
        assert service.stamp() != before
        assert CODE not in service.published_catalogue().by_code
        with pytest.raises(ListingOver):
            service.product(CODE)
        with pytest.raises(DatesRefused):
            listing.resume(admin, CODE, reason=REASON)
        confirming.set_validity(admin, CODE, None)
        listing.resume(admin, CODE, reason=REASON)
        assert service.product(CODE).code == CODE


def test_many_listings_are_confirmed_at_once() -> None:
    with unit_of_work():
        admin = _admin()
        codes = [one.product.code for one in service.own_products(admin)]
        assert confirming.confirm_many(admin, [*codes, codes[0]]) == len(codes)
        assert {one.last_confirmed_on for one in service.own_products(admin)} == {today()}
        others = service.own_products(_admin("ccb"))[0].product.code
        with pytest.raises(service.ProductUnknown):
            confirming.confirm_many(admin, [others])


def test_institutions_are_asked_twice_and_the_operator_for_the_rest() -> None:
    with unit_of_work():
        admin = _admin()
        made.member("operator")
        for product in session().scalars(select(Product)):
            product.last_confirmed_on = today()
        total = len(service.published_catalogue().products)
    begun = now()
    told = []
    for days in (89, 90, 91, 105, 106):
        with time_machine.travel(begun + timedelta(days=days)), unit_of_work():
            told.append(confirming.remind())
    assert told == [0, total, 0, total, 0]
    with time_machine.travel(begun + timedelta(days=121)), unit_of_work():
        assert _letters().count("product.unconfirmed") == 2  # To the one institution that has somebody.
        assert _letters().count("product.unconfirmed_apart") == 2
        assert confirming.is_stale(_row().last_confirmed_on or today())
        everything = confirming.overdue(made.member("operator"))
        assert sum(len(owner.listings) for owner in everything) == total
        service.confirm_listing(admin, CODE)
        after = confirming.overdue(made.member("operator"))
        assert CODE not in {code for owner in after for code, _name, _days in owner.listings}


def _operator() -> Actor:
    return made.member("operator")


def _apart() -> ListedInstitution:
    """An institution of the catalogue without a desk here."""
    return next(each for each in service.institutions() if not each.record.ref.connected and each.products > 1)


def test_the_operator_confirms_for_institutions_without_a_desk_and_pages_say_so() -> None:
    with unit_of_work():
        operator, apart = _operator(), _apart().record.ref.code
        first, second, *_rest = (product.code for product in service.products_of(apart))
        assert profile.confirm_overdue(operator, apart, products=[first, second, first], profile=True) == 3
        assert service.confirmation_of(first) == Confirmation(today(), by_operator=True)
        assert service.institution(apart).confirmation == Confirmation(today(), by_operator=True)
        assert service.confirmation_of(CODE) is None
        service.confirm_listing(_admin(), CODE)
        assert service.confirmation_of(CODE) == Confirmation(today(), by_operator=False)


def test_the_operator_confirms_nothing_for_an_institution_that_is_here() -> None:
    with unit_of_work():
        operator, apart = _operator(), _apart().record.ref.code
        with pytest.raises(OwnToConfirm):
            service.confirm_apart(operator, CODE)
        with pytest.raises(OwnToConfirm):
            profile.confirm_profile_apart(operator, "jjb")
        with pytest.raises(service.ProductUnknown):
            profile.confirm_overdue(operator, apart, products=[CODE], profile=False)
        with pytest.raises(PermissionMissing):
            profile.confirm_profile_apart(_admin(), apart)
        with pytest.raises(PermissionMissing):
            service.confirm_apart(_admin(), CODE)


def test_all_that_is_overdue_of_one_institution_is_confirmed_at_once() -> None:
    with time_machine.travel(now() + timedelta(days=400)), unit_of_work():
        operator, apart = _operator(), _apart().record.ref.code
        waiting = next(each for each in confirming.overdue(operator) if each.code == apart)
        assert waiting.profile_days is not None
        assert profile.confirm_all_overdue(operator, apart) == len(waiting.listings) + 1
        assert apart not in {each.code for each in confirming.overdue(operator)}
        assert profile.confirm_all_overdue(operator, apart) == 0


def test_an_institution_confirms_its_page_and_says_until_when_it_holds() -> None:
    with unit_of_work():
        admin = _admin()
        profile.confirm_profile(admin)
        profile.set_profile_validity(admin, today() + timedelta(days=200))
        with pytest.raises(DatesRefused):
            profile.set_profile_validity(admin, today() - timedelta(days=1))
        with pytest.raises(PermissionMissing):
            profile.confirm_profile(
                made.member("institution_clerk", organisation_id=service.institution("jjb").organisation_id)
            )
        shown = profile.own_profile(admin)
        assert shown is not None
        assert shown.confirmation == Confirmation(today(), by_operator=False)
        assert not profile.is_profile_stale(shown)
        assert not profile.is_profile_over(shown)
    for days, stale, over in ((120, False, False), (121, True, False), (201, True, True)):
        with time_machine.travel(now() + timedelta(days=days)), unit_of_work():
            assert (profile.is_profile_stale(shown), profile.is_profile_over(shown)) == (stale, over)


def test_institutions_are_asked_about_their_own_pages_too() -> None:
    with unit_of_work():
        _admin(), _operator()
        profiles = list(session().scalars(select(InstitutionListing)))
        for row in profiles:
            row.confirmed_on = today()
    begun, told = now(), []
    for days in (89, 90, 91, 105, 106):
        with time_machine.travel(begun + timedelta(days=days)), unit_of_work():
            told.append(profile.remind_of_profiles())
    assert told == [0, len(profiles), 0, len(profiles), 0]
    with unit_of_work():
        kinds = [row.kind for row in session().scalars(select(Message))]
        assert kinds.count("institution.unconfirmed") == 2
        assert kinds.count("institution.unconfirmed_apart") == 2
