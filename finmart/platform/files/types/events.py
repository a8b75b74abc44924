"""What the audit trail keeps of files: kinds and sizes, never a name (people name files after people)."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class FileKept(AuditEvent):
    """A file was taken in; ``target`` is the file, ``size`` counts bytes."""

    name: ClassVar[str] = "file.kept"
    kind: str
    size: int


@dataclass(frozen=True, kw_only=True)
class FileDiscarded(AuditEvent):
    """A file's row was removed, and with it the right to its bytes; ``target`` is the file."""

    name: ClassVar[str] = "file.discarded"
    kind: str
    size: int
