"""The operator's drafts of the ranking rule on the demonstration city: tried, committed by a second person, used."""

import pytest

from finmart.matching.forms.rankings import rule_form
from finmart.matching.rulesets import drafts
from finmart.matching.rulesets import service as rulesets
from finmart.matching.service import dry_runs
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.fixtures.city import CityVisit

WRITER = Actor(name="writer", user_id=0, permissions=frozenset({Permission.ALL_RULES_MANAGE}))
CODES = {"verdict": {"met": 0, "met_checked": 0, "open": 1, "unchecked": 2, "not_met": 3}}


def _draft(*order: str) -> int:
    with unit_of_work():
        version = drafts.new_draft(WRITER, rulesets.NEWEST).version
        if order:
            drafts.write_draft(WRITER, version, drafts.Wording(order, CODES, {}, "先看速度"))
    return version


@pytest.mark.usefixtures("visit")
def test_a_draft_that_says_the_same_moves_nothing_and_another_says_whom() -> None:
    same, other = _draft(), _draft("verdict", "speed", "turn")
    with unit_of_work():
        still, moved = dry_runs.dry_run(WRITER, same), dry_runs.dry_run(WRITER, other)
    assert still.demands > 10
    assert (still.changed, still.furthest) == ((), 0)
    assert moved.furthest > 0
    assert any(one.came for one in moved.changed)
    every = sum(share.before for share in moved.institutions)
    assert every == sum(share.after for share in moved.institutions) == 10 * moved.demands


def test_the_page_of_a_trial_and_the_version_after_it(visit: CityVisit) -> None:
    version = _draft("verdict", "speed", "turn")
    visit.enter("operator")
    operator = visit.client
    assert operator.post(f"/operator/rankings/{version}/commit").status_code == 409
    tried = operator.post(f"/operator/rankings/{version}/trial")
    assert "前十位有变化的需求" in tried.get_data(as_text=True)
    assert operator.post(f"/operator/rankings/{version}/commit").status_code == 302
    shown = operator.get("/ranking").get_data(as_text=True)
    assert f"第 {version} 版" in shown
    assert "先看速度" in shown
    with unit_of_work(readonly=True):
        assert rulesets.active().version == version


def test_a_committed_version_is_read_and_never_written(visit: CityVisit) -> None:
    version = _draft("verdict", "speed", "turn")
    visit.enter("operator")
    operator = visit.client
    assert operator.post(f"/operator/rankings/{version}/trial").status_code == 200
    assert operator.post(f"/operator/rankings/{version}/commit").status_code == 302
    told = operator.get(f"/operator/rankings/{version}").get_data(as_text=True)
    assert "这一版正在用于排序" in told
    assert "先看速度" in told
    older = operator.get("/operator/rankings/2").get_data(as_text=True)
    assert f"现行的是第 {version} 版，这一版已不再用于排序" in older
    sent = {"reason_zh": "改一改", "place_verdict": "1", "codes_verdict": "met=0"}
    for step, form in (("", sent), ("/trial", {}), ("/commit", {}), ("/withdraw", {})):
        answer = operator.post(f"/operator/rankings/{version}{step}", data=form)
        assert answer.status_code == 409
        assert f"排序规则第{version}版已经生效，不能再改" in answer.get_data(as_text=True)
    assert operator.get("/operator/rankings/999").status_code == 404
    assert operator.post("/operator/rankings/999/trial").status_code == 404


@pytest.mark.parametrize("weight", ["-1", "1000001", "NaN", "很重"])
def test_a_weight_that_cannot_be_used_is_refused_in_one_sentence(visit: CityVisit, weight: str) -> None:
    assert _refusals(visit, weight) == ["“综合年化成本”的权重要填 0 到 1000000 之间的整数，不要小数，不用的留空。"]


def test_the_page_names_the_criterion_of_what_is_wrong(visit: CityVisit) -> None:
    version = _draft("verdict", "speed", "turn")
    visit.enter("operator")
    sent = {
        "reason_zh": "先看费用",
        "place_verdict": "1",
        "place_sum": "2",
        "codes_verdict": "met=0",
        "weight_cost": "1",
    }
    answer = visit.client.post(f"/operator/rankings/{version}", data=sent)
    assert answer.status_code == 400
    assert "“准入结论”有的状态没有写代码，请补全。" in answer.get_data(as_text=True)
    sent["codes_verdict"] = ",".join(f"{state}={code}" for state, code in CODES["verdict"].items())
    answer = visit.client.post(f"/operator/rankings/{version}", data=sent)
    assert "请把“综合年化成本”排到它后面，或不填它的权重" in answer.get_data(as_text=True)
    answer = visit.client.post(f"/operator/rankings/{version}", data={**sent, "weight_cost": "-1"})
    assert answer.status_code == 422
    assert "“综合年化成本”的权重要填" in answer.get_data(as_text=True)


def _refusals(visit: CityVisit, weight: str) -> list[str]:
    """What the form says of a weight."""
    version = _draft()
    with visit.app.test_request_context(method="POST", data={"reason_zh": "先看费用", "weight_cost": weight}):
        with unit_of_work(readonly=True):
            form = rule_form(drafts.draft_of(WRITER, version))
        assert not form.validate()
        return [str(told) for told in form.errors["weight_cost"]]
