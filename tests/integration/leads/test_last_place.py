"""Two clerks take the last place at the same moment: one wins, the other is told so. Commits are real here."""

import threading
from collections import Counter

import pytest
from sqlalchemy import text

from finmart.matching.leads.service import applicant, institution
from finmart.matching.leads.types.errors import NoPlaceLeft
from finmart.platform.db.session import session, unit_of_work
from finmart.products import loading
from tests.factories.leads import Desk, desks, draft
from tests.factories.leads import applicant as new_applicant

TRIES = 200


def _take_at_once(demand: str, rivals: tuple[Desk, Desk], told: Counter[str]) -> None:
    start = threading.Barrier(len(rivals))

    def take(desk: Desk) -> None:
        start.wait()
        try:
            with unit_of_work():
                institution.take_card(desk.actor, demand, product_code=desk.product)
            told["won"] += 1
        except NoPlaceLeft as refusal:
            told[str(refusal)] += 1

    clerks = [threading.Thread(target=take, args=(desk,)) for desk in rivals]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()


@pytest.mark.usefixtures("own_database")
def test_two_clerks_take_the_last_place() -> None:
    with unit_of_work():
        loading.load_catalogue(loading.importer())
    with unit_of_work():
        rivals = desks()[0], desks()[1]
        owner = new_applicant()
    told: Counter[str] = Counter()
    for _try in range(TRIES):
        with unit_of_work():
            demand = draft(owner)
            applicant.open_to_institutions(owner, demand, places=1)
        _take_at_once(demand, rivals, told)
    assert told == {"won": TRIES, str(NoPlaceLeft(1)): TRIES}
    with unit_of_work(readonly=True):
        places = session().execute(text("SELECT demand_id, count(*) FROM lead GROUP BY demand_id")).all()
        clocks = session().execute(text("SELECT count(*) FROM demand_clock WHERE stopped_at IS NULL")).scalar_one()
    assert [count for _demand, count in places] == [1] * TRIES
    assert clocks == TRIES
