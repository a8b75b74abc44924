"""A product field by field in words, and what one version says that another does not: what a checker reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from finmart.platform.web import filters as worded
from finmart.platform.web.language import current_language, localized
from finmart.products import indexed, presentation
from finmart.products.editing.sheet import own_fees
from finmart.products.particular_view import particulars_said
from finmart.products.types import Fee, PublishedProduct, Variant
from finmart.products.wording import material, places_of, word, words
from finmart.reference.facts import fact


@dataclass(frozen=True)
class Described:
    """One field: its name, and what stands in it, a line each."""

    key: str
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One field that differs: lines that go, lines that come, lines that stay."""

    label: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    kept: tuple[str, ...]


def fee_period(per: str) -> str:
    """How a fee is charged, in words."""
    return str(_periods().get(per, per))


def _periods() -> dict[str, str]:
    return {
        "year": _("每年"),
        "once": _("一次"),
        "month": _("每月"),
        "day": _("每天"),
        "deposit": _("一次，期满退还"),
    }


def _ends(low: str | None, high: str | None) -> tuple[str, ...]:
    return (worded.ends(low, high, current_language()),) if low or high else ()


def _amounts(variant: Variant) -> tuple[str, ...]:
    language = current_language()
    low, high = variant.amount_min, variant.amount_max
    return _ends(
        None if low is None else worded.money(low, language), None if high is None else worded.money(high, language)
    )


def _terms(variant: Variant) -> tuple[str, ...]:
    language = current_language()
    low, high = variant.term_min, variant.term_max
    return _ends(
        None if low is None else worded.term(low, language), None if high is None else worded.term(high, language)
    )


def _rates(variant: Variant) -> tuple[str, ...]:
    low, high = variant.rate_min, variant.rate_max
    return _ends(None if low is None else worded.rate(low), None if high is None else worded.rate(high))


def bounds(variant: Variant, field: str) -> tuple[str, ...]:
    """``amount``, ``term`` or ``rate`` of a variant in words; empty when its source says nothing."""
    if field == "rate":
        price = _("担保费率或保险费率（年）") if variant.rate_kind == "fee" else _("年利率")
        return (*(f"{price} {found}" for found in _rates(variant)), *filter(None, (indexed.said(variant),)))
    return _amounts(variant) if field == "amount" else _terms(variant)


def _fee(fee: Fee) -> str:
    rate = "" if fee.rate is None else f" {worded.rate(fee.rate)} ({fee_period(fee.per)})"
    text = f" — {fee.text_zh}" if fee.text_zh else ""
    return f"{localized(fee.label_zh, fee.label_en)}{rate}{text}"


def _listed(table: str, codes: Iterable[str]) -> tuple[str, ...]:
    found = tuple(codes)
    return (words(table, found),) if found else ()


def _ways(product: PublishedProduct) -> list[Described]:
    found = []
    several = len(product.variants) > 1
    for variant in product.variants:
        name = f"{localized(variant.label_zh, variant.label_en)} · " if several else ""
        found += [
            Described(f"amount:{variant.key}", name + _("额度"), bounds(variant, "amount")),
            Described(f"term:{variant.key}", name + _("期限"), bounds(variant, "term")),
            Described(f"rate:{variant.key}", name + _("利率或费率"), bounds(variant, "rate")),
            Described(f"guarantee:{variant.key}", name + _("担保方式"), _listed("guarantee", variant.guarantee_modes)),
        ]
    return found


def _text(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _purposes(product: PublishedProduct) -> tuple[str, ...]:
    known = {choice.code: localized(choice.label_zh, choice.label_en) for choice in fact("demand.purpose").choices}
    return tuple(known.get(code, code) for code in product.serves)


def described(product: PublishedProduct) -> list[Described]:
    """Everything that ``product`` says, in the reader's language and in the order of its page."""
    first = product.variants[0]
    days = () if product.decision_days is None else (_("%(days)s 天", days=product.decision_days),)
    places = (places_of(product.region_codes),) if product.region_codes else ()
    conditions = tuple(
        each.text if each.required else _("%(text)s（优先）", text=each.text)
        for each in presentation.conditions(product)
    )
    return [
        Described("name_zh", _("中文名称"), _text(product.name_zh)),
        Described("name_en", _("英文名称"), _text(product.name_en)),
        Described("type", _("产品类型"), (word("product_type", product.product_type),)),
        *_ways(product),
        Described("repayment", _("还款方式"), _listed("repayment", first.repayment_modes)),
        Described("collateral", _("抵质押物"), first.collateral_kinds),
        *(Described(said.column, said.label, (said.text,)) for said in particulars_said(product)),
        Described("fees", _("费用"), tuple(map(_fee, own_fees(first)))),
        Described("materials", _("要带的材料"), tuple(map(material, product.materials))),
        Described("online", _("办理方式"), _listed("online", filter(None, (product.online_level,)))),
        Described("days", _("公开的审批时间"), days),
        Described("places", _("办理地区"), places),
        Described("conditions", _("可以核对的条件"), conditions),
        Described("words", _("须向机构确认的条件"), tuple(each.text_zh for each in product.words)),
        Described("limits", _("额度怎样测算"), tuple(presentation.limits(product))),
        Described("notes", _("其他说明"), tuple(each.text_zh for each in product.notes)),
        Described("serves", _("适用用途"), _purposes(product)),
        Described("policy", _("所属政策"), _text(product.policy_program)),
        Described("risk", _("风险分担"), _text(product.risk_sharing)),
    ]


def _change(label: str, old: Sequence[str], new: Sequence[str]) -> Change:
    return Change(
        label,
        removed=tuple(line for line in old if line not in new),
        added=tuple(line for line in new if line not in old),
        kept=tuple(line for line in new if line in old),
    )


def changes(before: PublishedProduct | None, after: PublishedProduct) -> list[Change]:
    """The fields in which ``after`` differs from ``before``; of a new product everything that is stated."""
    old = {each.key: each for each in described(before)} if before is not None else {}
    new = {each.key: each for each in described(after)}
    found = []
    for key in dict.fromkeys((*new, *old)):
        label = (new.get(key) or old[key]).label
        stood = old[key].lines if key in old else ()
        stands = new[key].lines if key in new else ()
        if stood != stands:
            found.append(_change(label, stood, stands))
    return found


def carried(product: PublishedProduct) -> list[Described]:
    """What the form cannot change and carries over: encoded clauses in words, formulas, notes, purposes."""
    encoded = tuple(each.text for each in presentation.conditions(product) if each.origin_kind != "column")
    rows = {each.key: each for each in described(product)}
    kept = [Described("conditions", _("由文字条件编成的核对条件"), encoded)]
    kept += [rows[key] for key in ("limits", "notes", "serves")]
    return [each for each in kept if each.lines]
