"""To strangers a demand, a lead, a paper of somebody else does not exist, whatever they try with it."""

import pytest
from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from tests.factories.stories import Story, story
from tests.fixtures.city import CityVisit
from tests.fixtures.people import enter, new_person
from tests.functional.access.of_leads import ROWS
from tests.functional.access.rows import Call, resolve

FORGED = "zzzzzzzzzzzz"
#: The state in which a rightful person's call of an endpoint succeeds; the demand's own pages first.
STATES = {
    "matching.demand": "interested",
    "matching.publish": "draft",
    "matching.leave_board": "open",
    "matching.finish": "declined",
    "matching.withdraw": "review",
    "matching.apply": "draft",
    "matching.application": "approved",
    "matching.reveal": "interested",
    "matching.refuse": "approved",
    "matching.accept": "approved",
    "matching.withdraw_application": "review",
    "matching.hand_over": "materials",
    "matching.hand_in": "handed",
    "matching.ask_institution": "received",
    "matching.own_file": "handed",
    "matching.lead": "review",
    "matching.claim": "received",
    "matching.pass_to_colleague": "received",
    "matching.take_assigned": "assigned",
    "matching.pass_on": "assigned",
    "matching.log_contact": "received",
    "matching.give_opinion": "contacted",
    "matching.ask_materials": "contacted",
    "matching.go_on": "materials",
    "matching.approve_lead": "review",
    "matching.decline": "review",
    "matching.draw_down": "contracted",
    "matching.reverse": "declined",
    "matching.ask_applicant": "received",
    "matching.lead_file": "handed",
}
OF_DEMANDS = {f"matching.{name}" for name in ("demand", "publish", "leave_board", "finish", "withdraw", "apply")}
CALLS = [(name, call) for name in STATES for call in {call.method: call for call in ROWS[name].calls}.values()]
NAMES = [f"{name}-{call.method}" for name, call in CALLS]


def _values(name: str, call: Call, found: Story) -> dict[str, str]:
    own = {"public_id": found.demand if name in OF_DEMANDS else found.lead}
    more = {"material_public_id": found.material, "file_public_id": found.file, "product_code": "jxbank_wenqidai"}
    return {**own, **{key: value for key, value in more.items() if key in call.values}}


@pytest.mark.parametrize(("name", "call"), CALLS, ids=NAMES)
def test_a_foreign_object_is_not_found(name: str, call: Call, visit: CityVisit) -> None:
    found = story(STATES[name])
    stranger = new_person(call.role)
    enter(visit.client, stranger.token)
    form = resolve(call.form, visit.person(call.role))
    before = _trace()
    response = visit.send(name, call.method, values=_values(name, call, found), form=form)
    assert response.status_code == 404, visit.told(response)
    assert _trace() == before


@pytest.mark.parametrize(("name", "call"), CALLS, ids=NAMES)
def test_a_forged_id_is_not_found(name: str, call: Call, visit: CityVisit) -> None:
    person = visit.enter(call.role)
    form = resolve(call.form, person)
    values = {key: "jxbank_wenqidai" if key == "product_code" else FORGED for key in call.values}
    response = visit.send(name, call.method, values=values, form=form)
    assert response.status_code == 404, visit.told(response)


@pytest.mark.parametrize("endpoint", ["matching.own_file", "matching.lead_file"])
def test_a_paper_is_not_found_under_another_lead(endpoint: str, visit: CityVisit) -> None:
    handed, other = story("handed"), story("review")
    visit.enter("applicant_owner" if endpoint == "matching.own_file" else "institution_clerk")
    response = visit.send(endpoint, values={"public_id": other.lead, "file_public_id": handed.file})
    assert response.status_code == 404


def test_an_ended_lead_opens_no_paper_to_its_institution(visit: CityVisit) -> None:
    found = story("handed")
    visit.enter("applicant_owner")
    visit.send("matching.withdraw_application", "POST", values={"public_id": found.lead}, form={"reason": "cost"})
    values = {"public_id": found.lead, "file_public_id": found.file}
    visit.enter("institution_clerk")
    assert visit.send("matching.lead_file", values=values).status_code == 403
    visit.enter("applicant_owner")
    assert visit.send("matching.own_file", values=values).status_code == 200


def _trace() -> list[tuple[object, ...]]:
    """Everything that a step would have left behind."""
    tables: tuple[str, ...] = ("lead_step", "demand_step", "lead_post", "lead_contact", "lead_material", "stored_file")
    with unit_of_work(readonly=True):
        return [tuple(session().execute(text(f"SELECT count(*) FROM {table}")).one()) for table in tables]  # noqa: S608
