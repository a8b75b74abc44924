"""The files themselves: encrypted, under ``files/aa/`` of the data folder, named by a fingerprint of their content.

A file comes into being under a temporary name, is flushed and then renamed: under its own name it is always whole.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from finmart.config import load_settings
from finmart.platform.crypto.keyring import KeyMissing, Unreadable, keyring
from finmart.platform.files.types.errors import FileLost
from finmart.platform.kernel.disk import flush_folder
from finmart.platform.kernel.ids import public_id

SEALED = ".sealed"
DRAFT = ".tmp"


def folder() -> Path:
    """Where kept files lie."""
    return load_settings().data / "files"


def fingerprint_of(content: bytes) -> str:
    """A keyed fingerprint of ``content``, 32 hex digits."""
    return keyring().blind_index(hashlib.sha256(content).hexdigest(), "stored_file.content")


def write(fingerprint: str, content: bytes) -> str:
    """Seal ``content`` with the current key and give it its place; flushed when this returns. The key's id."""
    ring = keyring()
    sealed = ring.encrypt(content, _context(fingerprint))
    final = _path(fingerprint)
    final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = final.with_name(f"{fingerprint}.{public_id()}{DRAFT}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(sealed)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(final)
    finally:
        draft.unlink(missing_ok=True)
    flush_folder(final.parent)
    return ring.current


def content_of(fingerprint: str) -> bytes:
    """The content. Raises ``FileLost`` when it is missing or does not open."""
    try:
        return keyring().decrypt(_path(fingerprint).read_bytes(), _context(fingerprint))
    except (OSError, KeyMissing, Unreadable):
        raise FileLost from None


def older_than(seconds: float) -> Iterator[Path]:
    """Whatever lies in the folder and was not written within the last ``seconds``, whole or not."""
    # Compared with the times the file system writes: the house's clock may be frozen by a command or a test.
    limit = time.time() - seconds
    for path in sorted(folder().glob("*/*")):
        if path.stat().st_mtime <= limit:
            yield path


def _path(fingerprint: str) -> Path:
    return folder() / fingerprint[:2] / f"{fingerprint}{SEALED}"


def _context(fingerprint: str) -> str:
    return f"file:{fingerprint}"


def place_of(fingerprint: str) -> str:
    """Where a file lies, below the data folder."""
    return _path(fingerprint).relative_to(folder().parent).as_posix()
