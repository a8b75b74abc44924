"""Column types: aware UTC instants, JSON, encrypted text."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, LargeBinary, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

from finmart.platform.crypto.keyring import keyring

#: 64-bit everywhere; SQLite numbers rows by itself only where the type is spelled INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

#: A JSON document; PostgreSQL keeps it parsed.
JsonValue = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC. A naive value is refused, because nobody could say which zone was meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: aware values only."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in a table")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database: always aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed:
    """What the types of ciphertext columns have in common: a rotation of the keys finds them by this class."""

    #: Table and column, to which a ciphertext is bound.
    context: str


class EncryptedText(Sealed, TypeDecorator[str]):
    """Text that is ciphertext at rest (AES-256-GCM), bound to its table and column by ``context``."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Encrypt with the current key."""
        return None if value is None else keyring().encrypt(value.encode(), self.context)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decrypt with the key the row names."""
        return None if value is None else keyring().decrypt(bytes(value), self.context).decode()
