"""Two people of an institution work on one draft at the same moment. Commits are real here."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from finmart.products import loading, service
from finmart.products.drafts.service import desk, writing
from finmart.products.drafts.types import DraftMoved
from tests.factories import accounts as made
from tests.factories import products

CODE = "jjb_liuzi"


def _at_once(works: list[Callable[[], object]]) -> list[BaseException]:
    """Each in a request of its own that has read the draft first, as routes do; what went wrong."""
    read, failures = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        try:
            with unit_of_work():
                session().execute(text("SELECT 1"))
                desk.editable(clerk, CODE)
                if session().get_bind().dialect.name == "postgresql":
                    read.wait()  # Writers on SQLite take turns from their first word on.
                work()
        except BaseException as error:
            failures.append(error)

    with unit_of_work(readonly=True):
        owner = service.institution("jjb").organisation_id
    with unit_of_work():
        clerk = made.member("institution_clerk", organisation_id=owner)
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.usefixtures("own_database")
def test_two_people_who_save_one_draft_at_once_do_not_overwrite_each_other() -> None:
    with unit_of_work():
        loading.load_catalogue(loading.importer())
    with unit_of_work():
        owner = service.institution("jjb").organisation_id
        writer = made.member("institution_clerk", organisation_id=owner)
        products.edited(writer, CODE, name_zh="两人都打开的草稿")
        seen = desk.editable(writer, CODE).fingerprint

    def save(name: str) -> Callable[[], object]:
        return lambda: writing.save_draft(writer, CODE, products.sheet(name_zh=name), fingerprint=seen)

    failures = _at_once([save("第一个人的名称"), save("第二个人的名称")])
    assert [type(failure) for failure in failures] == [DraftMoved]
