"""Publishing the policy files: whole, idempotent, audited, versions never changed, history kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.clock import told_by
from finmart.products import loading as catalogue
from finmart.products import repository
from finmart.products.policies.models import PolicyVersion
from finmart.products.policies.service import shelf
from finmart.products.policies.service.files import read_policies
from finmart.products.policies.service.loading import load_policies
from finmart.products.policies.service.shelf import Criteria, find_policies
from finmart.products.policies.types.errors import PolicyUnknown
from finmart.products.policies.types.values import Policy, PolicyReport

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database", "in_autumn")]


@pytest.fixture
def in_autumn() -> Iterator[None]:
    with told_by(lambda: datetime(2026, 11, 21, 4, tzinfo=UTC)):
        yield


def _load(policies: tuple[Policy, ...] | None = None) -> PolicyReport:
    with unit_of_work():
        return load_policies(catalogue.importer(), policies)


def test_everything_is_published_once() -> None:
    first, second = _load(), _load()
    assert (first.policies, first.clauses, first.computable, first.in_force) == (11, 78, 63, 10)
    assert (first.published, second.published, second.unchanged) == (11, 0, 11)
    with unit_of_work(readonly=True):
        assert repository.counter()[0] == 1
        read = sorted(read_policies(), key=lambda policy: policy.code)
        assert [replace(policy, version=0) for policy in shelf.published_policies()] == read
        loaded = session().scalars(select(AuditRow).where(AuditRow.name == "policy.loaded")).all()
        assert [row.payload["published"] for row in loaded] == [11, 0]
        assert len(session().scalars(select(AuditRow).where(AuditRow.name == "policy.published")).all()) == 11


def test_a_change_is_a_new_version_and_the_old_one_stays() -> None:
    _load()
    longer = tuple(replace(one, valid_to=date(2027, 12, 31)) if one.code == "NP-01" else one for one in read_policies())
    assert _load(longer).published == 1
    with unit_of_work(readonly=True):
        assert shelf.policy("NP-01").valid_to == date(2027, 12, 31)
        lines = shelf.history("NP-01")
        assert [(line.number, line.shown, line.valid_to) for line in lines] == [
            (2, True, date(2027, 12, 31)),
            (1, False, date(2026, 12, 31)),
        ]


def test_a_published_version_cannot_be_changed_or_removed() -> None:
    _load()
    with pytest.raises(RuntimeError, match="is published"), unit_of_work() as current:
        current.scalars(select(PolicyVersion).limit(1)).one().title_zh = "改名"
    with pytest.raises(RuntimeError, match="never removed"), unit_of_work() as current:
        current.delete(current.scalars(select(PolicyVersion).limit(1)).one())


def test_searching_and_filtering() -> None:
    _load()
    with unit_of_work(readonly=True):
        everything = find_policies(Criteria())
        assert len(everything.policies) == 11
        assert everything.policies[-1].code == "HF7"
        assert everything.facets["standing"] == {"in_force": 10, "expired": 1}
        assert [one.code for one in find_policies(Criteria("贴息 固定资产")).policies] == ["NP-01"]
        assert [one.code for one in find_policies(Criteria("绿色债券")).policies] == ["HF7"]
        assert find_policies(Criteria("没有这样的话")).policies == ()
        city = find_policies(Criteria("", {"level": frozenset({"municipal"}), "standing": frozenset({"in_force"})}))
        assert [one.code for one in city.policies] == ["NC-01"]
        by_department = find_policies(Criteria("", {"department": frozenset({"市金融办"})}))
        assert [one.code for one in by_department.policies] == ["HF7"]
        assert shelf.count_matching("科贷通") == 2


def test_what_is_not_there_is_not_found() -> None:
    _load()
    with unit_of_work(readonly=True):
        with pytest.raises(PolicyUnknown):
            shelf.policy("NP-99")
        with pytest.raises(PolicyUnknown):
            shelf.clause("NP-01", "HF7-01-1")
