"""Off the shelf: what runs on a stored version goes on, and the catalogue's import never overrules an institution."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from finmart.config import Settings
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.jobs.models import OutboxRow
from finmart.platform.jobs.outbox import drain
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.search.factory import use_search_folder
from finmart.products import loading, service
from finmart.products.drafts.service import desk, listing, writing
from finmart.products.drafts.types import DatesRefused, DraftMoved, NothingChanged, ReasonMissing, StepRefused
from finmart.products.models import Product, ProductStep, ProductVersion
from finmart.products.service import Criteria, ProductUnknown
from tests.factories import accounts as made
from tests.factories import products
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

pytestmark = pytest.mark.database

CODE = "jjb_liuzi"
REASON = "监管要求核对条款"


@pytest.fixture(autouse=True)
def stocked(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue, with a search index of its own."""
    stock.copy_index(settings.data)
    use_search_folder(settings.data)
    with rolled_back(stock.engine) as current:
        yield current
    use_search_folder(None)


def _pair(code: str = "jjb") -> tuple[Actor, Actor]:
    owner = service.institution(code).organisation_id
    return made.member("institution_clerk", organisation_id=owner), made.member(
        "institution_admin", organisation_id=owner
    )


def test_a_suspended_product_leaves_the_shelf_and_its_versions_stay_readable() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        before = service.product(CODE)
        products.edited(clerk, CODE, way={"amount_max_wan": "9000"})
        writing.submit(clerk, CODE)
        products.approve(admin, CODE, 2)
        listing.suspend(admin, CODE, reason=REASON, begins=today(), ends=None)
        with pytest.raises(ProductUnknown):
            service.product(CODE)
        assert CODE not in service.published_catalogue().by_code
        assert service.version(CODE, 1) == before
        assert service.version(CODE, 2).amount_max == 9_000_000_000
        with pytest.raises(ProductUnknown):
            service.version(CODE, 3)
    drain()
    with unit_of_work(readonly=True):
        assert CODE not in [product.code for product in service.find_products(Criteria(text="九江银行")).products]


def test_a_resumed_product_shows_the_version_that_two_people_approved() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        listing.suspend(admin, CODE, reason=REASON, begins=today(), ends=None)
        products.edited(clerk, CODE, name_zh="暂停期间的新名称")
        with pytest.raises(StepRefused):
            listing.suspend(admin, CODE, reason=REASON, begins=today(), ends=None)
        writing.submit(clerk, CODE)
        products.approve(admin, CODE, 2)
        with pytest.raises(ProductUnknown):
            service.product(CODE)
        listing.resume(admin, CODE, reason=REASON)
        assert service.product(CODE).name_zh == "暂停期间的新名称"


def test_a_withdrawn_product_is_gone_for_good_and_still_readable() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        products.edited(clerk, CODE, name_zh="没有来得及提交")
        listing.withdraw(admin, CODE, reason=REASON)
        assert [line.state for line in desk.own_product(admin, CODE).versions] == ["discarded", "published"]
        assert service.version(CODE, 1).code == CODE
        for act in (
            lambda: listing.resume(admin, CODE, reason=REASON),
            lambda: listing.withdraw(admin, CODE, reason=REASON),
            lambda: products.edited(clerk, CODE, name_zh="再来一次"),
        ):
            with pytest.raises(StepRefused):
                act()


def test_planned_days_are_kept_by_the_clock() -> None:
    begins = today() + timedelta(days=3)
    with unit_of_work():
        _clerk, admin = _pair()
        listing.suspend(admin, CODE, reason=REASON, begins=begins, ends=begins + timedelta(days=4))
        assert listing.keep_dates() == 0
        assert service.product(CODE).code == CODE
    with time_machine.travel(f"{begins.isoformat()}T04:00:00+00:00"), unit_of_work():
        assert listing.keep_dates() == 1
        assert CODE not in service.published_catalogue().by_code
        assert listing.keep_dates() == 0
    with time_machine.travel(f"{(begins + timedelta(days=4)).isoformat()}T04:00:00+00:00"), unit_of_work():
        assert listing.keep_dates() == 1
        assert service.product(CODE).code == CODE


def test_a_planned_suspension_can_be_cancelled() -> None:
    with unit_of_work():
        _clerk, admin = _pair()
        listing.suspend(admin, CODE, reason=REASON, begins=today() + timedelta(days=3), ends=None)
        listing.resume(admin, CODE, reason=REASON)
        assert desk.own_product(admin, CODE).line.suspended_from is None
        assert service.product(CODE).code == CODE


def test_days_and_reasons_that_cannot_be_are_refused() -> None:
    with unit_of_work():
        _clerk, admin = _pair()
        with pytest.raises(DatesRefused):
            listing.suspend(admin, CODE, reason=REASON, begins=today() - timedelta(days=1), ends=None)
        with pytest.raises(DatesRefused):
            listing.suspend(admin, CODE, reason=REASON, begins=today(), ends=today())
        with pytest.raises(ReasonMissing):
            listing.withdraw(admin, CODE, reason=" 嗯 ")
        with pytest.raises(StepRefused):
            listing.resume(admin, CODE, reason=REASON)


def test_the_catalogues_import_leaves_the_institutions_own_word_alone() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        own = [line.code for line in desk.own_lines(admin)]
        products.edited(clerk, own[0], way={"amount_max_wan": "321"})
        writing.submit(clerk, own[0])
        products.approve(admin, own[0], 2)
        listing.suspend(admin, own[1], reason=REASON, begins=today(), ends=None)
        listing.withdraw(admin, own[2], reason=REASON)
        report = loading.load_catalogue(loading.importer())
        assert (report.published, report.unchanged) == (0, 196)
        assert service.product(own[0]).amount_max == 321_000_000
        assert not {own[1], own[2]} & set(service.published_catalogue().by_code)


def test_a_draft_that_says_nothing_new_is_not_submitted() -> None:
    with unit_of_work():
        clerk, _admin = _pair()
        products.edited(clerk, CODE)
        with pytest.raises(NothingChanged):
            writing.submit(clerk, CODE)


def test_two_people_do_not_overwrite_each_other() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        seen = desk.editable(clerk, CODE)
        products.edited(admin, CODE, name_zh="管理员先保存的名称")
        with pytest.raises(DraftMoved):
            writing.save_draft(clerk, CODE, products.sheet(), fingerprint=seen.fingerprint)


def test_history_is_never_changed_or_removed() -> None:
    def refused(change: object) -> None:
        with pytest.raises(RuntimeError), unit_of_work():
            change()  # type: ignore[operator]
            session().flush()

    def version() -> ProductVersion:
        return session().scalars(select(ProductVersion).limit(1)).one()

    def step() -> ProductStep:
        return session().scalars(select(ProductStep).limit(1)).one()

    with unit_of_work():
        _clerk, admin = _pair()
        listing.suspend(admin, CODE, reason=REASON, begins=today(), ends=None)
    refused(lambda: setattr(version(), "amount_max", 1))
    refused(lambda: setattr(version(), "state", "draft"))
    refused(lambda: session().delete(version()))
    refused(lambda: setattr(step(), "reason", "另一个原因"))
    refused(lambda: session().delete(step()))


def test_every_change_of_the_shelf_counts_and_is_indexed() -> None:
    with unit_of_work():
        _clerk, admin = _pair()
        changes: tuple[Callable[[], None], ...] = (
            lambda: listing.suspend(admin, CODE, reason=REASON, begins=today(), ends=None),
            lambda: listing.resume(admin, CODE, reason=REASON),
            lambda: listing.withdraw(admin, CODE, reason=REASON),
        )
        for act in changes:
            version = service.published_catalogue().version
            act()
            assert service.published_catalogue().version == version + 1
            newest = session().scalars(select(OutboxRow).order_by(OutboxRow.id.desc())).first()
            assert newest is not None
            assert (newest.name, newest.payload) == ("products.index", {"codes": [CODE]})
        assert session().scalar(select(Product.published_number).where(Product.code == CODE)) is None
