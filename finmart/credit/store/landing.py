"""Landing: delivered files kept unchanged and encrypted with a key of their batch's own (DECISIONS 15).

A file is a run of chunks, each AES-256-GCM with the batch's key; the nonce is the file's random prefix and the chunk's
number, and the chunk's place (and whether it is the last) is authenticated, so that nothing can be cut off or swapped.
When the retention of the landing has ended, the key is destroyed and with it every copy of the bytes.
"""

import hashlib
import os
import secrets
import struct
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from finmart.credit.store.folders import landing_folder, make_folder
from finmart.credit.types.errors import StoreDamaged
from finmart.platform.kernel.disk import flush_folder

CHUNK = 1 << 20
PREFIX_BYTES = 8
TAG_BYTES = 16
KEY_BITS = 256


@dataclass(frozen=True)
class Landed:
    """One landed file: the supplier's name for it, its place below the landing folder, size and SHA-256."""

    name: str
    place: str
    size: int
    checksum: str


def new_key() -> bytes:
    """A key for one batch."""
    return AESGCM.generate_key(bit_length=KEY_BITS)


def checksum_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def land(path: Path, *, batch: str, key: bytes) -> Landed:
    """Copy a delivered file, encrypted, into the folder of its batch; flushed when this returns."""
    folder = landing_folder() / batch
    make_folder(folder)
    place = f"{batch}/{path.name}.sealed"
    digest, size = hashlib.sha256(), 0
    prefix = secrets.token_bytes(PREFIX_BYTES)
    cipher = AESGCM(key)
    with path.open("rb") as source, (landing_folder() / place).open("xb") as target:
        target.write(prefix)
        chunk, number = source.read(CHUNK), 0
        while True:
            following = source.read(CHUNK)
            digest.update(chunk)
            size += len(chunk)
            target.write(cipher.encrypt(_nonce(prefix, number), chunk, _place(number, last=not following)))
            if not following:
                break
            chunk, number = following, number + 1
        target.flush()
        os.fsync(target.fileno())
    flush_folder(folder)
    return Landed(path.name, place, size, digest.hexdigest())


def unsealed(place: str, *, key: bytes) -> bytes:
    """The delivered bytes of a landed file. Raises ``StoreDamaged``."""
    try:
        sealed = (landing_folder() / place).read_bytes()
        prefix, body = sealed[:PREFIX_BYTES], memoryview(sealed)[PREFIX_BYTES:]
        step = CHUNK + TAG_BYTES
        count = max(1, -(-len(body) // step))
        cipher = AESGCM(key)
        return b"".join(
            cipher.decrypt(
                _nonce(prefix, number),
                body[number * step : (number + 1) * step],
                _place(number, last=number == count - 1),
            )
            for number in range(count)
        )
    except (OSError, InvalidTag, ValueError):
        raise StoreDamaged(place) from None


def discard(batch: str) -> None:
    """Remove a batch's landed files; doing it again changes nothing."""
    folder = landing_folder() / batch
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        path.unlink(missing_ok=True)
    folder.rmdir()


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + struct.pack(">I", number)


def _place(number: int, *, last: bool) -> bytes:
    return struct.pack(">I?", number, last)
