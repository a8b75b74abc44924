"""Declarations and demands of the city's applicants, entered and matched as an applicant's own are."""

from collections.abc import Callable, Iterable, Mapping

from finmart.credit.service import declaring
from finmart.demo.city.declarations import declarations
from finmart.demo.city.demands import CityDemand
from finmart.demo.city.subjects import CitySubject
from finmart.demo.seen import Seen, read_result
from finmart.matching.demands import service as demands
from finmart.matching.demands.types.states import DemandStep
from finmart.matching.demands.types.values import NewDemand
from finmart.matching.service import demands as matching
from finmart.platform.authz.roles import permissions_of
from finmart.platform.kernel.actor import Actor

Report = Callable[[str], None]
_ROLE = "applicant_owner"
_BASIS = "demonstration city"
#: A few demands stay drafts, so that a draft can be looked at.
_DRAFTS_EVERY = 14


def applicant_actor(organisation_id: int) -> Actor:
    """Somebody who acts for an applicant of the demonstration without having an account."""
    return Actor(
        name="demonstration",
        organisation_id=organisation_id,
        organisation_kind="applicant",
        role=_ROLE,
        basis=_BASIS,
        permissions=permissions_of(_ROLE),
    )


def declare(city: Iterable[CitySubject], ids: Mapping[int, int], organisations: Mapping[int, int]) -> int:
    """Enter what each of the subjects says of itself, if it has not yet; returns how many facts were declared."""
    count = 0
    for subject in city:
        values, organisation = declarations(subject), organisations[subject.number]
        if values and not declaring.own_declarations(organisation):
            declaring.declare(applicant_actor(organisation), ids[subject.number], values, commitment=True)
            count += len(values)
    return count


def ask(
    asked: Iterable[CityDemand], ids: Mapping[int, int], organisations: Mapping[int, int], report: Report
) -> dict[int, Seen]:
    """Write down, match and mostly publish the demands of applicants that have none yet.

    Returns what each of them saw of its result, by the subject's number.
    """
    seen: dict[int, Seen] = {}
    wanted = list(asked)
    for place, each in enumerate(wanted, start=1):
        number = each.subject.number
        actor = applicant_actor(organisations[number])
        if not demands.own_demands(actor).total:
            seen[number] = _ask(actor, each, ids[number], draft=place % _DRAFTS_EVERY == 0)
        if place % 20 == 0 or place == len(wanted):
            report(f"demands matched: {place} of {len(wanted)}")
    return seen


def _ask(actor: Actor, each: CityDemand, subject_id: int, *, draft: bool) -> Seen:
    new = NewDemand(each.amount, each.term_months, each.purpose, each.guarantees, each.region, each.urgency)
    saved = demands.save_demand(actor, new, organisation_id=actor.organisation_id or 0, subject_id=subject_id)
    run = matching.match_demand(actor, saved)
    if not draft:
        _publish(actor, saved.public_id)
    return read_result(run.public_id)


def _publish(actor: Actor, public_id: str) -> None:
    """draft → an anonymous card, whatever the operator has switched off: the city shows what the platform can do.

    People come by ``applicant.open_to_institutions``, which asks the switch.
    """
    demand = demands.own_locked(actor, public_id)
    demands.move(actor, demand, DemandStep.PUBLISH)
    demands.move(actor, demand, DemandStep.OPEN_BOARD)
    demands.run_clock(actor, demand, demands.waiting_for_an_answer())
