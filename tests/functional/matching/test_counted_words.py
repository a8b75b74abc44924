"""Counts in the words of a result carry the counter of their unit, in the language of the page."""

import pytest
from flask import Flask
from flask_babel import force_locale

from finmart.matching.engine.financing import Alone, Financing, FinancingPlan
from finmart.matching.engine.plain import match
from finmart.matching.engine.results import Verdict
from finmart.matching.engine.rows import row_of
from finmart.matching.routes.covering import financing_words
from finmart.matching.routes.wording import plain_value, verdict_label, verdict_sentence
from tests.factories.matching import case, condition, facts, offer, variant

COUNTED = (
    ("grain_area", 50, "50亩", "50 mu"),
    ("pigs_stock", 300, "300头", "300"),
    ("unsettled_loans", 3, "3笔", "3 loans"),
    ("grain_storage", 1000, "1,000吨", "1,000 tonnes"),
    ("years_established", 2, "2年", "2 years"),
)


@pytest.mark.parametrize(("key", "value", "zh", "en"), COUNTED)
def test_a_count_carries_its_counter(app: Flask, key: str, value: int, zh: str, en: str) -> None:
    with app.test_request_context("/"):
        with force_locale("zh"):
            assert plain_value(key, value) == zh
        with force_locale("en"):
            assert plain_value(key, value) == en


def test_each_way_of_covering_a_need_has_its_own_sentence(app: Flask) -> None:
    plan = (FinancingPlan(()),)
    every = [Financing(alone, 2, "a", plans) for alone in Alone for plans in ((), plan) if alone != "met" or not plans]
    with app.test_request_context("/"):
        said = [financing_words(one) for one in every]
    assert len(set(said)) == len(every) == 5
    assert [("2个产品" in text) for text in said] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (1, "来源只写明1条可核对的条件，符合"),
        (2, "来源只写明2条可核对的条件，符合"),
        (3, "来源写明3条可核对的条件，都符合"),
    ],
)
def test_all_conditions_met_says_how_many_the_source_states(app: Flask, stated: int, said: str) -> None:
    grade = {"in": [{"fact": "tax_grade"}, ["A"]]}
    clauses = [condition(grade, key=f"grade{number}") for number in range(stated)]
    wish = condition({"is": [{"fact": "exporter"}, True]}, key="wish", required=False)
    asked = case(facts(tax_grade="A"))
    rows = [row_of(match(asked, [offer("p", variant(*clauses, wish), words=words)])[0], place=1) for words in (0, 1)]
    with app.test_request_context("/"), force_locale("zh"):
        assert verdict_label(rows[0].verdict) == "全部条件符合"
        assert verdict_sentence(rows[0]) == said
        assert rows[1].verdict is Verdict.MET_CHECKED
        assert verdict_sentence(rows[1]) == f"符合已核对的{stated}条；1条以文字说明、须向机构确认"
