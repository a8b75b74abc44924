"""Whom a product would admit by what stands in the editor: counted beside what is saved, and written nowhere."""

import json
import re

import pytest
from sqlalchemy import text

from finmart.matching.service import prospects
from finmart.matching.service.drafted import (
    DraftAdmission,
    Standing,
    who_would_a_draft_admit,
    who_would_the_typed_admit,
)
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.products.drafts.service import desk, trying
from finmart.products.editing.sheet import sheet_of
from finmart.products.forms.product import product_form
from tests.fixtures.city import CityVisit
from tests.functional.matching.test_draft_admits import TOO_STRICT, clerk_of, require_too_much

CODE = "psbc_xwyd_invoice"
#: Whoever is admitted by the invoices sells something.
LENIENT = {"ge": [{"fact": "sales_12m"}, {"value": 1, "unit": "money"}]}
HALF_DONE = {"all": [TOO_STRICT, {}]}


def sent(tree: object, **more: str) -> dict[str, str]:
    return {"tree": json.dumps(tree), "do": "try", "required": "yes", **more}


def tried(actor: Actor, *, required: bool = True) -> DraftAdmission:
    with unit_of_work():
        typed = trying.typed_condition(actor, CODE, TOO_STRICT, key="", required=required)
        return who_would_the_typed_admit(actor, typed)


def written() -> tuple[object, ...]:
    """Everything that an edit of a product leaves behind."""
    with unit_of_work(readonly=True):
        rows = (
            session()
            .execute(
                text(
                    "SELECT (SELECT COUNT(*) FROM product), (SELECT COUNT(*) FROM product_version),"
                    " (SELECT COUNT(*) FROM product_step), (SELECT COUNT(*) FROM sent_form),"
                    " (SELECT COUNT(*) FROM audit_row WHERE name LIKE 'product%')"
                )
            )
            .one()
        )
        prints = session().execute(text("SELECT fingerprint FROM product_version ORDER BY id")).scalars().all()
    return (*rows, *prints)


def test_a_condition_in_the_builder_is_counted_beside_what_is_saved(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit, "psbc")
    with unit_of_work():
        saved = who_would_a_draft_admit(actor, CODE).admission
    before = written()
    found = tried(actor)
    assert (found.is_typed, found.is_draft, found.before) == (True, False, saved)
    assert saved.admitted > 0
    assert (found.admission.admitted, found.more_admitted) == (0, -saved.admitted)
    line = next(line for line in found.lines if line.standing is Standing.NEW)
    assert line.lost == found.lost == saved.admitted
    page = visit.send(
        "matching.try_condition", "POST", values={"product_code": CODE, "key": "new"}, form=sent(TOO_STRICT)
    )
    html = page.get_data(as_text=True)
    assert page.status_code == 200
    assert f"比现在公开的少 {saved.admitted}" in re.sub(r"\s+", " ", html)
    assert re.findall(r'href="([^"]+)" aria-current="page"', re.sub(r"\s+", " ", html))[0] == "/institution/products"
    assert "新填写" in html
    assert "试算完成：0 个符合" in html
    assert "与已公开的第 1 版相比" in html
    # What was typed is still there to be saved.
    assert "100000000000000" in html
    assert f'action="/institution/products/{CODE}/conditions/new"' in html
    assert written() == before


def test_a_saved_draft_is_what_is_compared_with(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit, "psbc")
    key = require_too_much(actor, CODE)
    with unit_of_work():
        typed = trying.typed_condition(actor, CODE, LENIENT, key=key, required=True)
        found = who_would_the_typed_admit(actor, typed)
        public = who_would_a_draft_admit(actor, CODE).before
    assert public is not None
    assert found.is_draft
    assert found.before is not None
    assert found.before.admitted == 0
    assert 0 < found.admission.admitted <= public.admitted
    assert {line.standing for line in found.lines} == {Standing.KEPT}


def test_a_preferred_condition_keeps_nobody_out(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit, "psbc")
    assert tried(actor, required=False).more_admitted == 0
    values = {"product_code": CODE, "key": "new"}
    form = sent(TOO_STRICT, required="no")
    html = visit.send("matching.try_condition", "POST", values=values, form=form).get_data(as_text=True)
    assert "优先条件不影响准入" in html
    assert "与现在公开的相同" in html


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (sent(HALF_DONE), "还有没填的部分，请填好或删除后再试算。"),
        (sent({}, is_open="yes", open="", key="sales_12m", operator="ge", value="很多"), "请填写数字"),
        (sent({"ge": [{"fact": "sales_12m"}, {"value": 2, "unit": "days"}]}), "单位"),
    ],
)
def test_what_cannot_be_counted_is_said_in_one_sentence(visit: CityVisit, form: dict[str, str], sentence: str) -> None:
    clerk_of(visit, "psbc")
    before = written()
    answer = visit.send("matching.try_condition", "POST", values={"product_code": CODE, "key": "new"}, form=form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    said = re.findall(r'<div class="notice notice--bad">.*?<p>(.*?)</p>', html, re.DOTALL)
    assert len(said) == 1
    assert sentence in said[0]
    assert html.index('id="tried-said"') < html.rindex(said[0])
    assert written() == before


def form_of(actor: Actor, **typed: str | list[str]) -> dict[str, object]:
    """The product's form as it stands, with some fields typed over."""
    view = desk.editable(actor, CODE)
    form = product_form(sheet_of(view.product), view.fingerprint)
    stands = {field.name: field.data for field in form if field.data not in (None, "", [])}
    return {**stands, **typed, "do": "try"}


def test_the_form_is_counted_as_it_is_typed(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit, "psbc")
    before = written()
    with visit.app.test_request_context(), unit_of_work(readonly=True):
        form = form_of(actor, min_employees="900000", industries_include="餐饮 F51")
    answer = visit.send("matching.try_product", "POST", values={"product_code": CODE}, form=form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "试算完成：0 个符合" in html
    assert "新填写" in html
    assert 'value="900000"' in html
    assert "所属行业属于餐饮业或批发业" in html
    form["min_employees"] = "很多"
    refused = visit.send("matching.try_product", "POST", values={"product_code": CODE}, form=form)
    assert refused.status_code == 422
    assert "不是一个整数" in refused.get_data(as_text=True)
    assert written() == before


def test_a_new_product_is_counted_before_it_is_ever_saved(visit: CityVisit) -> None:
    clerk_of(visit, "psbc")
    before = written()
    form = {"name_zh": "新产品", "product_type": "credit_loan", "rate_kind": "interest", "target_subjects": "farmer"}
    form |= {"fees-0-per": "year", "fees-1-per": "year", "do": "try"}
    answer = visit.send("matching.try_product", "POST", values={"product_code": ""}, form=form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "还没有保存的内容在 300 个演示主体上试算" in html
    assert "比已保存的" not in html
    assert "比现在公开的" not in html
    assert visit.send("matching.try_product", "POST", values={"product_code": ""}, form={}).status_code == 422
    assert written() == before


def test_the_product_of_another_institution_is_not_found(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit)
    for code in (CODE, "no_such_product"):
        values, form = {"product_code": code}, sent(TOO_STRICT)
        of_builder = visit.send("matching.try_condition", "POST", values={**values, "key": "new"}, form=form)
        assert of_builder.status_code == 404
        assert visit.send("matching.try_product", "POST", values=values, form=form).status_code == 404
    reader = Actor(name="test", organisation_id=actor.organisation_id, permissions=frozenset())
    with unit_of_work(), pytest.raises(PermissionMissing):
        trying.typed_condition(reader, CODE, TOO_STRICT, key="", required=True)


def test_both_editors_offer_it_with_and_without_scripts(visit: CityVisit) -> None:
    _person, _actor = clerk_of(visit, "psbc")
    builder = visit.send("products.edit_condition", values={"code": CODE, "key": "new"}).get_data(as_text=True)
    assert f'formaction="/institution/prospects/{CODE}/conditions/new/admits#admits"' in builder
    assert f'hx-post="/institution/prospects/{CODE}/conditions/new/admits"' in builder
    form = visit.send("products.edit_product", values={"code": CODE}).get_data(as_text=True)
    assert f'formaction="/institution/prospects/{CODE}/product-admits#admits"' in form
    new = visit.send("products.new_product").get_data(as_text=True)
    assert 'formaction="/institution/prospects/product-admits#admits"' in new


def test_without_a_sample_nobody_is_told_of_an_outcome(visit: CityVisit, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk_of(visit, "psbc")
    # An installation without the demonstration has no such subjects.
    monkeypatch.setattr(prospects, "demonstration_subject_ids", list)
    values = {"product_code": CODE, "key": "new"}
    answer = visit.send("matching.try_condition", "POST", values=values, form=sent(TOO_STRICT))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert html.count("本站没有装演示数据，暂时不能试算。") == 2
    assert "试算完成" not in html
