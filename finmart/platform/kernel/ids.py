"""Identifiers that may stand in a URL."""

import secrets

# No vowels, so that no id spells a word, and nothing that is mistaken for something else when read aloud.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
LENGTH = 12


def public_id() -> str:
    """A random 12-character id (57 bits): safe in URLs and API, says nothing about order or number."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
