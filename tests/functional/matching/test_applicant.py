"""An applicant states a need, sees why, answers questions, and withdraws, in the demonstration city."""

import re

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from finmart.credit.service import declaring
from finmart.matching.demands.types.values import TOO_MUCH
from finmart.matching.forms.answers import answers_form
from finmart.matching.service import demands as matching
from finmart.matching.service.asking import Asker
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor, system_actor
from tests.fixtures.city import CityVisit

NEED = {
    "amount": "80",
    "term_months": "12",
    "purpose": "working_capital",
    "guarantees": ["credit", "joint"],
    "region": "360113",
    "urgency": "month",
}


def ask(visit: CityVisit, **changes: object) -> TestResponse:
    return visit.send("matching.new_demand", "POST", form={**NEED, **changes})


def new_demand(visit: CityVisit) -> str:
    visit.enter("applicant_owner")
    response = ask(visit)
    assert response.status_code == 302, visit.told(response)
    return response.headers["Location"].rsplit("/", 1)[-1]


def page(visit: CityVisit, public_id: str, **query: str) -> str:
    response = visit.send("matching.demand", values={"public_id": public_id}, query=query)
    assert response.status_code == 200, visit.told(response)
    return response.get_data(as_text=True)


def runs_of(public_id: str) -> int:
    with unit_of_work(readonly=True):
        query = "SELECT count(*) FROM match_run JOIN demand ON demand.id = demand_id WHERE demand.public_id = :id"
        return int(session().execute(text(query), {"id": public_id}).scalar_one())


def test_a_need_is_matched_at_once_and_shows_its_reasons(visit: CityVisit) -> None:
    html = page(visit, new_demand(visit))
    assert "共比较 196 个产品" in html
    places = [int(place) for place in re.findall(r'aria-label="第 (\d+) 位"', html)]
    assert places == list(range(1, 11))
    assert "由共享数据" in html, "a condition shows the value it saw and where it comes from"
    assert "排序规则第 3 版" in html


@pytest.mark.parametrize("role", ["institution_clerk", "official", "counter_clerk", "operator", "auditor"])
def test_an_applicants_home_leads_others_to_their_own_start(visit: CityVisit, role: str) -> None:
    visit.enter(role)
    led = visit.send("matching.home")
    assert led.status_code == 302
    assert led.location != "/home"
    assert visit.client.get(led.location).status_code == 200


def test_each_tab_shows_its_own_verdicts(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    assert "badge-state--met" in page(visit, public_id, show="met")
    failing = page(visit, public_id, show="not_met", page="2")
    assert "有条件不符合" in failing
    assert "已核对的条件符合" not in failing
    assert page(visit, public_id, show="nonsense").count('class="result"') == 10


def test_the_number_of_suitable_products_leads_to_exactly_these(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    home = visit.send("matching.home").get_data(as_text=True)
    found = re.search(rf'href="([^"]*{public_id}[^"]*show=suits[^"]*)"[^>]*>合适的 (\d+) 个<', home)
    assert found, "the home page links the number"
    suitable = int(found[2])
    html = page(visit, public_id, show="suits")
    assert re.search(rf"合适的\s*<[^>]*>\s*{suitable}\s*<", html), "the tab says the same number"
    assert html.count('class="result"') == min(10, suitable) > 0
    assert html.count("金额、期限、担保都合适") == html.count('class="result"')


def test_a_need_beyond_every_product_is_shown_plans_with_what_is_certain(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    asked = ask(visit, amount="5000", guarantees=["credit"])
    shown = page(visit, asked.headers["Location"].rsplit("/", 1)[-1])
    plans = shown[shown.index('id="plans"') : shown.index('id="products"')]
    assert "每家机构各自审核决定" in plans
    assert "写明的担保没有一项用两次" in plans
    rows = re.findall(
        r'data-label="(向这家申请的金额|其中算得出的|其余，待核定)">([\d,.]+)(万?)', plans.replace("\xa0", "")
    )
    parts = [round(float(number.replace(",", "")) * (10_000 if unit else 1)) for _label, number, unit in rows]
    assert len(parts) >= 6
    assert all(whole == sure + rest for whole, sure, rest in zip(parts[::3], parts[1::3], parts[2::3], strict=True))


def _over_the_plans(visit: CityVisit, **changes: object) -> tuple[str, int]:
    """What a result says of products together, and how many plans follow."""
    shown = page(visit, ask(visit, **changes).headers["Location"].rsplit("/", 1)[-1])
    section = shown[shown.index('id="plans"') : shown.index('id="products"')]
    return section, section.count('class="plan-list__plan"')


def test_a_result_says_why_plans_are_shown_or_none(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    said, plans = _over_the_plans(visit, amount="20")
    assert re.search(r"有\d+个产品的已核对条件都符合，单独就能满足这次的金额，所以不列组合方案。", said)
    assert ("/products/" in said, plans) == (True, 0)
    said, plans = _over_the_plans(visit, amount="5000", guarantees=["credit"])
    assert "没有一个产品能确定单独满足这次的金额。" in said
    assert plans > 0


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "0.00001"},
        {"amount": "200000"},
        {"amount": "1000000000"},
        {"amount": "很多"},
        {"term_months": "0"},
        {"term_months": "361"},
        {"guarantees": []},
        {"guarantees": ["house"]},
        {"purpose": "gambling"},
        {"region": "999999"},
        {"urgency": "yesterday"},
    ],
)
def test_what_cannot_be_asked_for_is_refused_on_the_form(visit: CityVisit, changes: dict[str, object]) -> None:
    visit.enter("applicant_owner")
    response = ask(visit, **changes)
    assert response.status_code in (400, 422)
    assert "error-summary" in response.get_data(as_text=True)


@pytest.mark.parametrize(("amount", "told"), [("0", "金额须大于零。"), ("100000000", TOO_MUCH)])
def test_a_demand_of_nothing_or_of_a_trillion_is_told_what_to_write(visit: CityVisit, amount: str, told: str) -> None:
    visit.enter("applicant_owner")
    response = ask(visit, amount=amount)
    assert response.status_code == 422
    assert told in response.get_data(as_text=True)


@pytest.mark.parametrize("term", ["1.5", "很久", "0", "1e3"])
def test_a_term_that_is_no_whole_number_is_told_once(visit: CityVisit, term: str) -> None:
    visit.enter("applicant_owner")
    html = ask(visit, term_months=term).get_data(as_text=True)
    assert re.findall(r"用多久</a>：([^<]+)</li>", html) == ["请填写 1 到 360 之间的整数。"]


def test_a_product_that_does_not_fit_says_so_beside_its_verdict(visit: CityVisit) -> None:
    """No condition fails, yet the amount or the security does: the green verdict does not stand alone."""
    public_id = new_demand(visit)
    html = page(visit, public_id, show="met")
    verdicts = re.findall(r'<div class="result__verdict">(.*?)</div>', html, re.DOTALL)
    fits = re.findall(r"合适程度</dt>\s*<dd>\s*([^<]+?)\s*<span", html)
    assert len(verdicts) == len(fits) > 0
    assert [("tag--warn" in one) for one in verdicts] == [fit in ("有不合适的", "只能满足一部分") for fit in fits]


def test_answers_are_kept_and_the_demand_is_matched_again(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    form = visit.send("matching.answer", values={"public_id": public_id}).get_data(as_text=True)
    asked = set(re.findall(r'name="(fact__\w+)"', form))
    assert 1 <= len(asked) <= 8
    # Of every kind of question one answer fits: the first choice, none of several, yes, a class, or a number.
    given = {"fact__industry": "5292"}
    given |= {name: "none" for name in asked if re.search(rf'<input[^>]*name="{name}"[^>]*type="checkbox"', form)}
    given |= {name: "yes" for name in asked if re.search(rf'<input[^>]*name="{name}"[^>]*type="radio"', form)}
    given |= dict(re.findall(r'<select[^>]*name="(fact__\w+)".*?<option value="([^"]+)"', form, re.DOTALL))
    form_data = {name: given.get(name, "5") for name in asked}
    response = visit.send(
        "matching.answer", "POST", values={"public_id": public_id}, form={**form_data, "commitment": "y"}
    )
    assert response.status_code == 302, visit.told(response)
    assert runs_of(public_id) == 2


def _lacking(visit: CityVisit) -> int:
    html = visit.send("matching.home").get_data(as_text=True)
    (asked,) = re.findall(r'<ol class="remedies remedies--short">(.*?)</ol>', html, re.DOTALL)
    return str(asked).count("<li>")


def test_what_was_declared_since_is_not_asked_again_and_the_result_says_that_it_is_behind(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    answers = visit.send("matching.answer", values={"public_id": public_id}).get_data(as_text=True)
    name = re.findall(r'<input[^>]*name="(fact__\w+)"[^>]*type="radio"', answers)[0]
    before = _lacking(visit)
    assert "重新匹配就会用上" not in page(visit, public_id)
    kept = visit.send("matching.declared", "POST", form={name: "no", "commitment": "y"})
    assert kept.status_code == 302, visit.told(kept)
    assert _lacking(visit) == before - 1
    assert "重新匹配就会用上" in page(visit, public_id)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("养猪", "0313 猪的饲养"),
        ("稻谷", "0111 稻谷种植、1311 稻谷加工"),
        ("xyz", "没有找到这个行业"),
    ],
)
def test_an_industry_is_helped_to_its_class(visit: CityVisit, typed: str, told: str) -> None:
    with visit.app.test_request_context(method="POST", data={"fact__industry": typed, "commitment": "y"}):
        form = answers_form(["industry"], Asker("enterprise", {}))
        assert not form.validate()
        assert told in str(form.errors["fact__industry"][0])


@pytest.mark.parametrize("typed", ["茶叶种植", " 0164 ", "茶叶种", "A0164"])
def test_an_industry_is_told_by_its_name(visit: CityVisit, typed: str) -> None:
    with visit.app.test_request_context(method="POST", data={"fact__industry": typed}):
        form = answers_form(["industry"], Asker("enterprise", {}))
        form.validate()
        assert "fact__industry" not in form.errors
        assert form.answers()["industry"].endswith("0164")


def test_whoever_comes_from_a_product_sees_first_how_it_came_out(visit: CityVisit) -> None:
    visit.enter("applicant_owner")
    product = visit.send("products.show", values={"code": "bocomm_phedai_mortgage"}).get_data(as_text=True)
    assert "/demands/new?product=bocomm_phedai_mortgage" in product
    response = visit.send("matching.new_demand", "POST", form=NEED, query={"product": "bocomm_phedai_mortgage"})
    public_id, _, query = response.headers["Location"].rsplit("/", 1)[-1].partition("?")
    assert query == "product=bocomm_phedai_mortgage"
    html = page(visit, public_id, product="bocomm_phedai_mortgage")
    first = html[html.index("您刚才看的产品") :]
    assert "普惠e贷·线上抵押贷" in first[: first.index("逐条核对")]
    assert "您刚才看的产品" not in page(visit, public_id, product="nothing")


def test_answers_without_the_commitment_are_not_kept(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    response = visit.send(
        "matching.answer", "POST", values={"public_id": public_id}, form={"fact__controller__age": "40"}
    )
    assert response.status_code == 422
    assert runs_of(public_id) == 1


def test_an_earlier_result_stays_as_it_was(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    visit.send("matching.match_again", "POST", values={"public_id": public_id})
    earlier = re.search(r'href="/runs/(\w{12})"', page(visit, public_id))
    assert earlier is not None
    response = visit.send("matching.run", values={"public_id": earlier.group(1)})
    assert response.status_code == 200


def reads(visit: CityVisit, purpose: str) -> int:
    person = visit.person("applicant_owner")
    assert person is not None
    with unit_of_work(readonly=True):
        query = "SELECT count(*) FROM credit_profile_access WHERE purpose = :purpose AND organisation_id = :own"
        found = session().execute(text(query), {"purpose": purpose, "own": person.organisation_id})
        return int(found.scalar_one())


def revoke(visit: CityVisit) -> None:
    person = visit.person("applicant_owner")
    assert person is not None
    with unit_of_work():
        query = "UPDATE subject_claim SET state = 'revoked' WHERE organisation_id = :own"
        session().execute(text(query), {"own": person.organisation_id})


def test_a_result_notes_its_read_and_closes_when_the_claim_is_revoked(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    before = reads(visit, "result")
    html = page(visit, public_id)
    assert "由共享数据" in html
    assert reads(visit, "result") == before + 1
    revoke(visit)
    closed = page(visit, public_id)
    assert "认领已不再有效" in closed
    assert "badge-state" not in closed, "a conclusion says as much as the value it was drawn from"
    assert "由共享数据" not in closed
    assert 'id="questions"' not in closed
    assert reads(visit, "result") == before + 1
    home = visit.send("matching.home").get_data(as_text=True)
    assert "合适的" not in home
    assert visit.send("matching.match_again", "POST", values={"public_id": public_id}).status_code == 302
    assert "只用了您自报的资料" in page(visit, public_id)


def test_what_one_declared_beside_shared_data_is_a_noted_read(visit: CityVisit) -> None:
    person = visit.enter("applicant_owner")
    assert person is not None
    actor = Actor(
        name="test",
        user_id=person.user_id,
        organisation_id=person.organisation_id,
        permissions=frozenset({Permission.OWN_FACTS_DECLARE}),
    )
    with unit_of_work():
        said = {"tax_grade": "D", "employees": "7", "annual_revenue": "5"}
        declaring.declare(actor, verified_subject_of(person.organisation_id), said, commitment=True)
    before = reads(visit, "declared")
    html = visit.send("matching.declared").get_data(as_text=True)
    assert reads(visit, "declared") == before + 1
    assert re.search(r"以共享数据为准：|>\s*一致", html)
    revoke(visit)
    html = visit.send("matching.declared").get_data(as_text=True)
    assert reads(visit, "declared") == before + 1
    assert not re.search(r"以共享数据为准：|>\s*一致", html)


def test_a_match_by_command_names_the_house_as_reader(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    permissions = frozenset({Permission.ALL_RUNS_REPLAY, Permission.ALL_PROFILES_RUN})
    with unit_of_work():
        matching.match_on_behalf(system_actor("command", "match of a demand by command", permissions), public_id)
        query = "SELECT organisation_id, actor, basis, detail FROM credit_profile_access ORDER BY id DESC LIMIT 1"
        found = tuple(session().execute(text(query)).one())
    assert found == (None, "system:command", "system", "match of a demand by command")


def test_publish_then_withdraw_then_nothing_more(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    values = {"public_id": public_id}
    assert visit.send("matching.publish", "POST", values=values, form={"places": "3"}).status_code == 302
    assert visit.send("matching.withdraw", "POST", values=values, form={"reason": "funded"}).status_code == 302
    assert visit.send("matching.match_again", "POST", values=values).status_code == 409
    assert visit.send("matching.publish", "POST", values=values, form={"places": "3"}).status_code == 409
    assert "已撤回" in page(visit, public_id)


def test_a_demand_is_its_organisations_alone(visit: CityVisit) -> None:
    public_id = new_demand(visit)
    visit.people.clear()
    visit.enter("applicant_member")
    with unit_of_work(readonly=True):
        query = "SELECT public_id FROM demand WHERE organisation_id <> :own LIMIT 1"
        person = visit.person("applicant_member")
        assert person is not None
        other = session().execute(text(query), {"own": person.organisation_id}).scalar_one()
    for endpoint in ("matching.demand", "matching.answer"):
        assert visit.send(endpoint, values={"public_id": other}).status_code == 404
    assert (
        visit.send("matching.withdraw", "POST", values={"public_id": other}, form={"reason": "other"}).status_code
        == 404
    )
    assert public_id
