"""A column for documents that speak of somebody's data: canonical JSON, compressed, then encrypted."""

import json
import zlib
from typing import Any

from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from finmart.platform.crypto.keyring import keyring
from finmart.platform.db.types import Sealed

LEVEL = 6


def canonical(document: Any) -> bytes:
    """The one spelling of a JSON document that hashes and comparisons use."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class SealedJson(Sealed, TypeDecorator[Any]):
    """A JSON document that is ciphertext at rest, bound to its table and column by ``context``.

    Rows of one run repeat themselves: compressed they take a tenth of the room.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Compress and encrypt with the current key."""
        return None if value is None else keyring().encrypt(zlib.compress(canonical(value), LEVEL), self.context)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Decrypt with the key the row names."""
        return None if value is None else json.loads(zlib.decompress(keyring().decrypt(bytes(value), self.context)))
