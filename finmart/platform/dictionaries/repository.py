"""Values with dates."""

from datetime import date

from sqlalchemy import or_, select

from finmart.platform.db.session import session
from finmart.platform.dictionaries.models import DictionaryValue
from finmart.platform.dictionaries.types import NewValue

_CACHE = "dictionaries"


def value_on(*, key: str, scope: str, on: date) -> DictionaryValue | None:
    """The newest value that holds on a day; of two from the same day the one entered last.

    Read once in a unit of work: clocks and figures ask for the same value many times over.
    """
    known: dict[tuple[str, str, date], DictionaryValue | None] = session().info.setdefault(_CACHE, {})
    asked = (key, scope, on)
    if asked not in known:
        known[asked] = _read(key, scope, on)
    return known[asked]


def forget() -> None:
    """Read everything anew from now on: a value has been added or withdrawn in this unit of work."""
    session().flush()
    session().info.pop(_CACHE, None)


def _read(key: str, scope: str, on: date) -> DictionaryValue | None:
    query = (
        select(DictionaryValue)
        .where(
            DictionaryValue.key == key,
            DictionaryValue.scope == scope,
            DictionaryValue.valid_from <= on,
            or_(DictionaryValue.valid_until.is_(None), DictionaryValue.valid_until > on),
            DictionaryValue.withdrawn_at.is_(None),
        )
        .order_by(DictionaryValue.valid_from.desc(), DictionaryValue.id.desc())
        .limit(1)
    )
    return session().scalar(query)


def values_of(key: str, *, withdrawn: bool = True) -> list[DictionaryValue]:
    """All values of a key, the latest first; with or without withdrawn ones."""
    query = select(DictionaryValue).where(DictionaryValue.key == key)
    if not withdrawn:
        query = query.where(DictionaryValue.withdrawn_at.is_(None))
    return list(session().scalars(query.order_by(DictionaryValue.valid_from.desc(), DictionaryValue.id.desc())))


def value_by_public_id(public_id: str) -> DictionaryValue | None:
    """One value, held until the transaction ends."""
    query = select(DictionaryValue).where(DictionaryValue.public_id == public_id)
    return session().scalar(query.with_for_update())


def add_value(new: NewValue, *, user_id: int | None) -> DictionaryValue:
    """One more value."""
    row = DictionaryValue(
        key=new.key,
        scope=new.scope,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        number=new.number,
        words=new.words,
        source=new.source,
        entered_by_user_id=user_id,
    )
    session().add(row)
    forget()
    return row
