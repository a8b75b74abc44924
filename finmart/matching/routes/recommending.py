"""Products without a demand, and what changed, in the words of the request's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from finmart.conditions.types import FactValue
from finmart.credit.datasets.registry import DATASETS
from finmart.matching.engine.rows import Row
from finmart.matching.recommendations.types import (
    Change,
    ChangedFact,
    DatedChange,
    Opened,
    ProductName,
    Recommended,
    Why,
)
from finmart.matching.routes import wording
from finmart.platform.web import filters
from finmart.platform.web.language import current_language, localized
from finmart.products import service as products

MOST_AT_HOME = 5
CHANGES_AT_HOME = 3


def _(text: str, **params: object) -> str:
    return str(gettext(text, **params))


@dataclass(frozen=True)
class ShownProduct:
    """One product in words."""

    code: str
    name: str
    owner: str
    connected: bool
    text: str
    limit: tuple[str, str]
    cost: tuple[str, str]


@dataclass(frozen=True)
class ShownChange:
    """One change in words; ``code`` is empty for a product that is not on the shelf any more."""

    at: datetime
    opened: bool
    code: str
    name: str
    why: str


@dataclass(frozen=True)
class ShownRecommended:
    """What the pages show; ``count`` is of all products, ``products`` those of this page."""

    what: Recommended
    count: int
    products: tuple[ShownProduct, ...]
    changes: tuple[ShownChange, ...]


def _side_by_side(parts: Iterable[str]) -> str:
    """Parts of a sentence that each could stand alone."""
    return ("; " if current_language() == "en" else "；").join(parts)


def verdict_words(row: Row) -> str:
    """How many conditions are met, and how many wait for the need or for the institution's word."""
    parts = [_("符合已核对的%(checked)s条", checked=row.checked)]
    if row.unknown:
        parts.append(_("%(count)s条要看您要借多少、用在哪里", count=row.unknown))
    if row.words:
        parts.append(_("%(count)s条以文字说明、须向机构确认", count=row.words))
    return _side_by_side(parts)


def _named(name: ProductName) -> str:
    return localized(name.product_zh, name.product_en)


def _shown(opened: Opened) -> ShownProduct:
    product = products.published_catalogue().by_code.get(opened.row.code)
    return ShownProduct(
        code=opened.row.code if product is not None else "",
        name=_named(opened.name),
        owner=localized(opened.name.owner_zh, opened.name.owner_en),
        connected=product is not None and product.institution.connected,
        text=verdict_words(opened.row),
        limit=wording.limit_words(opened.row.limit),
        cost=wording.cost_words(opened.row.cost),
    )


def _source(fact: FactValue) -> str:
    """The data set it comes from, else how it came about, and until when it was observed."""
    known = next((one for one in DATASETS.values() if one.source == fact.source), None)
    where = localized(known.label_zh, known.label_en) if known else wording.source_word(fact.source, fact.origin)
    day = filters.day(fact.observed_until, current_language()) if fact.observed_until else ""
    return (", " if current_language() == "en" else "，").join(part for part in (where, day) if part)


def _fact_words(changed: ChangedFact) -> str:
    label = wording.fact_label(changed.key)
    before, after = (
        wording.value_words(changed.key, side) if side is not None else "" for side in (changed.before, changed.after)
    )
    if changed.after is None:
        return _("“%(fact)s”原来是%(before)s，现在没有可用的资料", fact=label, before=before)
    source = _source(changed.after)
    if changed.before is None:
        return _("“%(fact)s”现在有了资料：%(after)s（%(source)s）", fact=label, after=after, source=source)
    return _("“%(fact)s”从%(before)s变为%(after)s（%(source)s）", fact=label, before=before, after=after, source=source)


def why_words(change: Change) -> str:
    """Why a product came or went, as the rest of a sentence."""
    if change.why is Why.FACTS:
        because = _side_by_side(map(_fact_words, change.facts))
        return _("因为%(facts)s", facts=because) if change.opened else _("因为%(facts)s，不再满足", facts=because)
    return {
        Why.LISTED: _("新产品上架"),
        Why.UNLISTED: _("产品已下架"),
        Why.EDITED: _("机构修改了产品条件"),
        Why.DAY: _("有的条件按日期判断，日期已过"),
    }[change.why]


def _shown_change(one: DatedChange) -> ShownChange:
    code = one.change.code if one.change.code in products.published_catalogue().by_code else ""
    return ShownChange(one.at, one.change.opened, code, _named(one.change.name), why_words(one.change))


def shown_recommended(found: Recommended, *, most: int | None = None) -> ShownRecommended:
    """In words, the first ``most`` products; a home page's worth of changes where there is a most."""
    changes = found.changes if most is None else found.changes[:CHANGES_AT_HOME]
    return ShownRecommended(
        found, len(found.opened), tuple(map(_shown, found.opened[:most])), tuple(map(_shown_change, changes))
    )
