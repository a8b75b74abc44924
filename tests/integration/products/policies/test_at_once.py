"""Two operators publish a policy under one code at the same moment. Commits are real here."""

import threading
from datetime import date

import pytest
from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.products.policies.service import desk, shelf
from finmart.products.policies.types.errors import PolicyRefused
from tests.factories import accounts as made

CODE = "two_at_once"


def _head(title: str) -> desk.Head:
    return desk.Head(title, "", "", ("市金融办",), date(2026, 1, 1), None, "", {})


@pytest.mark.usefixtures("own_database")
def test_one_code_is_one_policy_and_the_other_is_told() -> None:
    with unit_of_work():
        operators = [made.member("operator"), made.member("operator")]
    read, failures = threading.Barrier(len(operators)), list[BaseException]()

    def publish(operator: Actor, title: str) -> None:
        try:
            with unit_of_work():
                session().execute(text("SELECT 1"))
                if session().get_bind().dialect.name == "postgresql":
                    read.wait()  # Writers on SQLite take turns from their first word on.
                desk.publish_new(
                    operator, CODE, _head(title), level="municipal", kind="firms", rule_zh="条文", reason="新的政策"
                )
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=publish, args=(one, f"第{place}份")) for place, one in enumerate(operators, start=1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(failure) for failure in failures] == [PolicyRefused]
    with unit_of_work(readonly=True):
        assert [policy.version for policy in shelf.published_policies() if policy.code == CODE] == [1]
