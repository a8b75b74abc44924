"""How conditions and limits read, in Chinese and English."""

from typing import Any

import pytest

from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.sentence import expression_words, sentence

SALES = {"fact": "sales_12m"}
AGE = {"fact": "controller.age"}


def window(of: str, months: int = 12, **more: int) -> dict[str, Any]:
    """A window over monthly sales."""
    return {"window": {"series": "sales_monthly", "months": months, "of": of, **more}}


def money(wan: int) -> dict[str, Any]:
    """So many 万元."""
    return {"value": wan * 1_000_000, "unit": "money"}


def between(low: int, high: int, upper: str = "le") -> dict[str, Any]:
    """An age range."""
    return {"all": [{"ge": [AGE, {"value": low}]}, {upper: [AGE, {"value": high}]}]}


@pytest.mark.parametrize(
    ("source", "chinese", "english"),
    [
        (
            {"ge": [SALES, money(300)]},
            "近12个月有效开票销售额 ≥ 300万元",
            "12-month invoiced sales at least CNY 3 million",
        ),
        (
            {"lt": [{"fact": "registered_capital"}, money(20_000)]},
            "注册资本 < 2亿元",
            "registered capital less than CNY 200 million",
        ),
        (
            {"le": [{"fact": "debt_to_assets"}, {"value": 605_000}]},
            "资产负债率 ≤ 60.5%",
            "debt-to-assets ratio at most 60.5%",
        ),
        (
            {"ge": [{"fact": "years_established"}, {"value": 2}]},
            "成立年限 ≥ 2年",
            "years since establishment at least 2 years",
        ),
        (between(20, 65), "实际控制人年龄为20至65周岁", "age of the controller from 20 to 65"),
        (
            between(20, 65, "lt"),
            "实际控制人年龄为20至65周岁（不含65周岁）",
            "age of the controller from 20 to below 65",
        ),
        (
            {"in": [{"fact": "tax_grade"}, ["A", "B", "M"]]},
            "纳税信用级别为A级、B级或M级",
            "tax credit grade is grade A, grade B or grade M",
        ),
        (
            {"not": {"industry_in": [{"fact": "industry"}, ["J", "K"]]}},
            "所属行业不属于金融业或房地产业",
            "industry is not within Finance or Real estate",
        ),
        (
            {"region_in": [{"fact": "demand.region"}, ["360100"]]},
            "用款地区在南昌市",
            "region of use is in Nanchang",
        ),
        ({"is": [{"fact": "tax_arrears"}, False]}, "无欠税", "no tax arrears"),
        ({"not": {"is": [{"fact": "tax_arrears"}, False]}}, "有欠税", "tax arrears"),
        (
            {"ge": [window("growth"), {"value": -400_000, "unit": "ratio"}]},
            "近12个月开票销售额较再前12个月的降幅 ≤ 40%",
            "drop of invoiced sales in the last 12 months against the 12 months before at most 40%",
        ),
        (
            {"gt": [window("growth", skip=12), {"value": 0}]},
            "最近12个月之前的12个月开票销售额较再前12个月的增幅 > 0%",
            "growth of invoiced sales in the 12 months before the last 12 over the 12 months before more than 0%",
        ),
        (
            {"ge": [window("count", 6), {"value": 6}]},
            "近6个月每月都有开票销售额",
            "invoiced sales in every one of the last 6 months",
        ),
        (
            {"ge": [window("count", 24, every=3), {"value": 8}]},
            "近24个月每3个月至少有一个月有开票销售额",
            "invoiced sales in at least one of every 3 months in the last 24 months",
        ),
        (
            {"ge": [window("count", 12), {"value": 9}]},
            "近12个月至少有9个月有开票销售额",
            "invoiced sales in at least 9 of the last 12 months",
        ),
        (
            {"le": [window("longest_gap"), {"value": 3}]},
            "近12个月没有开票销售额的最长连续月数 ≤ 3个月",
            "longest run of months without invoiced sales in the last 12 months at most 3 months",
        ),
        (
            {"lt": [{"times": [{"value": 12}, {"fact": "total_debt"}]}, SALES]},
            "12 × 负债总额 < 近12个月有效开票销售额",
            "12 × total debt less than 12-month invoiced sales",
        ),
        (
            {"unless": [{"le": [{"fact": "demand.amount"}, money(100)]}, between(22, 60)]},
            "实际控制人年龄为22至60周岁；申请金额 ≤ 100万元的除外",
            "age of the controller from 22 to 60, unless amount asked for at most CNY 1 million",
        ),
        (
            {"any": [{"all": [{"is": [{"fact": "tax_arrears"}, False]}, between(20, 60)]}, {"ge": [SALES, money(5)]}]},
            "（无欠税，且实际控制人年龄为20至60周岁），或近12个月有效开票销售额 ≥ 5万元",
            "(no tax arrears, and age of the controller from 20 to 60), or 12-month invoiced sales at least CNY 50,000",
        ),
        (
            {"at_least": [1, [{"is": [{"fact": "tax_arrears"}, False]}, {"ge": [SALES, {"value": 0}]}]]},
            "以下2项中至少1项：无欠税；近12个月有效开票销售额 ≥ 0元",
            "at least 1 of: no tax arrears; 12-month invoiced sales at least CNY 0",
        ),
        (
            {"has_all": [{"fact": "qualifications"}, ["exporter", "high_tech"]]},
            "资质与名录同时含外贸出口企业和高新技术企业",
            "qualifications include exporter and high and new technology enterprise",
        ),
    ],
)
def test_conditions(source: dict[str, Any], chinese: str, english: str) -> None:
    condition = parse_condition(source)
    assert (sentence(condition), sentence(condition, "en")) == (chinese, english)


@pytest.mark.parametrize(
    ("source", "chinese"),
    [
        (
            {"minus": [{"times": [{"value": 500_000, "unit": "ratio"}, SALES]}, {"fact": "operating_debt"}]},
            "50% × 近12个月有效开票销售额 − 现有经营负债",
        ),
        (
            {"times": [{"value": 2}, {"plus": [SALES, {"fact": "annual_tax"}]}]},
            "2 × （近12个月有效开票销售额 + 近12个月纳税额）",
        ),
        (
            {"minus": [SALES, {"minus": [SALES, {"fact": "annual_tax"}]}]},
            "近12个月有效开票销售额 − （近12个月有效开票销售额 − 近12个月纳税额）",
        ),
        (
            {"min": [money(300), {"times": [{"value": 5}, {"fact": "annual_tax"}]}]},
            "（300万元，5 × 近12个月纳税额）中的较小者",
        ),
    ],
)
def test_limits_bracket_only_what_they_must(source: dict[str, Any], chinese: str) -> None:
    assert expression_words(parse_expression(source)) == chinese


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (0, "0元", "CNY 0"),
        (12_345, "123.45元", "CNY 123.45"),
        (500_000, "0.5万元", "CNY 5,000"),
        (123_450_000, "123.45万元", "CNY 1.2345 million"),
        (15_000_000_000, "1.5亿元", "CNY 150 million"),
        (-2_000_000, "−2万元", "CNY −20,000"),
    ],
)
def test_money_is_said_exactly(fen: int, chinese: str, english: str) -> None:
    literal = parse_expression({"value": fen, "unit": "money"})
    assert (expression_words(literal), expression_words(literal, "en")) == (chinese, english)


def test_a_fact_outside_the_dictionary_is_never_shown_raw() -> None:
    condition = parse_condition({"ge": [{"fact": "secret_key"}, {"value": 1}]})
    assert (sentence(condition), sentence(condition, "en")) == ("未知数据项 ≥ 1", "unknown datum at least 1")
