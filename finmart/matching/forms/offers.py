"""What an institution offers or decides: amount, rate, term and every fee. The cost is seen before it is confirmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectChoice, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from finmart.matching.demands.types.values import MOST_MONTHS
from finmart.matching.forms.fields import REQUIRED, PercentField, WanField, note_field, percent_text, wan_text
from finmart.matching.leads.types.values import FEE_WORDS, FeeTerm, Terms
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_
from finmart.platform.kernel.money import FEN_PER_YUAN, Money, Rate
from finmart.platform.web.errors import say
from finmart.platform.web.language import localized
from finmart.reference.loan_cost import Timing
from finmart.reference.repayment import LABELS, Method

DEPOSIT = "deposit"


@dataclass(frozen=True)
class Way:
    """How a fee is reckoned: its words in the form, when it is due, and whether it is yuan instead of percent."""

    words: str
    timing: Timing
    in_yuan: bool = False


WAYS: Mapping[str, Way] = {
    "once": Way(N_("百分比，放款时收一次"), Timing.ONCE),
    "prepaid": Way(N_("百分比每年，放款时按全期预收"), Timing.PREPAID),
    "year": Way(N_("百分比每年，每年年初收"), Timing.YEAR),
    "amount": Way(N_("元，放款时收一次"), Timing.ONCE, in_yuan=True),
}
#: A deposit comes back; it costs because it cannot be used.
DEPOSIT_WAYS: Mapping[str, Way] = {
    "deposit": Way(N_("百分比，放款时留存，到期退还"), Timing.DEPOSIT),
    "deposit_amount": Way(N_("元，放款时留存，到期退还"), Timing.DEPOSIT, in_yuan=True),
}


def ways_of(key: str) -> Mapping[str, Way]:
    """The ways in which a fee may be reckoned."""
    return DEPOSIT_WAYS if key == DEPOSIT else WAYS


def fingerprint(terms: Terms) -> str:
    """What tells one set of terms from another: a cost was seen for exactly these."""
    return sha256(repr(terms).encode()).hexdigest()[:16]


class OfferForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """Terms of a loan; ``seen`` names the terms whose cost the page has shown."""

    amount = WanField(lazy_gettext("金额"), [InputRequired(REQUIRED)])
    rate = PercentField(lazy_gettext("年利率"), [InputRequired(REQUIRED)])
    months = IntegerField(
        lazy_gettext("期限"),
        [InputRequired(REQUIRED), NumberRange(1, MOST_MONTHS, lazy_gettext("请填写 1 到 360 之间的整数。"))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    method = SelectField(lazy_gettext("还款方式"))
    seen = HiddenField()
    again = SubmitField()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.method.choices = [SelectChoice(method.value, localized(*LABELS[method])) for method in Method]
        for key in FEE_WORDS:
            choices = [SelectChoice(code, lazy_gettext(way.words)) for code, way in ways_of(key).items()]
            self[f"fee_{key}_how"].choices = choices

    @property
    def fee_fields(self) -> list[tuple[Field, Field]]:
        """The value and the way of each fee, in the order of forms."""
        return [(self[f"fee_{key}"], self[f"fee_{key}_how"]) for key in FEE_WORDS]

    @property
    def has_fees(self) -> bool:
        """Whether any fee is filled in."""
        return any((value.data or "").strip() for value, _way in self.fee_fields)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """The shape of every field and of every fee."""
        valid = bool(super().validate(extra_validators))
        self._fees: list[FeeTerm] = []
        for key, (value, way) in zip(FEE_WORDS, self.fee_fields, strict=True):
            if value.errors or way.errors or not (value.data or "").strip():
                continue
            try:
                fee = _fee(key, value.data, ways_of(key)[way.data])
            except BadInput as error:
                value.errors = [*value.errors, say(error.message)]
                valid = False
            else:
                self._fees += [fee] if fee.rate or fee.amount else []
        return valid

    def terms(self) -> Terms:
        """What the valid form says."""
        method = Method(self.method.data)
        return Terms(self.amount.fen, self.rate.ppm, self.months.data, method, tuple(self._fees))

    def was_seen(self) -> bool:
        """Whether the page has shown the cost of exactly these terms, and it was not asked to show it again."""
        return not self.again.data and str(self.seen.data) == fingerprint(self.terms())


def _fee(key: str, text: str, way: Way) -> FeeTerm:
    if way.in_yuan:
        return FeeTerm(key, way.timing, amount=Money.from_yuan(text).fen)
    return FeeTerm(key, way.timing, rate=Rate.from_percent(text).ppm)


for _key, _words in FEE_WORDS.items():
    _shown = {"inputmode": "decimal", "autocomplete": "off"}
    setattr(OfferForm, f"fee_{_key}", StringField(lazy_gettext(_words), [Length(max=16)], render_kw=_shown))
    setattr(OfferForm, f"fee_{_key}_how", SelectField(lazy_gettext("%(fee)s怎样收", fee=lazy_gettext(_words))))


class ApproveForm(OfferForm):
    """A decision to lend."""

    note = note_field(lazy_gettext("附言"), hint=lazy_gettext("申请人会看到，例如签约要带的材料。"), rows=2)


class TakeForm(OfferForm):
    """Taking a demand with one of the own products, with or without an offer."""

    product = SelectField(lazy_gettext("用哪个产品承接"), [InputRequired(REQUIRED)])
    with_bid = BooleanField(
        lazy_gettext("同时报出意向条件"),
        description=lazy_gettext("申请人会看到金额、利率和综合成本，更容易选择您。最终条件以审批决定为准。"),
    )

    def __init__(self, products: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.product.choices = [SelectChoice(code, name) for code, name in products]
        for field in self.of_the_bid:
            field.flags.required = False

    @property
    def of_the_bid(self) -> tuple[Field, ...]:
        """What must be filled in where terms are offered."""
        return self.amount, self.rate, self.months

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """The terms are asked for only where they are to be offered."""
        if not self.with_bid.data:
            for field in self.of_the_bid:
                field.validators = [Optional()]
        return super().validate(extra_validators)


def values_of(terms: Terms) -> dict[str, Any]:
    """Terms as the form's data, so that a decision begins with what was offered first."""
    found: dict[str, Any] = {
        "amount": wan_text(terms.amount),
        "rate": percent_text(terms.rate),
        "months": terms.months,
        "method": terms.method.value,
    }
    for fee in terms.fees:
        in_yuan = bool(fee.amount)
        way = next(
            code for code, way in ways_of(fee.key).items() if way.timing is fee.timing and way.in_yuan is in_yuan
        )
        found[f"fee_{fee.key}_how"] = way
        found[f"fee_{fee.key}"] = f"{fee.amount / FEN_PER_YUAN:.2f}" if in_yuan else percent_text(fee.rate)
    return found
