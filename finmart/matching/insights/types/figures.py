"""Figures for officials as values: what is asked, what is told, and the cases behind it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from finmart.matching.insights.types.stages import Days, Dimension
from finmart.platform.kernel.errors import NotFound, NotReady
from finmart.platform.kernel.messages import N_

#: A district, industry or size that a case does not state; never dropped and never guessed.
UNKNOWN = "unknown"
#: What stands in the place of a number of real cases that is too small to be stated, or that would give one away. It
#: says nothing of its size: a number that is hidden for the sake of another may be large.
HIDDEN = "*"


class NotCounted(NotReady):
    """Nothing has been counted yet."""

    def __init__(self) -> None:
        super().__init__(N_("统计还没有运行过，请联系平台运营人员。"))


class CellUnknown(NotFound):
    """No such figure in the last count, or none that may be opened."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个统计数字。"))


@dataclass(frozen=True)
class Question:
    """Which cases are counted: those of the demonstration or real ones, published in a period (both days included).

    A period is one of whole months, so that moving it by a day gives away nobody: days are widened to their months,
    and ends that stand the wrong way round are exchanged. ``where`` narrows a list of cases by dimension and code.
    """

    demonstration: bool = False
    since: date | None = None
    until: date | None = None
    where: Mapping[Dimension, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        since, until = self.since, self.until
        if since and until and since > until:
            since, until = until, since
        object.__setattr__(self, "since", since and since.replace(day=1))
        object.__setattr__(self, "until", until and until.replace(day=monthrange(until.year, until.month)[1]))


@dataclass(frozen=True)
class Figure:
    """One count with the sum of its amounts (分). ``few``: too few real cases, or it would give such a one away."""

    value: int
    amount: int = 0
    few: bool = False

    @property
    def shown(self) -> str:
        """The count as it may be written down."""
        return HIDDEN if self.few else str(self.value)


@dataclass(frozen=True)
class Line:
    """The figures of one code of a dimension, by stage; the empty code is the whole."""

    code: str
    figures: Mapping[str, Figure]

    def share(self, stage: str, of: str) -> int | None:
        """``stage`` of ``of`` in ppm; None where the denominator is nothing or either may not be stated."""
        part, whole = self.figures[stage], self.figures[of]
        if part.few or whole.few or whole.value == 0:
            return None
        return part.value * 1_000_000 // whole.value


@dataclass(frozen=True)
class Book:
    """The whole, and the breakdowns that each split it; every case stands in exactly one line of each."""

    whole: Line
    by: Mapping[Dimension, Sequence[Line]]

    def figure(self, stage: str, where: Mapping[Dimension, str]) -> Figure:
        """The figure of the whole, or of one code of one breakdown; nothing where the breakdown lacks the code.

        Raises ``CellUnknown`` for a figure that stands in no breakdown.
        """
        if not where:
            return self.whole.figures[stage]
        ((along, code), *others) = where.items()
        if others or along not in self.by:
            raise CellUnknown
        return next((line.figures[stage] for line in self.by[along] if line.code == code), Figure(0))


@dataclass(frozen=True)
class Timing:
    """Working days of one kind: how many cases, the median and the ninetieth percentile in tenths of a day."""

    days: Days
    cases: int
    median: int | None
    p90: int | None
    few: bool = False


@dataclass(frozen=True)
class CountHead:
    """When was counted, as of which day, from which catalogue."""

    id: int
    public_id: str
    counted_at: datetime
    as_of: date
    catalogue_version: int
    products: int
    demands: int
    applications: int


@dataclass(frozen=True)
class ProductCell:
    """Products of the catalogue open to a district or an industry section; one may stand in several."""

    dimension: Dimension
    code: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class MaskedDemand:
    """A demand as officials see it: no name, no identifier (DECISIONS 29)."""

    public_id: str
    district: str
    industry: str
    size: str
    kind: str
    amount: int
    purpose: str
    outcome: str
    published_on: date
    answered: bool
    approved_amount: int | None
    funded_amount: int | None
    demonstration: bool

    @property
    def number(self) -> str:
        """Enough of the id to speak of it, too little to look it up."""
        return f"{self.public_id[:4]}****"


@dataclass(frozen=True)
class MaskedLead:
    """An application as officials see it."""

    public_id: str
    institution: str
    product_type: str
    district: str
    industry: str
    received_on: date | None
    state: str
    decline_code: str
    contact_days: int | None
    decision_days: int | None
    approved_amount: int | None
    funded_amount: int | None
    demonstration: bool

    @property
    def number(self) -> str:
        """Enough of the id to speak of it, too little to look it up."""
        return f"{self.public_id[:4]}****"
