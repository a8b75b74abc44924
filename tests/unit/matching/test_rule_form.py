"""The form of a rule's draft: what is left empty is not used, what is no number is told."""

import pytest
from flask import Flask
from flask_babel import Babel

from finmart.matching.forms.rankings import rule_form
from finmart.matching.rulesets.drafts import Draft
from finmart.matching.rulesets.service import shipped
from finmart.platform.kernel.clock import now

WEIGHT = "“综合年化成本”的权重要填 0 到 1000000 之间的整数，不要小数，不用的留空。"
PLACE = "“审批天数”排第几项要填 1 到 99 之间的整数，不用的留空。"
CODES = "“合适程度”的代码请写成“状态=数字”，用英文逗号分开，例如 full=0,open=1；数字是 0 到 1000 之间的整数。"
WRONG = (
    "a",
    "-1",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "1e3",
    "1.5",
    "0.1234567890123",
    "1_000",
    "1,000",
    "²",
    "1000001",
    "9" * 5000,
)


def told(**sent: str) -> list[str]:
    """Every sentence of the form about what was sent."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    Babel(app)
    with app.test_request_context("/", method="POST", data={"reason_zh": "x", "place_verdict": "1", **sent}):
        form = rule_form(Draft(3, shipped().document, "", None, now(), None))
        return [] if form.validate() else [str(one) for sentences in form.errors.values() for one in sentences]


@pytest.mark.parametrize("number", ["", " ", "3", " 0 ", "7"])
def test_an_empty_number_is_none_and_a_whole_one_is_taken(number: str) -> None:
    assert told(weight_cost=number, place_speed=number.replace("0", "")) == []


@pytest.mark.parametrize("number", WRONG)
def test_a_wrong_number_is_refused_and_its_criterion_named(number: str) -> None:
    assert told(weight_cost=number) == [WEIGHT]
    assert told(place_speed=number) == [PLACE]


@pytest.mark.parametrize("codes", ["full", "full=", "=1", "full=-1", "full=²", "full=1.5", "full=NaN", "full=1001"])
def test_wrong_codes_are_refused_and_their_criterion_named(codes: str) -> None:
    assert told(codes_fit=codes) == [CODES]


def test_every_wrong_weight_is_named_at_once() -> None:
    found = told(weight_cost="-1", weight_speed="NaN", weight_fit="1")
    assert [one[: one.index("的权重")] for one in found] == ["“综合年化成本”", "“审批天数”"]


def test_two_criteria_in_one_place_are_refused() -> None:
    assert told(place_fit="7", place_cost="7") == ["“合适程度”和“综合年化成本”都排在第 7 项，请填不同的数。"]
