"""What waits for the second pair of eyes: a page at a time, with as few questions for many as for one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.pages import Page, PageBeyond
from finmart.products.drafts.service import queues
from finmart.products.drafts.types import WaitingLine
from tests.factories import accounts as made
from tests.factories import products

Queue = Callable[..., Page[WaitingLine]]


@contextmanager
def questions(database: Database) -> Iterator[list[str]]:
    """The statements sent in the block."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _own() -> tuple[Actor, Callable[[], str], Queue]:
    """The checker of an institution, a new product of a colleague, and the institution's queue."""
    clerk = made.member("institution_clerk")
    admin = made.member("institution_admin", organisation_id=clerk.organisation_id)
    return admin, lambda: products.submitted(clerk), queues.own_queue


def _operators() -> tuple[Actor, Callable[[], str], Queue]:
    """The operator, a new product of one more bank with one person, and the operator's queue."""
    return made.member("operator"), lambda: products.submitted(made.member("institution_admin")), queues.operator_queue


@pytest.mark.parametrize("side", [_own, _operators])
def test_many_lines_ask_as_little_as_one(database: Database, side: Callable[[], tuple[Any, ...]]) -> None:
    with unit_of_work():
        reader, submit, queue = side()
        codes = [submit()]
    counts = []
    for _round in range(2):
        with unit_of_work(readonly=True), questions(database) as asked:
            page = queue(reader)
        counts.append(len(asked))
        assert [line.code for line in page.items] == codes
        with unit_of_work():
            codes += [submit() for _more in range(4)]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("side", [_own, _operators])
def test_a_long_queue_has_pages(
    database: Database, side: Callable[[], tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database
    monkeypatch.setattr(queues, "PAGE_SIZE", 2)
    with unit_of_work():
        reader, submit, queue = side()
        codes = [submit() for _each in range(3)]
        # What others look after stands on no page and is not counted.
        clerk = made.member("institution_clerk")
        own = made.member("institution_admin", organisation_id=clerk.organisation_id)
        products.submitted(clerk)
    assert own.organisation_id != reader.organisation_id
    with unit_of_work(readonly=True):
        first, second = queue(reader), queue(reader, number=2)
        assert [[line.code for line in page.items] for page in (first, second)] == [codes[:2], codes[2:]]
        assert first.total == 3
        with pytest.raises(PageBeyond):
            queue(reader, number=3)
