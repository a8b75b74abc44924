"""Talking to the provider: its description, its keys, a code exchanged for tokens. Nothing here is believed yet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from finmart.config import SsoSettings
from finmart.platform.kernel.clock import now
from finmart.platform.sso.types import SsoDeclined, SsoDown

WELL_KNOWN = "/.well-known/openid-configuration"
#: How long the provider's description and keys are kept before they are asked for again.
FRESH = timedelta(minutes=10)
#: No description, key set or token is longer; a longer answer is not read to its end.
MAX_BYTES = 1_000_000
#: Keys that can verify and not sign: a secret shared with the provider has no place among public keys.
PUBLIC_KINDS = frozenset({"RSA", "EC", "OKP"})


@dataclass(frozen=True)
class Metadata:
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""


class _Kept:
    """The description and the keys of each issuer, with the time they were read at."""

    metadata: ClassVar[dict[str, tuple[datetime, Metadata]]] = {}
    keys: ClassVar[dict[str, tuple[datetime, KeySet]]] = {}


def forget() -> None:
    """Ask the provider again from now on (tests, and whoever changes the settings)."""
    _Kept.metadata.clear()
    _Kept.keys.clear()


def metadata(settings: SsoSettings) -> Metadata:
    """The provider's description. Raises ``SsoDown``."""
    kept = _Kept.metadata.get(settings.issuer)
    if kept is None or now() - kept[0] > FRESH:
        document = _get_json(settings.issuer.rstrip("/") + WELL_KNOWN, settings)
        kept = _Kept.metadata[settings.issuer] = (now(), _read_metadata(document, settings))
    return kept[1]


def keys(settings: SsoSettings, *, anew: bool = False) -> KeySet:
    """The provider's public keys; ``anew`` when a token names one that is not among those kept. Raises ``SsoDown``."""
    kept = _Kept.keys.get(settings.issuer)
    if kept is None or anew or now() - kept[0] > FRESH:
        document = _get_json(metadata(settings).jwks_uri, settings)
        listed = document.get("keys")
        public = [key for key in listed if _is_public(key)] if isinstance(listed, list) else []
        try:
            kept = _Kept.keys[settings.issuer] = (now(), KeySet.import_key_set({"keys": public}))
        except (JoseError, ValueError, TypeError, KeyError):
            raise SsoDown from None
    return kept[1]


def tokens(settings: SsoSettings, *, code: str, verifier: str, redirect_uri: str) -> Mapping[str, Any]:
    """The tokens for a code. Raises ``SsoDeclined`` when the provider refuses the code, ``SsoDown`` otherwise."""
    endpoint = metadata(settings).token_endpoint
    with OAuth2Session(
        settings.client_id, settings.client_secret, redirect_uri=redirect_uri, default_timeout=settings.timeout
    ) as client:
        client.max_redirects = 0
        try:
            found: Mapping[str, Any] = client.fetch_token(
                endpoint, code=code, code_verifier=verifier, grant_type="authorization_code"
            )
        except OAuthError:
            raise SsoDeclined from None
        except (requests.RequestException, ValueError, TypeError, AttributeError):
            raise SsoDown from None
    return found


def userinfo(settings: SsoSettings, access_token: str) -> dict[str, Any]:
    """What the provider tells about the token's owner; empty where it has no such address. Raises ``SsoDown``."""
    endpoint = metadata(settings).userinfo_endpoint
    return _get_json(endpoint, settings, {"Authorization": f"Bearer {access_token}"}) if endpoint else {}


def _read_metadata(document: dict[str, Any], settings: SsoSettings) -> Metadata:
    """Raises ``SsoDown`` for another issuer's description, or an address to which nothing secret may be sent."""
    names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    values = [document.get(name) for name in names]
    userinfo_endpoint = document.get("userinfo_endpoint") or ""
    texts = [value for value in (*values, userinfo_endpoint) if isinstance(value, str)]
    if len(texts) != len(names) + 1 or texts[0] != settings.issuer:
        raise SsoDown
    if not all(_is_safe(address, settings.issuer) for address in texts[1:] if address):
        raise SsoDown
    return Metadata(*texts)


def _is_safe(address: str, issuer: str) -> bool:
    """Encrypted on the way; a provider on this very machine (tests, a gateway) may do without."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == urlsplit(issuer).hostname)


def _is_public(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in PUBLIC_KINDS and key.get("use", "sig") == "sig"


def _get_json(address: str, settings: SsoSettings, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        with requests.get(
            address, headers=dict(headers or {}), timeout=settings.timeout, allow_redirects=False, stream=True
        ) as response:
            if response.status_code != requests.codes.ok:
                raise SsoDown
            document = json.loads(response.raw.read(MAX_BYTES, decode_content=True))
    except (requests.RequestException, ValueError, OSError):
        raise SsoDown from None
    if not isinstance(document, dict):
        raise SsoDown
    return document
