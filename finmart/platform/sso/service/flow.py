"""The way out to the provider and back: authorization code with PKCE, state and nonce (RFC 6749, RFC 7636, OIDC Core).

Nothing is kept in between: what must be known on the way back travels as ``state``, sealed and bound to whoever began.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from authlib.integrations.requests_client import OAuth2Session

from finmart.config import SsoSettings, load_settings
from finmart.platform.crypto.keyring import KeyMissing, Unreadable, keyring
from finmart.platform.kernel.clock import now
from finmart.platform.sso.service import provider
from finmart.platform.sso.service.believing import identity_in
from finmart.platform.sso.types import Attempt, Purpose, SsoDeclined, SsoForged, SsoIdentity, SsoOff
from finmart.platform.switches import service as switches
from finmart.platform.switches.types import Switch

#: How long somebody may take at the provider, and then at our own page that asks to confirm.
LIFE = timedelta(minutes=10)


def is_on() -> bool:
    """Whether the installation has a single sign-on, and the operator has not switched it off."""
    return load_settings().sso.mode == "oidc" and switches.is_on(Switch.SSO)


def provider_name() -> str:
    """What the provider is called on pages; empty: pages use their own word."""
    return load_settings().sso.name


def begin(purpose: Purpose, *, holder: str, redirect_uri: str) -> str:
    """The provider's address to send ``holder`` to. Raises ``SsoOff`` or ``SsoDown``."""
    settings = _settings()
    attempt = Attempt(purpose, holder, secrets.token_urlsafe(16), secrets.token_urlsafe(48), now())
    with OAuth2Session(
        settings.client_id, redirect_uri=redirect_uri, scope=settings.scope, code_challenge_method="S256"
    ) as client:
        address, _state = client.create_authorization_url(
            provider.metadata(settings).authorization_endpoint,
            state=_sealed(asdict(attempt), "sso.state"),
            code_verifier=attempt.verifier,
            nonce=attempt.nonce,
        )
    return str(address)


def come_back(parameters: Mapping[str, str], *, holder: str, redirect_uri: str) -> tuple[Purpose, SsoIdentity]:
    """Whom the provider says ``holder`` is, and what that was asked for.

    Raises ``SsoOff``, ``SsoForged``, ``SsoDeclined``, ``SsoRefused`` or ``SsoDown``.
    """
    settings = _settings()
    attempt = _attempt(parameters.get("state", ""), holder)
    # A provider that says who it is must be the one that was asked (RFC 9207).
    if parameters.get("iss", settings.issuer) != settings.issuer:
        raise SsoForged
    if not parameters.get("code"):
        raise SsoDeclined
    tokens = provider.tokens(settings, code=parameters["code"], verifier=attempt.verifier, redirect_uri=redirect_uri)
    return attempt.purpose, identity_in(settings, tokens, nonce=attempt.nonce)


def proof_of(purpose: Purpose, identity: SsoIdentity, *, holder: str) -> str:
    """``identity`` sealed for the page that asks ``holder`` to confirm: a GET changes nothing."""
    document = {"purpose": purpose.value, "holder": holder, "begun_at": now(), "identity": asdict(identity)}
    return _sealed(document, "sso.proof")


def proven(proof: str, *, holder: str) -> tuple[Purpose, SsoIdentity]:
    """What ``proof_of`` sealed. Raises ``SsoOff``, or ``SsoForged`` for another holder's, an old or a made-up one."""
    _settings()
    document = _opened(proof, "sso.proof", holder)
    try:
        return Purpose(document["purpose"]), SsoIdentity(**document["identity"])
    except (KeyError, TypeError, ValueError):
        raise SsoForged from None


def _settings() -> SsoSettings:
    if not is_on():
        raise SsoOff
    return load_settings().sso


def _attempt(state: str, holder: str) -> Attempt:
    document = _opened(state, "sso.state", holder)
    try:
        begun_at = datetime.fromisoformat(document["begun_at"])
        return Attempt(Purpose(document["purpose"]), holder, document["nonce"], document["verifier"], begun_at)
    except (KeyError, TypeError, ValueError):
        raise SsoForged from None


def _sealed(document: Mapping[str, Any], context: str) -> str:
    plain = json.dumps(document, default=_plain).encode()
    return base64.urlsafe_b64encode(keyring().encrypt(plain, context)).decode().rstrip("=")


def _opened(text: str, context: str, holder: str) -> dict[str, Any]:
    """Raises ``SsoForged`` unless it was sealed here, for ``holder``, within ``LIFE``."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        document: dict[str, Any] = json.loads(keyring().decrypt(base64.urlsafe_b64decode(padded), context))
        begun_at = datetime.fromisoformat(document["begun_at"])
    except (UnicodeError, binascii.Error, Unreadable, KeyMissing, ValueError, KeyError):
        raise SsoForged from None
    if document.get("holder") != holder or not timedelta() <= now() - begun_at <= LIFE:
        raise SsoForged
    return document


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
