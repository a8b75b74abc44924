"""An institution's statement of itself, its event and its errors."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_
from finmart.products.editing.checks import Fault
from finmart.products.particulars.figures import Figures


@dataclass(frozen=True)
class StatedFigures:
    """What an institution of ``kind`` said of itself as of a day."""

    kind: str
    as_of: date
    figures: Figures | None


@dataclass(frozen=True, kw_only=True)
class FiguresStated(AuditEvent):
    """An institution said something of itself; ``target`` is its code, ``old_as_of`` the day of what stood before."""

    name: ClassVar[str] = "institution.figures_stated"
    as_of: date
    old_as_of: date | None
    fields: int


class FiguresRefused(BadInput):
    """What was filled in cannot be saved; ``faults`` says where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(N_("有 {count} 处需要更正，没有保存。"), count=len(faults))
        self.faults = faults
