"""The components that many pages share, rendered as pages use them."""

from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from tests.functional.page_checks import check_fragment


class SampleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """One field of each kind that pages use."""

    amount = DecimalField("金额", validators=[InputRequired("请填写金额。"), NumberRange(1, 10, "金额须在1到10之间。")])
    kind = RadioField(
        "类型", choices=[SelectChoice("a", "甲"), SelectChoice("b", "乙")], validators=[InputRequired("请选择。")]
    )
    region = SelectField("地区", choices=[SelectChoice("1", "一")], description="经营所在地。")
    agree = BooleanField("我已阅读", validators=[InputRequired("请先阅读。")])


FORM = """
{% from "components/form.html" import field, csrf, error_summary, submit, actions %}
<form method="post" action="/" novalidate>{{ csrf(form) }}{{ error_summary(form) }}
{{ field(form.amount, unit="万元", inputmode="decimal") }}
{{ field(form.kind) }}{{ field(form.region) }}{{ field(form.agree) }}
{% call actions() %}{{ submit("提交", progress="正在提交") }}{% endcall %}</form>
"""


def _render(app: Flask, template: str, **values: Any) -> str:
    with app.test_request_context("/"):
        return render_template_string(template, **values)


def test_a_wrong_form_links_each_error_to_its_field(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"amount": "99", "region": "1"}):
        form = SampleForm(meta={"csrf": False})
        assert not form.validate()
        page = render_template_string(FORM, form=form)
    check_fragment(page, "the sample form")
    for target in ("amount", "kind-0", "agree"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
    assert 'aria-describedby="amount-unit amount-error"' in page
    assert page.count('aria-invalid="true"') == 2
    assert "金额须在1到10之间。" in page


def test_a_fresh_form_says_what_is_optional_and_shows_no_error(app: Flask) -> None:
    with app.test_request_context("/"):
        page = render_template_string(FORM, form=SampleForm(meta={"csrf": False}))
    check_fragment(page, "the sample form")
    assert "error" not in page
    assert page.count("field__optional") == 1
    assert 'aria-describedby="region-hint"' in page


@pytest.mark.parametrize(
    ("state", "word"), [("met", "满足"), ("not_met", "不满足"), ("unknown", "未知"), ("UNKNOWN", "未知")]
)
def test_a_state_is_an_icon_and_a_word(app: Flask, state: str, word: str) -> None:
    shown = _render(app, '{% from "components/badge.html" import state %}{{ state(value) }}', value=state)
    assert "<svg" in shown
    assert f">{word}</span>" in shown.replace("</svg>", ">")


def test_what_people_typed_is_escaped_in_every_text(app: Flask) -> None:
    bad = "<img src=x>"
    template = """
    {% from "components/page.html" import header, empty, notice, pairs, tabs, timeline %}
    {% from "components/chart.html" import bars, ranked, share, funnel %}
    {{ header(bad, lead=bad, crumbs=((bad, "/"),)) }}{{ empty(bad, bad, href="/", label=bad) }}
    {{ notice(bad, title=bad) }}
    {{ pairs(((bad, bad),)) }}{{ tabs(((bad, "/", true),), bad) }}{{ timeline(((bad, bad, bad),)) }}
    {{ bars(((bad, 1),), "count", bad) }}{{ ranked(((bad, 1),), "count", bad) }}{{ share(((bad, 1),), "count", bad) }}
    {{ funnel(((bad, 1),), bad) }}
    """
    shown = _render(app, template, bad=bad)
    assert bad not in shown
    assert "&lt;img src=x&gt;" in shown


def test_a_chart_without_values_says_so(app: Flask) -> None:
    template = """
    {% from "components/chart.html" import bars, share %}
    {{ bars([], "count", "a") }}{{ share([("x", 0)], "count", "b") }}
    """
    shown = _render(app, template)
    assert shown.count("chart__nothing") == 2
    assert "<rect" not in shown
