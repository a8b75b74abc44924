"""The installation's keys: one root key per key id, everything else derived from it (HKDF, RFC 5869).

A key id stands beside every ciphertext, so that keys can be rotated while old rows stay readable.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from finmart.platform.kernel.disk import flush_folder
from finmart.platform.kernel.errors import NotReady
from finmart.platform.kernel.messages import N_

NONCE_BYTES = 12
KEY_BYTES = 32
#: Where keys are kept that nobody has set; never part of a backup.
KEYS_FILE = "keys.json"
#: Seconds after which a process looks whether the file it read its keys from is another one (a rotation).
LOOK_EVERY = 1.0


class KeyMissing(NotReady):
    """A key that is needed is not in the keyring."""


class Unreadable(NotReady):
    """A ciphertext does not open with the key it names: wrong key, wrong place or damaged."""


@lru_cache(maxsize=256)
def _derive(root: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(root)


@dataclass(frozen=True)
class Keyring:
    """Root keys by key id (32 bytes each), the id used for new ciphertexts, and the one that never changes."""

    keys: dict[str, bytes]
    current: str
    index: str
    generated_file: Path | None = None

    def _root(self, key_id: str) -> bytes:
        try:
            return self.keys[key_id]
        except KeyError:
            raise KeyMissing(N_("密钥 {key_id} 不在密钥串中，请恢复对应的密钥文件。"), key_id=key_id) from None

    def encrypt(self, plain: bytes, context: str) -> bytes:
        """AES-256-GCM of ``plain``, bound to ``context`` (table and column, or batch): key id, nonce, ciphertext."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(_derive(self._root(self.current), "encrypt")).encrypt(nonce, plain, context.encode())
        return self.current.encode() + b":" + nonce + sealed

    def decrypt(self, sealed: bytes, context: str) -> bytes:
        """Open what ``encrypt`` made for the same ``context``. Raises ``KeyMissing`` or ``Unreadable``."""
        key_id, _, body = sealed.partition(b":")
        try:
            cipher = AESGCM(_derive(self._root(key_id.decode()), "encrypt"))
            return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            raise Unreadable(N_("加密内容无法打开，可能已损坏或密钥不符。")) from None

    def blind_index(self, value: str, context: str) -> str:
        """A keyed fingerprint (HMAC-SHA-256, 32 hex digits) by which an encrypted value can be found, never read.

        It uses a key id of its own on purpose: an index must not change when encryption keys rotate.
        """
        key = _derive(self._root(self.index), f"index:{context}")
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:32]

    def secret(self, purpose: str) -> bytes:
        """A 32-byte secret for ``purpose`` (cookie signing and the like), stable while the index key stays."""
        return _derive(self._root(self.index), f"secret:{purpose}")

    def check_value(self, key_id: str) -> str:
        """A value that may be kept to notice a wrong key of that id (``checks``); it gives nothing away."""
        return hashlib.sha256(_derive(self._root(key_id), "check")).hexdigest()[:16]

    def with_new_key(self, key_id: str) -> "Keyring":
        """The same keys and a new random one, with which everything is encrypted from then on."""
        if key_id in self.keys or ":" in key_id:
            raise ValueError(f"{key_id!r} cannot be the id of a new key")
        return replace(self, keys={**self.keys, key_id: secrets.token_bytes(KEY_BYTES)}, current=key_id)

    def without(self, key_id: str) -> "Keyring":
        """The same keys but one, which is neither the current one nor that of indexes."""
        if key_id in (self.current, self.index):
            raise ValueError(f"{key_id!r} is in use")
        return replace(self, keys={each: key for each, key in self.keys.items() if each != key_id})

    def as_setting(self) -> str:
        """The keys as ``FINMART_KEYS`` and ``keys.json`` hold them: all secrets of the installation."""
        keys = {key_id: base64.b64encode(key).decode() for key_id, key in self.keys.items()}
        return json.dumps({"current": self.current, "index": self.index, "keys": keys})


def _from_json(text: str, source: Path | None) -> Keyring:
    try:
        document = json.loads(text)
        keys = {key_id: base64.b64decode(key, validate=True) for key_id, key in document["keys"].items()}
        current, index = document["current"], document.get("index") or next(iter(keys))
        sound = {current, index} <= keys.keys()
        sound = sound and all(len(key) == KEY_BYTES and ":" not in key_id for key_id, key in keys.items())
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        sound = False
    if not sound:  # Said without the cause, whose text could show a part of a key.
        raise KeyMissing(N_("密钥设置不能用：每个密钥须为 32 字节的 base64，current 与 index 须指向其中之一。"))
    return Keyring(keys=keys, current=current, index=index, generated_file=source)


def _generate() -> str:
    # A key of its own for indexes, which must stay: the first key for ciphertexts can then be retired one day.
    keys = {key_id: secrets.token_bytes(KEY_BYTES) for key_id in ("k1", "i1")}
    return Keyring(keys, current="k1", index="i1").as_setting()


def load_keyring(setting: str | None, data: Path, *, production: bool) -> Keyring:
    """The keyring from ``FINMART_KEYS`` (JSON), else from ``keys.json`` in ``data``, made on the first start.

    ``index`` names the key of blind indexes and secrets; left out, it is the first of the document.
    In production a missing setting is an error (``KeyMissing``): keys made up there would be lost with the machine.
    """
    if setting:
        return _from_json(setting, None)
    path = data / KEYS_FILE
    if not path.exists():
        if production:
            raise KeyMissing(N_("生产环境必须设置 FINMART_KEYS，系统不会自行生成密钥。"))
        data.mkdir(parents=True, exist_ok=True)
        draft = _drafted(path, _generate())
        try:
            os.link(draft, path)  # Fails if another process was first: then its keys are the keys.
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _from_json(path.read_text(encoding="ascii"), path)


def _drafted(path: Path, text: str) -> Path:
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return draft


def write_keys(ring: Keyring) -> None:
    """Put ``ring`` in the place of the file it was read from, whole or not at all; other processes notice soon."""
    if ring.generated_file is None:
        raise ValueError("these keys come from the environment, not from a file")
    _drafted(ring.generated_file, ring.as_setting()).replace(ring.generated_file)
    flush_folder(ring.generated_file.parent)


class _Holder:
    keyring: Keyring | None = None
    look_at: float = 0.0
    stamp: int = 0


def use_keyring(keyring: Keyring) -> None:
    """Make ``keyring`` the process's keys; called once by the factory and the command line."""
    _Holder.keyring = keyring
    _Holder.stamp = _stamp(keyring)
    _Holder.look_at = time.monotonic() + LOOK_EVERY


def keyring() -> Keyring:
    """The process's keys; a key file rotated meanwhile is read again. Raises ``KeyMissing`` before ``use_keyring``."""
    held = _Holder.keyring
    if held is None:
        raise KeyMissing(N_("密钥尚未载入。"))
    if held.generated_file is not None and time.monotonic() >= _Holder.look_at:
        return _looked_again(held, held.generated_file)
    return held


def _looked_again(held: Keyring, path: Path) -> Keyring:
    _Holder.look_at = time.monotonic() + LOOK_EVERY
    if _stamp(held) in (0, _Holder.stamp):
        return held
    fresh = _from_json(path.read_text(encoding="ascii"), path)
    use_keyring(fresh)
    return fresh


def _stamp(ring: Keyring) -> int:
    try:
        return ring.generated_file.stat().st_mtime_ns if ring.generated_file is not None else 0
    except OSError:
        return 0
