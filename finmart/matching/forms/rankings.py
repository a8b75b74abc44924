"""The form of a draft of the ranking rule: its criteria in order, their codes, the weights of a sum, and why."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from finmart.matching.forms.fields import REQUIRED, WHOLE, WholeField
from finmart.matching.rulesets.drafts import Draft, Wording, usable_criteria
from finmart.matching.rulesets.types import LABELS, MOST_CODE, MOST_WEIGHT

SUM, TURN = "sum", "turn"
#: Criteria that compare states need a number for each.
CODED = ("verdict", "fit", "evidence")
NO_WEIGHT = frozenset({"verdict", SUM, TURN})


def _name(key: str) -> Any:
    """A criterion's short name in the language of the request."""
    return lazy_gettext(LABELS[key])


def _codes_of(key: str) -> Callable[[FlaskForm, StringField], None]:
    """Refuses what is no table of codes, and says of which criterion."""

    def check(_form: FlaskForm, field: StringField) -> None:
        for part in (field.data or "").split(","):
            state, sign, number = part.partition("=")
            whole = WHOLE.fullmatch(number.strip())
            if part.strip() and (not state.strip() or not sign or not whole or not 0 <= int(number) <= MOST_CODE):
                told = lazy_gettext(
                    "“%(criterion)s”的代码请写成“状态=数字”，用英文逗号分开，例如 full=0,open=1；"
                    "数字是 0 到 1000 之间的整数。",
                    criterion=_name(key),
                )
                raise ValidationError(told)

    return check


def read_codes(text: str) -> dict[str, int]:
    """``full=0,open=1`` as a table."""
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    return {state.strip(): int(number) for state, _sign, number in pairs}


class RuleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """One place, and where it may have one a code table and a weight, for every criterion."""

    reason_zh = TextAreaField(lazy_gettext("为什么改"), [InputRequired(REQUIRED), Length(max=500)])
    reason_en = TextAreaField(lazy_gettext("为什么改（英文）"), [Optional(), Length(max=500)])

    @property
    def lines(self) -> list[tuple[str, Any, Any, Any]]:
        """(criterion, place, codes, weight) as fields; the last two None where there is none."""
        return [
            (key, self[f"place_{key}"], self._fields.get(f"codes_{key}"), self._fields.get(f"weight_{key}"))
            for key in usable_criteria()
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse two criteria in one place too: which of them came first would be anybody's guess."""
        return bool(super().validate(extra_validators=extra_validators)) and self._has_one_in_each_place()

    def _has_one_in_each_place(self) -> bool:
        taken: dict[int, str] = {}
        for key, place, *_more in self.lines:
            if place.data is None:
                continue
            other = taken.setdefault(place.data, key)
            if other != key:
                told = lazy_gettext(
                    "“%(first)s”和“%(second)s”都排在第 %(place)s 项，请填不同的数。",
                    first=_name(other),
                    second=_name(key),
                    place=place.data,
                )
                place.errors = [*place.errors, told]
                return False
        return True

    def wording(self) -> Wording:
        """What the form says."""
        placed = [(place.data, key) for key, place, _codes_, _weight in self.lines if place.data is not None]
        codes = {key: read_codes(field.data or "") for key, _p, field, _w in self.lines if field is not None}
        weights = {key: field.data for key, _p, _c, field in self.lines if field is not None and field.data is not None}
        order = tuple(key for _place, key in sorted(placed))
        return Wording(order, codes, weights, self.reason_zh.data or "", self.reason_en.data or "")


def _values(draft: Draft) -> dict[str, Any]:
    """What the form shows at first."""
    found: dict[str, Any] = {key: draft.document.get(key, "") for key in ("reason_zh", "reason_en")}
    for place, entry in enumerate(draft.document["criteria"], start=1):
        found[f"place_{entry['key']}"] = place
        found[f"codes_{entry['key']}"] = ",".join(f"{state}={n}" for state, n in entry.get("codes", {}).items())
        found.update({f"weight_{key}": weight for key, weight in entry.get("weights", {}).items()})
    return found


def rule_form(draft: Draft) -> RuleForm:
    """The form of ``draft``, filled with what it says unless it was sent."""
    fields: dict[str, Any] = {}
    for key in usable_criteria():
        told = lazy_gettext("“%(criterion)s”排第几项要填 1 到 99 之间的整数，不用的留空。", criterion=_name(key))
        fields[f"place_{key}"] = WholeField(lazy_gettext("第几项"), least=1, most=99, told=told)
        if key in CODED:
            fields[f"codes_{key}"] = StringField(lazy_gettext("代码"), [Optional(), Length(max=400), _codes_of(key)])
        if key not in NO_WEIGHT:
            told = lazy_gettext(
                "“%(criterion)s”的权重要填 0 到 1000000 之间的整数，不要小数，不用的留空。", criterion=_name(key)
            )
            fields[f"weight_{key}"] = WholeField(lazy_gettext("权重"), least=0, most=MOST_WEIGHT, told=told)
    made = type("RuleFormOfAll", (RuleForm,), fields)
    # What was sent is read alone: a criterion that was emptied must not come back from the draft.
    return made() if made().is_submitted() else made(data=_values(draft))  # type: ignore[no-any-return]
