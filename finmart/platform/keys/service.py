"""Rotating the keys: a new one for what is written from now on, and what older ones sealed is sealed anew.

Every step is a unit of work of its own that leaves things sound: whoever is stopped in the middle begins again.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from finmart.platform.audit.service import record
from finmart.platform.crypto.checks import KeyChanged
from finmart.platform.crypto.keyring import KeyMissing, Keyring, Unreadable, keyring
from finmart.platform.files.service import reseal as reseal_files
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.messages import N_
from finmart.platform.keys import repository
from finmart.platform.keys.repository import SealedTable
from finmart.platform.keys.types import Cell, KeyInUse, KeyMade, KeyRetired, KeyRotated, KeyState, KeyUnknown

#: Rows, or files, a unit of work: a writer on SQLite keeps others waiting meanwhile.
ROWS = 200
FILES = 10


@dataclass
class Progress:
    """What one run did so far; ``after`` is the key of the last row looked at in the present table."""

    cells: int = 0
    files: int = 0
    after: Any = None
    unreadable: list[Cell] = field(default_factory=list)


def compare(ring: Keyring) -> None:
    """Stop before anything is written with keys that are not this database's, in the present (reading) unit of work.

    Raises ``KeyChanged``, or ``KeyMissing`` when a key that rows may name is not there.
    """
    if not repository.has_checks():
        return
    for key_id, row in repository.checks().items():
        if row.is_index and key_id != ring.index:
            raise KeyChanged(N_("索引密钥须一直是 {key_id}，否则已登记的手机号和代码将找不到。"), key_id=key_id)
        if key_id in ring.keys:
            if row.check_value != ring.check_value(key_id):
                raise KeyChanged(N_("密钥 {key_id} 与写入这些数据时用的不是同一个，请恢复原来的密钥。"), key_id=key_id)
        elif row.retired_at is None:
            raise KeyMissing(N_("密钥 {key_id} 不在密钥串中，请恢复对应的密钥文件。"), key_id=key_id)


def note() -> None:
    """Write down the check values of keys that the database does not know yet, in the present unit of work."""
    ring, known = keyring(), repository.checks()
    for key_id in sorted(ring.keys.keys() - known.keys()):
        repository.add_check(key_id=key_id, check_value=ring.check_value(key_id), is_index=key_id == ring.index)


def status() -> list[KeyState]:
    """Every key id that is here or was noted, with what names it; reads every ciphertext's beginning."""
    ring, known = keyring(), repository.checks()
    return [
        KeyState(
            key_id=key_id,
            present=key_id in ring.keys,
            current=key_id == ring.current,
            index=key_id == ring.index,
            retired=key_id in known and known[key_id].retired_at is not None,
            cells=repository.cells_under(key_id),
            files=repository.files_under(key_id),
        )
        for key_id in sorted(ring.keys.keys() | known.keys())
    ]


def is_unfinished(states: list[KeyState]) -> bool:
    """Whether something still names a key that is not the current one."""
    return any(state.cells or state.files for state in states if not state.current)


def next_key_id(states: list[KeyState]) -> str:
    """An id that no key ever had."""
    numbers = [int(found.group(1)) for state in states if (found := re.match(r"^k(\d+)$", state.key_id))]
    return f"k{max(numbers, default=0) + 1}"


def note_new(actor: Actor, ring: Keyring, *, old: str) -> None:
    """Write down that ``ring``'s current key is the one from now on."""
    note()
    record(actor, KeyMade(target=ring.current, old=old))


def tables() -> list[SealedTable]:
    """Where ciphertexts lie, table by table."""
    return repository.sealed_tables()


def reseal_rows(sealed: SealedTable, progress: Progress) -> bool:
    """Seal up to ``ROWS`` rows of a table anew, behind ``progress.after``; whether there may be more.

    Cells that do not open are left alone and named in ``progress``: they must not stop the others.
    """
    ring = keyring()
    rows = repository.raw_rows(sealed, not_under=ring.current, after=progress.after, limit=ROWS)
    for key, *cells in rows:
        fresh = _fresh(ring, sealed, key, cells, progress)
        if fresh:
            repository.write_cells(sealed, key, fresh)
        progress.cells += len(fresh)
        progress.after = key
    return len(rows) == ROWS


def reseal_kept_files(progress: Progress) -> bool:
    """Seal up to ``FILES`` kept files anew; whether there may be more. Raises ``FileLost``."""
    done = reseal_files(FILES)
    progress.files += done
    return done == FILES


def note_rotated(actor: Actor, progress: Progress) -> None:
    """Write down what a run has done."""
    record(actor, KeyRotated(target=keyring().current, cells=progress.cells, files=progress.files))


def may_retire(key_id: str) -> None:
    """Let a key pass that nothing needs. Raises ``KeyUnknown`` or ``KeyInUse``."""
    state = next((state for state in status() if state.key_id == key_id), None)
    if state is None or not state.present:
        raise KeyUnknown(key_id)
    if state.current:
        raise KeyInUse(N_("密钥 {key_id} 正在用于加密，请先运行 finmart keys rotate。"), key_id=key_id)
    if state.index:
        raise KeyInUse(N_("密钥 {key_id} 用于查找手机号和代码，不能停用。"), key_id=key_id)
    if state.cells or state.files:
        raise KeyInUse(
            N_("还有 {cells} 处内容和 {files} 个文件使用密钥 {key_id}，请先运行 finmart keys rotate。"),
            cells=state.cells,
            files=state.files,
            key_id=key_id,
        )


def note_retired(actor: Actor, key_id: str) -> None:
    """Write down that a key is needed no more; its id is never given to another one."""
    note()
    row = repository.checks().get(key_id)
    if row is None:
        raise KeyUnknown(key_id)
    row.retired_at = now()
    record(actor, KeyRetired(target=key_id))


def _fresh(ring: Keyring, sealed: SealedTable, key: Any, cells: list[Any], progress: Progress) -> dict[str, bytes]:
    fresh = {}
    current = f"{ring.current}:".encode()
    for column, cell in zip(sealed.columns, cells, strict=True):
        if cell is None or bytes(cell).startswith(current):
            continue
        context = sealed.context_of(column)
        try:
            fresh[column.name] = ring.encrypt(ring.decrypt(bytes(cell), context), context)
        except (Unreadable, KeyMissing):
            progress.unreadable.append(Cell(sealed.table.name, column.name, key))
    return fresh
