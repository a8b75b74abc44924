"""The second pair of eyes: whatever two institutions' people do in whatever order, nobody publishes own work."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import FinmartError
from finmart.products.drafts.service import checking, desk, file, listing, queues, writing
from finmart.products.drafts.types import DraftMoved, OwnWork, StepRefused
from finmart.products.models import Product, ProductStep, ProductVersion
from finmart.products.service import ProductUnknown
from tests.factories import accounts as made
from tests.factories import products

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

ROLES = ("institution_admin", "institution_clerk")
REASON = "按监管要求核对条款"


def _published() -> list[tuple[ProductVersion, Product]]:
    query = select(ProductVersion, Product).join(Product, Product.id == ProductVersion.product_id)
    query = query.where(ProductVersion.state.in_(("published", "retired")), ProductVersion.origin == "staff")
    return [(row[0], row[1]) for row in session().execute(query)]


def _steps(version: ProductVersion) -> list[ProductStep]:
    query = select(ProductStep).where(
        ProductStep.product_id == version.product_id, ProductStep.number == version.number
    )
    return list(session().scalars(query.order_by(ProductStep.id)))


class TwoInstitutions(RuleBasedStateMachine):
    """Two institutions with one to three people each, one person in both, an operator, and one who is both."""

    codes: Bundle[str] = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.actors: list[Actor] = []
        self.makers: dict[tuple[str, int], set[int]] = {}
        self.contents: dict[tuple[str, int], str] = {}
        self.made = 0

    @initialize(
        first=st.lists(st.sampled_from(ROLES), min_size=1, max_size=3),
        second=st.lists(st.sampled_from(ROLES), min_size=1, max_size=3),
    )
    def people(self, first: list[str], second: list[str]) -> None:
        with unit_of_work():
            staff = []
            for roles in (first, second):
                organisation_id = made.organisation()
                staff.append([made.member(role, organisation_id=organisation_id) for role in roles])
            operator = made.member("operator")
            clerk = made.member("institution_clerk", organisation_id=staff[1][0].organisation_id)
        # The same person in the other institution too, and somebody who also runs the platform.
        both = replace(clerk, user_id=staff[0][0].user_id)
        double = replace(operator, user_id=staff[1][0].user_id)
        robot = system_actor("robot", "tests", operator.permissions | staff[0][0].permissions)
        self.actors = [*staff[0], *staff[1], operator, both, double, robot]

    def _try(self, act: Callable[[], Any]) -> Any:
        try:
            with unit_of_work():
                return act()
        except FinmartError:
            return None

    def _actor(self, place: int) -> Actor:
        return self.actors[place % len(self.actors)]

    def _open(self, code: str) -> tuple[int, str, str] | None:
        with unit_of_work(readonly=True):
            query = select(ProductVersion).join(Product, Product.id == ProductVersion.product_id)
            query = query.where(Product.code == code, ProductVersion.state.in_(("draft", "returned", "submitted")))
            row = session().scalar(query)
            return None if row is None else (row.number, row.state, row.fingerprint)

    def _note(self, code: str, actor: Actor) -> None:
        found = self._open(code)
        assert found is not None
        if actor.user_id is not None:
            self.makers.setdefault((code, found[0]), set()).add(actor.user_id)

    @rule(target=codes, who=st.integers(0, 20), at_once=st.booleans())
    def write(self, who: int, at_once: bool) -> str | MultipleResults[str]:
        actor = self._actor(who)
        code = self._try(lambda: products.draft(actor))
        if code:
            self._note(code, actor)
            if at_once:
                self._try(lambda: writing.submit(actor, code))
        return code if code else multiple()

    @rule(target=codes, who=st.integers(0, 20))
    def upload(self, who: int) -> str | MultipleResults[str]:
        actor = self._actor(who)
        content = "name_zh,product_type\n从文件来的产品,credit_loan\n".encode()
        found = self._try(lambda: file.submit_file(actor, content))
        if found:
            self._note(found[0], actor)
        return found[0] if found else multiple()

    @rule(code=codes, who=st.integers(0, 20))
    def edit(self, code: str, who: int) -> None:
        actor = self._actor(who)
        self.made += 1
        if self._try(lambda: products.edited(actor, code, name_zh=f"第{self.made}次修改的产品")):
            self._note(code, actor)

    @rule(code=codes, who=st.integers(0, 20))
    def submit(self, code: str, who: int) -> None:
        actor = self._actor(who)
        before = self._open(code)
        self._try(lambda: writing.submit(actor, code))
        after = self._open(code)
        if before and after and before[1] == "draft" and after[1] == "submitted":
            self._note(code, actor)

    @rule(code=codes, who=st.integers(0, 20), step=st.sampled_from(("recall", "discard")))
    def go_back(self, code: str, who: int, step: str) -> None:
        actor = self._actor(who)
        self._try(lambda: getattr(writing, step)(actor, code))

    def _oracle(self, actor: Actor, code: str, number: int) -> bool:
        """Who may check, said anew: by names and roles, without asking the code under test."""
        makers = self.makers.get((code, number), set())
        with unit_of_work(readonly=True):
            owner = session().scalar(select(Product.organisation_id).where(Product.code == code))
        able = {
            each.user_id
            for each in self.actors
            if each.organisation_id == owner and each.role == "institution_admin" and each.user_id is not None
        }
        if actor.user_id is None or actor.user_id in makers:
            return False
        if actor.role == "institution_admin":
            return actor.organisation_id == owner
        return actor.role == "operator" and not able - makers

    @rule(code=codes, first=st.integers(0, 20))
    def everyone_tries_to_approve(self, code: str, first: int) -> None:
        for place in range(len(self.actors)):
            found = self._open(code)
            if found is None:
                return
            actor, (number, state, fingerprint) = self._actor(first + place), found
            allowed = state == "submitted" and self._oracle(actor, code, number)
            self._try(partial(checking.approve, actor, code, number, fingerprint=fingerprint))
            assert (self._open(code) is None) == allowed

    @rule(code=codes, who=st.integers(0, 20), number=st.integers(1, 3))
    def approve_unseen(self, code: str, who: int, number: int) -> None:
        actor, before = self._actor(who), self._open(code)
        self._try(lambda: checking.approve(actor, code, number, fingerprint="0" * 64))
        assert self._open(code) == before

    @rule(code=codes, who=st.integers(0, 20))
    def send_back(self, code: str, who: int) -> None:
        actor, found = self._actor(who), self._open(code)
        if found is not None:
            self._try(lambda: checking.send_back(actor, code, found[0], reason=REASON, fingerprint=found[2]))

    @rule(code=codes, who=st.integers(0, 20), step=st.sampled_from(("suspend", "resume", "withdraw")))
    def shelf(self, code: str, who: int, step: str) -> None:
        actor = self._actor(who)
        more = {"begins": today(), "ends": None} if step == "suspend" else {}
        self._try(lambda: getattr(listing, step)(actor, code, reason=REASON, **more))

    @invariant()
    def every_published_version_has_two_people(self) -> None:
        with unit_of_work(readonly=True):
            for version, product in _published():
                steps = _steps(version)
                makers = {step.by_user_id for step in steps if step.step in ("save", "submit")}
                approvals = [step for step in steps if step.step == "approve"]
                assert len(approvals) == 1
                assert approvals[0].by_user_id is not None
                assert approvals[0].by_user_id not in makers
                if (product.code, version.number) in self.makers:
                    assert approvals[0].by_user_id not in self.makers[(product.code, version.number)]

    @invariant()
    def what_was_published_stays_as_it_was(self) -> None:
        with unit_of_work(readonly=True):
            for version, product in _published():
                key = (product.code, version.number)
                assert self.contents.setdefault(key, version.fingerprint) == version.fingerprint

    @invariant()
    def a_product_has_one_open_and_one_published_version_at_most(self) -> None:
        with unit_of_work(readonly=True):
            seen: dict[tuple[int, str], int] = {}
            for version in session().scalars(select(ProductVersion)):
                sort = "open" if version.state in ("draft", "returned", "submitted") else version.state
                seen[(version.product_id, sort)] = seen.get((version.product_id, sort), 0) + 1
            assert all(count == 1 for (_id, sort), count in seen.items() if sort in ("open", "published"))


def test_nobody_publishes_own_work_whatever_happens() -> None:
    run_state_machine_as_test(
        TwoInstitutions,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def _pair() -> tuple[Actor, Actor]:
    organisation_id = made.organisation()
    clerk = made.member("institution_clerk", organisation_id=organisation_id)
    return clerk, made.member("institution_admin", organisation_id=organisation_id)


def test_a_colleague_publishes_and_every_step_is_written_down() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        code = products.published(clerk, admin)
        steps = desk.own_product(clerk, code).steps
        assert [(step.step, step.old_state, step.new_state) for step in reversed(steps)] == [
            ("save", "draft", "draft"),
            ("submit", "draft", "submitted"),
            ("approve", "submitted", "published"),
            ("list", "unlisted", "listed"),
        ]
        assert {step.by for step in steps} == {"万里行"}
        names = session().scalars(select(AuditRow.name).where(AuditRow.target == code).order_by(AuditRow.id)).all()
        assert names == ["product.draft_saved", "product.submitted", "product.approved", "product.published"]


def test_an_admin_who_wrote_a_word_of_it_cannot_approve_it() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        second = made.member("institution_admin", organisation_id=admin.organisation_id)
        code = products.draft(clerk)
        products.edited(admin, code, name_zh="管理员改过的名称")
        writing.submit(clerk, code)
        with pytest.raises(OwnWork):
            products.approve(admin, code)
        products.approve(second, code)


def test_a_clerk_and_a_robot_never_approve() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        other = made.member("institution_clerk", organisation_id=clerk.organisation_id)
        code = products.submitted(clerk)
        seen = products.fingerprint(admin, code)
        with pytest.raises(PermissionMissing):
            checking.approve(other, code, 1, fingerprint=seen)
        for robot in (
            system_actor("robot", "tests", admin.permissions),
            system_actor("robot", "tests", made.member("operator").permissions),
        ):
            with pytest.raises(ProductUnknown):
                checking.approve(robot, code, 1, fingerprint=seen)


def test_the_operator_checks_where_nobody_else_can_and_only_there() -> None:
    with unit_of_work():
        alone, operator = made.member("institution_admin"), made.member("operator")
        code = products.submitted(alone)
        assert [line.code for line in queues.operator_queue(operator).items] == [code]
        view = desk.operator_version(operator, code)
        assert alone.name not in {step.by for step in view.steps}
        seen = view.fingerprint
        with pytest.raises(OwnWork):
            checking.approve(alone, code, 1, fingerprint=seen)
        checking.approve(operator, code, 1, fingerprint=seen)
        clerk, _admin = _pair()
        theirs = products.submitted(clerk)
        assert theirs not in [line.code for line in queues.operator_queue(operator).items]
        with pytest.raises(ProductUnknown):
            desk.operator_version(operator, theirs)
        with pytest.raises(ProductUnknown):
            checking.approve(operator, theirs, 1, fingerprint=products.fingerprint(clerk, theirs))


def test_a_colleague_who_joins_takes_the_check_back_from_the_operator() -> None:
    with unit_of_work():
        alone, operator = made.member("institution_admin"), made.member("operator")
        code = products.submitted(alone)
        seen = desk.operator_version(operator, code).fingerprint
        made.member("institution_admin", organisation_id=alone.organisation_id)
        with pytest.raises(ProductUnknown):
            checking.approve(operator, code, 1, fingerprint=seen)


def test_what_changed_after_the_page_was_opened_is_not_approved() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        code = products.submitted(clerk)
        seen = products.fingerprint(admin, code)
        writing.recall(clerk, code)
        products.edited(clerk, code, way={"rate_max_pct": "20"})
        writing.submit(clerk, code)
        with pytest.raises(DraftMoved):
            checking.approve(admin, code, 1, fingerprint=seen)


def test_a_returned_draft_must_be_changed_before_it_is_submitted_again() -> None:
    with unit_of_work():
        clerk, admin = _pair()
        code = products.submitted(clerk)
        checking.send_back(admin, code, 1, reason=REASON, fingerprint=products.fingerprint(admin, code))
        assert desk.own_version(clerk, code, 1).steps[0].reason == REASON
        with pytest.raises(StepRefused):
            writing.submit(clerk, code)
        products.edited(clerk, code, name_zh="改好的名称")
        writing.submit(clerk, code)
        products.approve(admin, code)
