"""Noticing wrong keys at the start, before anything is written with them or no longer found.

``keys.check`` in the data folder holds a check value a key id and the id of the index key: nothing secret. It belongs
to the data, so it is part of a backup, and tells keys that were restored beside it apart from others.
"""

import json
import os
from pathlib import Path
from typing import Any

from finmart.platform.crypto.keyring import Keyring
from finmart.platform.kernel.errors import NotReady
from finmart.platform.kernel.messages import N_

FILE = "keys.check"


class KeyChanged(NotReady):
    """A key is not the one that this data folder was written with."""


def check_keys(keyring: Keyring, data: Path) -> None:
    """Compare ``keyring`` with what ``data`` was written with, and note keys that are new. Raises ``KeyChanged``."""
    path = data / FILE
    known = _read(path)
    found = {key_id: keyring.check_value(key_id) for key_id in keyring.keys}
    checks: dict[str, str] = known.get("checks", {})
    for key_id in sorted(found.keys() & checks.keys()):
        if found[key_id] != checks[key_id]:
            raise KeyChanged(N_("密钥 {key_id} 与写入这些数据时用的不是同一个，请恢复原来的密钥。"), key_id=key_id)
    if known.get("index", keyring.index) != keyring.index:
        raise KeyChanged(N_("索引密钥须一直是 {key_id}，否则已登记的手机号和代码将找不到。"), key_id=known["index"])
    noted = {"index": keyring.index, "checks": checks | found}
    if noted != known:
        _write(path, noted)


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document
    except ValueError:
        raise KeyChanged(N_("文件 {file} 已损坏，请从备份恢复。"), file=path) from None


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
