"""A shelf of any size: the published products again and again, each copy under a code of its own."""

import itertools
from typing import Any

#: Rows of one INSERT.
CHUNK = 2000


def _copy(number: int, product: dict[str, Any], version: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows of a copy: another key, code, name and fingerprint, and else the same."""
    code, name = f"{product['code']}_{number}", f"{version['name_zh']}{number}"
    document = {**version["document"], "code": code, "name_zh": name}
    mark = f"{number}.{version['fingerprint']}"[:64]
    return {**product, "id": number, "code": code}, {
        **version,
        "product_id": number,
        "name_zh": name,
        "document": document,
        "fingerprint": mark,
    }


def _columns(row: Any) -> dict[str, Any]:
    """The row's columns by name, without its key."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}


def grow(size: int) -> None:
    """Publish copies until ``size`` products stand on the shelf of the running installation, and index them.

    The tables are written directly: what is measured is reading a large shelf, and publishing one product is another
    matter.
    """
    from sqlalchemy import func, insert, select

    from finmart.platform.db.session import session, unit_of_work
    from finmart.products import repository, service
    from finmart.products.models import Product, ProductVersion

    with unit_of_work():
        shelf = [
            (_columns(product), _columns(version))
            for product, version in session().execute(
                select(Product, ProductVersion)
                .join(ProductVersion, ProductVersion.product_id == Product.id)
                .where(Product.published_number == ProductVersion.number)
                .order_by(Product.id)
            )
        ]
        last = session().scalar(select(func.max(Product.id))) or 0
        numbers = iter(range(last + 1, last + 1 + size - len(shelf)))
        copied = (_copy(number, *original) for number, original in zip(numbers, itertools.cycle(shelf), strict=False))
        while chunk := list(itertools.islice(copied, CHUNK)):
            session().execute(insert(Product), [product for product, _version in chunk])
            session().execute(insert(ProductVersion), [version for _product, version in chunk])
        repository.advance_counter()
    with unit_of_work(readonly=True):
        service.index_products(())
