"""Products by staff, on the pages: written, checked, published, taken down; never by one person, never a stranger."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finmart.config import Settings
from finmart.platform.accounts.service.sessions import load_actor
from finmart.platform.authz.roles import ROLES
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products import service
from finmart.products.drafts.service import writing
from finmart.products.editing.table import NAMES
from finmart.products.reports.service.reporting import report_product
from tests.factories import accounts as made
from tests.factories import products
from tests.fixtures.databases import rolled_back
from tests.fixtures.people import Person, enter, new_person
from tests.fixtures.stock import Stock

CODE = "jjb_liuzi"
REASON = "按监管要求核对条款"
FIELD = re.compile(r"<(input|textarea|select)\b([^>]*)>", re.DOTALL)


@pytest.fixture
def database(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue and its index."""
    stock.copy_index(settings.data)
    with rolled_back(stock.engine) as current:
        yield current


def _owner(code: str = "jjb") -> int:
    with unit_of_work(readonly=True):
        return service.institution(code).organisation_id


def _as(app: Flask, role: str, organisation_id: int | None = None) -> FlaskClient:
    client = app.test_client()
    enter(client, new_person(role, organisation_id=organisation_id).token)
    return client


def _words(response_text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response_text.split("<main", 1)[-1]).split())


def _get(client: FlaskClient, address: str, language: str = "zh") -> str:
    response = client.get(address, headers={"Accept-Language": language})
    assert response.status_code == 200, address
    return response.get_data(as_text=True)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _filled(html: str) -> dict[str, list[str]]:
    """What a browser would send of the product's form, untouched."""
    form = html.split('name="fingerprint"', 1)[1].split("</form>", 1)[0]
    form = html[html.rindex("<form", 0, html.index('name="fingerprint"')) : html.index(form) + len(form)]
    sent: dict[str, list[str]] = {}
    for kind, tag in FIELD.findall(form):
        name = _attribute(tag, "name")
        if kind == "input" and _attribute(tag, "type") in ("checkbox", "radio") and "checked" not in tag:
            continue
        if kind == "input":
            sent.setdefault(name, []).append(_attribute(tag, "value"))
    for name, body in re.findall(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option[^>]*\bselected[^>]*\bvalue="([^"]*)"', body)
        sent[name] = [chosen[1] if chosen else ""]
    for name, body in re.findall(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = [unescape(body).lstrip("\r\n")]
    return sent


def _save(client: FlaskClient, code: str, **changes: str) -> int:
    address = f"/institution/products/{code}/edit"
    sent = _filled(_get(client, address)) | {name.replace("__", "-"): [value] for name, value in changes.items()}
    return client.post(address, data=sent).status_code


def test_from_a_draft_to_the_shelf_by_two_people(app: Flask) -> None:
    clerk, admin = (_as(app, role, _owner()) for role in ("institution_clerk", "institution_admin"))
    assert _save(clerk, CODE, ways__0__amount_max_wan="9999", name_zh="全新的名称") == 302
    page = _words(_get(clerk, f"/institution/products/{CODE}"))
    assert "草稿" in page
    version = f"/institution/products/{CODE}/versions/2"
    changes = _words(_get(clerk, version))
    assert "全新的名称" in changes
    assert "9,999万元" in changes
    assert "复核通过并公开" not in changes
    assert clerk.post(f"/institution/products/{CODE}/submit").status_code == 302
    assert "全新的名称" in _words(_get(admin, "/institution/products/review"))
    page = _get(admin, version)
    assert "复核通过并公开" in page
    seen = re.search(r'id="approve-fingerprint"[^>]*value="([0-9a-f]{64})"', page)
    assert seen is not None
    assert "全新的名称" not in _get(clerk, f"/products/{CODE}")
    assert clerk.post(f"{version}/approve", data={"fingerprint": seen[1]}).status_code == 403
    assert admin.post(f"{version}/approve", data={"fingerprint": "0" * 64}).status_code == 409
    assert admin.post(f"{version}/approve", data={"fingerprint": seen[1]}).status_code == 302
    public = _words(_get(clerk, f"/products/{CODE}"))
    assert "全新的名称" in public
    assert "机构官方公开信息" in public
    assert "第 2 版" in public
    assert admin.post(f"{version}/approve", data={"fingerprint": seen[1]}).status_code == 409


def test_an_untouched_form_changes_nothing(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", _owner())
    assert _save(clerk, CODE) == 302
    assert "内容与公开的版本相同" in _get(clerk, f"/institution/products/{CODE}/versions/2")
    assert clerk.post(f"/institution/products/{CODE}/submit").status_code == 400


@pytest.mark.parametrize("owner", ["ccb", "jjb", "jxcityguar", "jx_agri_guarantee", "ganzhou_bank"])
def test_every_product_can_be_edited_without_losing_anything(app: Flask, owner: str) -> None:
    with unit_of_work(readonly=True):
        codes = [product.code for product in service.products_of(owner)]
        owner_id = service.institution(owner).organisation_id if codes else 0
    clerk = _as(app, "institution_clerk", owner_id) if codes else None
    for code in codes:
        assert clerk is not None
        assert _save(clerk, code) == 302, code
        assert "内容与公开的版本相同" in _get(clerk, f"/institution/products/{code}/versions/2"), code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_of_a_new_product(app: Flask, language: str) -> None:
    clerk = _as(app, "institution_clerk", _owner())
    assert "None" not in _words(_get(clerk, "/institution/products/new", language))
    sent = _filled(_get(clerk, "/institution/products/new")) | {
        "name_zh": ["赣江新产品"],
        "product_type": ["credit_loan"],
        "ways-0-rate_max_pct": ["5"],
        "fees-0-label_zh": ["评估费"],
        "fees-0-rate_pct": ["0.1"],
        "words": ["须开立结算户\n须有固定经营场所"],
    }
    answer = clerk.post("/institution/products/new", data=sent)
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert address.startswith("/institution/products/jjb_")
    for page in (address, f"{address}/versions/1", f"{address}/edit"):
        assert "None" not in _words(_get(clerk, page, language))
    assert clerk.get(address.replace("/institution", "")).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ways__0__amount_min_wan", "99999", "最低额度不能高于最高额度"),
        ("ways__0__rate_max_pct", "36", "超出了可以填写的范围"),
        ("ways__0__amount_max_wan", "很多", "不是一个数"),
        ("name_zh", "", "请填写这一项"),
        ("words", "".join(("秒", "批")) + "到账", "广告法"),
        ("industries_include", "ZZZ", "不认识"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(app: Flask, field: str, value: str, said: str) -> None:
    clerk = _as(app, "institution_clerk", _owner())
    address = f"/institution/products/{CODE}/edit"
    sent = _filled(_get(clerk, address)) | {field.replace("__", "-"): [value]}
    answer = clerk.post(address, data=sent)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert "版本 2" not in _get(clerk, f"/institution/products/{CODE}")
    assert clerk.get(f"/institution/products/{CODE}/versions/2").status_code == 404


def test_a_form_opened_before_a_colleague_saved_is_refused(app: Flask) -> None:
    clerk, other = (_as(app, "institution_clerk", _owner()) for _ in range(2))
    address = f"/institution/products/{CODE}/edit"
    stale = _filled(_get(clerk, address)) | {"name_zh": ["我的名称"]}
    assert _save(other, CODE, name_zh="同事的名称") == 302
    answer = clerk.post(address, data=stale)
    assert answer.status_code == 409
    assert "同事刚刚保存过" in answer.get_data(as_text=True)


def _own_draft(organisation_id: int, state: str = "submitted") -> str:
    with unit_of_work():
        maker = made.member("institution_clerk", organisation_id=organisation_id)
        return products.submitted(maker) if state == "submitted" else products.draft(maker)


ADDRESSES = (
    ("GET", ""),
    ("GET", "/edit"),
    ("POST", "/edit"),
    ("POST", "/submit"),
    ("POST", "/recall"),
    ("POST", "/discard"),
    ("POST", "/suspend"),
    ("POST", "/resume"),
    ("POST", "/withdraw"),
    ("POST", "/confirm"),
    ("GET", "/versions/1"),
    ("POST", "/versions/1/approve"),
    ("POST", "/versions/1/send-back"),
)
FORM = {"reason": REASON, "begins": today().isoformat(), "fingerprint": "0" * 64, "name_zh": "别人的产品"}


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_another_institutions_product_is_not_there(app: Flask, method: str, path: str) -> None:
    draft = _own_draft(_owner())
    stranger = _as(app, "institution_admin", _owner("ccb"))
    for code in (draft, CODE, "no_such_product"):
        answer = stranger.open(
            f"/institution/products/{code}{path}", method=method, data=FORM if method == "POST" else None
        )
        assert answer.status_code == 404, (code, path)
    operator = _as(app, "operator")
    assert operator.open(f"/institution/products/{draft}{path}", method=method).status_code == 403


def test_the_operator_cannot_reach_what_an_institution_checks_by_itself(app: Flask) -> None:
    owner = _owner()
    new_person("institution_admin", organisation_id=owner)
    draft = _own_draft(owner)
    operator = _as(app, "operator")
    assert operator.get(f"/operator/products/{draft}").status_code == 404
    for step in ("approve", "send-back"):
        answer = operator.post(f"/operator/products/{draft}/versions/1/{step}", data=FORM)
        assert answer.status_code == 404


def test_reports_of_others_are_not_there(app: Flask) -> None:
    new_person("institution_clerk", organisation_id=_owner())
    with unit_of_work():
        report = report_product(made.signed_up(), CODE, kind="rate", note="网点说的更高")
    stranger = _as(app, "institution_admin", _owner("ccb"))
    assert stranger.get(f"/institution/reports/{report}").status_code == 404
    assert stranger.post(f"/institution/reports/{report}", data={"answer": "已经核实过了"}).status_code == 404
    own = _as(app, "institution_clerk", _owner())
    page = _words(_get(own, f"/institution/reports/{report}"))
    assert "网点说的更高" in page
    assert "万里行" not in page


def _state(code: str) -> str:
    with unit_of_work(readonly=True):
        return "public" if code in service.published_catalogue().by_code else "hidden"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_address_of_the_house_publishes_a_draft_for_one_person(app: Flask, role: str) -> None:
    # Whoever wrote a draft, and anyone in another role, calls everything that takes a product's code: it stays unseen.
    person = new_person(role)
    alone = person if role.startswith("institution") else new_person("institution_admin")
    new_person("institution_admin", organisation_id=alone.organisation_id)
    code = _draft_of(alone)
    client = app.test_client()
    enter(client, person.token)
    with unit_of_work():
        writing.submit(_actor(alone), code)
        seen = products.fingerprint(_actor(alone), code)
    rules = [rule for rule in app.url_map.iter_rules() if {"code", "product_code"} & rule.arguments]
    assert len(rules) > 15
    for rule in rules:
        values = {name: code if name in ("code", "product_code") else 1 for name in rule.arguments}
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            client.open(address, method=method, data={**FORM, "fingerprint": seen} if method == "POST" else None)
            assert _state(code) == "hidden", (role, method, address)


def _actor(person: Person) -> Actor:
    actor = load_actor(person.token)
    assert actor is not None
    return actor


def _draft_of(person: Person) -> str:
    with unit_of_work():
        return products.draft(_actor(person))


def test_a_file_becomes_drafts_and_nothing_else(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", _owner())
    rows = [",".join(NAMES), f"{CODE},从文件改的名称,,credit_loan" + "," * (len(NAMES) - 4)]
    rows.append(",全新的产品,,tax_loan" + "," * (len(NAMES) - 4))
    content = "\r\n".join(rows).encode()
    answer = clerk.post("/institution/products/import", data={"file": (BytesIO(content), "products.csv")})
    assert answer.status_code == 302
    page = _words(_get(clerk, "/institution/products"))
    assert "已导入 2 份草稿" in page
    assert page.count(" 草稿 ") == 2
    assert "全新的产品" in page
    with unit_of_work(readonly=True):
        assert service.product(CODE).name_zh != "从文件改的名称"


def test_a_file_with_one_bad_row_is_refused_whole(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", _owner())
    rows = ("product_code,name_zh,product_type,rate_max_pct", ",好产品,tax_loan,5", "ccb_yunshuidai,别人的,tax_loan,x")
    content = "\n".join(rows).encode()
    answer = clerk.post("/institution/products/import", data={"file": (BytesIO(content), "products.csv")})
    assert answer.status_code == 400
    page = _words(answer.get_data(as_text=True))
    assert "本机构没有这个产品代码" in page
    assert "不是一个数" in page
    assert "好产品" not in _get(clerk, "/institution/products")


def test_off_the_shelf_and_back(app: Flask) -> None:
    admin, visitor = _as(app, "institution_admin", _owner()), app.test_client()
    assert admin.post(f"/institution/products/{CODE}/suspend", data={"reason": REASON}).status_code == 422
    sent = {"reason": REASON, "begins": today().isoformat()}
    assert admin.post(f"/institution/products/{CODE}/suspend", data=sent).status_code == 302
    assert visitor.get(f"/products/{CODE}").status_code == 404
    assert "暂停中" in _get(admin, f"/institution/products/{CODE}")
    assert admin.post(f"/institution/products/{CODE}/resume", data={"reason": "短"}).status_code == 422
    assert admin.post(f"/institution/products/{CODE}/resume", data={"reason": REASON}).status_code == 302
    assert visitor.get(f"/products/{CODE}").status_code == 200
    assert admin.post(f"/institution/products/{CODE}/withdraw", data={"reason": REASON}).status_code == 302
    assert visitor.get(f"/products/{CODE}").status_code == 404
    assert admin.post(f"/institution/products/{CODE}/withdraw", data={"reason": REASON}).status_code == 409


def test_anyone_reports_a_wrong_product(app: Flask) -> None:
    visitor = app.test_client()
    assert "产品信息有误？" in _get(visitor, f"/products/{CODE}")
    assert visitor.post(f"/products/{CODE}/report", data={"note": "没有选择"}).status_code == 422
    assert visitor.post(f"/products/{CODE}/report", data={"kind": "rate", "note": "高"}).status_code == 302
    assert visitor.post("/products/no_such/report", data={"kind": "rate"}).status_code == 404
    clerk = _as(app, "institution_clerk", _owner())
    assert "利率不对" in _words(_get(clerk, "/institution/reports"))


def test_english_pages_are_english(app: Flask) -> None:
    admin = _as(app, "institution_admin", _owner())
    draft = _own_draft(_owner())
    for address in (
        "/institution/products",
        "/institution/products/review",
        f"/institution/products/{draft}/versions/1",
    ):
        assert _get(admin, address, "en")


def test_an_institution_says_what_to_bring_and_the_page_shows_it(app: Flask) -> None:
    clerk = _as(app, "institution_clerk", _owner())
    page = _get(clerk, f"/institution/products/{CODE}/edit")
    assert 'name="materials"' in page
    assert _save(clerk, CODE, materials="营业执照\n近两年财务报表\n") == 302
    told = _words(_get(clerk, f"/institution/products/{CODE}/versions/2"))
    assert "营业执照" in told[told.index("要带的材料") :][:40], told[told.index("要带的材料") :][:40]
    assert "要带的材料 未说明" in _words(_get(app.test_client(), f"/products/{CODE}")), "until somebody has checked it"
