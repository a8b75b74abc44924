"""Keys as the operator sees them: by id, with what names them; never a secret."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import Conflict, NotReady
from finmart.platform.kernel.messages import N_


@dataclass(frozen=True)
class KeyState:
    """One key id: whether it is here, what it is for, how many cells and files name it."""

    key_id: str
    present: bool
    current: bool
    index: bool
    retired: bool
    cells: int
    files: int


@dataclass(frozen=True)
class Cell:
    """One ciphertext that does not open with the key it names."""

    table: str
    column: str
    row: object


@dataclass(frozen=True, kw_only=True)
class KeyMade(AuditEvent):
    """A new key encrypts from now on; ``target`` is its id, ``old`` the one before."""

    name: ClassVar[str] = "key.made"
    old: str


@dataclass(frozen=True, kw_only=True)
class KeyRotated(AuditEvent):
    """What was under older keys is under the current one; ``target`` is its id."""

    name: ClassVar[str] = "key.rotated"
    cells: int
    files: int


@dataclass(frozen=True, kw_only=True)
class KeyRetired(AuditEvent):
    """Nothing names the key any more; ``target`` is its id."""

    name: ClassVar[str] = "key.retired"


class KeyInUse(Conflict):
    """A key that is still needed cannot be retired."""


class KeyUnknown(NotReady):
    """There is no such key."""

    def __init__(self, key_id: str) -> None:
        super().__init__(N_("没有编号为 {key_id} 的密钥。"), key_id=key_id)
