"""An applicant's own profile: what stands on the page, and that every read of it is written down first."""

import json

import pytest
from sqlalchemy import text, update
from werkzeug.test import TestResponse

from finmart.credit.models import DeclaredFact, Fact
from finmart.credit.repository import profiles
from finmart.credit.service import declaring, reading
from finmart.credit.types.values import Profile
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.reference.facts import facts
from tests.fixtures.city import CityVisit
from tests.fixtures.people import Person, new_person

OWNER = "applicant_owner"


def _text(response: TestResponse) -> str:
    assert response.status_code == 200
    return response.get_data(as_text=True)


def _owner(visit: CityVisit) -> Person:
    person = visit.enter(OWNER)
    assert person is not None
    return person


def _subject(person: Person) -> int:
    with unit_of_work(readonly=True):
        found = verified_subject_of(person.organisation_id)
    assert found is not None
    return found


def _actor(person: Person) -> Actor:
    return Actor(
        user_id=person.user_id,
        organisation_id=person.organisation_id,
        organisation_kind="applicant",
        membership_id=person.membership_id,
        role=person.role,
        permissions=frozenset({"own:profile:read", "own:facts:declare"}),
        name="测试用户",
    )


def _profile(person: Person) -> Profile:
    with unit_of_work():
        return reading.read_profile(_actor(person), _subject(person))


def _reads(subject_id: int) -> list[str]:
    with unit_of_work(readonly=True):
        rows = session().execute(
            text("SELECT purpose FROM credit_profile_access WHERE subject_id = :subject ORDER BY id"),
            {"subject": subject_id},
        )
        return [row[0] for row in rows]


def test_every_stored_fact_opens_to_its_definition_source_and_batch(visit: CityVisit) -> None:
    person = _owner(visit)
    profile = _profile(person)
    page = _text(visit.send("credit.profile"))
    assert len(profile.facts) > 25
    for key, fact in profile.facts.items():
        assert facts()[key].label_zh in page
        assert facts()[key].definition_zh in page
        assert fact.batches
        assert all(batch in page for batch in fact.batches)
    assert profile.name in page
    assert profile.version_public_id in page
    assert "演示主体" in page


def test_one_value_that_nobody_can_read_leaves_the_others_on_the_page(visit: CityVisit) -> None:
    person = _owner(visit)
    before = _profile(person)
    spoilt = "sales_12m"
    assert spoilt in before.facts
    with unit_of_work():
        session().execute(
            update(Fact).where(Fact.subject_id == _subject(person), Fact.key == spoilt).values(value={"a": 1.5})
        )
        said = before.declared[0].key
        session().execute(
            update(DeclaredFact)
            .where(DeclaredFact.organisation_id == person.organisation_id, DeclaredFact.key == said)
            .values(value=1.5)
        )
    page = _text(visit.send("credit.profile"))
    assert f"1 项数据存下的数值读不出来，按未知处理：{facts()[spoilt].label_zh}。其余照常显示。" in page
    assert "已收到，但存下的数值读不出来，平台会核对来源。" in page
    after = _profile(person)
    assert after.facts.keys() == before.facts.keys() - {spoilt}
    assert set(after.unreadable) == {spoilt}
    assert {one.key for one in after.declared} == {one.key for one in before.declared} - {said}
    taken = json.loads(_text(visit.send("credit.download")))
    assert taken["unreadable"] == [spoilt]
    assert len(taken["facts"]) == len(after.facts)


def test_charts_are_drawn_by_the_server_and_say_the_same_as_a_table(visit: CityVisit) -> None:
    _owner(visit)
    page = _text(visit.send("credit.profile"))
    assert page.count('class="chart"') >= 4
    assert "每月销售与采购（数据表）" in page
    assert "第一大客户" in page
    assert "前五大供应商" in page


def test_a_read_is_written_down_and_listed_with_its_purpose(visit: CityVisit) -> None:
    person = _owner(visit)
    subject_id = _subject(person)
    before = _reads(subject_id)
    visit.send("credit.profile")
    visit.send("credit.download")
    assert _reads(subject_id)[len(before) :] == ["view", "download"]
    page = _text(visit.send("credit.profile")).partition('id="reads"')[2]
    assert "查看档案" in page
    assert "下载档案" in page
    assert "本人或本单位查看" in page


def test_readers_are_named_in_the_language_of_the_page(visit: CityVisit) -> None:
    person = _owner(visit)
    with unit_of_work():
        session().execute(
            text("UPDATE organisation SET name_en = 'Plum Paper Works' WHERE id = :id"), {"id": person.organisation_id}
        )
    assert "Plum Paper Works" not in _text(visit.send("credit.profile")).partition('id="reads"')[2]
    visit.client.get("/language/en")
    reads = _text(visit.send("credit.profile")).partition('id="reads"')[2]
    assert "Plum Paper Works" in reads


def test_nothing_is_shown_when_the_read_cannot_be_written_down(
    visit: CityVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = _owner(visit)
    name = _profile(person).name

    def refuse(**_values: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(profiles, "add_access", refuse)
    visit.app.config["PROPAGATE_EXCEPTIONS"] = False
    response = visit.send("credit.profile")
    assert response.status_code == 500
    assert name not in response.get_data(as_text=True)


def test_the_download_holds_every_fact_with_both_bounds(visit: CityVisit) -> None:
    person = _owner(visit)
    profile = _profile(person)
    response = visit.send("credit.download")
    assert response.mimetype == "application/json"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    held = json.loads(response.get_data(as_text=True))
    assert {fact["key"] for fact in held["facts"]} == set(profile.facts)
    assert all(fact["as_of"] and fact["known_at"] and fact["batches"] for fact in held["facts"])
    assert held["reads"]


def test_a_declaration_that_shared_data_contradicts_is_shown_as_such(visit: CityVisit) -> None:
    person = _owner(visit)
    profile = _profile(person)
    grade = profile.facts["tax_grade"].value
    other = next(choice for choice in facts()["tax_grade"].choices if choice.code != grade)
    with unit_of_work():
        declaring.declare(_actor(person), _subject(person), {"tax_grade": other.code}, commitment=True)
    page = _text(visit.send("credit.profile")).partition('id="declared"')[2].partition('id="reads"')[0]
    assert other.label_zh in page
    assert "不一致" in page
    assert "以共享数据为准" in page


def test_unknown_facts_say_so_and_what_would_fill_them(visit: CityVisit) -> None:
    person = _owner(visit)
    missing = [key for key in ("sales_12m", "tax_grade", "judgment_debtor") if key in _profile(person).facts]
    with unit_of_work():
        session().execute(text("UPDATE credit_profile_version SET fact_ids = '[]'"))
    page = _text(visit.send("credit.profile"))
    assert len(missing) == 3
    assert "收到“增值税发票”后自动算出。" in page
    assert "收到“纳税信息”后更新；您也可以先自行填报。" in page
    assert page.count("尚未收到关于您的") == 4


def test_before_the_claim_is_verified_no_shared_data_is_shown(visit: CityVisit) -> None:
    person = _owner(visit)
    profile, subject_id = _profile(person), _subject(person)
    before = _reads(subject_id)
    with unit_of_work():
        session().execute(
            text("UPDATE subject_claim SET state = 'pending' WHERE organisation_id = :own"),
            {"own": person.organisation_id},
        )
    page = _text(visit.send("credit.profile"))
    assert "认领还在核实" in page
    assert profile.version_public_id not in page
    assert facts()["sales_12m"].label_zh not in page
    assert visit.send("credit.download").status_code == 404
    assert _reads(subject_id) == before, "nothing was read, so there is nothing to list"


def test_an_applicant_without_a_claim_is_told_how_to_make_one(visit: CityVisit) -> None:
    visit.people[OWNER] = new_person(OWNER)
    visit.enter(OWNER)
    page = _text(visit.send("credit.profile"))
    assert "您还没有有效的认领" in page
    assert 'href="/account/claim"' in page


def test_a_verified_subject_without_data_is_not_told_that_it_failed(visit: CityVisit) -> None:
    person = _owner(visit)
    with unit_of_work():
        session().execute(
            text("DELETE FROM credit_profile_version WHERE subject_id = :subject"), {"subject": _subject(person)}
        )
    page = _text(visit.send("credit.profile"))
    assert "还没有收到关于您的共享数据" in page
    assert "没有数据不会被当作不符合条件" in page
