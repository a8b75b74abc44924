"""What to compare products for: one amount, one term and one way to repay for all of them."""

from flask_babel import lazy_gettext
from flask_wtf.i18n import Translations, translations
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, SelectChoice, SelectField, StringField
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, NumberRange

from finmart.platform.kernel.money import Money
from finmart.platform.web.language import localized
from finmart.products.costs import DEFAULT_AMOUNT, DEFAULT_MONTHS
from finmart.products.forms.cost import FIELDS, REQUIRED, in_wan
from finmart.reference.repayment import LABELS, MAX_MONTHS, Method


class ComparisonForm(Form):  # type: ignore[misc]  # WTForms carries no types.
    """Sent by GET: a comparison is an address that can be kept and passed on."""

    class Meta(DefaultMeta):  # type: ignore[misc]
        """WTForms' own sentences come in the reader's language."""

        def get_translations(self, _form: Form) -> Translations:
            """Those of this request's language."""
            return translations

    amount = StringField(
        lazy_gettext("借款金额"),
        [InputRequired(REQUIRED), in_wan],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    term = IntegerField(
        lazy_gettext("借款期限"),
        [InputRequired(REQUIRED), NumberRange(1, MAX_MONTHS, lazy_gettext("请填写 1 到 600 之间的整数。"))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    method = SelectField(lazy_gettext("还款方式"))

    def __init__(self, arguments: MultiDict[str, str]) -> None:
        given = any(name in arguments for name in FIELDS)
        usual = {
            "amount": f"{Money(DEFAULT_AMOUNT).wan.normalize():f}",
            "term": DEFAULT_MONTHS,
            "method": Method.INTEREST_ONLY.value,
        }
        super().__init__(arguments if given else None, data=usual)
        self.method.choices = [SelectChoice(method.value, localized(*LABELS[method])) for method in Method]
        self.sound = not given or self.validate()

    def asked(self) -> tuple[int, int, Method] | None:
        """Amount in 分, months and method; None when what was sent cannot be used."""
        if not self.sound:
            return None
        return Money.from_wan(self.amount.data).fen, int(self.term.data), Method(self.method.data)
