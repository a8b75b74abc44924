"""What an applicant needs, and why it withdraws."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from finmart.matching.demands.types.values import (
    GUARANTEES,
    MOST_MONTHS,
    PURPOSE,
    URGENCY_WORDS,
    WITHDRAW_WORDS,
    NewDemand,
)
from finmart.matching.forms.fields import REQUIRED, WholeField, fact_choices, must_be_askable, region_choices
from finmart.platform.accounts.forms.fields import CheckboxesField
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Money
from finmart.platform.web.errors import say
from finmart.reference import regions
from finmart.reference.facts import fact


class DemandForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """What is needed: amount, term, purpose, what can be offered, where and when."""

    amount = StringField(
        lazy_gettext("需要多少"),
        [InputRequired(REQUIRED), Length(max=20)],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    term_months = WholeField(
        lazy_gettext("用多久"),
        least=1,
        most=MOST_MONTHS,
        told=lazy_gettext("请填写 1 到 360 之间的整数。"),
        needed=REQUIRED,
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    purpose = SelectField(lazy_gettext("用来做什么"), [InputRequired(REQUIRED)])
    guarantees = CheckboxesField(
        lazy_gettext("能提供哪些担保"),
        [InputRequired(lazy_gettext("请至少选择一种；没有担保就选“信用”。"))],
        description=lazy_gettext("可以多选。信用产品不需要担保，总会一并比较。"),
    )
    region = SelectField(lazy_gettext("在哪里用"), [InputRequired(REQUIRED)])
    urgency = RadioField(lazy_gettext("什么时候需要"), [InputRequired(REQUIRED)])

    def __init__(self, *, region: str | None = None) -> None:
        super().__init__(data={"region": region or regions.CITY, "urgency": "month", "guarantees": ["credit"]})
        self.purpose.choices = fact_choices(fact(PURPOSE))
        self.guarantees.choices = fact_choices(fact(GUARANTEES))
        self.region.choices = region_choices()
        self.urgency.choices = [SelectChoice(code, lazy_gettext(text)) for code, text in URGENCY_WORDS.items()]

    def validate_amount(self, field: StringField) -> None:
        """An amount in 万元 that can be asked for."""
        try:
            amount = Money.from_wan(field.data or "")
        except BadInput as error:
            raise ValidationError(say(error.message)) from error
        must_be_askable(amount.fen)

    def demand(self) -> NewDemand:
        """What the valid form says."""
        return NewDemand(
            amount=Money.from_wan(self.amount.data).fen,
            term_months=self.term_months.data,
            purpose=self.purpose.data,
            guarantees=tuple(self.guarantees.data),
            region=self.region.data,
            urgency=self.urgency.data,
        )


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why a demand is withdrawn."""

    reason = RadioField(lazy_gettext("为什么撤回"), [InputRequired(REQUIRED)])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reason.choices = [SelectChoice(code, lazy_gettext(text)) for code, text in WITHDRAW_WORDS.items()]
