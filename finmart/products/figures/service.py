"""What an institution says of itself: written by its own people, read by everybody, always with its day."""

from collections.abc import Mapping
from datetime import date

from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_, Message
from finmart.products.editing.checks import Fault, cell_faults
from finmart.products.figures import repository
from finmart.products.figures.types import FiguresRefused, FiguresStated, StatedFigures
from finmart.products.particulars import json_form
from finmart.products.particulars.cells import values_of
from finmart.products.particulars.figures import figure_specs, figures_class

AS_OF = "as_of"


def figures_of(organisation_id: int) -> StatedFigures | None:
    """What the institution said last of itself; None when it said nothing."""
    row = repository.latest(organisation_id)
    if row is None:
        return None
    return StatedFigures(row.kind, row.as_of, json_form.load_figures(row.kind, row.document))


def own_figures(actor: Actor) -> StatedFigures:
    """What the actor's institution said last; before that, its sort and today. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_PRODUCTS_CONFIRM)
    organisation_id = actor.organisation_id or 0
    kind = repository.owner(organisation_id)[1]
    said = figures_of(organisation_id)
    # A statement made as an institution of another sort has other fields.
    return said if said is not None and said.kind == kind else StatedFigures(kind, today(), None)


def _faults(kind: str, cells: Mapping[str, str], as_of: date | None) -> tuple[Fault, ...]:
    known = figure_specs(kind).values()
    found = [fault for spec in known for fault in cell_faults(spec, cells.get(spec.column, ""))]
    if as_of is None or as_of > today():
        found.append(Fault(AS_OF, Message(N_("请填写数据截至的日期，不能晚于今天。"))))
    if not any(cell.strip() for cell in cells.values()):
        found.append(Fault(AS_OF, Message(N_("请至少填写一项。"))))
    return tuple(found)


def state_figures(actor: Actor, cells: Mapping[str, str], *, as_of: date | None) -> None:
    """Write what the actor's institution says of itself as of a day.

    Raises ``PermissionMissing`` or ``FiguresRefused``.
    """
    require(actor, Permission.OWN_PRODUCTS_CONFIRM)
    organisation_id = actor.organisation_id or 0
    code, kind = repository.owner(organisation_id)
    faults = _faults(kind, cells, as_of)
    if faults or as_of is None:
        raise FiguresRefused(faults)
    before = repository.latest(organisation_id)
    figures = figures_class(kind)(**values_of(figure_specs(kind).values(), cells))
    document = json_form.dump(figures)
    repository.add(organisation_id=organisation_id, kind=kind, as_of=as_of, document=document, by_user_id=actor.user_id)
    old = None if before is None else before.as_of
    record(actor, FiguresStated(target=code, as_of=as_of, old_as_of=old, fields=len(document)))
