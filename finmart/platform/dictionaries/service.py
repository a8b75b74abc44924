"""Asking for values by day, entering and withdrawing them."""

from collections.abc import Callable, Sequence
from datetime import date

from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.dictionaries import repository
from finmart.platform.dictionaries.models import DictionaryValue
from finmart.platform.dictionaries.types import (
    ENTRIES,
    Entry,
    KeyUnknown,
    Kind,
    NewValue,
    Scope,
    ValueEntered,
    ValueMissing,
    ValueRefused,
    ValueUnknown,
    ValueView,
    ValueWithdrawn,
)
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.messages import N_
from finmart.reference import lpr

MAX_SOURCE = 300
MIN_REASON = 4


class _Scopes:
    known: Callable[[], Sequence[Scope]] | None = None


def use_scopes(known: Callable[[], Sequence[Scope]]) -> None:
    """Tell the house which product types there are (the domain that owns the list calls this)."""
    _Scopes.known = known


def scopes() -> Sequence[Scope]:
    """The product types for which a scoped value can be set apart."""
    return _Scopes.known() if _Scopes.known else ()


def value(key: str, on: date, *, scope: str = "") -> int:
    """The number kept under ``key`` on a day, in the entry's unit: days, count, ppm.

    The value of ``scope`` (a product type) comes first, then the general one, then the code's default. Raises
    ``ValueMissing`` where there is none of them, ``KeyError`` for a key that is not in the code.
    """
    entry = ENTRIES[key]
    found = _found(key, scope, on)
    if found is not None and found.number is not None:
        return found.number
    if entry.default is None:
        raise ValueMissing(key, on)
    return entry.default


def words(key: str, on: date) -> str:
    """The words kept under ``key`` on a day; empty while nobody has entered any. ``KeyError`` for an unknown key."""
    found = _found(key, "", on) if ENTRIES[key].kind is Kind.TEXT else None
    return found.words if found is not None else ""


def _found(key: str, scope: str, on: date) -> DictionaryValue | None:
    apart = repository.value_on(key=key, scope=scope, on=on) if scope else None
    return apart or repository.value_on(key=key, scope="", on=on)


def loan_prime_rates() -> lpr.IndexTable:
    """The published rates that come with the project and those the operator has entered; the operator's win."""
    entered = [
        lpr.Quote(index, row.valid_from, row.valid_until, row.number, row.source)
        for index in (lpr.ONE_YEAR, lpr.FIVE_YEARS)
        for row in repository.values_of(f"lpr.{index}", withdrawn=False)
        if row.number is not None and row.valid_until is not None
    ]
    return lpr.published().with_quotes(entered)


def missing_on(on: date) -> list[str]:
    """The keys that nobody has entered and the code assumes nothing for; a rate counts when none holds on the day."""
    return [key for key in ENTRIES if not _is_known(key, on)]


def _is_known(key: str, on: date) -> bool:
    entry = ENTRIES[key]
    if entry.default is not None or repository.value_on(key=key, scope="", on=on) is not None:
        return True
    if not key.startswith("lpr."):
        return False
    try:
        loan_prime_rates().quote(key.removeprefix("lpr."), on)
    except lpr.IndexNotKnown:
        return False
    return True


def list_values(actor: Actor, key: str) -> list[ValueView]:
    """All values of a key, the latest first, withdrawn ones too. Raises ``PermissionMissing`` or ``KeyUnknown``."""
    require(actor, Permission.ALL_DICTIONARIES_MANAGE)
    if key not in ENTRIES:
        raise KeyUnknown
    return [_view(row) for row in repository.values_of(key)]


def read_value(actor: Actor, public_id: str) -> ValueView:
    """One value that still counts. Raises ``PermissionMissing`` or ``ValueUnknown``."""
    require(actor, Permission.ALL_DICTIONARIES_MANAGE)
    return _view(_living(public_id))


def current_values(actor: Actor, on: date) -> dict[str, ValueView | None]:
    """key → the general value that holds on a day. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_DICTIONARIES_MANAGE)
    found = {key: repository.value_on(key=key, scope="", on=on) for key in ENTRIES}
    return {key: _view(row) if row is not None else None for key, row in found.items()}


def enter(actor: Actor, new: NewValue) -> str:
    """Keep a value from a day on; its public id. What was kept before stays.

    Raises ``PermissionMissing``, ``KeyUnknown`` or ``ValueRefused``.
    """
    require(actor, Permission.ALL_DICTIONARIES_MANAGE)
    entry = ENTRIES.get(new.key)
    if entry is None:
        raise KeyUnknown
    _check(entry, new)
    before = repository.value_on(key=new.key, scope=new.scope, on=new.valid_from)
    row = repository.add_value(new, user_id=actor.user_id)
    record(
        actor,
        ValueEntered(
            target=row.public_id,
            key=new.key,
            scope=new.scope,
            valid_from=new.valid_from,
            old=before.number if before is not None else entry.default,
            new=new.number,
        ),
    )
    return row.public_id


def withdraw(actor: Actor, public_id: str, *, reason: str) -> str:
    """Withdraw a wrong value, with the reason; what it covered holds again. Returns its key.

    Raises ``PermissionMissing``, ``ValueUnknown`` or ``ValueRefused``.
    """
    require(actor, Permission.ALL_DICTIONARIES_MANAGE)
    row = _living(public_id)
    if len(reason.strip()) < MIN_REASON:
        raise ValueRefused(N_("请写明理由，至少 4 个字。"))
    row.withdrawn_at = now()
    row.withdrawn_by_user_id = actor.user_id
    row.withdrawn_reason = reason.strip()
    repository.forget()
    record(actor, ValueWithdrawn(target=row.public_id, key=row.key, scope=row.scope, old=row.number))
    return row.key


def _living(public_id: str) -> DictionaryValue:
    row = repository.value_by_public_id(public_id)
    if row is None or row.withdrawn_at is not None:
        raise ValueUnknown
    return row


def _check(entry: Entry, new: NewValue) -> None:
    if not new.source.strip() or len(new.source) > MAX_SOURCE:
        raise ValueRefused(N_("请写明取值的来源，例如文件名称和文号。"))
    if new.scope and (not entry.scoped or new.scope not in {scope.code for scope in scopes()}):
        raise ValueRefused(N_("这一项不能按产品类型单独设定，或没有这个产品类型。"))
    if entry.dated_end and (new.valid_until is None or new.valid_until <= new.valid_from):
        raise ValueRefused(N_("请填写失效日期（下一次公布日），并且晚于生效日期。"))
    if entry.kind is Kind.TEXT:
        if not new.words.strip() or len(new.words) > entry.most:
            raise ValueRefused(N_("请填写内容，不超过 {most} 个字。"), most=entry.most)
    elif new.number is None or not entry.least <= new.number <= entry.most:
        raise ValueRefused(N_("取值应在 {least} 到 {most} 之间。"), least=entry.least, most=entry.most)


def _view(row: DictionaryValue) -> ValueView:
    return ValueView(
        public_id=row.public_id,
        key=row.key,
        scope=row.scope,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        number=row.number,
        words=row.words,
        source=row.source,
        entered_at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )
