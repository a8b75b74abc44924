"""What a question says in figures is taken out of its words; everything else stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.search.types import Need
from finmart.products.search.asking import Asked, asked, number_of

WAN = 1_000_000


def _figures(question: Asked) -> dict[str, int]:
    return {hint.kind: hint.value for hint in question.hints}


@pytest.mark.parametrize(
    ("text", "words", "figures"),
    [
        ("300万 一年 信用", "", {"amount": 300 * WAN, "term": 360, "guarantee": 0}),
        ("50w 3年", "", {"amount": 50 * WAN, "term": 1080}),
        ("无抵押 100万以内", "", {"guarantee": 0, "amount": 100 * WAN}),
        ("利率4%以下", "", {"rate": 40_000}),
        ("年化3.5%以内 税贷", "税贷", {"rate": 35_000}),
        ("三百万 税贷", "税贷", {"amount": 300 * WAN}),
        ("100-300万 科创", "科创", {"amount": 300 * WAN}),
        ("２千万 仓单", "仓单", {"amount": 2000 * WAN}),
        ("500000元", "", {"amount": 50 * WAN}),
        ("半年 周转", "周转", {"term": 180}),
        ("最长10年", "", {"term": 3600}),
        ("36期 抵押", "抵押", {"term": 1080}),
        ("15天 过桥", "过桥", {"term": 15}),
        ("個體戶 二十萬", "个体户", {"amount": 20 * WAN}),
        # No figures of a need: a firm's age, a year of the calendar, a fee, a version, an age.
        ("成立2年 税贷", "成立2年 税贷", {}),
        ("科贷通 2023年", "科贷通 2023年", {}),
        ("担保费1%以内", "担保费", {}),
        ("科贷通2015版", "科贷通2015版", {}),
        ("信用户贷款", "信用户贷款", {}),
        ("纳税信用贷", "纳税信用贷", {}),
        ("999999999万", "999999999万", {}),
        ("", "", {}),
    ],
)
def test_figures_are_taken_out_of_the_words(text: str, words: str, figures: dict[str, int]) -> None:
    question = asked(text)
    assert (question.words, _figures(question)) == (words, figures)


def test_each_figure_can_be_taken_away() -> None:
    question = asked("300万 一年 税贷")
    assert {hint.kind: hint.rest for hint in question.hints} == {"amount": "一年 税贷", "term": "300万 税贷"}


def test_figures_become_needs() -> None:
    amount, security = asked("80万 纯信用").needs
    assert amount == Need(80 * WAN, reaches="amount_max", begins="amount_min")
    assert security == Need(facet="guarantee", code="credit")
    assert asked("80万 纯信用").soft == "纯信用"


@pytest.mark.parametrize(
    ("text", "sort", "words"),
    [
        ("税贷 利率最低", "lowest_interest", "税贷"),
        ("急用钱", "decision_days", ""),
        ("额度最高 税贷", "-amount_max", "税贷"),
    ],
)
def test_words_may_ask_for_an_order(text: str, sort: str, words: str) -> None:
    assert (asked(text).sort, asked(text).words) == (sort, words)


@pytest.mark.parametrize(
    ("text", "number"), [("十", 10), ("二十五", 25), ("一百零三", 103), ("两千", 2000), ("1.5", 1.5)]
)
def test_chinese_numbers(text: str, number: float) -> None:
    assert float(number_of(text)) == number


@given(st.text(max_size=120))
def test_whatever_is_typed_can_be_taken_apart(text: str) -> None:
    question = asked(text)
    assert all(hint.value >= 0 for hint in question.hints)


@pytest.mark.parametrize(
    "text", ["1" * 10_000, "一" * 10_000, "万" * 10_000, "9%" * 5000, "无" * 100, "1-" * 50, "年化" * 50]
)
def test_long_questions_take_no_time(text: str) -> None:
    begun = time.perf_counter()
    asked(text)
    asked(text[:100])
    assert time.perf_counter() - begun < 0.5
