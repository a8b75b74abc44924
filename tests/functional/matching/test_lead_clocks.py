"""Whose turn it is and until when, as pages say it: in words and with an icon, the overdue first."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.clock import today
from tests.factories.stories import Story, story
from tests.fixtures.city import CityVisit
from tests.functional.matching.walking import CLERK, OPERATOR, OWNER, Walk

PROVISIONAL = "该年节假日安排未公布，暂按周一至周五计算"


@pytest.fixture
def walk(visit: CityVisit) -> Walk:
    """A walk through the city."""
    return Walk(visit)


def change(query: str, **values: object) -> None:
    """Change the city's records by hand, as time or an operator would have."""
    with unit_of_work():
        session().execute(text(query), values)


def late(state: str, days: int) -> Story:
    """A lead in ``state`` whose day passed so many calendar days ago."""
    found = story(state)
    change("UPDATE lead SET due_on = :day WHERE public_id = :id", day=today() - timedelta(days=days), id=found.lead)
    return found


def test_the_longest_overdue_lead_comes_first(walk: Walk) -> None:
    longest, shorter, fresh = late("received", 40), late("contacted", 20), story("review")
    walk.visit.enter(CLERK)
    html = walk.visit.send("matching.inbox").get_data(as_text=True)
    places = [html.index(one.lead) for one in (longest, shorter, fresh)]
    assert places == sorted(places)
    row = html[html.rindex("<tr", 0, places[0]) : places[0]]
    assert "row--over" in row
    due = html[places[0] :].split('class="due due--bad"', 1)[1].split("</td>", 1)[0]
    assert "<svg" in due, "an icon"
    assert "已逾期" in due, "and words, never colour alone"


def test_the_operator_sees_what_is_late_before_what_is_only_waiting(walk: Walk) -> None:
    found = late("received", 40)
    change(
        "UPDATE demand_clock SET due_on = :day WHERE stopped_at IS NULL "
        "AND demand_id = (SELECT id FROM demand WHERE public_id = :id)",
        day=today() - timedelta(days=40),
        id=found.demand,
    )
    page = walk.page(OPERATOR, "matching.stuck")
    assert page.index(found.demand) < page.index("寻找愿意承接的机构")
    assert "从这家机构收回" in page


def test_a_day_in_a_year_without_a_calendar_is_marked(walk: Walk) -> None:
    found = story("review")
    assert PROVISIONAL not in walk.page(OWNER, "matching.application", public_id=found.lead)
    change("UPDATE lead SET provisional = :yes WHERE public_id = :id", yes=True, id=found.lead)
    change(
        "UPDATE demand_clock SET provisional = :yes WHERE demand_id = (SELECT id FROM demand WHERE public_id = :id)",
        yes=True,
        id=found.demand,
    )
    assert PROVISIONAL in walk.page(OWNER, "matching.application", public_id=found.lead)
    assert PROVISIONAL in walk.page(OWNER, "matching.demand", public_id=found.demand)
    assert PROVISIONAL in walk.page(CLERK, "matching.lead", public_id=found.lead)


def test_a_consent_opens_the_profile_only_once_the_applicant_is_known(walk: Walk) -> None:
    found = story("interested")
    # The demonstration's firm lets this very bank see its profile.
    assert "您授权它查看信用档案" in walk.page(OWNER, "matching.application", public_id=found.lead)
    profile = "查看档案"
    assert profile not in walk.page(CLERK, "matching.lead", public_id=found.lead), "a profile would name the applicant"
    walk.post(OWNER, "matching.reveal", public_id=found.lead)
    assert profile in walk.page(CLERK, "matching.lead", public_id=found.lead)


def test_each_consent_that_opens_something_of_its_own_stands_on_both_pages(walk: Walk) -> None:
    found = story("interested")
    walk.post(OWNER, "matching.reveal", public_id=found.lead)
    # Beside the demonstration's consent one for another purpose.
    change(
        "INSERT INTO consent (public_id, receipt_number, subject_id, institution_id, organisation_id, user_id, purpose,"
        " scopes, warned, text_version, language, granted_at, valid_from, valid_until, revoke_reason)"
        " SELECT :id, :receipt, subject_id, institution_id, organisation_id, user_id, 'post_loan',"
        " scopes, warned, text_version, language, granted_at, valid_from, valid_until, revoke_reason"
        " FROM consent WHERE institution_id = (SELECT organisation_id FROM lead WHERE public_id = :lead)"
        " AND subject_id = (SELECT subject_id FROM demand WHERE public_id = :demand)",
        id="zzzzzzzzzzzz",
        receipt="SQ00-ZZZZ-ZZZZ-ZZZZ",
        lead=found.lead,
        demand=found.demand,
    )
    assert walk.page(CLERK, "matching.lead", public_id=found.lead).count("申请人授权本机构查看档案") == 2
    assert walk.page(OWNER, "matching.application", public_id=found.lead).count("您授权它查看信用档案") == 2
