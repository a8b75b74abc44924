"""The demonstration's subjects and real ones: no delivery of one adds anything to a subject of the other."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from finmart.credit.models import Fact
from finmart.credit.service import deliveries
from finmart.credit.types.errors import AssertionFailed
from finmart.platform.accounts.service.subjects import find_subject
from finmart.platform.db.session import session, unit_of_work
from tests.factories.credit import IMPORTER, Line, write_invoices

AS_OF = date(2020, 2, 21)

pytestmark = pytest.mark.usefixtures("database", "settings")


def facts_of(code: str) -> int:
    """How many facts are stored of a supplier's code."""
    with unit_of_work(readonly=True):
        subject = find_subject("supplier_code", code)
        return session().scalar(select(func.count()).where(Fact.subject_id == subject)) or 0


@pytest.mark.parametrize("first_is_demonstration", [True, False])
def test_rows_of_the_other_world_are_set_aside(tmp_path: Path, *, first_is_demonstration: bool) -> None:
    first = write_invoices(tmp_path / "first")
    deliveries.import_dataset(IMPORTER, "invoices", first, as_of=AS_OF, demonstration=first_is_demonstration)
    before = facts_of("E1")
    assert before
    own = [Line(firm="E2", number=str(number)) for number in range(300)]
    mixed = write_invoices(tmp_path / "second", sales=[*own, Line(number="7")], purchases=[Line(firm="E2")])
    report = deliveries.import_dataset(
        IMPORTER, "invoices", mixed, as_of=AS_OF, demonstration=not first_is_demonstration
    )
    assert [(one.row, one.column, one.fault) for one in report.quarantined] == [(302, "企业代号", "worlds_mixed")]
    assert report.rows_stored == 301
    assert facts_of("E1") == before
    assert facts_of("E2")


def test_a_whole_delivery_of_the_other_world_is_refused(tmp_path: Path) -> None:
    deliveries.import_dataset(IMPORTER, "invoices", write_invoices(tmp_path / "real"), as_of=AS_OF)
    before = facts_of("E1")
    again = write_invoices(tmp_path / "demonstration", sales=[Line(number="8")])
    with pytest.raises(AssertionFailed):
        deliveries.import_dataset(IMPORTER, "invoices", again, as_of=AS_OF, demonstration=True)
    assert facts_of("E1") == before
