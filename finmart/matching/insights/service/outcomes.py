"""Learning from outcomes here: how well results ranked what was approved, and how likely an approval is.

Figures stand on stored runs and on the decisions of applications, nothing else; they name no one. The likelihood is
shown to nobody as a promise. Training makes a draft of a ranking rule and never lets it rank.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from finmart.matching.engine.results import Fit
from finmart.matching.engine.rows import Row, load_row
from finmart.matching.insights.repository import counting
from finmart.matching.insights.repository import outcomes as repository
from finmart.matching.insights.service.facts import about, reached
from finmart.matching.leads.models import Lead
from finmart.matching.leads.types.states import LeadStep
from finmart.matching.learning import keeping, metrics
from finmart.matching.learning.directions import GRADES
from finmart.matching.learning.monotone import fit_monotone, folded
from finmart.matching.learning.types import Flags, Floats, Ints, TooLittle
from finmart.matching.models import MatchRun
from finmart.matching.rulesets import service as rulesets
from finmart.matching.types.events import RuleDrafted
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_

#: With fewer decisions, or fewer of either kind, nothing is fitted.
FEWEST_DECISIONS, FEWEST_OF_A_KIND = 100, 20
#: A segment is given with at least so many cases.
FEWEST_CASES = 10
PPM = 1_000_000
#: Column → the direction its meaning demands: +1 may only raise a likelihood, −1 only lower it, 0 either.
DIRECTIONS: Mapping[str, int] = {
    "not_met": -1,
    "unknown": -1,
    "words": -1,
    "amount_covered": 1,
    "term_covered": 1,
    "guarantee_fits": 1,
    "overdue": -1,
    "years_established": 1,
    "tax_grade": 1,
    "asked_amount": 0,
}
#: Column → the criterion of the ranking rule that speaks of the same.
CRITERION_OF = {
    "not_met": "not_met",
    "unknown": "unknown",
    "words": "words",
    "amount_covered": "amount_short",
    "term_covered": "term_short",
    "guarantee_fits": "fit",
}
SEGMENTS = ("kind", "district", "industry", "size")


@dataclass(frozen=True)
class Case:
    """One application that came from a result: where the product stood, what became of it, and what was known."""

    demand: int
    product: str
    place: int
    approved: bool
    decided: bool
    features: tuple[float, ...]
    segments: Mapping[str, str]


@dataclass(frozen=True)
class Known:
    """All cases, of the real applicants or, where there are none, of the demonstration."""

    cases: tuple[Case, ...]
    demonstration: bool
    #: How many products the runs behind them showed, and how many of these were opened.
    exposures: tuple[int, int]


def _known() -> Known:
    leads = [lead for lead in counting.leads() if lead.product_code]
    demonstration = all(lead.demonstration for lead in leads)
    leads = [lead for lead in leads if lead.demonstration is demonstration]
    newest = {demand: run.id for demand, run in counting.latest_runs().items()}
    wanted = {lead.id: lead.run_id or newest.get(lead.demand_id) for lead in leads}
    by_run: dict[int, list[Lead]] = {}
    for lead in leads:
        run_id = wanted[lead.id]
        if run_id is not None:
            by_run.setdefault(run_id, []).append(lead)
    stands, kinds = reached(counting.steps()), counting.applicant_kinds()
    demands = {demand.id: demand for demand in counting.published_demands()}
    found = []
    for run in repository.whole_runs(by_run):
        rows = {row.code: row for row in map(load_row, run.rows)}
        for lead in by_run[run.id]:
            row, demand = rows.get(lead.product_code), demands.get(lead.demand_id)
            if row is None or demand is None:
                continue
            of, steps = about(demand, run, kinds), stands[lead.id]
            segments = {name: str(getattr(of, name)) for name in SEGMENTS}
            approved, declined = steps.has(LeadStep.APPROVE), steps.has(LeadStep.DECLINE)
            features = _features(row, run, lead)
            case = Case(demand.id, row.code, row.place, approved, approved or declined, features, segments)
            found.append(case)
    return Known(tuple(found), demonstration, repository.exposures(by_run))


def _features(row: Row, run: MatchRun, lead: Lead) -> tuple[float, ...]:
    """The columns of ``DIRECTIONS`` in order; what is not known stands at a middle that says nothing."""
    facts = run.inputs["facts"]
    return (
        float(row.not_met),
        float(row.unknown),
        float(row.words),
        _covered(row.fit.amount, row.fit.amount_share),
        _covered(row.fit.term, row.fit.term_share),
        {Fit.FULL: 1.0, Fit.NONE: 0.0}.get(row.fit.guarantee, 0.5),
        float(np.log1p(_overdue(facts))),
        min(_number(facts, "years_established") or 3.0, 20.0),
        GRADES.get(str(_value(facts, "tax_grade")), GRADES["M"]),
        float(np.log1p(lead.asked_amount)),
    )


def _overdue(facts: Mapping[str, Any]) -> float:
    """The most overdue payments that are known of the applicant or its owner in any window; one that is overdue now."""
    own = [key for key in facts if key.rpartition(".")[0] in {"", "controller"}]
    counts = [_number(facts, key) or 0.0 for key in own if "overdue_count" in key]
    return max([*counts, float(any(_value(facts, key) is True for key in own if key.endswith("overdue_now")))])


def _value(facts: Mapping[str, Any], key: str) -> Any:
    """What a run knew of a fact: it stands first among what is stored of it."""
    stored = facts.get(key)
    return stored[0] if stored else None


def _number(facts: Mapping[str, Any], key: str) -> float | None:
    value = _value(facts, key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _covered(fit: Fit, share: int | None) -> float:
    if share is not None:
        return share / PPM
    return {Fit.FULL: 1.0, Fit.NONE: 0.0}.get(fit, 0.5)


def _ranking(cases: Iterable[Case]) -> tuple[metrics.Ranked, list[Case]]:
    """How each demand's result ranked what was approved for it; demands with no approval say nothing here."""
    by_demand: dict[int, list[Case]] = {}
    for case in cases:
        if case.approved:
            by_demand.setdefault(case.demand, []).append(case)
    first = [own[0] for own in by_demand.values()]
    width = max([metrics.DEPTH, *(case.place for own in by_demand.values() for case in own)])
    relevant = np.zeros((len(by_demand), width), dtype=bool)
    for line, own in enumerate(by_demand.values()):
        relevant[line, [case.place - 1 for case in own]] = True
    order: Ints = np.tile(np.arange(metrics.DEPTH), (len(by_demand), 1))
    return metrics.ranked(order, relevant), first


def evaluate() -> dict[str, Any]:
    """How well results ranked approved products, and how far the likelihood can be believed, whole and by segment."""
    known = _known()
    judged, firsts = _ranking(known.cases)
    decided = [case for case in known.cases if case.decided]
    answer: dict[str, Any] = {
        "data": {
            "demonstration": known.demonstration,
            "applications": len(known.cases),
            "decisions": len(decided),
            "approved": sum(case.approved for case in known.cases),
            **dict(zip(("shown", "opened"), known.exposures, strict=True)),
            "demands_with_approval": len(firsts),
            "as_of": today().isoformat(),
        },
        "ranking": judged.summary() if firsts else {"firms": 0},
        "ranking_by_segment": {},
        "likelihood": {
            "trained": False,
            "because": f"needs {FEWEST_DECISIONS} decisions, {FEWEST_OF_A_KIND} of either kind",
        },
    }
    for name in SEGMENTS:
        parts = _parts([case.segments[name] for case in firsts])
        answer["ranking_by_segment"][name] = {value: judged.summary(kept) for value, kept in parts}
    if _enough(decided):
        x, y, groups = _matrix(decided)
        likely, came = folded(x, y, groups, DIRECTIONS), y > 0
        by = {
            name: {
                value: metrics.calibration(likely[kept], came[kept])
                for value, kept in _parts([case.segments[name] for case in decided])
            }
            for name in SEGMENTS
        }
        answer["likelihood"] = {"trained": True, **metrics.calibration(likely, came), "by_segment": by}
    return answer


def _parts(values: list[str]) -> list[tuple[str, Flags]]:
    codes = np.array(values)
    return [(str(one), codes == one) for one in sorted(set(values)) if np.sum(codes == one) >= FEWEST_CASES]


def _matrix(decided: list[Case]) -> tuple[Floats, Floats, Floats]:
    x = np.array([case.features for case in decided])
    y = np.array([float(case.approved) for case in decided])
    return x, y, np.array([float(case.demand) for case in decided])


def _enough(decided: list[Case]) -> bool:
    good = sum(case.approved for case in decided)
    return len(decided) >= FEWEST_DECISIONS and min(good, len(decided) - good) >= FEWEST_OF_A_KIND


def train(actor: Actor) -> dict[str, Any]:
    """Fit the likelihood and keep a draft of a ranking rule that names its data, day and metrics.

    Raises ``TooLittle`` with the number of decisions that are needed.
    """
    answer = evaluate()
    decided = [case for case in _known().cases if case.decided]
    if not _enough(decided):
        raise TooLittle(
            N_("只有{found}笔有决定的申请，至少要有{least}笔、批准和拒绝各{each}笔才能训练。"),
            found=len(decided),
            least=FEWEST_DECISIONS,
            each=FEWEST_OF_A_KIND,
        )
    x, y, _groups = _matrix(decided)
    fitted = fit_monotone(x, y, DIRECTIONS)
    strength = {
        CRITERION_OF[n]: abs(float(w)) for n, w in zip(fitted.names, fitted.weights, strict=True) if n in CRITERION_OF
    }
    whole = {key: value for key, value in answer["likelihood"].items() if key not in {"by_segment", "reliability"}}
    about_it = {
        "decisions": len(decided),
        "trained_on": today().isoformat(),
        "data": answer["data"],
        "metrics": {"ranking": answer["ranking"], "likelihood": whole},
        "likelihood": fitted.as_json(),
    }
    document = rulesets.keep_learned_draft(strength, about_it, author_id=actor.user_id)
    record(actor, RuleDrafted(target=str(document["version"]), decisions=len(decided)))
    return document


def sentences(answer: Mapping[str, Any]) -> Iterable[str]:
    """The answer in lines for people."""
    data, ranking, likely = answer["data"], answer["ranking"], answer["likelihood"]
    kind = "demonstration" if data["demonstration"] else "real"
    yield f"{data['applications']} applications, {data['decisions']} decided ({kind}), as of {data['as_of']}"
    yield f"  their results: {data['shown']} products shown, {data['opened']} opened, {data['approved']} approved"
    if ranking["firms"]:
        yield f"  approved products in the results: {keeping.of_ranking(ranking)}  ({ranking['firms']} demands)"
        yield from keeping.of_segments(answer["ranking_by_segment"])
    if likely["trained"]:
        yield "  cross-validated by demand:"
    yield from keeping.of_likelihood(likely)
