"""From tokens to an identity: signature, issuer, audience, nonce and times first, then what is said of the person."""

import unicodedata
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError

from finmart.config import SsoSettings
from finmart.platform.crypto.keyring import keyring
from finmart.platform.kernel.clock import now
from finmart.platform.sso.service import provider
from finmart.platform.sso.types import SsoIdentity, SsoRefused
from finmart.reference import credit_codes, resident_ids
from finmart.reference.refusals import Refusal

#: Signatures that are believed: made with a private key that nobody but the provider has.
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384")
#: Seconds by which the provider's clock may differ from ours.
LEEWAY = 60
#: A token older than this was not made for the answer it came with.
MAX_AGE = 600
MAX_TEXT = 200


def identity_in(settings: SsoSettings, tokens: Mapping[str, Any], *, nonce: str) -> SsoIdentity:
    """Whom the tokens are about. Raises ``SsoRefused`` for tokens that prove nothing, ``SsoDown``."""
    claims = _believed(settings, str(tokens.get("id_token") or ""), str(tokens.get("access_token") or ""), nonce)
    told = claims
    named = settings.claims
    if not (told.get(named["credit_code"]) or told.get(named["resident_id"])):
        more = provider.userinfo(settings, str(tokens.get("access_token") or ""))
        # Somebody else's userinfo beside a good token would make one person another (OpenID Connect Core 5.3.2).
        if more and more.get("sub") != claims["sub"]:
            raise SsoRefused
        told = {**more, **told}
    return SsoIdentity(
        account=keyring().blind_index(f"{settings.issuer}\n{claims['sub']}", "sso_link.account"),
        credit_code=_code(told.get(named["credit_code"]), credit_codes),
        resident_id=_code(told.get(named["resident_id"]), resident_ids),
        name=_text(told.get(named["name"])),
        phone=_text(told.get(named["phone"])),
    )


def _believed(settings: SsoSettings, id_token: str, access_token: str, nonce: str) -> dict[str, Any]:
    options = {
        "iss": {"essential": True, "value": settings.issuer},
        "aud": {"essential": True, "value": settings.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
    }
    try:
        token = _decoded(settings, id_token)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options,
            {"nonce": nonce, "client_id": settings.client_id, "access_token": access_token},
        )
        moment = int(now().timestamp())
        claims.validate(now=moment, leeway=LEEWAY)
        if not isinstance(claims["sub"], str) or moment - int(claims["iat"]) > MAX_AGE:
            raise SsoRefused
    except (JoseError, ValueError, TypeError, KeyError):
        raise SsoRefused from None
    return dict(claims)


def _decoded(settings: SsoSettings, id_token: str) -> jwt.Token:
    """The token, its signature checked; a key that is not known is asked for once more (providers change keys)."""
    try:
        return jwt.decode(id_token, provider.keys(settings), algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        return jwt.decode(id_token, provider.keys(settings, anew=True), algorithms=ALGORITHMS)


def _text(value: object) -> str:
    return unicodedata.normalize("NFKC", value).strip()[:MAX_TEXT] if isinstance(value, str) else ""


def _code(value: object, standard: ModuleType) -> str:
    """A code, spelled and checked by the rules of its ``standard``; one that cannot be right is none."""
    try:
        return str(standard.parse(standard.clean(_text(value))).text)
    except Refusal:
        return ""
