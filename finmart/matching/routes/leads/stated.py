"""What a product would cost as its institution states it publicly, for the amount and term that are asked."""

from dataclasses import dataclass

from finmart.platform.kernel.money import Term
from finmart.platform.web.errors import say
from finmart.products import costs, presentation
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
