"""Particulars and figures in words, made of their definitions; what is not stated is named and never a zero."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from finmart.platform.web import filters as worded
from finmart.platform.web.language import current_language, localized
from finmart.products.particulars.cells import FLAGS, NO, YES
from finmart.products.particulars.figures import TENTH, Figures, figure_specs, leverage_tenths
from finmart.products.particulars.kinds import specs
from finmart.products.particulars.spec import SEVERAL, Kind, Spec
from finmart.products.types import PublishedProduct
from finmart.products.wording import _, listed

#: Rates that the price of a product may state instead.
_PRICES = ("fee_rate", "fee_rate_min", "premium_rate")


class Said(NamedTuple):
    """One field in words: its column, its name, its value."""

    column: str
    label: str
    text: str

    @property
    def pair(self) -> tuple[str, str]:
        """Name and value, as a page lists them."""
        return self.label, self.text


def _codes(choices: Mapping[str, tuple[str, str]], codes: tuple[str, ...]) -> str:
    return listed(localized(*choices[code]) if code in choices else code for code in codes)


def value_words(spec: Spec, value: Any) -> str:
    """A stated value in the reader's language."""
    language = current_language()
    if spec.kind in (Kind.RATE, Kind.SHARE):
        return worded.rate(value) if spec.kind is Kind.RATE else worded.ratio(value)
    if spec.kind is Kind.MONEY:
        return worded.money(value, language)
    if spec.kind is Kind.YUAN:
        return worded.money_exact(value, language)
    if spec.kind is Kind.DAYS:
        return _("%(days)s 天", days=value)
    if spec.kind is Kind.YEARS:
        return _("%(years)s 年", years=value)
    if spec.kind is Kind.FLAG:
        return localized(*FLAGS[YES if value else NO])
    if spec.kind in (Kind.CHOICE, Kind.CHOICES):
        return _codes(spec.choices, value if spec.kind in SEVERAL else (value,))
    return listed(value) if spec.kind in SEVERAL else str(value)


def _said(known: Mapping[str, Spec], held: object) -> list[Said]:
    stated = ((spec, getattr(held, name, None)) for name, spec in known.items())
    return [Said(s.column, localized(*s.label), value_words(s, value)) for s, value in stated if value is not None]


def particulars_said(product: PublishedProduct) -> list[Said]:
    """What ``product`` states of what only its type has."""
    return _said(specs(product.product_type), product.particulars)


def particulars_unsaid(product: PublishedProduct) -> list[str]:
    """What its type could state and it does not; a rate that its price or its fees state already is no gap."""
    has_fee = any(variant.rate_kind == "fee" or variant.fees for variant in product.variants)
    return [
        localized(*spec.label)
        for name, spec in specs(product.product_type).items()
        if getattr(product.particulars, name, None) is None and not (has_fee and name in _PRICES)
    ]


def figures_said(institution_kind: str, figures: Figures | None) -> list[Said]:
    """What an institution states of itself, with what follows from it."""
    found = _said(figure_specs(institution_kind), figures)
    tenths = leverage_tenths(figures)
    if tenths is not None:
        times = _("%(times)s 倍（责任余额 ÷ 净资产）", times=f"{tenths // TENTH}.{tenths % TENTH}")
        found.append(Said("leverage", _("放大倍数"), times))
    return found
