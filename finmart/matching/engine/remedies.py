"""The smallest lawful changes that open more: one more datum, a debt settled, another amount or term, a guarantee.

A change that closes as many products as it opens, or more, helps nobody and is not advised.

Nothing here ever advises to change what must be true (age, founding date, industry, region, purpose, a record):
only what an applicant is free to ask for, what it can offer or settle (``actions``), and data that are missing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, islice

from finmart.matching.engine.actions import AUTHORISE, after, already_read, authorised_by, open_changes
from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed, ProductOffer, VariantOffer
from finmart.matching.engine.results import Fit, Outcome, Verdict

MODES = ("joint", "guarantee", "pledge", "mortgage")
#: How many changes of one kind are worth reading; the smallest that opens anything and the one that opens most.
MOST_OF_A_KIND = 2
#: How many candidate values of one kind are tried, those nearest to what is asked first.
MOST_TRIED = 12

#: How many pairs of changes are tried where no single one opens anything.
MOST_PAIRS = 40

Answer = Callable[[DemandNeed], Sequence[Outcome]]
#: What changed facts and a changed need would be answered.
AnswerFor = Callable[[ApplicantFacts, DemandNeed], Sequence[Outcome]]
#: How many products that nothing known spoke against would no longer be open, after a changed need, or facts as well.
Lost = Callable[[DemandNeed], int]
LostFor = Callable[[ApplicantFacts, DemandNeed], int]
Change = tuple[str, str, int | None]


@dataclass(frozen=True)
class Remedy:
    """One change: ``kind`` and its value, the products it opens (best first), how many others it closes.

    ``kind`` is ``datum`` (``key`` becomes known; what it will say is open), ``authorise`` (``key`` is the data set that
    makes what is missing known), ``settle`` or ``open`` (``key`` is the fact that changes), ``amount`` (``value`` 分),
    ``term`` (``value`` days) or ``guarantee`` (``key`` is the mode to add). ``also`` is the second change (kind, key,
    value) of a pair of which neither opens anything alone.
    """

    kind: str
    key: str
    value: int | None
    opens: tuple[str, ...]
    also: tuple[str, str, int | None] | None = None
    closes: int = 0


def _open_for_data(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return [o for o in outcomes if o.verdict is Verdict.OPEN and o.covers and o.missing]


def missing_data(outcomes: Sequence[Outcome]) -> tuple[Remedy, ...]:
    """For each single fact: the products of which it is the only thing unknown; most products first."""
    waiting = _open_for_data(outcomes)
    alone = Counter(o.missing[0] for o in waiting if len(o.missing) == 1)
    keys = sorted(alone, key=lambda key: (-alone[key], key))
    return tuple(Remedy("datum", key, None, tuple(o.code for o in waiting if o.missing == (key,))) for key in keys)


def data_to_authorise(facts: ApplicantFacts, outcomes: Sequence[Outcome]) -> tuple[Remedy, ...]:
    """For each data set that was not read yet: the products of which it could make everything unknown known."""
    found: dict[str, list[str]] = {}
    read = already_read(facts)
    for outcome in _open_for_data(outcomes):
        sets = {authorised_by().get(key) for key in outcome.missing}
        name = sets.pop() if len(sets) == 1 else None
        if name is not None and name not in read:
            found.setdefault(name, []).append(outcome.code)
    names = sorted(found, key=lambda name: (-len(found[name]), name))
    return tuple(Remedy(AUTHORISE, name, None, tuple(found[name])) for name in names)


def changed_facts(
    facts: ApplicantFacts, need: DemandNeed, before: Sequence[Outcome], answer: AnswerFor, lost: LostFor
) -> tuple[Remedy, ...]:
    """What settling or opening something would open, one change at a time; most products first."""
    tried = (
        Remedy(kind, key, None, _opened(before, answer(after(facts, key), need))) for kind, key in open_changes(facts)
    )
    return tuple(_gaining(_most_first(tried), lambda remedy: lost(after(facts, remedy.key), need)))


def _most_first(remedies: Iterable[Remedy]) -> list[Remedy]:
    """Those that open anything, the most products first."""
    return sorted((one for one in remedies if one.opens), key=lambda remedy: -len(remedy.opens))


def _gaining(remedies: Iterable[Remedy], lost: Callable[[Remedy], int]) -> Iterator[Remedy]:
    """Those that open more than they close, in their order; asked for one by one, because asking takes a while."""
    counted = (replace(remedy, closes=lost(remedy)) for remedy in remedies)
    return (remedy for remedy in counted if len(remedy.opens) > remedy.closes)


def _changed(facts: ApplicantFacts, need: DemandNeed, change: Change) -> tuple[ApplicantFacts, DemandNeed]:
    """The facts and the need after one change."""
    match change:
        case ("amount", _, int(value)):
            return facts, replace(need, amount=value)
        case ("term", _, int(value)):
            return facts, replace(need, term_days=value)
        case ("guarantee", mode, _):
            return facts, replace(need, guarantees=(*need.guarantees, mode))
        case (_, key, _):
            return after(facts, key), need


def _single_changes(
    facts: ApplicantFacts, need: DemandNeed, offers: Sequence[ProductOffer], before: Sequence[Outcome]
) -> list[Change]:
    """Every change open to the applicant, of amounts and terms the nearest in each direction."""
    amounts = [("amount", "", value) for values in _amounts(need, offers, before) for value in values[:1]]
    terms = [("term", "", value) for values in _terms(need, offers) for value in values[:1]]
    modes = [("guarantee", mode, None) for mode in MODES if mode not in need.guarantees]
    return [*((kind, key, None) for kind, key in open_changes(facts)), *amounts, *terms, *modes]


def changed_together(
    facts: ApplicantFacts,
    need: DemandNeed,
    offers: Sequence[ProductOffer],
    before: Sequence[Outcome],
    answer: AnswerFor,
    lost: LostFor,
) -> tuple[Remedy, ...]:
    """Pairs of changes that open something; asked only where no single change does. The two that open most."""
    pairs = [
        (first, second)
        for first, second in combinations(_single_changes(facts, need, offers, before), 2)
        if first[0] != second[0] or first[0] not in {"amount", "term", "guarantee"}
    ]
    after_both = {pair: _changed(*_changed(facts, need, pair[0]), pair[1]) for pair in pairs[:MOST_PAIRS]}
    found = [Remedy(*pair[0], _opened(before, answer(*both)), also=pair[1]) for pair, both in after_both.items()]

    def lost_by(remedy: Remedy) -> int:
        first = (remedy.kind, remedy.key, remedy.value)
        return 0 if remedy.also is None else lost(*after_both[first, remedy.also])

    return tuple(islice(_gaining(_most_first(found), lost_by), MOST_OF_A_KIND))


def _opened(before: Sequence[Outcome], after: Sequence[Outcome]) -> tuple[str, ...]:
    covered = {outcome.code for outcome in before if outcome.covers}
    return tuple(outcome.code for outcome in after if outcome.covers and outcome.code not in covered)


def _worth_reading(remedies: Sequence[Remedy], lost: Callable[[Remedy], int]) -> list[Remedy]:
    """Of those that open more than they close: the first (smallest) change, then the one that opens most."""
    useful = [remedy for remedy in remedies if remedy.opens]
    smallest = islice(_gaining(useful, lost), 1)
    most = islice(_gaining(_most_first(useful), lost), 1)
    return list(dict.fromkeys([*smallest, *most]))


def _variants(offers: Iterable[ProductOffer]) -> Iterable[VariantOffer]:
    return (variant for offer in offers for variant in offer.variants)


def _nearest(values: Iterable[int], asked: int) -> list[list[int]]:
    """Values below and above what is asked, each nearest first: two directions are two different choices."""
    found = sorted({value for value in values if value > 0 and value != asked}, key=lambda value: abs(value - asked))
    return [[v for v in found if v < asked][:MOST_TRIED], [v for v in found if v > asked][:MOST_TRIED]]


def _amounts(need: DemandNeed, offers: Sequence[ProductOffer], before: Sequence[Outcome]) -> list[list[int]]:
    """Amounts that would meet a limit, and those that would meet a smallest loan."""
    short = [o.limit.amount or o.limit.at_most or 0 for o in before if o.fit.amount is Fit.PARTIAL]
    more = [v.amount_min for v in _variants(offers) if v.amount_min is not None and v.amount_min > need.amount]
    return _nearest([*short, *more], need.amount)


def _terms(need: DemandNeed, offers: Sequence[ProductOffer]) -> list[list[int]]:
    """Terms in days that would meet a longest term, and those that would meet a shortest one."""
    shorter = [v.term_max_days for v in _variants(offers) if v.term_max_days and v.term_max_days < need.term_days]
    longer = [v.term_min_days for v in _variants(offers) if v.term_min_days and v.term_min_days > need.term_days]
    return _nearest([*shorter, *longer], need.term_days)


def changed_needs(
    need: DemandNeed, offers: Sequence[ProductOffer], before: Sequence[Outcome], answer: Answer, lost: Lost
) -> tuple[Remedy, ...]:
    """What another amount, term or a further guarantee would open. ``answer`` ranks all products for a need."""

    def asking(change: Change) -> DemandNeed:
        return _changed(ApplicantFacts(), need, change)[1]

    @cache
    def lost_by(remedy: Remedy) -> int:
        return lost(asking((remedy.kind, remedy.key, remedy.value)))

    def tried(kind: str, values: Sequence[int]) -> list[Remedy]:
        opened = [(value, _opened(before, answer(asking((kind, "", value))))) for value in values]
        return _worth_reading([Remedy(kind, "", value, opens) for value, opens in opened], lost_by)

    by_amount = [r for values in _amounts(need, offers, before) for r in tried("amount", values)]
    by_term = [r for values in _terms(need, offers) for r in tried("term", values)]
    modes: list[Change] = [("guarantee", mode, None) for mode in MODES if mode not in need.guarantees]
    by_mode = [Remedy(*change, _opened(before, answer(asking(change)))) for change in modes]
    return (*by_amount, *by_term, *_gaining(_most_first(by_mode), lost_by))
