"""Every basis of a cost is said in words of its own, and the place it ranks at too."""

from flask import Flask

from finmart.matching.engine.rank import NOT_STATED, TAKEN_WHOLE
from finmart.matching.engine.results import AllInCost
from finmart.matching.routes.wording import cost_words, share_words
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
        said = [share_words("cost", value) for value in (NOT_STATED, 10**12, TAKEN_WHOLE)]
    assert said == ["未说明", "100,000,000.00%", "无法折算"]
