"""The chain's arithmetic: what is hashed, in which spelling. Nothing here asks the database."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from finmart.platform.crypto.keyring import keyring

#: What the first seal names as the one before it.
NOTHING = "0" * 64


class Member(NamedTuple):
    """One audit row's part of a seal."""

    row_id: int
    digest: bytes


def spelled(instant: datetime) -> str:
    """The one spelling of an instant, whichever database it was read from."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(row: Any) -> bytes:
    """The SHA-256 of an audit row, every column of it."""
    document = [
        row.id,
        spelled(row.at),
        row.name,
        row.target,
        row.actor,
        row.user_id,
        row.organisation_id,
        row.role,
        row.basis,
        row.request_id,
        row.payload,
    ]
    return hashlib.sha256(_canonical(document)).digest()


def hash_of(number: int, at: datetime, previous: str, members: Iterable[Member]) -> str:
    """The hash of seal ``number``: over its place, its moment, the hash before it and its rows' digests in order."""
    digest = hashlib.sha256(_canonical([number, spelled(at), previous]))
    for row_id, row_digest in members:
        digest.update(row_id.to_bytes(8, "big") + row_digest)
    return digest.hexdigest()


def mac_of(seal_hash: str) -> str:
    """The hash under a key of the house (HMAC-SHA-256); the key does not rotate."""
    return hmac.new(keyring().secret("audit-chain"), seal_hash.encode(), hashlib.sha256).hexdigest()


def _canonical(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
