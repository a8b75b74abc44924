"""Publishing the catalogue's files: whole, idempotent, audited, versions never changed."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.jobs.models import OutboxRow
from finmart.products import document, loading, repository, service
from finmart.products.catalogue import CatalogueFile, read_catalogue
from finmart.products.models import Product, ProductVersion
from finmart.products.types import LoadReport

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def _load(files: CatalogueFile | None = None) -> LoadReport:
    with unit_of_work():
        return loading.load_catalogue(loading.importer(), files)


def _renamed(files: CatalogueFile, code: str, name_zh: str) -> CatalogueFile:
    products = tuple(replace(p, name_zh=name_zh) if p.code == code else p for p in files.products)
    return replace(files, products=products)


def test_everything_is_published_once() -> None:
    first, second = _load(), _load()
    assert (first.institutions, first.products, first.published, first.unchanged) == (100, 196, 196, 0)
    assert (second.published, second.unchanged) == (0, 196)
    assert second.catalogue_version == first.catalogue_version == 1
    with unit_of_work(readonly=True):
        catalogue = service.published_catalogue()
        files = read_catalogue()
    assert catalogue.version == 1
    assert {product.version for product in catalogue.products} == {1}
    stated = sorted(files.products, key=lambda product: product.code)
    assert [replace(product, version=0) for product in catalogue.products] == stated


def test_a_changed_product_is_a_new_version_and_the_old_one_stays() -> None:
    _load()
    with unit_of_work(readonly=True):
        before = service.published_catalogue()
    report = _load(_renamed(read_catalogue(), "ccb_yunshuidai", "云税贷（新版）"))
    assert (report.published, report.catalogue_version) == (1, 2)
    with unit_of_work(readonly=True):
        after = service.published_catalogue()
        states = session().execute(
            select(ProductVersion.number, ProductVersion.state, ProductVersion.name_zh)
            .join(Product, Product.id == ProductVersion.product_id)
            .where(Product.code == "ccb_yunshuidai")
            .order_by(ProductVersion.number)
        )
        assert [tuple(row) for row in states] == [(1, "retired", "云税贷"), (2, "published", "云税贷（新版）")]
    assert (before.version, after.version) == (1, 2)
    assert after.by_code["ccb_yunshuidai"].name_zh == "云税贷（新版）"
    assert after.by_code["ccb_yunshuidai"].version == 2
    # Only what changed was read again; the rest are the very objects that were held.
    assert [p.code for p in after.products if p is not before.by_code[p.code]] == ["ccb_yunshuidai"]
    assert list(after.by_code) == sorted(before.by_code)


def test_the_same_version_of_another_database_is_not_taken_for_this_ones() -> None:
    _load(_renamed(read_catalogue(), "ccb_yunshuidai", "云税贷（一）"))
    with unit_of_work(readonly=True):
        before = service.published_catalogue()
    with unit_of_work() as current:
        # Another file under the same number, as after a restore: its fingerprint tells.
        other = replace(before.by_code["ccb_yunshuidai"], name_zh="云税贷（二）")
        current.execute(
            update(ProductVersion)
            .where(ProductVersion.name_zh == "云税贷（一）")
            .values(document=document.dump(other), fingerprint=document.fingerprint(document.dump(other)))
        )
        repository.advance_counter()
    with unit_of_work(readonly=True):
        assert service.published_catalogue().by_code["ccb_yunshuidai"].name_zh == "云税贷（二）"


def test_what_was_missed_between_two_readings_is_read_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    _load()
    with unit_of_work(readonly=True):
        whole = service.published_catalogue()
        rest = {code: product for code, product in whole.by_code.items() if code != "ccb_yunshuidai"}
        missed = replace(whole, version=0, products=tuple(rest.values()), by_code=rest)
        monkeypatch.setattr(service._Cache, "read", service._Read((0, ""), service._Cache.read.marks, missed))
        assert service.published_catalogue().by_code == whole.by_code


def test_an_institution_that_moves_makes_a_new_catalogue() -> None:
    files = read_catalogue()
    _load(files)
    moved = tuple(
        replace(record, ref=replace(record.ref, connected=True)) if record.ref.code == "cmb" else record
        for record in files.institutions
    )
    assert _load(replace(files, institutions=moved)).catalogue_version == 2
    with unit_of_work(readonly=True):
        assert service.published_catalogue().by_code["cmb_zhaoqidai"].institution.connected


def test_a_published_version_cannot_be_changed() -> None:
    _load()
    with pytest.raises(RuntimeError, match="is published"), unit_of_work() as current:
        version = current.scalars(select(ProductVersion).limit(1)).one()
        version.name_zh = "改名"


def test_the_import_is_audited_and_asks_for_the_index() -> None:
    _load()
    with unit_of_work(readonly=True) as current:
        (row,) = current.scalars(select(AuditRow).where(AuditRow.name == "catalogue.imported"))
        assert row.actor == "system:catalogue import"
        assert row.basis
        assert row.payload["published"] == 196
        published = current.scalars(select(AuditRow).where(AuditRow.name == "product.published"))
        assert len(list(published)) == 196
        jobs = current.scalars(select(OutboxRow.name).where(OutboxRow.name == loading.INDEX_JOB))
        assert list(jobs) == [loading.INDEX_JOB]


def test_the_catalogue_is_read_once_as_long_as_nothing_changes() -> None:
    _load()
    with unit_of_work(readonly=True):
        assert service.published_catalogue() is service.published_catalogue()


def test_a_catalogue_that_was_rolled_back_is_never_served(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work():
        loading.load_catalogue(loading.importer())
        assert len(service.published_catalogue().products) == 196
        raise ZeroDivisionError
    assert database.engine is not None
    with unit_of_work(readonly=True):
        assert service.published_catalogue().products == ()
        assert repository.counter() == (0, "")
