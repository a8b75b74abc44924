"""A profile as its page shows it: facts by data set, what is unknown and what would fill it, freshness, charts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from finmart.credit.datasets.contract import DataSet
from finmart.credit.datasets.parties import PERSONS
from finmart.credit.datasets.registry import DATASETS
from finmart.credit.features.families import FAMILIES
from finmart.credit.types.values import Profile, StoredFact
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.reference.facts import PPM, FactDefinition, facts

#: Months a chart shows; the facts' own definitions speak of 12 and 24.
MONTHS_SHOWN = 24
#: The tiles at the top: the first of these that are known.
KEY_FIGURES = (
    *("sales_12m", "sales_growth_12m", "purchases_12m", "gross_margin_12m", "sales_active_months_12m", "customers_12m"),
    *("tax_grade", "annual_tax", "firm_size", "years_established", "employees", "registration_status"),
)
TILES = 6

#: Facts that are made of several data sets stand with the one that people look for them in.
_PLACES: Mapping[str, str] = {
    **{key: name for name, family in FAMILIES.items() for key in family.keys},
    "firm_size": "registration",
    "annual_revenue": "tax",
}

#: How the long list of invoice facts is cut: the beginning of the key, and the heading.
_PARTS: Sequence[tuple[tuple[str, ...], str]] = (
    (("sales_",), N_("销售")),
    (("purchases_",), N_("采购")),
    (("customer",), N_("客户")),
    (("supplier",), N_("供应商")),
    (("",), N_("综合")),
)


class Lack(StrEnum):
    """Why a fact is unknown, which decides what would fill it."""

    NOTHING_RECEIVED = "nothing_received"
    DECLARABLE = "declarable"
    NOT_ENOUGH = "not_enough"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Line:
    """One fact of the dictionary: what is stored of it, or why nothing is."""

    definition: FactDefinition
    fact: StoredFact | None
    lack: Lack | None

    @property
    def key(self) -> str:
        """The fact's key."""
        return self.definition.key


@dataclass(frozen=True)
class Part:
    """Facts under one heading (empty: none is needed)."""

    heading: str
    known: tuple[Line, ...]
    unknown: tuple[Line, ...]


@dataclass(frozen=True)
class Freshness:
    """Until when a data set was observed and how old that is, in days; ``limit`` is the dictionary's."""

    until: date | None
    age: int | None
    limit: int | None

    @property
    def state(self) -> str:
        """``met`` within the limit, ``not_met`` beyond it, ``unknown`` without a day."""
        if self.age is None:
            return "unknown"
        return "not_met" if self.limit is not None and self.age > self.limit else "met"


@dataclass(frozen=True)
class Section:
    """One data set of a profile; ``received``: something of it has arrived about this subject."""

    dataset: DataSet
    received: bool
    parts: tuple[Part, ...]
    freshness: Freshness
    consent_needed: bool

    @property
    def known(self) -> int:
        """Facts that are known."""
        return sum(len(part.known) for part in self.parts)

    @property
    def total(self) -> int:
        """Facts that the data set can give."""
        return self.known + sum(len(part.unknown) for part in self.parts)


@dataclass(frozen=True)
class Concentration:
    """Shares in ppm of the largest and the five largest, of all: bars with a common scale."""

    whole: int
    five: int | None
    one: int | None


@dataclass(frozen=True)
class Charts:
    """What is drawn: months oldest first, series of whole 分, concentrations."""

    months: tuple[date, ...]
    sales: tuple[int | None, ...]
    purchases: tuple[int | None, ...]
    taxes: tuple[tuple[date, int], ...]
    customers: Concentration | None
    suppliers: Concentration | None


@dataclass(frozen=True)
class Sheet:
    """Everything the page shows of a profile besides its header."""

    sections: tuple[Section, ...]
    tiles: tuple[Line, ...]
    charts: Charts

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Keys of the facts that are stored with a value nobody can read."""
        parts = (part for section in self.sections for part in section.parts)
        return tuple(line.key for part in parts for line in part.unknown if line.lack is Lack.UNREADABLE)

    @property
    def known(self) -> int:
        """Facts that are known, of all data sets."""
        return sum(section.known for section in self.sections)

    @property
    def total(self) -> int:
        """Facts that shared data could tell."""
        return sum(section.total for section in self.sections)


def sheet_of(profile: Profile, only: Collection[str] = tuple(DATASETS)) -> Sheet:
    """The page's view of ``profile``, of all data sets or of those in ``only``.

    Facts the dictionary does not know have no meaning to show and are left out.
    """
    # A demonstration keeps to its own day: its data never grows older. Real data is as old as it is today.
    judged_on = profile.as_of if profile.demonstration else today()
    sections = tuple(_section(dataset, profile, judged_on) for name, dataset in DATASETS.items() if name in only)
    known = {line.key: line for section in sections for part in section.parts for line in part.known}
    tiles = tuple(known[key] for key in KEY_FIGURES if key in known)[:TILES]
    return Sheet(sections, tiles, charts_of(profile))


def _definitions(dataset: DataSet, profile: Profile) -> list[FactDefinition]:
    return [
        definition
        for key, definition in facts().items()
        if _place(key, _source(key, profile)) == dataset.name and definition.about != "demand"
    ]


def _source(key: str, profile: Profile) -> str:
    """Where a fact came from, also one that cannot be read; empty for what is not stored."""
    return profile.facts[key].source if key in profile.facts else profile.unreadable.get(key, "")


def _place(key: str, source: str) -> str:
    """The data set a fact stands with: by its family, else by the source it came from."""
    if key in _PLACES or not source:
        return _PLACES.get(key, "")
    return next((name for name, dataset in DATASETS.items() if dataset.source == source), "")


def _section(dataset: DataSet, profile: Profile, judged_on: date) -> Section:
    definitions = _definitions(dataset, profile)
    stored = [profile.facts[one.key] for one in definitions if one.key in profile.facts]
    received = any(_source(one.key, profile) == dataset.source for one in definitions)
    lines = [_line(one, profile, received=received) for one in definitions]
    return Section(
        dataset=dataset,
        received=received,
        parts=tuple(_parts(lines, split=dataset.name == "invoices")),
        freshness=_freshness([fact for fact in stored if fact.source == dataset.source], judged_on),
        consent_needed=profile.kind in PERSONS and bool(dataset.persons_need_written_consent),
    )


def _line(definition: FactDefinition, profile: Profile, *, received: bool) -> Line:
    if definition.key in profile.facts:
        return Line(definition, profile.facts[definition.key], None)
    if definition.key in profile.unreadable:
        return Line(definition, None, Lack.UNREADABLE)
    if definition.is_declarable:
        return Line(definition, None, Lack.DECLARABLE)
    return Line(definition, None, Lack.NOT_ENOUGH if received else Lack.NOTHING_RECEIVED)


def _parts(lines: Sequence[Line], *, split: bool) -> Iterator[Part]:
    left = list(lines)
    for beginnings, heading in _PARTS if split else ((("",), ""),):
        chosen = [line for line in left if line.key.startswith(beginnings)]
        left = [line for line in left if line not in chosen]
        if chosen:
            known = tuple(line for line in chosen if line.fact is not None)
            yield Part(heading, known, tuple(line for line in chosen if line.fact is None))


def _freshness(stored: Sequence[StoredFact], judged_on: date) -> Freshness:
    """The newest day observed, against the strictest limit of the facts that were made of it."""
    until = max((fact.observed_until for fact in stored if fact.observed_until is not None), default=None)
    limits = [facts()[fact.key].freshness_days for fact in stored]
    limit = min((days for days in limits if days is not None), default=None)
    return Freshness(until, None if until is None else max(0, (judged_on - until).days), limit)


def charts_of(profile: Profile) -> Charts:
    """The drawn figures of ``profile``; series stand latest month first and are turned round here."""
    sales, purchases = _series(profile, "sales_monthly"), _series(profile, "purchases_monthly")
    taxes = _series(profile, "tax_monthly")
    length = max(len(sales), len(purchases))
    return Charts(
        months=_months(profile.as_of, length),
        sales=_oldest_first(sales, length),
        purchases=_oldest_first(purchases, length),
        taxes=tuple(zip(_months(profile.as_of, len(taxes)), reversed(taxes), strict=True)),
        customers=_concentration(profile, "customer"),
        suppliers=_concentration(profile, "supplier"),
    )


def _series(profile: Profile, key: str) -> tuple[int, ...]:
    fact = profile.facts.get(key)
    values = fact.value if fact is not None and isinstance(fact.value, tuple) else ()
    return tuple(value for value in values if isinstance(value, int))[:MONTHS_SHOWN]


def _oldest_first(values: Sequence[int], length: int) -> tuple[int | None, ...]:
    if not values:
        return ()
    return (*[None] * (length - len(values)), *reversed(values))


def _months(day: date, length: int) -> tuple[date, ...]:
    """The trailing months of ``day``, oldest first; each is named after the month it ends in."""
    latest = day.year * 12 + day.month - 1
    return tuple(date((latest - back) // 12, (latest - back) % 12 + 1, 1) for back in reversed(range(length)))


def _concentration(profile: Profile, word: str) -> Concentration | None:
    one, five = (_ppm(profile, f"{word}_{which}_share_12m") for which in ("top1", "top5"))
    return None if one is None and five is None else Concentration(PPM, five, one)


def _ppm(profile: Profile, key: str) -> int | None:
    fact = profile.facts.get(key)
    return fact.value if fact is not None and isinstance(fact.value, int) else None
