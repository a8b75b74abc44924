"""Counts in the words of a result carry the counter of their unit, in the language of the page."""

import pytest
from flask import Flask
from flask_babel import force_locale

from finmart.matching.engine.financing import Alone, Financing, FinancingPlan
from finmart.matching.routes.covering import financing_words
from finmart.matching.routes.wording import plain_value

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
