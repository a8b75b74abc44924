"""What institutions come to see of an applicant: the proven subject alone, and cards in a fixed number of questions."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from finmart.matching.demands import service as demands
from finmart.matching.demands.types.values import NewDemand
from finmart.matching.leads.service import applicant, boarding, reading
from finmart.platform.accounts.service import claims, evidence
from finmart.platform.accounts.types.claims import ClaimMethod
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.factories import accounts as made
from tests.factories.leads import WAN, desks, draft
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

NEW = NewDemand(50 * WAN, 12, "working_capital", ("credit",), "360113", "open")
NOTE = "核对营业执照原件和授权书"


@pytest.fixture(autouse=True)
def world(stock: Stock) -> Iterator[Database]:
    """The catalogue's database; what the test writes is rolled back."""
    with rolled_back(stock.engine) as current:
        yield current


def _applied(owner: Actor, subject_id: int | None) -> str:
    saved = demands.save_demand(owner, NEW, organisation_id=owner.organisation_id or 0, subject_id=subject_id)
    return applicant.apply(owner, saved.public_id, product_code=desks()[0].product)


def test_whoever_only_says_to_be_a_firm_is_not_shown_as_that_firm() -> None:
    code = made.new_credit_code()
    with unit_of_work():
        firm, stranger = (made.signed_up(made.identity(identifier=code)) for _ in range(2))
        claim = evidence.own_claim_with_papers(firm).public_id
        claims.verify_claim(made.TESTS, claim, method=ClaimMethod.REVIEW, note=NOTE)
        subject = claims.verified_subject_of(firm.organisation_id or 0)
        assert claims.applicant(stranger.organisation_id or 0).subject_id == subject, "the claim waits"
        own, foreign = _applied(firm, subject), _applied(stranger, subject)
    with unit_of_work(readonly=True):
        desk = desks()[0].actor
        assert reading.open_lead(desk, own).demand.subject_id == subject
        assert reading.open_lead(desk, foreign).demand.subject_id is None, "the firm's consents are not the stranger's"


def test_a_board_of_many_cards_asks_as_little_as_one_of_few(world: Database) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    def questions() -> int:
        with unit_of_work(readonly=True):
            asked.clear()
            boarding.board(desk)
            return len(asked)

    with unit_of_work(readonly=True):
        desk = desks()[0].actor
    event.listen(world.connection, "before_cursor_execute", note)
    counts = []
    for _round in range(2):
        with unit_of_work():
            for _card in range(3):
                owner = made.signed_up()
                applicant.open_to_institutions(owner, draft(owner), places=3)
        counts.append(questions())
    event.remove(world.connection, "before_cursor_execute", note)
    assert counts[0] == counts[1]
