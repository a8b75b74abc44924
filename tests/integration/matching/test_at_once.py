"""Several applicants matched at the same moment, just after the catalogue has changed. Commits are real here."""

import itertools
import random
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from finmart.matching import repository
from finmart.matching.rulesets import service as rulesets
from finmart.matching.service import runs
from finmart.platform.db.session import session, unit_of_work
from finmart.products import loading

AT_ONCE = 6


def at_once(work: Callable[[], object]) -> list[BaseException]:
    """Do ``work`` in several threads, each in a unit of work of its own; what went wrong."""
    start, failures = threading.Barrier(AT_ONCE), list[BaseException]()

    def run() -> None:
        try:
            with unit_of_work():
                session().execute(text("SELECT 1"))
                if session().get_bind().dialect.name == "postgresql":
                    start.wait()  # Writers on SQLite take turns from their first word on.
                work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.usefixtures("own_database")
def test_the_first_matches_after_a_change_store_its_offers_once() -> None:
    with unit_of_work():
        loading.load_catalogue(loading.importer())
    # First the rule alone: whoever waits for it would find the offers stored.
    assert at_once(lambda: rulesets.keep(rulesets.active())) == []
    grounds: list[int] = []
    assert at_once(lambda: grounds.append(runs.ground().plan_id)) == []
    assert len(grounds) == AT_ONCE
    assert len(set(grounds)) == 1
    with unit_of_work(readonly=True):
        assert session().execute(text("SELECT count(*) FROM match_plan")).scalar_one() == 1
        assert session().execute(text("SELECT count(*) FROM ranking_ruleset")).scalar_one() == 1


@pytest.mark.usefixtures("own_database")
def test_different_plans_with_the_same_new_offers_are_all_kept() -> None:
    shared = {digest * 64: {"code": digest} for digest in "abcd"}
    numbers, kept = itertools.count(), list[int]()

    def keep() -> None:
        number = next(numbers)
        # Each in an order of its own, and each with an offer that nobody else has.
        documents = dict(random.Random(number).sample([*shared.items()], len(shared)))
        documents[f"{number}" * 64] = {"code": f"{number}"}
        kept.append(repository.keep_plan(fingerprint=f"{number}", catalogue_version=1, documents=documents))

    assert at_once(keep) == []
    assert len(set(kept)) == AT_ONCE
    with unit_of_work(readonly=True):
        assert session().execute(text("SELECT count(*) FROM match_offer")).scalar_one() == len(shared) + AT_ONCE
        for plan_id in kept:
            assert len(repository.documents_of(repository.plan_by_id(plan_id))) == len(shared) + 1
