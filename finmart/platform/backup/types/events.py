"""What the audit trail says of backups; ``target`` is the archive's id."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class BackupMade(AuditEvent):
    """Everything was copied out of the installation."""

    name: ClassVar[str] = "backup.made"
    rows: int
    files: int
    size: int


@dataclass(frozen=True, kw_only=True)
class BackupRestored(AuditEvent):
    """The installation was made from an archive."""

    name: ClassVar[str] = "backup.restored"
    rows: int
    files: int
    revision: str
