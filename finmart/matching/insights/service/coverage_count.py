"""Everyone × everything for officials: all subjects with a profile, all products on the shelf, counted and kept.

The facts are those of ``finmart match everyone``: published profiles, read by the house under a named basis, real ones
and the demonstration's never together. Nothing that an applicant has declared is read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import FactValue
from finmart.conditions.walk import AS_OF
from finmart.credit.service import bulk
from finmart.matching import snapshots
from finmart.matching.engine.bulk import everyone
from finmart.matching.engine.bulk.catalogue import compiled
from finmart.matching.engine.bulk.everyone import Machine
from finmart.matching.engine.bulk.standing import Standing, checked, standings
from finmart.matching.engine.bulk.table import Table, table_of
from finmart.matching.engine.inputs import DEMAND, ApplicantFacts, ProductOffer, VariantOffer
from finmart.matching.insights.repository import coverage as stored
from finmart.matching.insights.types.coverage import (
    ALL,
    DEMANDING,
    Counted,
    CoverageHead,
    GroupCount,
    ProductCount,
)
from finmart.matching.insights.types.figures import UNKNOWN
from finmart.matching.insights.types.stages import Dimension
from finmart.matching.service.prospects import screened
from finmart.matching.snapshots import Plan
from finmart.matching.types.errors import NoProfiles, NothingPublished
from finmart.matching.types.events import CoverageCounted
from finmart.platform.accounts.service.subjects import demonstration_subject_ids, real_subject_ids, subject_cards
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.reference import industries, regions

PLACE, INDUSTRY, SIZE, KIND = "registered_region", "industry", "firm_size", "subject_kind"

Report = Callable[[str], None]


def _silent(_text: str) -> None:
    """A job says nothing while it works."""


@dataclass(frozen=True)
class SubjectRow:
    """One subject: what the kernel is given, and what it is counted under."""

    facts: ApplicantFacts
    place: str
    codes: tuple[tuple[Dimension, str], ...]


@dataclass(frozen=True)
class Prepared:
    """Everything a count stands on, read once, subjects by place; working it out needs no database."""

    as_of: date
    demonstration: bool
    plan: Plan
    people: tuple[SubjectRow, ...]
    rows_read: int


def prepare(actor: Actor, *, as_of: date, demonstration: bool) -> Prepared:
    """Read every subject of one side with a profile as of a day, with one access row for the whole run.

    Raises ``NothingPublished``, ``ProfileClosed`` or ``NoProfiles``.
    """
    plan = snapshots.current_plan()
    if not plan.offers:
        raise NothingPublished
    wanted = demonstration_subject_ids() if demonstration else real_subject_ids()
    keys = {*snapshots.used_keys(plan.offers), PLACE, INDUSTRY, SIZE}
    people = list(bulk.profiles_for_run(actor, basis=actor.basis, as_of=as_of, subject_ids=wanted, keys=keys))
    if not people:
        raise NoProfiles(as_of.isoformat())
    kinds = {number: card.kind.value for number, card in subject_cards(one.subject_id for one in people).items()}
    found = (subject_row(kinds[one.subject_id], one.facts, as_of) for one in people)
    ordered = tuple(sorted(found, key=lambda one: one.place))
    return Prepared(as_of, demonstration, plan, ordered, sum(len(one.facts) for one in people))


def prepare_tonight(actor: Actor, *, as_of: date) -> Prepared | None:
    """As ``prepare``, of the real subjects, or where none has a profile of the demonstration's.

    None where nobody has one, or nothing is on the shelf: no reason to try again before tomorrow.
    """
    demonstration = not bulk.is_anybody_known(real_subject_ids(), as_of=as_of)
    try:
        return prepare(actor, as_of=as_of, demonstration=demonstration)
    except (NoProfiles, NothingPublished):
        return None


def subject_row(kind: str, facts: Mapping[str, FactValue], as_of: date) -> SubjectRow:
    """What is known of a subject on a day that asks for money where it is registered, and for nothing in particular."""
    day = FactValue(value=as_of, observed_until=None, source=DEMAND.rstrip("."), origin=DEMAND.rstrip("."))
    known = ApplicantFacts({**screened(kind, facts).values, AS_OF: day})
    section = industries.section_of(_said(facts, INDUSTRY)) if INDUSTRY in facts else None
    codes = (
        (Dimension.KIND, kind),
        (Dimension.SIZE, _said(facts, SIZE)),
        (Dimension.INDUSTRY, section or UNKNOWN),
    )
    where = _said(facts, PLACE)
    return SubjectRow(known, regions.district_of(where) or where, codes)


def _said(facts: Mapping[str, FactValue], key: str) -> str:
    return str(facts[key].value) if key in facts else UNKNOWN


def work_out(prepared: Prepared, *, report: Report = _silent, by: Machine | None = None) -> Counted:
    """Count every product in every place, and how every subject stands to every shelf."""
    table = table_of([one.facts for one in prepared.people])
    shelves = shelves_of(prepared.plan.offers)
    products = _products(prepared, table, report, by)
    report(f"asking {len(prepared.people)} subjects about {len(shelves)} shelves")
    ways = [[way for _code, way in shelf] for shelf in shelves.values()]
    groups = _groups(prepared.people, tuple(shelves), standings(ways, table, by=by)) if shelves else ()
    counts = {name: len({code for code, _way in shelf}) for name, shelf in shelves.items()}
    return Counted(counts, groups, products)


Shelf = list[tuple[str, VariantOffer]]


def shelves_of(offers: Iterable[ProductOffer]) -> dict[str, Shelf]:
    """Shelf → product code and way of whatever stands on it; a way that states nothing to check stands on none."""
    found: dict[str, Shelf] = defaultdict(list, {ALL: [], DEMANDING: []})
    for offer in offers:
        for way in checked(offer):
            found[ALL].append((offer.code, way))
            found[offer.product_type].append((offer.code, way))
            if way.is_demanding:
                found[DEMANDING].append((offer.code, way))
    return {name: shelf for name, shelf in found.items() if shelf}


def _products(prepared: Prepared, table: Table, report: Report, by: Machine | None) -> tuple[ProductCount, ...]:
    """Each place's subjects are rows side by side: the kernel is asked once a place."""
    catalogue = compiled(prepared.plan.offers)
    by_place: dict[str, list[list[int]]] = {}
    start = 0
    for place, own in groupby(prepared.people, key=lambda one: one.place):
        end = start + sum(1 for _one in own)
        counts = everyone.answer(catalogue, table.part(start, end), most=1, by=by).counts
        by_place[place], start = counts.tolist(), end
        report(f"counted {end} of {len(prepared.people)} subjects × {len(catalogue.offers)} products")
    return tuple(
        ProductCount(
            offer.code,
            catalogue.unchecked[row],
            {place: (counts[row][0], counts[row][1] - counts[row][0]) for place, counts in by_place.items()},
        )
        for row, offer in enumerate(catalogue.offers)
    )


def _groups(people: Sequence[SubjectRow], shelves: Sequence[str], found: NDArray[np.int8]) -> tuple[GroupCount, ...]:
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row, one in enumerate(people):
        rows[one.place, "", ""].append(row)
        for dimension, code in one.codes:
            rows[one.place, dimension.value, code].append(row)
    groups = []
    for group, members in sorted(rows.items()):
        own = found[members]
        met, open_ = ((own == each).sum(axis=0).tolist() for each in (Standing.MET, Standing.OPEN))
        pairs = zip(met, open_, strict=True)
        groups.append(GroupCount(*group, len(members), dict(zip(shelves, pairs, strict=True))))
    return tuple(groups)


def store(actor: Actor, prepared: Prepared, counted: Counted) -> CoverageHead:
    """Keep the result in the place of the side's last one."""
    row = stored.replace(
        counted_at=now(),
        as_of=prepared.as_of,
        demonstration=prepared.demonstration,
        catalogue_version=prepared.plan.catalogue_version,
        products=len(prepared.plan.offers),
        rows_read=prepared.rows_read,
        document=counted.as_json(),
    )
    record(
        actor,
        CoverageCounted(
            target=row.public_id,
            as_of=prepared.as_of.isoformat(),
            demonstration=prepared.demonstration,
            catalogue_version=prepared.plan.catalogue_version,
            products=len(prepared.plan.offers),
            subjects=counted.subjects,
        ),
    )
    return stored.head_of(row)
