"""Searching and filtering the published catalogue, and an institution's own listing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.jobs import outbox
from finmart.platform.jobs.models import OutboxRow
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.clock import today
from finmart.platform.search.factory import FILE, use_search_folder
from finmart.products import jobs, repository, service
from finmart.products.labels import NOT_STATED
from finmart.products.service import Criteria, Found, ProductUnknown
from tests.fixtures.databases import rolled_back
from tests.fixtures.search import ENGINE, lose_index
from tests.fixtures.stock import Stock

pytestmark = pytest.mark.database


@pytest.fixture
def database(stock: Stock) -> Iterator[Database]:
    """The published catalogue."""
    with rolled_back(stock.engine) as current:
        yield current


@pytest.fixture(autouse=True)
def folder(database: Database, stock: Stock, tmp_path: Path) -> Iterator[Path]:
    """A folder of the test's own for the index of the published catalogue."""
    assert database.connection is not None
    stock.copy_index(tmp_path)
    use_search_folder(tmp_path)
    yield tmp_path
    use_search_folder(None)


def _find(text: str = "", *, sort: str = "", page: int = 1, **where: str) -> Found:
    chosen = {facet: frozenset(codes.split()) for facet, codes in where.items()}
    with unit_of_work(readonly=True):
        return service.find_products(Criteria(text, chosen, sort, page))


def _names(found: Found) -> list[str]:
    return [product.name_zh for product in found.products]


@pytest.mark.parametrize(
    ("words", "first", "at_least"),
    [
        ("云税贷", "云税贷", 1),
        ("农户", "兴业农户贷", 10),
        ("发票", "小微易贷·增值税发票模式", 5),
        ("知识产权", "知识产权质押", 8),
        ("cloud tax", "云税贷", 1),
        ("邮储发票", "小微易贷·增值税发票模式", 1),
        ("江西银行", "江西银行文企贷", 2),
        ("信用贷", "信用贷", 90),
        ("ＩＣＢＣ 专精特新", "经营快贷·专精特新贷", 1),
    ],
)
def test_people_find_what_they_type(words: str, first: str, at_least: int) -> None:
    found = _find(words)
    assert first in _names(found)[0]
    assert found.total >= at_least
    assert not found.relaxed


def test_one_character_finds_names_and_kinds() -> None:
    found = _find("税")
    assert {"税融通", "云税贷", "税e融", "税务贷"} <= set(_names(found))
    assert found.total < 40


def test_bridge_loans_are_found_by_their_other_names() -> None:
    for words in ("过桥", "倒贷", "转贷"):
        assert {p.product_type for p in _find(words).products} == {"refinance_bridge"}, words


def test_a_part_of_a_name_is_found() -> None:
    assert "云税贷" in _names(_find("税贷"))


@pytest.mark.parametrize(
    "words", ['"', "AND OR NOT", "name:*", "NEAR(税 贷)", "税*", "-税", "^税", "(", "' --", "\x00税"]
)
def test_operators_are_words_like_any_other(words: str) -> None:
    assert _find(words).total >= 0


def test_ten_thousand_characters_are_cut() -> None:
    found = _find("农户" * 5000)
    assert found.shortened


def test_filters_and_counts_agree() -> None:
    unfiltered = _find()
    assert unfiltered.total == 196
    for facet, counts in unfiltered.facets.items():
        for code, count in counts.items():
            with unit_of_work(readonly=True):
                found = service.find_products(Criteria(where={facet: frozenset({code})}))
            assert found.total == count, (facet, code)


def test_filters_of_one_facet_add_and_of_two_cut() -> None:
    tax, agri = _find(product_type="tax_loan").total, _find(product_type="agri").total
    assert _find(product_type="tax_loan agri").total == tax + agri
    both = _find(product_type="tax_loan", connected="yes")
    assert 0 < both.total < tax
    assert all(p.institution.connected and p.product_type == "tax_loan" for p in both.products)


def test_open_to_the_city_means_city_province_or_nation() -> None:
    codes = set()
    for page in range(1, 20):
        codes |= {product.code for product in _find(place="360100", page=page).products}
    assert {"nc_hongchengkedaitong", "jx_caiyuan_2014", "ccb_yunshuidai", "jx_shuidao_dazai"} <= codes
    assert not codes & {"cmb_gaoxindai_weihai", "fz_gaoxindai", "jsb_shuierong"}


def test_what_is_not_stated_is_a_choice_of_its_own() -> None:
    found = _find(amount=NOT_STATED)
    assert found.total == 77
    assert all(product.amount_max is None for product in found.products)


def test_sorting_puts_the_unstated_last() -> None:
    rates = [p.lowest_interest for p in _find(sort="lowest_interest").products]
    assert None not in rates
    assert rates == sorted(rate for rate in rates if rate is not None)
    amounts = [p.amount_max or 0 for p in _find(sort="-amount_max").products]
    assert amounts == sorted(amounts, reverse=True)


def test_connected_institutions_come_first_when_nothing_is_asked() -> None:
    assert all(product.institution.connected for product in _find().products)


def test_pages_cover_everything_once() -> None:
    seen = [product.code for page in range(1, 19) for product in _find(page=page).products]
    assert len(seen) == len(set(seen)) == 196


def test_a_lost_index_is_made_again(folder: Path) -> None:
    assert _find("云税贷").total == 1
    lose_index(folder)
    assert _find("云税贷").total == 1
    assert not _find("云税贷").fallback


def test_a_damaged_file_is_made_again(folder: Path) -> None:
    (folder / FILE).write_bytes(b"damaged" * 1000)
    assert _find("云税贷").total == 1


def test_the_index_job_bears_being_run_twice() -> None:
    for codes in ((), ("ccb_yunshuidai",), ("ccb_yunshuidai", "no such product")):
        with unit_of_work():
            service.index_products(codes)
        assert _find("云税贷").total == 1
        assert _find().total == 196


def test_an_index_that_missed_a_change_is_written_whole() -> None:
    with unit_of_work():
        service.index_products(())
        repository.advance_counter()
        assert service.index_products(("ccb_yunshuidai",)) == 1
        repository.advance_counter()
        repository.advance_counter()
        assert service.index_products(("ccb_yunshuidai",)) == 196
        assert service.index_standing().current
        assert not service.keep_index()
        repository.advance_counter()
        assert service.keep_index()
        assert service.index_standing() == service.IndexStanding(ENGINE, 196, current=True)


def test_the_index_catches_up_by_itself_where_it_is_on_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FINMART_SEARCH_URL", raising=False)
    with unit_of_work() as current:
        jobs.look_after_index()
        names = [row.name for row in current.scalars(select(OutboxRow))]
    assert "products.keep_index" not in names
    monkeypatch.setenv("FINMART_SEARCH_URL", "http://127.0.0.1:9")
    with unit_of_work():
        jobs.look_after_index()
    monkeypatch.delenv("FINMART_SEARCH_URL")
    assert outbox.drain() >= 1
    with unit_of_work(readonly=True):
        assert service.index_standing().current


def _staff(role: str, code: str) -> Actor:
    with unit_of_work(readonly=True):
        owner = service.institution(code).organisation_id
    return Actor(
        name="经办人",
        user_id=1,
        organisation_id=owner,
        organisation_kind="institution",
        role=role,
        permissions=permissions_of(role),
    )


def test_an_institution_sees_its_own_products_alone() -> None:
    with unit_of_work(readonly=True):
        listed = service.own_products(_staff("institution_clerk", "jjb"))
    assert {row.product.institution.code for row in listed} == {"jjb"}
    assert len(listed) == 4
    assert all(row.last_confirmed_on is None for row in listed)


def test_confirming_writes_the_day_and_an_audit_row() -> None:
    admin = _staff("institution_admin", "jjb")
    with unit_of_work():
        service.confirm_listing(admin, "jjb_liuzi")
    with unit_of_work(readonly=True) as current:
        assert service.last_confirmed_on("jjb_liuzi") == today()
        (row,) = current.scalars(select(AuditRow).where(AuditRow.name == "product.listing_confirmed"))
        assert row.target == "jjb_liuzi"
        assert row.payload["confirmed_before"] is None
        assert row.payload["confirmed_on"] >= (today() - timedelta(days=1)).isoformat()


def test_nobody_confirms_what_is_not_theirs() -> None:
    with pytest.raises(ProductUnknown), unit_of_work():
        service.confirm_listing(_staff("institution_admin", "jjb"), "ccb_yunshuidai")
    with pytest.raises(PermissionMissing), unit_of_work():
        service.confirm_listing(_staff("institution_clerk", "jjb"), "jjb_liuzi")
    with pytest.raises(PermissionMissing), unit_of_work():
        service.own_products(VISITOR)
