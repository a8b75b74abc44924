"""Products without a demand: what an applicant sees at home, why it changes, and switching it off."""

import json
import re
from typing import Any

from sqlalchemy import text

from finmart.credit.models import Fact
from finmart.credit.repository import profiles
from finmart.matching.jobs import look_after_profiles, look_at_recommendations, refresh_recommendation
from finmart.matching.recommendations.repository import changes_of, recommendation_of
from finmart.matching.recommendations.types import Why, load_change
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.ids import public_id
from finmart.products.repository import advance_counter
from tests.fixtures.city import CityVisit
from tests.fixtures.people import Person, new_person

TITLE = "今天可以了解的产品"


def page(visit: CityVisit, endpoint: str = "matching.home") -> str:
    response = visit.send(endpoint)
    assert response.status_code == 200, visit.told(response)
    return response.get_data(as_text=True)


def owner(visit: CityVisit) -> Person:
    person = visit.enter("applicant_owner")
    assert person is not None
    return person


def count(table: str, where: str = "1 = 1", **values: Any) -> int:
    with unit_of_work(readonly=True):
        return int(session().execute(text(f"SELECT count(*) FROM {table} WHERE {where}"), values).scalar_one())  # noqa: S608


def refresh(person: Person) -> None:
    with unit_of_work():
        refresh_recommendation({"organisation": person.organisation_id})


def shown(html: str) -> int:
    found = re.search(r"全部 (\d+) 个和变化的原因", html)
    return int(found[1]) if found else 0


def set_fact(person: Person, key: str, value: str) -> None:
    """Publish a newer profile of the person's subject in which one fact has another value."""
    with unit_of_work():
        subject = verified_subject_of(person.organisation_id or 0)
        assert subject is not None
        before = profiles.latest_version(subject)
        assert before is not None
        rows = profiles.facts_of([before])[subject]
        changed = next(row for row in rows if row.key == key)
        columns = {column.key: getattr(changed, column.key) for column in Fact.__table__.columns if column.key != "id"}
        moment = now()
        fresh = profiles.add_facts([{**columns, "value": value, "known_at": moment}], moment)[(subject, key)]
        ids = sorted([fresh, *(row.id for row in rows if row.key != key)])
        version = {"public_id": public_id(), "subject_id": subject, "as_of": before.as_of, "known_at": moment}
        profiles.add_versions([{**version, "batch_id": before.batch_id, "fact_ids": ids}])


def shelve(code: str, number: int | None) -> None:
    """Take a product from the shelf, or put a version of it there."""
    with unit_of_work():
        query = "UPDATE product SET published_number = :number WHERE code = :code"
        session().execute(text(query), {"code": code, "number": number})
        advance_counter()


def test_a_visit_before_anything_was_kept_shows_todays_products_and_notes_one_read(visit: CityVisit) -> None:
    owner(visit)
    before = count("credit_profile_access", "purpose = 'recommendation'")
    html = page(visit)
    assert TITLE in html
    assert shown(html) >= 5
    assert html.count("result--short") == 5
    assert "按12个月测算" in html, "the assumption is said"
    assert count("credit_profile_access", "purpose = 'recommendation'") == before + 1
    assert count("recommendation") == 0, "a page writes nothing"


def test_what_is_kept_is_what_a_visit_shows(visit: CityVisit) -> None:
    person = owner(visit)
    live = shown(page(visit))
    refresh(person)
    assert shown(page(visit)) == live
    everything = page(visit, "matching.recommended")
    assert everything.count("result--short") == live
    assert count("recommendation") == 1
    assert count("recommendation_change") == 0, "the first answer is no change"
    assert count("message", "kind = 'recommendation.opened'") == 0


def test_a_datum_that_changes_names_itself_in_the_history_and_a_letter_goes_once_a_week(visit: CityVisit) -> None:
    person = owner(visit)
    refresh(person)
    set_fact(person, "tax_grade", "D")
    refresh(person)
    with unit_of_work(readonly=True):
        gone = [load_change(row.detail) for row in changes_of(person.organisation_id or 0)]
    assert gone
    assert {change.why for change in gone} == {Why.FACTS}
    assert not any(change.opened for change in gone)
    html = page(visit, "matching.recommended")
    assert re.search(r"因为“[^<]*纳税信用级别[^<]*”从\S+变为D级（[^<]*），不再满足", html)
    assert count("message", "kind = 'recommendation.opened'") == 0
    set_fact(person, "tax_grade", "A")
    refresh(person)
    assert re.search(r"因为[^<]*从D级变为A级（[^<]*\d{4}", page(visit, "matching.recommended"))
    told = count("message", "kind = 'recommendation.opened'")
    assert told > 0
    set_fact(person, "tax_grade", "D")
    refresh(person)
    set_fact(person, "tax_grade", "B")
    refresh(person)
    assert count("message", "kind = 'recommendation.opened'") == told, "once a week"
    assert count("delivery", "kind = 'recommendation.opened'") == 0, "in the site alone"
    assert count("recommendation_change") <= 20


def test_what_has_moved_is_shown_before_it_is_kept_and_kept_by_a_look(visit: CityVisit) -> None:
    person = owner(visit)
    refresh(person)
    set_fact(person, "tax_grade", "D")
    assert "变为D级" in page(visit, "matching.recommended")
    assert count("recommendation_change") == 0
    waiting = "name = 'recommendations.refresh' AND done_at IS NULL"
    with unit_of_work():
        look_after_profiles({})
        look_after_profiles({})
    assert count("outbox_row", waiting) == 1


def test_declaring_has_the_answer_made_again(visit: CityVisit) -> None:
    person = owner(visit)
    form = {"fact__controller__age": "41", "commitment": "y"}
    assert visit.send("matching.declared", "POST", form=form).status_code == 302
    with unit_of_work(readonly=True):
        query = text("SELECT payload FROM outbox_row WHERE name = 'recommendations.refresh' AND done_at IS NULL")
        assert [json.loads(row) if isinstance(row, str) else row for row in session().scalars(query)] == [
            {"organisation": person.organisation_id}
        ]


def test_a_product_that_leaves_the_shelf_and_a_new_one_say_so(visit: CityVisit) -> None:
    person = owner(visit)
    refresh(person)
    with unit_of_work(readonly=True):
        row = recommendation_of(person.organisation_id or 0)
        assert row is not None
        first = row.rows[0][0][1]
        query = text("SELECT published_number FROM product WHERE code = :code")
        number = session().execute(query, {"code": first}).scalar_one()
    shelve(first, None)
    assert "产品已下架" in page(visit, "matching.recommended"), "a visit sees it at once"
    refresh(person)
    assert "产品已下架" in page(visit, "matching.recommended")
    shelve(first, number)
    refresh(person)
    assert "新产品上架" in page(visit, "matching.recommended")
    assert count("recommendation_change") == 2


def test_off_deletes_everything_computes_nothing_and_is_audited(visit: CityVisit) -> None:
    person = owner(visit)
    refresh(person)
    assert visit.send("matching.recommending", "POST", form={"wanted": "sideways"}).status_code == 422
    assert visit.send("matching.recommending", "POST", form={"wanted": "off"}).status_code == 302
    refresh(person)
    with unit_of_work():
        look_at_recommendations()
    assert count("recommendation") == count("recommendation_change") == 0
    before = count("credit_profile_access")
    html = page(visit)
    assert TITLE not in html
    assert "已关闭推荐" in page(visit, "matching.recommended")
    assert count("credit_profile_access") == before
    assert count("audit_row", "name = 'recommendation.switched'") == 1
    assert visit.send("matching.recommending", "POST", form={"wanted": "off"}).status_code == 302
    assert count("audit_row", "name = 'recommendation.switched'") == 1, "nothing has changed"
    assert visit.send("matching.recommending", "POST", form={"wanted": "on"}).status_code == 302
    assert TITLE in page(visit)


def test_a_revoked_claim_closes_what_stood_on_the_profile(visit: CityVisit) -> None:
    person = owner(visit)
    refresh(person)
    set_fact(person, "tax_grade", "D")
    refresh(person)
    assert "纳税信用级别" in page(visit, "matching.recommended")
    with unit_of_work():
        query = "UPDATE subject_claim SET state = 'revoked' WHERE organisation_id = :own"
        session().execute(text(query), {"own": person.organisation_id})
    html = page(visit, "matching.recommended")
    assert "纳税信用级别" not in html
    assert "只用了您自报的资料" in html
    refresh(person)
    assert count("recommendation_change") == 0, "the history spoke of the profile"


def test_a_newcomer_without_data_is_told_what_to_do(visit: CityVisit) -> None:
    visit.people["applicant_owner"] = new_person("applicant_owner")
    visit.enter("applicant_owner")
    html = page(visit)
    assert TITLE in html
    assert "填报" in html.partition(TITLE)[2]
    assert visit.send("matching.recommended").status_code == 200


def test_no_word_of_promise(visit: CityVisit) -> None:
    owner(visit)
    section = page(visit).partition(TITLE)[2].partition("</section>")[0]
    assert "由机构决定" in section
    assert not [word for word in ("一定能", "可以获得", "包过", "必批", "推荐您") if word in section]
