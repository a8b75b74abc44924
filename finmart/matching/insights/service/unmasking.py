"""Looking behind the mask of one demand: with a reason, written down before anything is shown (DECISIONS 29)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from finmart.matching.demands import repository as demand_rows
from finmart.matching.insights.repository import asking
from finmart.matching.insights.repository.asking import Asked
from finmart.matching.insights.service import figures
from finmart.matching.insights.types.figures import CellUnknown, MaskedDemand
from finmart.matching.types.events import DemandUnmasked
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_

#: Why an official needs to know who asks.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "coordination": N_("协调机构办理这条需求"),
        "complaint": N_("处理申请人的投诉"),
        "inspection": N_("依法监督检查"),
    }
)


class UnmaskReasonMissing(BadInput):
    """None of the reasons was chosen."""

    def __init__(self) -> None:
        super().__init__(N_("请选择查看申请人名称的原因，这次查看会被记录。"))


@dataclass(frozen=True)
class Unmasked:
    """Who asks; nothing of its profile."""

    name: str
    name_en: str


def masked(actor: Actor, public_id: str) -> MaskedDemand:
    """One demand of the actor's region. Raises ``PermissionMissing``, ``NotCounted`` or ``CellUnknown``."""
    require(actor, Permission.REGION_FIGURES_READ)
    head = figures.last_count(actor)
    for demonstration in (False, True):
        asked = Asked(head.id, actor.region or "", demonstration)
        row = asking.fact_of_demand(asked, public_id)
        if row is not None:
            return figures.masked_demand(row)
    raise CellUnknown


def unmask(actor: Actor, public_id: str, *, reason: str) -> Unmasked:
    """The name of the applicant behind a demand of the actor's region; the look is recorded.

    Raises ``PermissionMissing``, ``CellUnknown`` or ``UnmaskReasonMissing``.
    """
    require(actor, Permission.REGION_DEMANDS_UNMASK)
    found = masked(actor, public_id)
    if reason not in REASONS:
        raise UnmaskReasonMissing
    row = demand_rows.by_public_id(found.public_id)
    if row is None:
        raise CellUnknown
    record(actor, DemandUnmasked(target=found.public_id, reason=reason))
    card = organisation_card(row.organisation_id)
    return Unmasked(card.name_zh, card.name_en)
