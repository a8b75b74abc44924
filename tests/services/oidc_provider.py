"""A small OpenID Connect provider, a process of its own: discovery, authorize, token, userinfo and keys over HTTP.

``python tests/services/oidc_provider.py PORT CLIENT_ID CLIENT_SECRET``. It believes whoever comes: the person is what
the authorize request's ``login_hint`` says (JSON of claims). It checks what a real provider checks of a client: id and
secret, the redirect address, the code's one use and its PKCE verifier. ``POST /faults`` with JSON makes it misbehave
(``{"nonce": "wrong"}``, ``{"expired": true}`` …) until the next ``POST /faults``.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

HOUR = 3600


@dataclass
class Provider:
    """What the provider knows: its client, its key, and the codes it has given out."""

    issuer: str
    client_id: str
    client_secret: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "k1", "use": "sig"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, Any] = field(default_factory=dict)

    def description(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0."""
        return {
            "issuer": self.faults.get("issuer", self.issuer),
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": self.faults.get("token_endpoint", f"{self.issuer}/token"),
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """The address to send the browser back to, with a code."""
        if asked.get("client_id") != self.client_id or asked.get("response_type") != "code":
            raise ValueError("unauthorized_client")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            raise ValueError("invalid_request")
        back = {"state": asked.get("state", "")}
        if self.faults.get("declined"):
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = asked
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def tokens(self, sent: dict[str, str], authorization: str) -> dict[str, Any]:
        """The tokens for a code."""
        if authorization != _basic(self.client_id, self.client_secret):
            raise ValueError("invalid_client")
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != sent.get("redirect_uri"):
            raise ValueError("invalid_grant")
        if _plain(hashlib.sha256(sent.get("code_verifier", "").encode()).digest()) != asked["code_challenge"]:
            raise ValueError("invalid_grant")
        person = json.loads(asked["login_hint"])
        access_token = secrets.token_urlsafe(16)
        self.people[access_token] = person
        id_token = self._signed(self._claims(asked, person))
        return {"access_token": access_token, "token_type": "Bearer", "expires_in": HOUR, "id_token": id_token}

    def _claims(self, asked: dict[str, str], person: dict[str, Any]) -> dict[str, Any]:
        now = int(time.time()) - (2 * HOUR if self.faults.get("expired") else 0)
        told = {"sub": person["sub"]} if self.faults.get("terse") else person
        return {
            **told,
            "iss": self.faults.get("iss", self.issuer),
            "aud": self.faults.get("aud", self.client_id),
            "nonce": self.faults.get("nonce", asked.get("nonce", "")),
            "iat": now,
            "exp": now + HOUR,
        }

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.faults.get("alg") in ("none", "HS256"):
            return self._forged(claims, self.faults["alg"])
        key = self.key
        if self.faults.get("key") == "other":
            key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
        if self.faults.get("key") == "new":
            self.key = key = RSAKey.generate_key(2048, parameters={"kid": secrets.token_hex(4), "use": "sig"})
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def _forged(self, claims: dict[str, Any], algorithm: str) -> str:
        """Signed with nothing, or by the well-known confusion: the public key, which everyone has, as a secret."""
        head = _plain(json.dumps({"alg": algorithm, "kid": self.key.kid}).encode())
        body = f"{head}.{_plain(json.dumps(claims).encode())}"
        if algorithm == "none":
            return f"{body}."
        return f"{body}.{_plain(hmac.digest(self.key.as_pem(private=False), body.encode(), 'sha256'))}"


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


class Handler(BaseHTTPRequestHandler):
    """The provider's addresses."""

    provider: Provider

    def do_GET(self) -> None:
        """Description, keys, authorize, userinfo."""
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json(200, self.provider.description())
        elif parts.path == "/keys":
            self._json(200, {"keys": [self.provider.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            self._authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
        elif parts.path == "/userinfo":
            person = self.provider.people.get(self.headers.get("Authorization", "").removeprefix("Bearer "), {})
            self._json(200, {**person, **self.provider.faults.get("userinfo", {})})
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        """Token, and the tests' own door to make it misbehave."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/faults":
            self.provider.faults = json.loads(body)
            self._json(200, {})
        elif self.path == "/token":
            self._token({name: values[0] for name, values in parse_qs(body.decode()).items()})
        else:
            self._json(404, {})

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _authorize(self, asked: dict[str, str]) -> None:
        try:
            back = self.provider.authorize(asked)
        except ValueError as error:
            self._json(400, {"error": str(error)})
            return
        self.send_response(302)
        self.send_header("Location", back)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _token(self, sent: dict[str, str]) -> None:
        fault = self.provider.faults.get("token")
        if fault == "slow":
            time.sleep(3)
        if fault == "broken":
            self._json(500, {})
            return
        if fault == "words":
            self._send(200, b"<html>not what was asked for</html>")
            return
        try:
            self._json(200, self.provider.tokens(sent, self.headers.get("Authorization", "")))
        except ValueError as error:
            self._json(400, {"error": str(error)})

    def _json(self, status: int, document: dict[str, Any]) -> None:
        self._send(status, json.dumps(document).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve until killed; the port is printed once the provider listens (0: any)."""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    port = server.server_address[1]
    Handler.provider = Provider(f"http://127.0.0.1:{port}", sys.argv[2], sys.argv[3])
    print(port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
