"""Every basis of a cost is said in words of its own, and the place it ranks at too."""

from flask import Flask

from finmart.matching.engine.rank import NOT_STATED, TAKEN_WHOLE
from finmart.matching.engine.results import AllInCost
from finmart.matching.routes.shares import share_words
from finmart.matching.routes.wording import cost_words
from finmart.matching.rulesets.service import SHIPPED, shipped
from finmart.reference.loan_cost import CostBasis


def test_each_basis_without_a_cost_says_why(app: Flask) -> None:
    open_ = [basis for basis in CostBasis if not basis.is_priced]
    with app.test_request_context("/"):
        said = {basis: cost_words(AllInCost(basis)) for basis in open_}
    assert len({why for _headline, why in said.values()}) == len(open_)
    assert said[CostBasis.CHARGES_TAKE_LOAN][0] == "无法折算"


def test_a_lowest_cost_alone_is_a_cost_from(app: Flask) -> None:
    with app.test_request_context("/"):
        assert cost_words(AllInCost(CostBasis.STATED, 30_000, None, 30_000, "bullet"))[0].endswith("起")


def test_a_dear_cost_is_told_from_one_that_is_not_stated(app: Flask) -> None:
    with app.test_request_context("/"):
        said = [share_words("cost", value, {}) for value in (NOT_STATED, 10**12, TAKEN_WHOLE)]
    assert said == ["未说明", "100,000,000.00%", "无法折算"]


def test_a_state_is_worded_by_the_rule_that_compared_it(app: Flask) -> None:
    codes = {"full": 0, "open": 0, "partial": 1, "none": 7}
    with app.test_request_context("/"):
        assert [share_words("fit", value, codes) for value in (0, 1, 7)] == [
            "都合适、有一项未说明",
            "只能满足一部分",
            "有不合适的",
        ]
        # A tier that the rule does not name comes after all that it names, and is no number of conditions.
        assert share_words("evidence", 1, {"media": 0}) == "未说明"
        assert [share_words("connected", value, {}) for value in (0, 1)] == ["已入驻", "未入驻"]


def test_every_state_of_the_shipped_rules_has_its_word(app: Flask) -> None:
    with app.test_request_context("/"):
        for version in SHIPPED:
            for criterion in shipped(version).rule.criteria:
                said = {share_words(criterion.key, code, criterion.codes) for code in criterion.codes.values()}
                assert len(said) == len(set(criterion.codes.values()))
                assert "未说明" not in said
