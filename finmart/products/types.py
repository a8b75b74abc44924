"""What the catalogue speaks of: products, their variants with terms of their own, and conditions as clauses."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from finmart.platform.kernel.money import Term
from finmart.products.particulars.kinds import Particulars

Json = dict[str, Any]
RateKind = Literal["interest", "fee"]
PPM_PER_BASIS_POINT = 100


@dataclass(frozen=True)
class InstitutionRef:
    """Whose product it is. ``connected``: the institution has a desk here, takes applications and owns clocks.

    ``region`` is where it works; empty for a national institution and where the source does not say.
    """

    code: str
    name_zh: str
    name_en: str
    kind: str
    connected: bool
    region: str = ""


@dataclass(frozen=True)
class InstitutionRecord:
    """An institution as the catalogue file states it; blanks are empty strings and mean "not stated"."""

    ref: InstitutionRef
    level: str
    city: str
    phone: str
    recorded_on: date
    address: str = ""


@dataclass(frozen=True)
class AdmissionClause:
    """One condition that can be checked: ``condition`` in the JSON form of ``finmart.conditions``.

    ``origin`` says where it is stated: ``column:tax_grades``, ``clause:3`` (the third clause in words, from 1) or
    ``variant:credit``. ``required`` excludes when not met; a preference only scores. ``note_zh`` says how the words
    were understood where they leave room.
    """

    key: str
    origin: str
    condition: Json
    required: bool
    text_zh: str
    note_zh: str = ""


@dataclass(frozen=True)
class Words:
    """A clause that is stated in words alone; ``number`` counts the product's clauses from 1."""

    number: int
    kind: str
    text_zh: str


@dataclass(frozen=True)
class Fee:
    """A cost beside interest: ``rate`` in ppm of the amount, or None when only words state it.

    ``per`` is ``once``, ``year``, ``month``, ``day`` or ``deposit`` (held back and returned at the end).
    """

    key: str
    label_zh: str
    label_en: str
    rate: int | None
    per: str
    payer: str
    text_zh: str


@dataclass(frozen=True)
class IndexedRate:
    """A rate that follows a published index: ``base`` in ppm is what ``index`` stood at on the day ``on``.

    Spreads are basis points over the base and may be below zero; None means not stated.
    """

    index: str
    on: date
    base: int
    spread_min: int | None = None
    spread_max: int | None = None

    def over(self, spread: int | None) -> int | None:
        """The rate in ppm at ``spread``; None where that is not stated."""
        return None if spread is None else self.base + spread * PPM_PER_BASIS_POINT


@dataclass(frozen=True)
class Variant:
    """One way to get the product, with terms of its own. Money is 分, rates ppm; None means not stated.

    A rate that is stated as index and spread stands in ``indexed``; ``rate_min`` and ``rate_max`` are then what it
    came to on its day, so that whoever only reckons with rates need not know of indexes.
    """

    key: str
    label_zh: str
    label_en: str
    amount_min: int | None = None
    amount_max: int | None = None
    term_min: Term | None = None
    term_max: Term | None = None
    rate_min: int | None = None
    rate_max: int | None = None
    rate_kind: RateKind = "interest"
    guarantee_modes: tuple[str, ...] = ()
    repayment_modes: tuple[str, ...] = ()
    collateral_kinds: tuple[str, ...] = ()
    clauses: tuple[AdmissionClause, ...] = ()
    limit: Json | None = None
    fees: tuple[Fee, ...] = ()
    indexed: IndexedRate | None = None


@dataclass(frozen=True)
class PublishedProduct:
    """One published version of a product, whole.

    ``words`` are the clauses still to be confirmed by the institution (they keep a verdict from being "met");
    ``notes`` are the clauses that carry no eligibility (cases, steps, terms, fees), by kind. ``serves`` are the
    purposes that this product alone serves (a bid bond pays for no machine); empty means that its kind decides.
    ``particulars`` are what only products of its type state; None when nothing of it is stated. ``materials`` are the
    papers that it says an applicant must bring; empty means that it says nothing of any.
    """

    code: str
    version: int
    name_zh: str
    name_en: str
    institution: InstitutionRef
    product_type: str
    variants: tuple[Variant, ...]
    words: tuple[Words, ...]
    notes: tuple[Words, ...]
    stated_fields: frozenset[str]
    evidence_tier: str
    source: str
    recorded_on: date
    decision_days: int | None
    online_level: str
    policy_program: str = ""
    risk_sharing: str = ""
    serves: tuple[str, ...] = ()
    particulars: Particulars | None = None
    materials: tuple[str, ...] = ()

    def states(self, name: str) -> bool:
        """Whether the source states the catalogue column ``name`` at all."""
        return name in self.stated_fields

    def codes_in(self, origin: str, operator: str) -> tuple[str, ...]:
        """The codes that the clause from ``origin`` compares with ``operator``; empty when there is none."""
        for clause in self.variants[0].clauses:
            if clause.origin == origin:
                return tuple(clause.condition[operator][1])
        return ()

    @property
    def target_subjects(self) -> tuple[str, ...]:
        """Whom the product is for; empty means not stated."""
        return self.codes_in("column:target_subjects", "in")

    @property
    def region_codes(self) -> tuple[str, ...]:
        """Where it is offered; empty means no region is stated."""
        return self.codes_in("column:region_codes", "region_in")

    @property
    def guarantee_modes(self) -> tuple[str, ...]:
        """Every guarantee mode of any variant, in order of first mention."""
        return tuple(dict.fromkeys(mode for variant in self.variants for mode in variant.guarantee_modes))

    @property
    def overall(self) -> Variant:
        """The terms of all variants together: the widest stated bounds, for lists; the only variant as it is."""
        if len(self.variants) == 1:
            return self.variants[0]
        lowest = [v.rate_min for v in self.variants if v.rate_min is not None]
        highest = [v.rate_max for v in self.variants if v.rate_max is not None]
        ends = [v.term_max for v in self.variants if v.term_max]
        return replace(
            self.variants[0],
            amount_min=min((v.amount_min or 0 for v in self.variants), default=0) or None,
            amount_max=max((v.amount_max for v in self.variants if v.amount_max is not None), default=None),
            term_max=max(ends, key=lambda end: end.in_days, default=None),
            rate_min=min(lowest, default=None),
            rate_max=max(highest, default=None),
            guarantee_modes=self.guarantee_modes,
            indexed=None,
        )

    @property
    def amount_max(self) -> int | None:
        """The largest stated amount of any variant, in 分."""
        return self.overall.amount_max

    @property
    def term_max_days(self) -> int | None:
        """The longest stated term of any variant, in comparable days (a month is 30)."""
        longest = self.overall.term_max
        return longest.in_days if longest else None

    @property
    def lowest_interest(self) -> int | None:
        """The lowest stated interest rate in ppm; a guarantee fee is no interest rate and never counts."""
        return self.overall.rate_min if self.overall.rate_kind == "interest" else None


@dataclass(frozen=True)
class Catalogue:
    """All published products in order of their codes; ``version`` grows with every publication."""

    version: int
    products: tuple[PublishedProduct, ...]
    by_code: dict[str, PublishedProduct] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Confirmation:
    """On which day somebody last said that what is listed is right, and whether that was the operator."""

    on: date
    by_operator: bool = False


@dataclass(frozen=True)
class ListedInstitution:
    """An institution with what its listing says and how many products are published.

    ``valid_until``: the last day for which the institution states what its page says; None: no end is known.
    """

    organisation_id: int
    record: InstitutionRecord
    products: int
    confirmation: Confirmation | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class ListedProduct:
    """A published product with what its institution's own page needs besides."""

    product: PublishedProduct
    published_at: datetime
    last_confirmed_on: date | None


class LoadReport(NamedTuple):
    """What an import of the catalogue did; a second run of the same file publishes nothing."""

    institutions: int
    connected: int
    products: int
    published: int
    unchanged: int
    clauses: int
    words_to_confirm: int
    notes: int
    catalogue_version: int
