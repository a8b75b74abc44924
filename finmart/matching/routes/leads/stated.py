"""What an institution states publicly of a product, held against what is asked: its cost, and the guarantees."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from finmart.matching import snapshots
from finmart.matching.demands.types.values import DemandView
from finmart.matching.engine.fit import guarantee_fit
from finmart.matching.engine.inputs import VariantOffer
from finmart.matching.engine.results import Fit
from finmart.matching.routes.wording import separator
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.money import Term
from finmart.platform.web.errors import say
from finmart.platform.web.language import localized
from finmart.products import costs, presentation
from finmart.products.labels import GUARANTEE_MODES, label
from finmart.products.types import PublishedProduct


@dataclass(frozen=True)
class StatedCost:
    """The lines of the sheet, its two rates in words, and why there is none where there is none."""

    rows: list[tuple[str, str | None, str | None, str | None]]
    compound: str
    simple: str
    reason: str

    @property
    def is_priced(self) -> bool:
        """Whether there is a cost at all."""
        return not self.reason


def stated_cost(product: PublishedProduct, *, amount: int, months: int) -> StatedCost:
    """The public cost of ``product`` for ``amount`` 分 over ``months``, or over its longest term where that is less."""
    term = Term(days=30 * months) if costs.in_days(product) else Term(months=months)
    longest = product.overall.term_max
    if longest is not None and longest.in_days < term.in_days:
        term = longest
    sheet = costs.sheet(product, costs.Wanted(amount, term, costs.usual(product).method))
    if sheet.stated is None:
        return StatedCost([], "", "", say(sheet.reason) if sheet.reason else "")
    return StatedCost(
        presentation.cost_rows(product, sheet),
        presentation.headline(sheet, "compound_rate"),
        presentation.headline(sheet, "simple_rate"),
        "",
    )


def guarantee_warning(demand: DemandView, product: PublishedProduct) -> str:
    """That the product, or one of the ways to get it, takes no guarantee that the demand chose; empty where each does.

    It is the engine's own comparison, so that a result and the page of an application never differ.
    """
    need, offer = snapshots.need_of(demand, today()), snapshots.current_plan().offer(product.code)
    ways = () if offer is None else offer.variants
    lacking = [way for way in ways if guarantee_fit(need, way) is Fit.NONE]
    if not lacking:
        return ""
    modes = _modes(mode for way in lacking for mode in way.guarantee_modes)
    if len(lacking) == len(ways):
        return str(_("这个产品要的担保方式是%(modes)s，您的需求里没有选择其中任何一种。", modes=modes))
    return str(
        _(
            "这个产品分几种做法，其中%(ways)s要的担保方式是%(modes)s，您的需求里没有选择其中任何一种。",
            ways=_ways(lacking, product),
            modes=modes,
        )
    )


def _modes(modes: Iterable[str]) -> str:
    return separator().join(localized(*label(GUARANTEE_MODES, mode)) for mode in dict.fromkeys(modes))


def _ways(lacking: Iterable[VariantOffer], product: PublishedProduct) -> str:
    names = {one.key: localized(one.label_zh, one.label_en) for one in product.variants}
    return separator().join(f"“{names[way.key]}”" for way in lacking)
