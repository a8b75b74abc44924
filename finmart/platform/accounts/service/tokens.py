"""Secrets that stand for a person: random, shown once, kept as a hash only."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> tuple[str, str]:
    """A random URL-safe token (256 bits) and the hash to store."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    """The SHA-256 of ``token``, 64 hex digits. The token is random, so a plain hash cannot be guessed backwards."""
    return hashlib.sha256(token.encode()).hexdigest()
