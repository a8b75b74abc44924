"""Applications decided here over time make a product's measured speed, and a result shows it with what it rests on."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from finmart.matching.jobs import count_nightly
from finmart.matching.leads.service import applicant, institution
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome
from finmart.matching.service import runs
from finmart.platform.db.session import unit_of_work
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.dictionaries.types import NewValue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today, told_by
from tests.factories.leads import OPERATOR, Calendar, Desk, desks, draft
from tests.factories.leads import applicant as signed_up
from tests.fixtures.city import CityVisit
from tests.functional.matching.test_applicant import new_demand
from tests.functional.matching.walking import words

#: The Monday before the last days of October; five working days, and the week after.
BEGIN = datetime(2026, 10, 26, 1, 0, tzinfo=UTC)
#: Days from the application to the decision; the last two lie behind a weekend.
WAITS = (1, 2, 3, 7, 8)
TOO_FEW = "平台办结的申请还不够多，没有实测"


@pytest.fixture
def desk(visit: CityVisit) -> Desk:  # noqa: ARG001 - the city's records are open while the test runs.
    """An institution with a desk in the city and one of its products whose source states no days to a decision."""
    with unit_of_work(readonly=True):
        silent = {offer.code for offer in runs.ground().plan.offers if offer.decision_days is None}
        return next(one for one in desks() if one.product in silent)


def decide(desk: Desk, waits: Sequence[int], *, demonstration: bool = False, by: Actor | None = None) -> None:
    """One application a number, received on the same Monday and declined so many days later."""
    for days in waits:
        calendar = Calendar(BEGIN)
        with told_by(calendar):
            with unit_of_work():
                owner = by or signed_up(demonstration=demonstration)
                demand = draft(owner)
                lead = applicant.apply(owner, demand, product_code=desk.product)
            calendar.at += timedelta(days=days)
            with unit_of_work():
                phone, reached = ContactChannel.PHONE, ContactOutcome.REACHED
                institution.log_contact(desk.actor, lead, channel=phone, outcome=reached)
                institution.decline(desk.actor, lead, code="operating_years")
    with unit_of_work():
        count_nightly()


def shown(visit: CityVisit, code: str) -> tuple[str, str, str]:
    """What a new result says of the product's speed, its basis, and how the ranking compared it."""
    public_id = new_demand(visit)
    html = visit.send("matching.demand", values={"public_id": public_id}, query={"product": code}).get_data(
        as_text=True
    )
    row = html[html.index('id="came-for"') :].split("</li>\n", 1)[0]
    terms = re.search(r"<dt>审批天数</dt>\s*<dd>\s*(.*?)<span[^>]*>(.*?)</span>", row, re.DOTALL)
    share = re.search(
        r'class="shares".*?<dt>审批天数</dt>\s*<dd>(.*?)</dd>', html[html.index('id="came-for"') :], re.DOTALL
    )
    assert terms is not None, words(row)
    assert share is not None
    return words(terms[1]), words(terms[2]), words(share[1])


def test_the_median_of_five_decisions_reaches_the_result_with_its_basis(visit: CityVisit, desk: Desk) -> None:
    decide(desk, WAITS)
    days, basis, compared = shown(visit, desk.product)
    assert days == "3个工作日"
    assert basis == "平台实测，2026年10月至2026年11月作出决定的5件申请的中位数，等申请人补材料的天数不算"
    assert compared == "3天"


def test_four_decisions_are_not_known(visit: CityVisit, desk: Desk) -> None:
    decide(desk, WAITS[:4])
    days, basis, compared = shown(visit, desk.product)
    assert (days, compared) == ("未知", "未说明")
    assert basis.endswith(TOO_FEW)


def test_decisions_of_the_demonstration_or_of_one_applicant_are_not_known(visit: CityVisit, desk: Desk) -> None:
    decide(desk, WAITS, demonstration=True)
    with unit_of_work():
        owner = signed_up()
    decide(desk, WAITS, by=owner)
    assert shown(visit, desk.product)[0] == "未知"


def test_the_operators_small_number_holds_for_speeds_too(visit: CityVisit, desk: Desk) -> None:
    with unit_of_work():
        dictionaries.enter(OPERATOR, NewValue("figures.small_count", today(), 6, "", "测试"))
    decide(desk, WAITS)
    assert shown(visit, desk.product)[0] == "未知"
