"""Whom a product would admit among the demonstration city's subjects: counts, and why the others are refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from finmart.conditions.types import FactValue
from finmart.credit.service import bulk
from finmart.credit.service.declaring import declarations_of
from finmart.matching import snapshots
from finmart.matching.engine.bulk.admission import Judged, judge
from finmart.matching.engine.bulk.exact import Mask
from finmart.matching.engine.bulk.prospects import Screen
from finmart.matching.engine.bulk.table import table_of
from finmart.matching.engine.inputs import DEMAND, ApplicantFacts, Clause, ProductOffer
from finmart.matching.engine.results import Verdict
from finmart.matching.service.applicants import declared_fact
from finmart.platform.accounts.service.claims import verified_organisations_of
from finmart.platform.accounts.service.subjects import demonstration_subject_ids, subject_cards
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products import service as products

PURPOSE = "prospects"
BASIS = "who would this admit, on the demonstration sample"
#: What a subject is asked for beside what the product speaks of.
PLACE = "registered_region"


@dataclass(frozen=True)
class Reason:
    """One condition with how many of the sample fail it, and how many cannot be told for want of data.

    ``alone``: how many of those who fail it meet all others and would be admitted but for it. ``without``: the places
    in the sample of those who do not meet it.
    """

    clause: Clause
    not_met: int
    unknown: int
    alone: int
    without: frozenset[int]

    @property
    def together(self) -> int:
        """How many of those who fail it are kept out by something else as well."""
        return self.not_met - self.alone


@dataclass(frozen=True)
class Admission:
    """What one product's required conditions say of the sample; money and term play no part.

    ``met`` are the places in the sample of those who meet them all.
    """

    code: str
    as_of: date
    subjects: int
    counts: Mapping[str, int]
    by_kind: tuple[tuple[str, int, int], ...]
    reasons: tuple[Reason, ...]
    words: int
    met: frozenset[int]

    @property
    def admitted(self) -> int:
        """How many meet every condition that is checked."""
        return self.counts.get(Verdict.MET, 0) + self.counts.get(Verdict.MET_CHECKED, 0)

    @property
    def undecided(self) -> int:
        """How many miss a datum, or face no condition that could be checked."""
        return self.counts.get(Verdict.OPEN, 0) + self.counts.get(Verdict.UNCHECKED, 0)

    @property
    def refused(self) -> int:
        """How many fail a condition."""
        return self.counts.get(Verdict.NOT_MET, 0)


def _place(facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """A subject asks for money where it is registered; nothing else of a demand is supposed."""
    where = facts.get(PLACE)
    return {} if where is None else {f"{DEMAND}region": where}


def _reasons(judged: Judged) -> tuple[Reason, ...]:
    reasons = [
        Reason(each.clause, each.not_met, each.unknown, each.alone, _places(each.without)) for each in judged.conditions
    ]
    return tuple(sorted(reasons, key=lambda reason: (-reason.not_met, -reason.unknown, reason.clause.key)))


def _places(mask: Mask) -> frozenset[int]:
    return frozenset(np.flatnonzero(mask).tolist())


def _by_kind(kinds: Sequence[str], judged: Judged) -> tuple[tuple[str, int, int], ...]:
    """Kind of applicant, how many are admitted, of how many."""
    met = Counter(kind for kind, is_met in zip(kinds, judged.met.tolist(), strict=True) if is_met)
    all_of = Counter(kinds)
    return tuple((kind, met[kind], all_of[kind]) for kind in sorted(all_of))


def screened(kind: str, facts: Mapping[str, FactValue]) -> ApplicantFacts:
    """What a screening knows of a subject: its kind, its profile, and that it asks for money where it is registered."""
    known = FactValue(value=kind, observed_until=None, source="subject_register", origin="imported")
    return ApplicantFacts({"subject_kind": known, **facts, **_place(facts)})


def sample(actor: Actor, keys: frozenset[str]) -> list[tuple[str, ApplicantFacts]]:
    """Each subject of the demonstration sample: its kind, and what its profile says of ``keys``.

    What its organisation has declared counts where the profile says nothing (DECISIONS 3).
    """
    cards, wanted = subject_cards(demonstration_subject_ids()), keys | {PLACE}
    profiles = list(
        bulk.profiles_for_run(actor, basis=BASIS, as_of=today(), subject_ids=cards, keys=wanted, purpose=PURPOSE)
    )
    said = _declared(cards, wanted)
    known = ((one.subject_id, snapshots.merged(one.facts, said.get(one.subject_id, {})).facts) for one in profiles)
    kinds = ((cards[subject_id].kind.value, facts.values) for subject_id, facts in known)
    return [(kind, screened(kind, facts)) for kind, facts in kinds]


def _declared(subject_ids: Iterable[int], keys: frozenset[str]) -> dict[int, dict[str, FactValue]]:
    """subject → what the organisation that has proved to be it declares on ``keys``."""
    owners = verified_organisations_of(subject_ids)
    said = declarations_of(owners.values())
    return {
        subject: {one.key: declared_fact(one) for one in said.get(owner, ()) if one.key in keys}
        for subject, owner in owners.items()
    }


def admission_of(offer: ProductOffer, subjects: Sequence[tuple[str, ApplicantFacts]]) -> Admission:
    """Count ``subjects`` by what ``offer`` requires."""
    judged = judge(Screen(table_of([facts for _kind, facts in subjects])), offer)
    return Admission(
        code=offer.code,
        as_of=today(),
        subjects=len(subjects),
        counts={verdict.value: number for verdict, number in judged.counts.items()},
        by_kind=_by_kind([kind for kind, _facts in subjects], judged),
        reasons=_reasons(judged),
        words=offer.words,
        met=_places(judged.met),
    )


def who_would_this_admit(actor: Actor, code: str) -> Admission:
    """Count the demonstration sample by what the published product ``code`` requires.

    Raises ``PermissionMissing`` or ``ProductUnknown``.
    """
    require(actor, Permission.SAMPLE_PROSPECTS_READ)
    offer = snapshots.product_offer(products.product(code))
    return admission_of(offer, sample(actor, snapshots.used_keys([offer])))
