"""What the audit trail keeps of matching: ids, versions and counts, never a fact."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class MatchRan(AuditEvent):
    """One run was stored; ``target`` is the run."""

    name: ClassVar[str] = "match.ran"
    demand: str | None
    ruleset_version: int
    catalogue_version: int
    products: int


@dataclass(frozen=True, kw_only=True)
class BatchRan(AuditEvent):
    """Many subjects were matched at once; ``target`` is the batch."""

    name: ClassVar[str] = "match.batch_ran"
    firms: int
    ruleset_version: int
    catalogue_version: int
    products: int


@dataclass(frozen=True, kw_only=True)
class RunReplayed(AuditEvent):
    """A stored run was worked out again; ``target`` is the run."""

    name: ClassVar[str] = "match.replayed"
    identical: bool
    differences: int


@dataclass(frozen=True, kw_only=True)
class RuleWritten(AuditEvent):
    """A draft of the ranking rule was written or changed; ``target`` is its version."""

    name: ClassVar[str] = "ranking.written"
    from_version: int
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class RuleWithdrawn(AuditEvent):
    """A draft of the ranking rule was given up; ``target`` is its version."""

    name: ClassVar[str] = "ranking.withdrawn"
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class RuleTried(AuditEvent):
    """A draft was tried on stored demands; ``target`` is its version."""

    name: ClassVar[str] = "ranking.tried"
    fingerprint: str
    demands: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class RuleCommitted(AuditEvent):
    """A version of the ranking rule ranks from now on and is frozen; ``target`` is its version."""

    name: ClassVar[str] = "ranking.committed"
    from_version: int
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class FiguresCounted(AuditEvent):
    """The officials' figures were counted; ``target`` is the count."""

    name: ClassVar[str] = "figures.counted"
    cells: int


@dataclass(frozen=True, kw_only=True)
class CoverageCounted(AuditEvent):
    """All subjects were held against all products for officials; ``target`` is the result, ``as_of`` its day."""

    name: ClassVar[str] = "coverage.counted"
    as_of: str
    demonstration: bool
    catalogue_version: int
    products: int
    subjects: int


@dataclass(frozen=True, kw_only=True)
class FiguresExported(AuditEvent):
    """The officials' figures were taken away as a file; ``target`` is the count."""

    name: ClassVar[str] = "figures.exported"
    cells: int


@dataclass(frozen=True, kw_only=True)
class RuleDrafted(AuditEvent):
    """A draft of a ranking rule was learned from outcomes; ``target`` is its version, which ranks nothing."""

    name: ClassVar[str] = "ranking.drafted_by_training"
    decisions: int


@dataclass(frozen=True, kw_only=True)
class ExposureExported(AuditEvent):
    """What products were shown and led to was taken away as a file; ``target`` is the last day."""

    name: ClassVar[str] = "exposure.exported"
    products: int


@dataclass(frozen=True, kw_only=True)
class DemandUnmasked(AuditEvent):
    """An official looked up who stands behind a demand; ``reason`` is a code."""

    name: ClassVar[str] = "demand.unmasked"
    reason: str
