"""Switches as they were turned."""

from sqlalchemy import select

from finmart.platform.db.session import session
from finmart.platform.switches.models import SwitchRow

_CACHE = "switches"


def positions() -> dict[str, bool]:
    """name → on, for switches that were turned; read once in a unit of work."""
    known: dict[str, bool] | None = session().info.get(_CACHE)
    if known is None:
        known = {row.name: row.on for row in rows()}
        session().info[_CACHE] = known
    return known


def rows() -> list[SwitchRow]:
    """All switches that were turned."""
    return list(session().scalars(select(SwitchRow)))


def turn(name: str, *, on: bool, reason: str, user_id: int | None) -> None:
    """Set a switch."""
    row = session().get(SwitchRow, name)
    if row is None:
        session().add(SwitchRow(name=name, on=on, reason=reason, changed_by_user_id=user_id))
    else:
        row.on, row.reason, row.changed_by_user_id = on, reason, user_id
    session().flush()
    session().info.pop(_CACHE, None)
