"""The three hundred: who they are, where, since when, how big, and which story their figures tell."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from finmart.demo.city import identity, plan, sizes
from finmart.demo.city.dice import Dice
from finmart.demo.city.trades import Trade, trades_of

#: What happened to a firm in the months before the reference date, and in how many of 100 firms.
STORIES = (("steady", 44), ("growing", 23), ("shrinking", 13), ("gap", 6), ("concentrated", 7), ("new", 7))
#: How many of each kind.
NUMBERS = (
    ("enterprise", plan.ENTERPRISES),
    ("individual_business", plan.SOLE_TRADERS),
    ("cooperative", plan.COOPERATIVES),
    ("farmer", plan.FARMERS),
    ("person", plan.RESIDENTS),
)
PERSONS = frozenset({"farmer", "person"})


@dataclass(frozen=True)
class CitySubject:
    """One fictional subject. ``sales`` (yearly, planned), ``assets`` and ``capital`` are 分; persons have neither.

    ``number`` counts from 1 over the whole city and is what every later stream of chance is named after.
    """

    number: int
    kind: str
    name: str
    scheme: str
    identifier: str
    district: str
    street: str
    zone: str | None
    trade: Trade | None
    story: str
    established: date | None
    capital: int
    employees: int
    sales: int
    assets: int
    head: str
    head_born: date
    mu: int = 0

    @property
    def region(self) -> str:
        """Where it is counted: its zone when it sits in one, else its district."""
        return self.zone or self.district

    @property
    def is_firm(self) -> bool:
        """Whether it is registered under a credit code of its own and is no natural person's income."""
        return self.kind in ("enterprise", "cooperative")

    @property
    def sole_trader(self) -> bool:
        """Whether its figures are a person's: they are gathered with written consent only."""
        return self.kind == "individual_business"


@cache
def subjects() -> tuple[CitySubject, ...]:
    """All subjects in their order: the same on every call and every machine."""
    kinds = [kind for kind, count in NUMBERS for _ in range(count)]
    return tuple(_subject(number, kind) for number, kind in enumerate(kinds, start=1))


def _subject(number: int, kind: str) -> CitySubject:
    dice = Dice("subject", number)
    trade = None if kind == "person" else dice.weighted(trades_of(kind))
    district = _district(dice, kind, trade)
    head = identity.person_name(number, dice)
    born = date(dice.between(1962, 1999), dice.between(1, 12), dice.between(1, 28))
    person = kind in PERSONS
    story = dice.weighted(STORIES) if kind == "enterprise" else "steady"
    size = sizes.size_of(kind, trade, story, dice)
    return CitySubject(
        number=number,
        kind=kind,
        name=head if person else identity.firm_name(number, kind, trade, district, dice),
        scheme="resident_id" if person else "uscc",
        identifier=identity.resident_id(number, born) if person else identity.credit_code(number, kind, district),
        district=district,
        street=identity.street(district, dice),
        zone=_zone(kind, trade, district, dice),
        trade=trade,
        story=story,
        established=None if person else size.established,
        capital=size.capital,
        employees=size.employees,
        sales=size.sales,
        assets=size.assets,
        head=head,
        head_born=born,
        mu=size.mu,
    )


def _district(dice: Dice, kind: str, trade: Trade | None) -> str:
    if kind in ("farmer", "cooperative"):
        own = [each for each in plan.RURAL_DISTRICTS if trade and each[0] in trade.districts]
        return dice.weighted(own or plan.RURAL_DISTRICTS)
    if trade and dice.chance(65):
        return dice.pick(trade.districts)
    return dice.weighted(plan.DISTRICTS)


def _zone(kind: str, trade: Trade | None, district: str, dice: Dice) -> str | None:
    """Manufacturers mostly sit in their district's zone; nobody else does."""
    inside = kind == "enterprise" and trade is not None and "13" <= trade.industry[:2] <= "40" and dice.chance(60)
    return plan.ZONES.get(district) if inside else None
