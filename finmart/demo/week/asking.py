"""Two hundred applicants of the city state their needs; each is matched at once and knows which products come first."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from finmart.demo.city.demands import CityDemand, demand_of
from finmart.demo.city.dice import Dice
from finmart.demo.city.subjects import CitySubject, subjects
from finmart.demo.needs import applicant_actor
from finmart.demo.week.habits import HABITS
from finmart.matching.demands import service as demands
from finmart.matching.demands.types.values import NewDemand
from finmart.matching.engine.results import Fitness, Verdict
from finmart.matching.engine.rows import Row
from finmart.matching.exposure import service as exposure
from finmart.matching.service import demands as matching
from finmart.matching.service.runs import opened_rows
from finmart.platform.kernel.actor import Actor
from finmart.products import service as products

#: So many products an applicant would try, one after the other.
CHOICES = 4
#: So many products stand on one page of a result.
PAGE_SIZE = 10


@dataclass
class Asker:
    """One applicant of the week: who it is, what it asks for, on which day and at which round it does so."""

    actor: Actor
    subject: CitySubject
    wants: CityDemand
    day: int
    round: int
    dice: Dice
    public_id: str = ""
    #: Products of the week's institutions in the order of the match, best first.
    choices: list[str] = field(default_factory=list)


def askers(seed: int, count: int, organisations: Mapping[int, int]) -> list[Asker]:
    """The applicants of the week, drawn from the city; ``organisations``: subject number → applicant organisation."""
    found = []
    for subject in drawn(seed, count):
        dice = Dice("week", seed, subject.number)
        actor = applicant_actor(organisations[subject.number])
        found.append(Asker(actor, subject, demand_of(subject), dice.below(4), dice.below(4), dice))
    return found


def drawn(seed: int, count: int) -> list[CitySubject]:
    """``count`` different subjects in an order that depends on the seed alone."""
    order = sorted(subjects(), key=lambda one: (Dice("week order", seed, one.number).below(10**6), one.number))
    return order[:count]


def ask(asker: Asker, subject_id: int) -> None:
    """Write the need down and match it; what the applicant would try is kept for the week."""
    wants = asker.wants
    new = NewDemand(wants.amount, wants.term_months, wants.purpose, wants.guarantees, wants.region, wants.urgency)
    organisation_id = asker.actor.organisation_id or 0
    saved = demands.save_demand(asker.actor, new, organisation_id=organisation_id, subject_id=subject_id)
    run = matching.match_demand(asker.actor, saved)
    asker.public_id = saved.public_id
    catalogue = products.published_catalogue().by_code
    rows = opened_rows(run.public_id)
    for row in rows:
        listed = catalogue.get(row.code)
        fits = row.verdict is not Verdict.NOT_MET and row.fit.overall is not Fitness.NONE
        if listed is not None and fits and listed.institution.code in HABITS and len(asker.choices) < CHOICES:
            asker.choices.append(row.code)
    _look(asker, run.public_id, rows)


def _look(asker: Asker, run: str, rows: tuple[Row, ...]) -> None:
    """Read the result page by page until the last product that is worth a try, and open those that are."""
    last = max((row.place for row in rows if row.code in asker.choices), default=1)
    exposure.note_shown(run, rows[: -(-last // PAGE_SIZE) * PAGE_SIZE])
    for code in asker.choices:
        exposure.note_opened(asker.actor, run, code)
