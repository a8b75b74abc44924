"""Rows of reports; nothing here decides or commits."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.db.session import session
from finmart.products.models import Product, ProductVersion
from finmart.products.reports.models import ProductReport
from finmart.products.reports.types import Desk, ReportState


class Found(NamedTuple):
    """A report with the product's version it speaks of and the institution it belongs to."""

    report: ProductReport
    product: Product
    version: ProductVersion
    owner: Organisation


def product_row(code: str) -> tuple[Product, Organisation] | None:
    """The product ``code`` and its institution."""
    query = select(Product, Organisation).join(Organisation, Organisation.id == Product.organisation_id)
    row = session().execute(query.where(Product.code == code)).one_or_none()
    return None if row is None else (row[0], row[1])


def add_report(**values: Any) -> ProductReport:
    """A new report with the given columns."""
    row = ProductReport(**values)
    session().add(row)
    session().flush()
    return row


def _joined() -> Select[ProductReport, Product, ProductVersion, Organisation]:
    version = and_(ProductVersion.product_id == Product.id, ProductVersion.number == ProductReport.version_number)
    return (
        select(ProductReport, Product, ProductVersion, Organisation)
        .join(Product, Product.id == ProductReport.product_id)
        .join(ProductVersion, version)
        .join(Organisation, Organisation.id == Product.organisation_id)
    )


def report(public_id: str, *, organisation_id: int | None = None, lock: bool = False) -> Found | None:
    """One report; where an institution is given, only one about its own products."""
    query = _joined().where(ProductReport.public_id == public_id)
    if organisation_id is not None:
        query = query.where(Product.organisation_id == organisation_id)
    if lock:
        query = query.with_for_update(of=ProductReport)
    row = session().execute(query).one_or_none()
    return None if row is None else Found(*row)


def _where(
    *, organisation_id: int | None, desk: Desk | None, state: ReportState | None, due_before: date | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if organisation_id is not None:
        conditions.append(Product.organisation_id == organisation_id)
    if desk is not None:
        conditions.append(ProductReport.desk == desk.value)
    if state is not None:
        conditions.append(ProductReport.state == state.value)
    if due_before is not None:
        conditions.append(ProductReport.due_on < due_before)
    return conditions


def reports(
    *,
    organisation_id: int | None = None,
    desk: Desk | None = None,
    state: ReportState | None = None,
    due_before: date | None = None,
    limit: int,
    offset: int,
) -> tuple[list[Found], int]:
    """Reports of one institution or of a desk, the oldest open one first, and how many there are."""
    conditions = _where(organisation_id=organisation_id, desk=desk, state=state, due_before=due_before)
    counted = select(func.count(ProductReport.id)).join(Product, Product.id == ProductReport.product_id)
    total = session().scalar(counted.where(*conditions)) or 0
    order = (ProductReport.state != ReportState.OPEN.value, ProductReport.id)
    rows = session().execute(_joined().where(*conditions).order_by(*order).limit(limit).offset(offset))
    return [Found(*row) for row in rows], total
