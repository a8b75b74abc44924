"""What the city asks for: demands from every kind, district and industry, sized by what the asker turns over."""

from dataclasses import dataclass
from functools import cache

from finmart.demo.city.dice import Dice
from finmart.demo.city.people import applicants
from finmart.demo.city.sizes import WAN
from finmart.demo.city.subjects import CitySubject, subjects
from finmart.reference import industries

COUNT = 66
_STEPS = (5, 10, 20, 30, 50, 80, 100, 150, 200, 300, 500, 800, 1_000, 2_000, 3_000)
_PURPOSES = {
    "firm": (("working_capital", 40), ("purchase", 25), ("equipment", 20), ("premises", 8), ("refinance", 7)),
    "research": (("research", 45), ("working_capital", 30), ("equipment", 25)),
    "rural": (("farming", 65), ("equipment", 20), ("purchase", 15)),
    "person": (("consumption", 60), ("startup", 40)),
}
_GUARANTEES = (
    (("credit",), 42),
    (("credit", "joint"), 22),
    (("joint", "guarantee"), 12),
    (("mortgage",), 10),
    (("credit", "mortgage"), 7),
    (("pledge",), 7),
)
_TERMS = ((6, 10), (12, 50), (24, 15), (36, 20), (60, 5))
_URGENCIES = (("week", 15), ("month", 40), ("quarter", 30), ("open", 15))


@dataclass(frozen=True)
class CityDemand:
    """One demand, in the words of ``matching.demands``; ``amount`` is 分."""

    subject: CitySubject
    amount: int
    term_months: int
    purpose: str
    guarantees: tuple[str, ...]
    region: str
    urgency: str


@cache
def demands() -> tuple[CityDemand, ...]:
    """``COUNT`` demands, one a subject; everybody who signs in, every kind, district and section has one."""
    order = sorted(subjects(), key=lambda subject: (Dice("asks", subject.number).below(10_000), subject.number))
    asking = list(dict.fromkeys([*(subject for _, subject in applicants()), *_covering(order)]))
    asking += [subject for subject in order if subject not in asking][: max(0, COUNT - len(asking))]
    return tuple(demand_of(subject) for subject in sorted(asking, key=lambda subject: subject.number))


def _covering(order: list[CitySubject]) -> list[CitySubject]:
    """The first subjects, in the given order, with which every kind, district, zone and section appears."""
    seen: set[str] = set()
    chosen = []
    for subject in order:
        section = industries.section_of(subject.trade.industry) if subject.trade else None
        marks = {subject.kind, subject.district, subject.region, section or ""} - {""}
        if marks - seen:
            seen |= marks
            chosen.append(subject)
    return chosen


def demand_of(subject: CitySubject) -> CityDemand:
    """What a subject would ask for; always the same."""
    dice = Dice("demand", subject.number)
    person = subject.kind == "person"
    return CityDemand(
        subject,
        amount=_amount(subject, dice),
        term_months=dice.weighted(_TERMS),
        purpose=dice.weighted(_PURPOSES[_group(subject)]),
        guarantees=("credit",) if person else dice.weighted(_GUARANTEES),
        region=subject.region,
        urgency=dice.weighted(_URGENCIES),
    )


def _group(subject: CitySubject) -> str:
    if subject.kind in ("farmer", "cooperative"):
        return "rural"
    if subject.kind == "person":
        return "person"
    return "research" if subject.trade and "high_tech" in subject.trade.qualifications else "firm"


def _amount(subject: CitySubject, dice: Dice) -> int:
    """A round sum: 8 to 40 % of a year's sales, some thousand yuan a 亩, or a household's need."""
    if subject.sales:
        wanted = subject.sales * dice.between(8, 40) // 100
    elif subject.mu:
        wanted = subject.mu * dice.between(1_500, 4_000) * 100
    else:
        wanted = dice.between(5, 30) * WAN
    return max(step * WAN for step in _STEPS if step * WAN <= max(wanted, _STEPS[0] * WAN))
