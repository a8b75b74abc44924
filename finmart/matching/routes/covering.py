"""How a need can be covered, by one product or by several together, in the language of the request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from finmart.matching.engine.financing import UNSTATED, Alone, Financing, FinancingPlan, Part
from finmart.matching.routes import wording
from finmart.platform.web.language import localized
from finmart.products import service as products


def _(text: str, **params: object) -> str:
    return str(gettext(text, **params))


def financing_words(financing: Financing) -> str:
    """Why products together are shown, or why none are."""
    count, together = financing.count, bool(financing.plans)
    match financing.alone:
        case Alone.MET:
            return _("有%(count)s个产品的已核对条件都符合，单独就能满足这次的金额，所以不列组合方案。", count=count)
        case Alone.OPEN if together:
            return _(
                "能单独满足这次金额的%(count)s个产品，都还有条件没有核对清楚。"
                "下面另列已核对条件都符合的产品的组合，供比较。",
                count=count,
            )
        case Alone.OPEN:
            return _(
                "能单独满足这次金额的%(count)s个产品，都还有条件没有核对清楚；"
                "已核对条件都符合的产品，合起来也不够或不能放在一起。先补齐资料，结论会更清楚。",
                count=count,
            )
        case _ if together:
            return _("没有一个产品能确定单独满足这次的金额。")
        case _:
            return _(
                "没有一个产品能确定单独满足这次的金额，两三个产品合起来也不够或不能放在一起。可以改小金额，或补充资料后再试。"
            )


def _cost(cost: int | None) -> str:
    """What a part of a plan costs over the term."""
    return _("未说明") if cost is None else wording.money(cost)


@dataclass(frozen=True)
class ShownPart:
    """One product of a plan in words."""

    name: str
    code: str
    owner: str
    amount: str
    certain: str
    possible: str
    cost: str
    mode: str


@dataclass(frozen=True)
class ShownPlan:
    """Products that cover the need together, in words; ``cost`` is empty where a part of it is not stated."""

    parts: Sequence[ShownPart]
    certain: str
    cost: str


def _shown_part(part: Part) -> ShownPart:
    product = products.published_catalogue().by_code.get(part.code)
    return ShownPart(
        name=part.code if product is None else localized(product.name_zh, product.name_en),
        code="" if product is None else part.code,
        owner="" if product is None else localized(product.institution.name_zh, product.institution.name_en),
        amount=wording.money(part.amount),
        certain=wording.money(part.certain),
        possible=wording.money(part.amount - part.certain),
        cost=_cost(part.cost),
        mode=_mode(part.mode),
    )


def _mode(mode: str) -> str:
    """Which security a part takes, in words; empty for none."""
    if mode == UNSTATED:
        return _("担保方式没有说明")
    return _("用%(mode)s", mode=wording.code_word("demand.guarantees", mode)) if mode else ""


def _whole(plan: FinancingPlan) -> ShownPlan:
    cost = "" if plan.cost is None else wording.money(plan.cost)
    return ShownPlan([_shown_part(part) for part in plan.parts], wording.money(plan.certain), cost)


def shown_plans(plans: Iterable[FinancingPlan]) -> list[ShownPlan]:
    """Financing plans in words, best first."""
    return list(map(_whole, plans))


@dataclass(frozen=True)
class ShownFinancing:
    """How the need can be covered, in words: the sentence over the plans, and the best product that covers it alone.

    ``text`` is empty for runs from before it was kept.
    """

    text: str
    best: str
    best_code: str
    plans: Sequence[ShownPlan]


def shown_financing(financing: Financing | None, plans: Iterable[FinancingPlan]) -> ShownFinancing:
    """What stands over the plans of a run and the plans themselves, in words."""
    shown = shown_plans(plans)
    if financing is None:
        return ShownFinancing("", "", "", shown)
    product = products.published_catalogue().by_code.get(financing.best)
    name = financing.best if product is None else localized(product.name_zh, product.name_en)
    return ShownFinancing(financing_words(financing), name, financing.best if product else "", shown)
