"""What goes in and out of the files' service."""

from dataclasses import dataclass
from datetime import datetime

from finmart.platform.files.types.kinds import FileKind


@dataclass(frozen=True)
class StoredFile:
    """A kept file as lists show it: ``size`` in bytes, ``sha256`` of its content as hex."""

    public_id: str
    name: str
    kind: FileKind
    size: int
    sha256: str
    kept_at: datetime


@dataclass(frozen=True)
class FileContent:
    """A kept file, opened."""

    name: str
    media_type: str
    content: bytes
