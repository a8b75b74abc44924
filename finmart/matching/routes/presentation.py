"""What the result pages show of a stored run, worded in the language of the request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from finmart.conditions.sentence import sentence
from finmart.conditions.types import FactValue
from finmart.matching.engine.inputs import variant_of
from finmart.matching.engine.remedies import Remedy
from finmart.matching.engine.results import Fit, Verdict
from finmart.matching.engine.rows import Row
from finmart.matching.engine.seen import SeenClause, seen_clauses
from finmart.matching.routes import wording
from finmart.matching.routes.bringing import ShownMaterials, shown_materials
from finmart.matching.routes.shares import place_words, told_shares
from finmart.matching.routes.wording import LETTER_STATES, VERDICT_STATES
from finmart.matching.service.runs import OpenRun
from finmart.platform.kernel.money import FEN_PER_WAN
from finmart.platform.web import filters
from finmart.platform.web.language import current_language, localized
from finmart.platform.web.pages import Page
from finmart.products import service as products
from finmart.products.types import PublishedProduct

PAGE_SIZE = 10

#: what a tab shows → which rows stand behind it; the order of the tabs
GROUPS: Mapping[str, Callable[[Row], bool]] = {
    "": lambda _row: True,
    "suits": lambda row: row.suits,
    "met": lambda row: row.verdict in {Verdict.MET, Verdict.MET_CHECKED},
    "open": lambda row: row.verdict in {Verdict.OPEN, Verdict.UNCHECKED},
    "not_met": lambda row: row.verdict is Verdict.NOT_MET,
}


@dataclass(frozen=True)
class ShownFact:
    """One fact a condition saw, in words."""

    label: str
    value: str
    until: str
    source: str


@dataclass(frozen=True)
class ShownClause:
    """One condition in words with what it saw."""

    text: str
    state: str
    required: bool
    seen: tuple[ShownFact, ...]
    missing: str


@dataclass(frozen=True)
class ShownRow:
    """One product of a run in words."""

    row: Row
    name: str
    owner: str
    listed: bool
    connected: bool
    state: str
    label: str
    text: str
    fit: str
    fit_lines: Sequence[tuple[str, str, str]]
    limit: tuple[str, str]
    cost: tuple[str, str]
    clauses: tuple[ShownClause, ...]
    #: What to bring; None where nobody else's facts are shown, and in runs from before materials were kept.
    materials: ShownMaterials | None
    words: tuple[str, ...]
    variant: str
    institution_code: str
    #: What to ask for here, in 万元: no more than is needed, than the product lends, than it would lend this applicant.
    ask: str
    #: Why it stands below the product above it, and what was compared: criterion and figure in words.
    why: str
    shares: tuple[tuple[str, str], ...]
    #: Days to a decision, and where they come from.
    speed: tuple[str, str]


def _fact(key: str, fact: FactValue) -> ShownFact:
    until = "" if fact.observed_until is None else filters.day(fact.observed_until, current_language())
    return ShownFact(
        wording.fact_label(key), wording.value_words(key, fact), until, wording.source_word(fact.source, fact.origin)
    )


def shown_clause(seen: SeenClause) -> ShownClause:
    """A clause in words with the values it saw, their dates and sources, and what an answer still wants."""
    facts = {key: fact for leaf in seen.leaves for key, fact in leaf.seen.items()}
    wanted = seen.leaves if seen.state == "u" else ()
    missing = dict.fromkeys(key for leaf in wanted for key in leaf.missing)
    return ShownClause(
        text=sentence(seen.clause.condition, current_language()),
        state=LETTER_STATES[seen.state],
        required=seen.clause.required,
        seen=tuple(_fact(key, fact) for key, fact in facts.items()),
        missing=wording.separator().join(wording.fact_label(key) for key in missing),
    )


def _seen(run: OpenRun, row: Row) -> tuple[SeenClause, ...]:
    offer = run.plan.offer(row.code)
    return () if offer is None else seen_clauses(variant_of(offer, row.variant), run.facts)


def _variant_label(product: PublishedProduct | None, key: str) -> str:
    """The variant's name where a product has several."""
    if product is None or len(product.variants) == 1:
        return ""
    return next((localized(v.label_zh, v.label_en) for v in product.variants if v.key == key), key)


def shown_row(run: OpenRun, row: Row, *, with_facts: bool) -> ShownRow:
    """One product of ``run``; ``with_facts`` shows what its conditions saw, which is the applicant's alone."""
    product = products.published_catalogue().by_code.get(row.code)
    seen = _seen(run, row) if with_facts else ()
    same = product is not None and product.version == row.version
    return ShownRow(
        row=row,
        name=row.code if product is None else localized(product.name_zh, product.name_en),
        owner="" if product is None else localized(product.institution.name_zh, product.institution.name_en),
        listed=product is not None,
        connected=product is not None and product.institution.connected,
        state=VERDICT_STATES[row.verdict],
        label=wording.verdict_label(row.verdict),
        text=wording.verdict_sentence(row),
        fit=wording.fit_label(row),
        fit_lines=wording.fit_lines(row),
        limit=wording.limit_words(row.limit),
        cost=wording.cost_words(row.cost),
        clauses=tuple(shown_clause(clause) for clause in seen),
        materials=shown_materials(run.plan.offer(row.code), seen, run.facts) if with_facts else None,
        words=tuple(words.text_zh for words in product.words) if product is not None and same else (),
        variant=_variant_label(product, row.variant),
        institution_code="" if product is None else product.institution.code,
        ask=_ask(row),
        why=place_words(row, run.rows[row.place - 2] if row.place > 1 else None, run.ruleset.rule),
        shares=told_shares(row, run.ruleset.rule),
        speed=wording.speed_words(run.plan.offer(row.code)),
    )


def _ask(row: Row) -> str:
    """The indicative limit in whole 万元 where it covers only a part; empty leaves the amount to the application."""
    limit = row.limit.amount
    if row.fit.amount is not Fit.PARTIAL or not limit or limit < FEN_PER_WAN:
        return ""
    return str(limit // FEN_PER_WAN)


def phones() -> dict[str, str]:
    """institution code → the public number of an institution that takes no applications here."""
    listed = [one.record for one in products.institutions()]
    return {record.ref.code: record.phone for record in listed if not record.ref.connected}


def page_of(run: OpenRun, group: str, number: int, *, with_facts: bool, size: int = PAGE_SIZE) -> Page[ShownRow]:
    """One page of a run's products in the order they were ranked, of one group."""
    wanted = [row for row in run.rows if GROUPS[group](row)]
    start = (number - 1) * size
    shown = [shown_row(run, row, with_facts=with_facts) for row in wanted[start : start + size]]
    return Page(shown, len(wanted), number, size)


def row_of(run: OpenRun, code: str) -> ShownRow | None:
    """The place of the product with ``code`` in a run; None when the run did not rank it."""
    return next((shown_row(run, row, with_facts=True) for row in run.rows if row.code == code), None)


def group_counts(run: OpenRun) -> dict[str, int]:
    """How many products each group holds."""
    return {group: sum(map(belongs, run.rows)) for group, belongs in GROUPS.items()}


@dataclass(frozen=True)
class ShownRemedy:
    """One change in words, and the best product it opens."""

    text: str
    best: str
    best_code: str


def shown_remedies(remedies: Iterable[Remedy], *, most: int = 8) -> list[ShownRemedy]:
    """The changes worth reading, those that open most first."""
    ordered = sorted(remedies, key=lambda remedy: -len(remedy.opens))[:most]
    catalogue = products.published_catalogue().by_code
    found = []
    for remedy in ordered:
        product = catalogue.get(remedy.opens[0])
        name = remedy.opens[0] if product is None else localized(product.name_zh, product.name_en)
        found.append(ShownRemedy(wording.remedy_words(remedy), name, remedy.opens[0] if product else ""))
    return found
