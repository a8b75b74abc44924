"""What the engine answers: codes and numbers, worded only where they are shown."""

from dataclasses import dataclass
from enum import StrEnum

from finmart.reference.loan_cost import CostBasis


class Verdict(StrEnum):
    """What can be said of a product's required conditions."""

    #: Every condition is checked and met, and no clause is left in words.
    MET = "met"
    #: Every condition that could be checked is met; some clauses are stated in words and stay to be confirmed.
    MET_CHECKED = "met_checked"
    #: None is known to fail and at least one is unknown.
    OPEN = "open"
    #: The source states no condition that could be checked.
    UNCHECKED = "unchecked"
    #: At least one fails.
    NOT_MET = "not_met"


class Fit(StrEnum):
    """How one of the product's terms compares with the need."""

    FULL = "full"
    #: The product does not state this term, or the limit cannot be worked out yet.
    NOT_STATED = "not_stated"
    UNKNOWN = "unknown"
    PARTIAL = "partial"
    NONE = "none"


class Fitness(StrEnum):
    """All terms taken together."""

    FULL = "full"
    #: Nothing speaks against it, but amount, term or guarantee is not stated or not known.
    OPEN = "open"
    PARTIAL = "partial"
    NONE = "none"


class LimitBasis(StrEnum):
    """What an indicative limit rests on."""

    NOT_STATED = "not_stated"
    CAP = "cap"
    FORMULA = "formula"
    CAP_AND_FORMULA = "cap_and_formula"
    #: There is a formula and facts for it are missing.
    FACTS_MISSING = "facts_missing"


@dataclass(frozen=True)
class ClauseState:
    """How one clause stands: ``state`` is m, n or u (met, not met, unknown); ``missing`` are the keys not known."""

    key: str
    required: bool
    state: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limit:
    """An indicative limit in 分 (never a promise); without ``amount`` it lies between ``at_least`` and ``at_most``.

    Either end may be None: then it is not known. ``at_least`` is given by rules that read limits as intervals.
    """

    basis: LimitBasis
    amount: int | None = None
    at_most: int | None = None
    missing: tuple[str, ...] = ()
    at_least: int | None = None

    @property
    def low(self) -> int:
        """The least it can be, whatever the missing facts say: what somebody may reckon with.

        A cap says nothing of this applicant and what is not stated says nothing at all: both may be zero.
        """
        exact = 0 if self.amount is None or self.basis is LimitBasis.CAP else self.amount
        return max(exact, self.at_least or 0)

    @property
    def high(self) -> int | None:
        """The most it can be; None where nothing bounds it."""
        return self.at_most if self.amount is None else self.amount


@dataclass(frozen=True)
class TermsFit:
    """Fit term by term; the shares (ppm of what is asked) say how much of a partial one is covered."""

    amount: Fit
    term: Fit
    guarantee: Fit
    purpose: Fit
    amount_share: int | None = None
    term_share: int | None = None

    @property
    def overall(self) -> Fitness:
        """The worst of the terms; a purpose that is not stated counts as any purpose."""
        states = (self.amount, self.term, self.guarantee, self.purpose)
        if Fit.NONE in states:
            return Fitness.NONE
        if Fit.PARTIAL in states:
            return Fitness.PARTIAL
        return Fitness.FULL if set(states[:3]) == {Fit.FULL} else Fitness.OPEN


#: The highest yearly cost in ppm that is one, the last of 64 bits: beyond it hardly anything is paid out.
MOST_COST = (1 << 63) - 1


@dataclass(frozen=True)
class AllInCost:
    """The all-in annual cost for this need in ppm, compound (IRR): at the lowest and at the highest stated rate.

    Where only a highest rate is stated (``up_to``) both are the cost at that rate. ``lowest`` is at most ``MOST_COST``.
    ``method`` is the repayment it was worked out for, ``assumed`` whether the source names none that can be computed.
    """

    basis: CostBasis
    lowest: int | None = None
    highest: int | None = None
    simple: int | None = None
    method: str | None = None
    assumed: bool = False
    fees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One product for one need, through its best variant; ``shares`` are the ranking keys in order."""

    code: str
    version: int
    variant: str
    verdict: Verdict
    clauses: tuple[ClauseState, ...]
    words: int
    fit: TermsFit
    limit: Limit
    cost: AllInCost
    shares: tuple[tuple[str, int], ...] = ()

    def count(self, state: str) -> int:
        """How many required clauses are in ``state`` (m, n, u)."""
        return sum(1 for clause in self.clauses if clause.required and clause.state == state)

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts whose absence keeps required clauses unknown, in order of first mention."""
        keys = (key for clause in self.clauses if clause.required and clause.state == "u" for key in clause.missing)
        return tuple(dict.fromkeys(keys))

    @property
    def suits(self) -> bool:
        """Whether every checked condition is met, and amount, term and guarantee are stated and fit."""
        return self.verdict in {Verdict.MET, Verdict.MET_CHECKED} and self.fit.overall is Fitness.FULL

    @property
    def covers(self) -> bool:
        """Whether nothing known speaks against it: no condition fails and no term falls short."""
        return self.verdict is not Verdict.NOT_MET and self.fit.overall in {Fitness.FULL, Fitness.OPEN}
