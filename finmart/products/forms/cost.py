"""Forms of the supermarket's pages."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.i18n import Translations, translations
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, NumberRange

from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Money, Term
from finmart.platform.web.errors import say
from finmart.platform.web.language import localized
from finmart.products import costs
from finmart.products.costs import Wanted
from finmart.products.types import PublishedProduct
from finmart.reference.repayment import LABELS, MAX_MONTHS, Method

REQUIRED = lazy_gettext("请填写这一项。")
FIELDS = ("amount", "term", "method")


def in_wan(_form: Form, field: StringField) -> None:
    """An amount in 万元 above zero. Raises ``ValidationError``."""
    try:
        amount = Money.from_wan(field.data or "")
    except BadInput as error:
        raise ValidationError(say(error.message)) from error
    if amount.fen <= 0:
        raise ValidationError(lazy_gettext("金额须大于零。"))


class CostForm(Form):  # type: ignore[misc]  # WTForms carries no types.
    """What to work the cost of a product out for; it changes nothing, so it is sent by GET and needs no token."""

    class Meta(DefaultMeta):  # type: ignore[misc]
        """WTForms' own sentences come in the reader's language, as a ``FlaskForm`` has them."""

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

    def __init__(self, arguments: MultiDict[str, str], *, product: PublishedProduct) -> None:
        self._usual = costs.usual(product)
        self.in_days = costs.in_days(product)
        self._given = any(name in arguments for name in FIELDS)
        usual: dict[str, Any] = {
            "amount": f"{Money(self._usual.amount).wan.normalize():f}",
            "term": self._usual.term.days or self._usual.term.months,
            "method": self._usual.method.value,
        }
        super().__init__(arguments if self._given else None, data=usual)
        self.method.choices = [
            SelectChoice(method.value, localized(*LABELS[method])) for method in costs.methods(product)
        ]

    def wanted(self) -> Wanted | None:
        """What was chosen, or the usual choice when nothing was; None when what was sent cannot be used."""
        if not self._given:
            return self._usual
        if not self.validate():
            return None
        number = int(self.term.data)
        term = Term(days=number) if self.in_days else Term(months=number)
        return Wanted(Money.from_wan(self.amount.data).fen, term, Method(self.method.data))
