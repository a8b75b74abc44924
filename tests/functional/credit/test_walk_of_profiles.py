"""Nobody sees a profile without a consent that covers it: every page, export, download, log line and audit row."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

import pytest
import structlog
from sqlalchemy import select, text

from finmart.matching.models import MatchRun
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.runner import run_periodic
from tests.fixtures.city import CityVisit
from tests.fixtures.people import Person
from tests.functional.credit import canaries as birds
from tests.functional.credit.canaries import Address, Canaries

#: What rows of the access table lean on.
pytestmark = pytest.mark.usefixtures("sso")

#: Where nothing of anybody's data may ever stand.
TRAILS = ("audit_row", "outbox_row", "credit_profile_access", "insight_cell", "insight_count", "message", "delivery")
OPENED = "tax"
THE_PAGE = "credit.granted_profile"


@dataclass
class Walk:
    """What was asked by whom, and where a planted value came out: (who, endpoint, which)."""

    asked: int = 0
    broken: list[str] = field(default_factory=list)
    found: set[tuple[str, str, str]] = field(default_factory=set)

    def go(self, visit: CityVisit, who: str, person: Person | None, places: list[Address], planted: Canaries) -> None:
        """Ask for every place as one person."""
        client, refused = birds.browser_of(visit, person), set[str]()
        for place in places:
            if place.endpoint in refused:
                continue
            response = birds.ask(client, place)
            self.asked += 1
            if response.status_code >= 500:
                self.broken.append(f"{who} {place.url} {response.status_code}")
            if birds.is_closed_to(place, person):
                refused.add(place.endpoint)  # Whatever the object is; asked before the page is.
            said = birds.said_by(response)
            self.found |= {(who, place.endpoint, name) for name in planted.found_in(said)}


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[StringIO]:
    """Everything that is logged, down to the least."""
    before, stream = structlog.get_config(), StringIO()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    with caplog.at_level(logging.INFO):
        yield stream
    structlog.configure(**before)


@pytest.fixture
def planted(visit: CityVisit) -> Canaries:
    """The values are in the profile, in a stored result, and counted in what is counted at night; no consent holds."""
    found = birds.plant(visit)
    with unit_of_work() as current:
        current.execute(
            text("UPDATE consent SET revoked_at = granted_at WHERE subject_id = :subject AND revoked_at IS NULL"),
            {"subject": found.subject_id},
        )
    run_periodic()  # The night's work: officials' figures, peer figures, reminders.
    return found


def test_the_subject_itself_sees_what_was_planted(visit: CityVisit, planted: Canaries) -> None:
    """Else the walk below would look for something that is nowhere."""
    client = birds.browser_of(visit, planted.owner)
    for path in ("/profile", "/profile/download"):
        assert planted.found_in(birds.said_by(client.get(path))) >= set(birds.PLANTED), path
    # A year's taxes take part in a match; the stored result holds them.
    with unit_of_work(readonly=True) as current:
        query = select(MatchRun.inputs).where(MatchRun.subject_id == planted.subject_id).order_by(MatchRun.id.desc())
        assert OPENED in planted.found_in(str(current.scalars(query).first()))


def test_nobody_else_sees_anything_anywhere(
    visit: CityVisit, planted: Canaries, said: StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    walk, places = Walk(), birds.addresses(visit, planted)
    for who, person in birds.everybody_else(visit, planted).items():
        walk.go(visit, who, person, places, planted)
    assert walk.broken == []
    assert sorted(walk.found) == []
    assert walk.asked > 500
    assert said.getvalue(), "nothing was logged at all"
    assert planted.found_in(said.getvalue() + caplog.text) == set()
    assert planted.found_in(birds.rows_of(TRAILS)) == set()


def test_a_consent_opens_exactly_one_page_and_exactly_its_data_sets(
    visit: CityVisit, planted: Canaries, said: StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    consent_id, public_id = _grant(visit, planted)
    places = birds.addresses(visit, planted)
    assert any(place.endpoint == THE_PAGE and public_id in place.url for place in places)
    people, walk = birds.everybody_else(visit, planted), Walk()
    readers = ("institution_admin", "institution_clerk")
    others = ("institution whose consent was withdrawn", "foreign institution", "operator", "official")
    for who in (*readers, *others):
        walk.go(visit, who, people[who], places, planted)
    assert walk.broken == []
    assert walk.found == {(who, THE_PAGE, OPENED) for who in readers}
    with unit_of_work(readonly=True) as current:
        rows = current.execute(
            text("SELECT purpose, basis FROM credit_profile_access WHERE consent_id = :consent"),
            {"consent": consent_id},
        )
        assert [tuple(row) for row in rows] == [("loan_review", "consent")] * len(readers)
    assert planted.found_in(said.getvalue() + caplog.text) == set()
    assert planted.found_in(birds.rows_of(TRAILS)) == set()


def _grant(visit: CityVisit, planted: Canaries) -> tuple[int, str]:
    """The owner lets the demonstration's first bank see one data set, on the page where that is done."""
    visit.enter("applicant_owner")
    bank = visit.person("institution_clerk")
    assert bank is not None
    with unit_of_work(readonly=True) as current:
        query = text("SELECT public_id FROM organisation WHERE id = :id")
        institution = current.execute(query, {"id": bank.organisation_id}).scalar_one()
    form = {"scopes": OPENED, "purpose": "loan_review", "days": "90", "agreed": "y"}
    answer = visit.send("credit.new_consent", "POST", query={"institution": institution}, form=form)
    assert answer.status_code == 302, visit.told(answer)
    with unit_of_work() as current:
        # The access table asks for the institution's first consent that holds: let it be this one.
        current.execute(
            text("UPDATE consent SET revoked_at = granted_at WHERE subject_id <> :id"), {"id": planted.subject_id}
        )
        query = text("SELECT id, public_id FROM consent WHERE subject_id = :id AND revoked_at IS NULL")
        found = current.execute(query, {"id": planted.subject_id}).one()
    return found[0], found[1]
