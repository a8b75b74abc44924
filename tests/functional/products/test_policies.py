"""Policies in the demonstration city: reading, working out, maintaining, and what they take from a product's cost."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.clock import told_by
from finmart.products import service as products
from tests.fixtures.city import CityVisit

SUBSIDY = {"code": "NP-01", "clause_code": "NP-01-1"}
ENDED = {"code": "HF7", "clause_code": "HF7-01-1"}
PRINCIPAL, DAYS = "figure__demand__subsidised_principal", "figure__demand__subsidised_days"
AUTUMN = datetime(2026, 11, 21, 4, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 2, 1, 4, tzinfo=UTC)


def page(visit: CityVisit, endpoint: str, *, status: int = 200, **more: object) -> str:
    response = visit.send(endpoint, **more)  # type: ignore[arg-type]
    assert response.status_code == status, visit.told(response)
    return response.get_data(as_text=True)


def test_the_list_holds_policies_in_force_and_ended(visit: CityVisit) -> None:
    with told_by(lambda: AUTUMN):
        html = page(visit, "products.policies")
        assert "共 11 项政策" in html
        assert "据公开信息整理，以主管部门解释为准" in html
        assert "共 1 项政策" in page(visit, "products.policies", query={"standing": "expired"})
        assert "没有找到符合的政策" in page(visit, "products.policies", query={"q": "火星移民补贴"})
        assert "共 1 项政策" in page(visit, "products.policies", query={"department": "市金融办", "kind": "banks"})


def test_the_list_stands_what_addresses_are_made_of(visit: CityVisit) -> None:
    for query in ({"q": "x" * 9000}, {"q": '"*^()&&||~\x00'}, {"level": "nowhere", "kind": "<b>"}, {"endpoint": "x"}):
        page(visit, "products.policies", query=query)


def test_what_no_policy_could_be_is_no_filter(visit: CityVisit) -> None:
    with told_by(lambda: AUTUMN):
        for facet in ("standing", "level", "kind", "department"):
            html = page(visit, "products.policies", query={facet: "nowhere"})
            assert "nowhere" not in html.split("<main", 1)[-1]
            assert "共 11 项政策" in html
        assert "共 0 项政策" in page(visit, "products.policies", query={"standing": "upcoming"})


def test_departments_are_named_in_the_readers_language(visit: CityVisit) -> None:
    html = visit.client.get("/policies", headers={"Accept-Language": "en"}).get_data(as_text=True)
    names = re.findall(r'<span class="facet__label">([^<]+)</span>', html)
    assert "Municipal Finance Office" in names
    assert not [name for name in names if re.search("[\u4e00-\u9fff]", name)]


def test_the_shelf_leads_to_policies_and_back(visit: CityVisit) -> None:
    shelf = page(visit, "products.shelf", query={"q": "科贷通"})
    assert re.search(r'href="/policies\?q=[^"]+">惠企政策 <span class="count">2</span>', shelf)
    assert "融资需求" not in shelf.split("<main", 1)[-1]
    visit.enter("institution_clerk")
    assert "融资需求" in page(visit, "products.policies").split("<main", 1)[-1]


def test_a_policy_shows_its_words_and_history(visit: CityVisit) -> None:
    with told_by(lambda: AUTUMN):
        html = page(visit, "products.policy", values={"code": "HF7"})
    assert "已于 2025-12-31 失效，仅供查阅" in html
    assert html.count('class="policy-clause"') == 62
    assert "min(实缴注册资本×3%, 5000万)" in html
    assert "按公开信息整理后导入" in html
    page(visit, "products.policy", values={"code": "NP-77"}, status=404)
    page(visit, "products.policy_clause", values={"code": "NP-01", "clause_code": "HF7-01-1"}, status=404)


def test_an_amount_is_worked_out_to_the_fen(visit: CityVisit) -> None:
    with told_by(lambda: AUTUMN):
        html = page(visit, "products.policy_clause", values=SUBSIDY, query={PRINCIPAL: "800", DAYS: "400"})
    assert "131,506.84元" in html
    assert "算法：" in html


@pytest.mark.parametrize(
    "figures",
    [
        {PRINCIPAL: "-1", DAYS: "30"},
        {PRINCIPAL: "1000000000000000", DAYS: "30"},
        {PRINCIPAL: "1e40", DAYS: "30"},
        {PRINCIPAL: "很多", DAYS: "30"},
        {PRINCIPAL: "NaN", DAYS: "30"},
        {PRINCIPAL: "0.00000001", DAYS: "30"},
        {PRINCIPAL: "9" * 5000, DAYS: "30"},
        {PRINCIPAL: "100", DAYS: "-3"},
        {PRINCIPAL: "100", DAYS: "1.5"},
        {PRINCIPAL: "100", DAYS: "1000000000000000"},
        {PRINCIPAL: "100", DAYS: "十天"},
        {PRINCIPAL: "", DAYS: ""},
        {"go": "1"},
    ],
)
def test_figures_that_cannot_be_used_are_refused_on_the_form(visit: CityVisit, figures: dict[str, str]) -> None:
    with told_by(lambda: AUTUMN):
        html = page(visit, "products.policy_clause", values=SUBSIDY, query=figures, status=422)
    assert "error-summary" in html
    assert "policy-amount" not in html


def test_an_ended_clause_gives_nothing_now_and_says_what_it_gave_then(visit: CityVisit) -> None:
    figures = {"figure__paid_in_capital": "90000"}
    with told_by(lambda: AUTUMN):
        plain = page(visit, "products.policy_clause", values=ENDED)
        assert "算一算" not in plain
        then = page(visit, "products.policy_clause", values=ENDED, query={**figures, "on": "2024-06-01"})
        assert "27,000,000元" in then
        assert "现在申请不会得到任何金额" in then
        now = page(visit, "products.policy_clause", values=ENDED, query={**figures, "on": "2026-01-01"}, status=409)
        assert "不在有效期内" in now
        assert "policy-amount" not in now
        for on in ("", "2024-13-01", "昨天", "99999-01-01"):
            page(visit, "products.policy_clause", values=ENDED, query={**figures, "on": on}, status=422)


def _loan() -> str:
    """A product with a stated rate that a fixed-asset subsidy may go with."""
    with unit_of_work(readonly=True):
        return next(
            product.code
            for product in products.published_catalogue().products
            if product.product_type == "mortgage_loan"
            and product.lowest_interest
            and product.lowest_interest > 30_000
            and not any(fee.payer == "borrower" for fee in product.variants[0].fees)
        )


def test_a_subsidy_in_force_is_a_line_of_its_own_beside_the_cost(visit: CityVisit) -> None:
    code = _loan()
    with told_by(lambda: AUTUMN):
        html = page(visit, "products.show", values={"code": code})
    assert "如果符合政策条件" in html
    line = html.split("如果符合政策条件", 1)[1].split("</table>", 1)[0]
    assert "NP-01-1" in line
    assert len(re.findall(r"\d\.\d\d%", line)) == 2, "the cost without and the cost with it"
    headline = re.search(r'cost-sheet__figure">([^<]+)<', html)
    assert headline is not None
    assert headline.group(1) in line, "the sheet's own figure is the one without the subsidy"
    with told_by(lambda: NEXT_YEAR):
        assert "如果符合政策条件" not in page(visit, "products.show", values={"code": code})


def test_a_comparison_says_both_costs(visit: CityVisit) -> None:
    query = {"code": _loan(), "amount": "100", "term": "12", "method": "interest_only"}
    with told_by(lambda: AUTUMN):
        assert "NP-01-1：贴息15,000元，综合年化成本不含贴息" in page(visit, "products.compare", query=query)
    with told_by(lambda: NEXT_YEAR):
        assert "NP-01-1" not in page(visit, "products.compare", query=query)


def test_a_tax_loan_has_no_fixed_asset_subsidy(visit: CityVisit) -> None:
    with told_by(lambda: AUTUMN):
        assert "如果符合政策条件" not in page(visit, "products.show", values={"code": "ccb_yunshuidai"})


HEAD = {
    "seen": "1",
    "title_zh": "关于实施中小微企业贷款贴息政策的通知",
    "valid_from": "2026-01-01",
    "valid_to": "2027-12-31",
    "reason": "主管部门发文延长一年",
}


def _audited(name: str) -> int:
    with unit_of_work(readonly=True):
        query = text("SELECT count(*) FROM audit_event WHERE name = :name AND user_id IS NOT NULL")
        return int(session().execute(query, {"name": name}).scalar_one())


def test_the_operator_publishes_a_version_and_history_is_kept(visit: CityVisit) -> None:
    visit.enter("operator")
    page(visit, "products.operator_policy", method="POST", values={"code": "NP-01"}, form=HEAD, status=302)
    html = page(visit, "products.operator_policy", values={"code": "NP-01"})
    assert "主管部门发文延长一年" in html
    assert "第 2 版" in html
    assert "第 1 版" in html
    again = page(visit, "products.operator_policy", method="POST", values={"code": "NP-01"}, form=HEAD, status=409)
    assert "刚刚有了新版本" in again
    same = {**HEAD, "seen": "2"}
    assert "完全相同" in page(
        visit, "products.operator_policy", method="POST", values={"code": "NP-01"}, form=same, status=400
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": ""}, 422),
        ({"reason": "短"}, 422),
        ({"title_zh": ""}, 422),
        ({"valid_to": "2025-01-01"}, 400),
        ({"valid_from": "很久以前"}, 422),
        ({"departments": "；".join(str(number) for number in range(30))}, 400),
        ({"seen": "neun"}, 409),
        ({"apply_zh": "字" * 1001}, 422),
    ],
)
def test_a_version_that_cannot_be_is_refused(visit: CityVisit, changes: dict[str, str], status: int) -> None:
    visit.enter("operator")
    form = {**HEAD, **changes}
    html = page(visit, "products.operator_policy", method="POST", values={"code": "NP-01"}, form=form, status=status)
    assert "error-summary" in html


def test_the_operator_ends_a_policy(visit: CityVisit) -> None:
    visit.enter("operator")
    end = {"seen": "1", "last": "2026-10-31", "reason": "主管部门公告停止执行"}

    def send(status: int, **changes: str) -> str:
        form = {**end, **changes}
        return page(visit, "products.end_policy", method="POST", values={"code": "NP-01"}, form=form, status=status)

    assert "早于生效日期" in send(400, last="2025-12-31")
    assert "延长请发布新版本" in send(400, last="2027-12-31")
    send(422, reason="")
    send(302)
    with told_by(lambda: AUTUMN):
        visit.enter("visitor")
        html = page(visit, "products.policy_clause", values=SUBSIDY)
        assert "已于 2026-10-31 失效，仅供查阅" in html
        assert "如果符合政策条件" not in page(visit, "products.show", values={"code": _loan()})


def test_a_new_policy_is_published_in_words(visit: CityVisit) -> None:
    visit.enter("operator")
    new = {**HEAD, "code": "NC-2027-09", "level": "municipal", "kind": "firms", "rule_zh": "按原文的一条"}
    for wrong in ({"code": "nc 1"}, {"code": "NC-2027-09\n"}, {"level": "moon"}, {"rule_zh": ""}):
        page(visit, "products.operator_new_policy", method="POST", form={**new, **wrong}, status=422)
    page(visit, "products.operator_new_policy", method="POST", form=new, status=302)
    again = page(visit, "products.operator_new_policy", method="POST", form={**new, "title_zh": "又一次"}, status=400)
    assert "已经有编号" in again
    html = page(visit, "products.policy_clause", values={"code": "NC-2027-09", "clause_code": "NC-2027-09-1"})
    assert "按原文的一条" in html
    assert "计算金额" not in html
