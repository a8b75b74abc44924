"""The facts of a profile in the order in which a person reads them, and what is drawn of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from finmart.credit.routes.wording import definition_of, label_of, value_words
from finmart.credit.types.values import Profile, StoredFact
from finmart.reference.facts import facts

PPM = 1_000_000


@dataclass(frozen=True)
class Line:
    """One fact as a row: known ones carry the stored fact, unknown ones only what they would be."""

    key: str
    label: str
    definition: str
    words: str
    fact: StoredFact | None


@dataclass(frozen=True)
class Group:
    """Facts that belong together."""

    id: str
    title: str
    lines: tuple[Line, ...]

    @property
    def known(self) -> tuple[Line, ...]:
        """The lines that have a value."""
        return tuple(line for line in self.lines if line.fact is not None)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """The lines that have none."""
        return tuple(line for line in self.lines if line.fact is None)


def _invoice_keys(*parts: str) -> tuple[str, ...]:
    return tuple(f"{side}_{part}" for side in ("sales", "purchases") for part in parts)


#: id, title, keys; every fact of the four shared data sets stands in exactly one group.
GROUPS: Sequence[tuple[str, object, tuple[str, ...]]] = (
    (
        "registration",
        lazy_gettext("登记与规模"),
        (
            *("subject_kind", "industry", "registered_region", "established_on", "years_established"),
            *("months_established", "registered_capital", "employees", "total_assets", "firm_size"),
            *("registration_status", "qualifications"),
        ),
    ),
    (
        "business",
        lazy_gettext("销售与采购"),
        (
            *_invoice_keys("12m", "gross_12m", "previous_12m", "growth_12m", "growth_3m", "monthly"),
            *("annual_revenue", "gross_margin_12m", "invoices_covered_months"),
        ),
    ),
    (
        "rhythm",
        lazy_gettext("开票节奏"),
        (
            *("sales_span_months", "sales_first_on"),
            *_invoice_keys("last_on", "active_months_12m", "active_share", "longest_gap", "run_months"),
            *_invoice_keys("peak_share_12m", "volatility_12m"),
        ),
    ),
    (
        "invoices",
        lazy_gettext("发票质量"),
        _invoice_keys("count_12m", "average_12m", "largest_12m", "void_ratio_12m", "red_ratio_12m"),
    ),
    (
        "partners",
        lazy_gettext("客户与供应商"),
        tuple(
            key
            for one in ("customer", "supplier")
            for key in (
                *(f"{one}s_12m", f"{one}_top1_share_12m", f"{one}_top5_share_12m", f"{one}_hhi_12m"),
                *(f"{one}_retention_12m", f"{one}s_new_12m"),
            )
        ),
    ),
    (
        "tax",
        lazy_gettext("税务"),
        (
            *("tax_grade", "annual_tax", "tax_monthly", "tax_arrears"),
            *("output_vat_12m", "input_vat_12m", "net_vat_12m", "vat_burden_12m"),
        ),
    ),
    (
        "adverse",
        lazy_gettext("不良信息"),
        (
            *("abnormal_operations", "serious_violations", "judgment_debtor"),
            *("administrative_penalties_24m", "adverse_open_records", "adverse_last_on"),
        ),
    ),
)


def groups_of(profile: Profile) -> tuple[Group, ...]:
    """Every fact of the dictionary that shared data could tell, known or not, in reading order."""
    return tuple(
        Group(id, str(title), tuple(_line(key, profile.facts.get(key)) for key in keys if key in facts()))
        for id, title, keys in GROUPS
    )


def _line(key: str, fact: StoredFact | None) -> Line:
    words = value_words(key, fact.value) if fact is not None else _("未知")
    return Line(key, label_of(key), definition_of(key), words, fact)


def month_ends(profile: Profile, count: int) -> tuple[date, ...]:
    """The last days of the trailing months, oldest first; a trailing month is named after the month it ends in."""
    found = []
    for back in range(count - 1, -1, -1):
        index = profile.as_of.year * 12 + profile.as_of.month - 1 - back
        found.append(date(index // 12, index % 12 + 1, 1))
    return tuple(found)


@dataclass(frozen=True)
class Trade:
    """Monthly sales and purchases, oldest first, over the same months."""

    months: tuple[date, ...]
    sales: tuple[int, ...]
    purchases: tuple[int, ...]


def trade_of(profile: Profile) -> Trade | None:
    """What the chart of sales and purchases draws; None without invoices."""
    sales, purchases = (_series(profile.facts, key) for key in ("sales_monthly", "purchases_monthly"))
    if not sales:
        return None
    return Trade(month_ends(profile, len(sales)), tuple(reversed(sales)), tuple(reversed(purchases)))


def series_of(profile: Profile, key: str) -> tuple[tuple[date, int], ...]:
    """One monthly series as points, oldest first."""
    values = _series(profile.facts, key)
    return tuple(zip(month_ends(profile, len(values)), reversed(values), strict=True))


def _series(known: Mapping[str, StoredFact], key: str) -> tuple[int, ...]:
    fact = known.get(key)
    if fact is None or not isinstance(fact.value, tuple):
        return ()
    return tuple(value for value in fact.value if isinstance(value, int))


def shares_of(profile: Profile, one: str) -> tuple[tuple[str, int], ...]:
    """The largest ``one`` (customer or supplier), the next four and the rest as parts of the whole, in ppm."""
    first, five = (_share(profile.facts, f"{one}_{part}_share_12m") for part in ("top1", "top5"))
    if first is None or five is None:
        return ()
    return (
        (_("最大的一家"), first),
        (_("其后四家"), five - first),
        (_("其余"), PPM - five),
    )


def _share(known: Mapping[str, StoredFact], key: str) -> int | None:
    fact = known.get(key)
    return fact.value if fact is not None and isinstance(fact.value, int) else None
