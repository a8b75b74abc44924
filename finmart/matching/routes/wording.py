"""Codes and numbers of a match as sentences, in the language of the request (DECISIONS 18)."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext

from finmart.conditions.types import FactValue, Value
from finmart.conditions.wording import number
from finmart.matching.engine.inputs import ProductOffer
from finmart.matching.engine.remedies import Remedy
from finmart.matching.engine.results import AllInCost, Fit, Fitness, Limit, LimitBasis, Verdict
from finmart.matching.engine.rows import Row
from finmart.matching.rulesets.types import LABELS
from finmart.platform.kernel.money import Term
from finmart.platform.web import filters
from finmart.platform.web.language import current_language, localized
from finmart.products.labels import EVIDENCE_TIERS, REPAYMENT_MODES, label
from finmart.reference import industries, regions
from finmart.reference.facts import FactDefinition, facts
from finmart.reference.loan_cost import CostBasis

VERDICT_STATES = {
    Verdict.MET: "met",
    Verdict.MET_CHECKED: "met",
    Verdict.OPEN: "unknown",
    Verdict.UNCHECKED: "unknown",
    Verdict.NOT_MET: "not_met",
}
#: A product whose source states no more conditions than these is met by nearly everybody.
FEW_CONDITIONS = 2
LETTER_STATES = {"m": "met", "n": "not_met", "u": "unknown"}


def _(text: str, **params: object) -> str:
    return str(gettext(text, **params))


def separator() -> str:
    """What stands between the parts of a list."""
    return ", " if current_language() == "en" else "、"


def money(fen: int | None) -> str:
    """分 in words."""
    return filters.money(fen, current_language())


def rate(ppm: int | None) -> str:
    """A rate in words."""
    return filters.rate(ppm, current_language())


def days(value: int) -> str:
    """A term in comparable days: whole months where it is some."""
    term = Term(days=value) if value % 30 else Term(months=value // 30)
    return filters.term(term, current_language())


def verdict_label(verdict: Verdict) -> str:
    """The verdict in a few words; "met" alone only when nothing is left to confirm (DECISIONS 17)."""
    return {
        Verdict.MET: _("全部条件符合"),
        Verdict.MET_CHECKED: _("已核对的条件符合"),
        Verdict.OPEN: _("有条件缺资料"),
        Verdict.UNCHECKED: _("没有可核对的条件"),
        Verdict.NOT_MET: _("有条件不符合"),
    }[verdict]


def verdict_sentence(row: Row) -> str:
    """How many conditions are met, fail, are unknown, and stay to be confirmed.

    "All conditions met" says little where a source states but one, so it never stands without their number.
    """
    if row.verdict is Verdict.MET:
        if row.checked <= FEW_CONDITIONS:
            return _("来源只写明%(count)s条可核对的条件，符合", count=row.checked)
        return _("来源写明%(count)s条可核对的条件，都符合", count=row.checked)
    if row.verdict is Verdict.NOT_MET:
        text = _("已核对%(checked)s条，其中%(failed)s条不符合", checked=row.checked, failed=row.not_met)
    elif row.checked:
        text = _("符合已核对的%(checked)s条", checked=row.checked)
    else:
        text = _("还没有核对任何条件")
    parts = [text]
    if row.unknown:
        parts.append(_("%(count)s条缺资料", count=row.unknown))
    if row.words:
        parts.append(_("%(count)s条以文字说明、须向机构确认", count=row.words))
    return ("; " if current_language() == "en" else "；").join(parts)


def fit_label(row: Row) -> str:
    """All terms together in a few words."""
    return {
        Fitness.FULL: _("金额、期限、担保都合适"),
        Fitness.OPEN: _("没有不合适的，有的未说明"),
        Fitness.PARTIAL: _("只能满足一部分"),
        Fitness.NONE: _("有不合适的"),
    }[row.fit.overall]


def _share(ppm: int | None) -> str:
    return filters.ratio(ppm, current_language())


def fit_lines(row: Row) -> list[tuple[str, str, str]]:
    """Each term: its name, how it compares, and the state whose badge goes with it."""
    fit = row.fit
    amount = {
        Fit.FULL: _("能满足"),
        Fit.NOT_STATED: _("来源没有说明额度"),
        Fit.UNKNOWN: _("缺资料，还算不出额度"),
        Fit.PARTIAL: _("最多满足%(share)s", share=_share(fit.amount_share)),
        Fit.NONE: _("不在它的额度范围内"),
    }[fit.amount]
    term = {
        Fit.FULL: _("能满足"),
        Fit.NOT_STATED: _("来源没有说明期限"),
        Fit.UNKNOWN: _("来源没有说明期限"),
        Fit.PARTIAL: _("最长只到所需期限的%(share)s", share=_share(fit.term_share)),
        Fit.NONE: _("短于它的最短期限"),
    }[fit.term]
    guarantee = {Fit.FULL: _("合适"), Fit.NONE: _("需要您没有选择的担保方式")}.get(
        fit.guarantee, _("来源没有说明担保方式")
    )
    purpose = {Fit.FULL: _("合适"), Fit.NONE: _("这类产品不用于这个用途")}.get(fit.purpose, _("没有限定用途"))
    return [
        (_("金额"), amount, _fit_state(fit.amount)),
        (_("期限"), term, _fit_state(fit.term)),
        (_("担保"), guarantee, _fit_state(fit.guarantee)),
        (_("用途"), purpose, "met" if fit.purpose is Fit.NOT_STATED else _fit_state(fit.purpose)),
    ]


def _fit_state(fit: Fit) -> str:
    return {Fit.FULL: "met", Fit.PARTIAL: "not_met", Fit.NONE: "not_met"}.get(fit, "unknown")


def _open_limit(limit: Limit) -> str:
    """A limit that is not known, between its ends; nothing at least is not worth a word."""
    if not limit.at_least:
        return _("未知") if limit.at_most is None else _("不超过%(amount)s", amount=money(limit.at_most))
    if limit.at_most is None:
        return _("至少%(amount)s", amount=money(limit.at_least))
    return _("%(least)s至%(most)s", least=money(limit.at_least), most=money(limit.at_most))


def limit_words(limit: Limit) -> tuple[str, str]:
    """The indicative limit and what it rests on."""
    if limit.basis is LimitBasis.NOT_STATED:
        return _("未说明"), _("来源没有写明额度，请向机构询问")
    if limit.basis is LimitBasis.FACTS_MISSING:
        missing = separator().join(fact_label(key) for key in limit.missing)
        return _open_limit(limit), _("测算还缺：%(facts)s", facts=missing)
    if limit.basis is LimitBasis.CAP:
        return _("该产品最高%(amount)s", amount=money(limit.amount)), _("公开的最高额度，没有按您的情况测算")
    basis = {
        LimitBasis.FORMULA: _("按公开的测算办法和您的数据"),
        LimitBasis.CAP_AND_FORMULA: _("按公开的测算办法和您的数据，且不超过公开的最高额度"),
    }[limit.basis]
    return money(limit.amount), basis


def cost_words(cost: AllInCost) -> tuple[str, str]:
    """The all-in annual cost and how it was worked out; what is not stated says so."""
    if cost.lowest is None:
        why = {
            CostBasis.RATE_NOT_STATED: _("来源没有写明利率"),
            CostBasis.ONLY_FEE_STATED: _("来源只写了担保费率或保险费率，贷款利率由贷款机构定"),
            CostBasis.FEE_NOT_STATED: _("来源提到收费但没有写明数额"),
            CostBasis.CHARGES_TAKE_LOAN: _("写明的费用和保证金占去几乎全部或全部贷款，请向机构核实"),
            CostBasis.NO_LOAN: _("按写明的利率和期限算不出还款计划，请向机构核实"),
        }[cost.basis]
        headline = {
            CostBasis.FEE_NOT_STATED: _("未说明"),
            CostBasis.CHARGES_TAKE_LOAN: _("无法折算"),
            CostBasis.NO_LOAN: _("无法折算"),
        }
        return headline.get(cost.basis, _("未公布利率")), why
    method = localized(*label(REPAYMENT_MODES, cost.method or ""))
    if cost.assumed:
        method = _("%(method)s（来源没有写明还款方式，按此假定）", method=method)
    basis = _("复利年化（IRR），%(method)s；单利口径%(simple)s", method=method, simple=rate(cost.simple))
    if cost.basis is CostBasis.FROM_LOWEST:
        return _("%(rate)s起", rate=rate(cost.lowest)), _("只写明了最低利率；%(basis)s", basis=basis)
    if cost.basis is CostBasis.UP_TO:
        return _("不超过%(rate)s", rate=rate(cost.lowest)), _("只写明了最高利率；%(basis)s", basis=basis)
    if cost.highest is None:
        return _("%(rate)s起", rate=rate(cost.lowest)), basis
    if cost.highest == cost.lowest:
        return rate(cost.lowest), basis
    return f"{rate(cost.lowest)} – {rate(cost.highest)}", basis


def definition(key: str) -> FactDefinition | None:
    """The dictionary's entry of a fact, where it has one."""
    return facts().get(key)


def fact_label(key: str) -> str:
    """A fact's name; a key the dictionary does not know is shown as it is."""
    known = definition(key)
    return key if known is None else localized(known.label_zh, known.label_en)


def code_word(key: str, code: str) -> str:
    """One code of a fact in words."""
    known = definition(key)
    choice = known.choice(code) if known is not None else None
    if choice is not None:
        return localized(choice.label_zh, choice.label_en)
    if known is not None and known.kind == "region":
        return regions.label(code, current_language())
    if known is not None and known.kind == "industry":
        return industries.label(code, current_language())
    return code


def _counted(value: int, unit: str) -> str:
    words = {
        "years": _("%(count)s年", count=value),
        "months": _("%(count)s个月", count=value),
        "days": _("%(count)s天", count=value),
    }
    return words[unit] if unit in words else number(value, unit, current_language())


def value_words(key: str, fact: FactValue) -> str:
    """The value of a known fact in words, by its unit."""
    return plain_value(key, fact.value)


def plain_value(key: str, value: Value) -> str:
    """A fact's value in words, by its unit."""
    known = definition(key)
    unit = known.unit if known is not None else ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int):
        if unit == "money":
            return money(value)
        return filters.ratio(value) if unit == "ratio" else _counted(value, unit)
    if isinstance(value, str):
        return code_word(key, value)
    if isinstance(value, tuple | frozenset):
        return _several(key, sorted(value) if isinstance(value, frozenset) else value)
    return filters.day(value, current_language())


def _several(key: str, values: Sequence[object]) -> str:
    if values and all(isinstance(value, int) for value in values):
        return _("共%(count)s个月的数列", count=len(values))
    return separator().join(code_word(key, str(value)) for value in values) or _("没有")


def source_word(source: str, origin: str) -> str:
    """Where a value comes from: how it came about, and the source's own name where it has one."""
    ways = {
        "computed": _("由共享数据计算"),
        "imported": _("由共享数据导入"),
        "declared": _("自报"),
        "demand": _("本次需求"),
    }
    return ways.get(origin, source)


def basis_word(basis: str) -> str:
    """Why a run was made: a named basis of the system is shown by its own name."""
    known = {"own": _("本人的需求"), "match everyone": _("批量匹配"), "demonstration city": _("演示城市")}
    return known.get(basis, basis)


def demand_words(amount: int, months: int, purpose: str) -> str:
    """A demand in one line."""
    return " · ".join((money(amount), days(30 * months), code_word("demand.purpose", purpose)))


def _change_words(kind: str, key: str, value: int | None) -> str:
    """One change as the first half of a sentence."""
    match kind:
        case "settle":
            return _("依法处理好“%(fact)s”", fact=fact_label(key))
        case "open":
            return _("到该机构办好“%(fact)s”", fact=fact_label(key))
        case "amount":
            return _("金额改为%(amount)s", amount=money(value))
        case "term":
            return _("期限改为%(term)s", term=days(value or 0))
        case _:
            return _("提供%(mode)s", mode=code_word("demand.guarantees", key))


def dataset_word(name: str) -> str:
    """A shared data set's name."""
    return {
        "invoices": _("增值税发票"),
        "registration": _("登记信息"),
        "tax": _("纳税信息"),
        "adverse": _("不良信息"),
    }.get(name, name)


def remedy_words(remedy: Remedy) -> str:
    """One change as a sentence; it never advises to change what must be true."""
    told = _remedy_words(remedy)
    return _("%(change)s；另有%(count)s个不再可选", change=told, count=remedy.closes) if remedy.closes else told


def _remedy_words(remedy: Remedy) -> str:
    count = len(remedy.opens)
    if remedy.also is not None:
        first, second = _change_words(remedy.kind, remedy.key, remedy.value), _change_words(*remedy.also)
        return _("%(first)s，同时%(second)s，多%(count)s个产品可选", first=first, second=second, count=count)
    if remedy.kind == "authorise":
        name = dataset_word(remedy.key)
        return _("授权平台读取“%(dataset)s”后，%(count)s个产品能得出结论", dataset=name, count=count)
    if remedy.kind in {"settle", "open"}:
        first = _change_words(remedy.kind, remedy.key, remedy.value)
        return _("%(first)s，多%(count)s个产品可选", first=first, count=count)
    if remedy.kind == "datum":
        return _("补充“%(fact)s”后，%(count)s个产品能得出结论", fact=fact_label(remedy.key), count=count)
    if remedy.kind == "amount":
        return _("金额改为%(amount)s，多%(count)s个产品可选", amount=money(remedy.value), count=count)
    if remedy.kind == "term":
        return _("期限改为%(term)s，多%(count)s个产品可选", term=days(remedy.value or 0), count=count)
    return _("若能提供%(mode)s，多%(count)s个产品可选", mode=code_word("demand.guarantees", remedy.key), count=count)


def speed_words(offer: ProductOffer | None) -> tuple[str, str]:
    """Days to a decision, and whether they were measured (on how many decisions, when) or stated."""
    if offer is None or offer.decision_days is None:
        return _("未知"), _("来源没有写明；平台办结的申请还不够多，没有实测")
    if offer.decisions is None:
        return days(offer.decision_days), _("来源写明的；平台办结的申请还不够多，没有实测")
    value = _("%(days)s个工作日", days=offer.decision_days)
    if offer.decided_between is None:
        return value, _("平台实测，%(count)s件申请的中位数，等申请人补材料的天数不算", count=offer.decisions)
    return value, _(
        "平台实测，%(period)s作出决定的%(count)s件申请的中位数，等申请人补材料的天数不算",
        period=_months(*offer.decided_between),
        count=offer.decisions,
    )


def _months(since: date, until: date) -> str:
    """The months from one to another, or the one that they are."""
    first, last = (filters.month(day, current_language()) for day in (since, until))
    return first if first == last else _("%(since)s至%(until)s", since=first, until=last)


def criterion_label(key: str) -> str:
    """A criterion's short name."""
    return _(LABELS[key])


def evidence_word(tier: str) -> str:
    """An evidence tier in words."""
    return localized(*label(EVIDENCE_TIERS, tier))
