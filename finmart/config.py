"""Settings, read from the environment alone; every one of them stands in docs/settings.md."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class MailSettings:
    """How e-mail leaves the installation; the other fields matter for ``smtp`` alone. ``timeout`` is in seconds."""

    channel: str = "file"
    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    timeout: int = 10


@dataclass(frozen=True)
class SmsSettings:
    """How text messages leave the installation; the other fields matter for ``http`` alone."""

    channel: str = "file"
    url: str = ""
    token: str = field(default="", repr=False)
    timeout: int = 10


@dataclass(frozen=True)
class SsoSettings:
    """The single sign-on (OpenID Connect); the other fields matter for ``oidc`` alone. ``timeout`` is in seconds.

    ``claims`` names the provider's claims for ``credit_code``, ``resident_id``, ``name`` and ``phone``.
    """

    mode: str = "off"
    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    name: str = ""
    scope: str = "openid profile phone"
    claims: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 5


@dataclass(frozen=True)
class EntrySettings:
    """How people get in and stay in. ``second_factor`` is ``required`` (of staff) or ``optional``; times in minutes."""

    second_factor: str = "optional"
    idle_staff: int = 30
    idle_applicants: int = 7 * 24 * 60


@dataclass(frozen=True)
class SearchSettings:
    """The Elasticsearch that searches; without ``urls`` the embedded engine does. ``timeout`` is in seconds."""

    urls: tuple[str, ...] = field(default=(), repr=False)  # A name and a password may stand in them.
    api_key: str = field(default="", repr=False)
    ca: str = ""
    prefix: str = "finmart"
    timeout: int = 2


@dataclass(frozen=True)
class Settings:
    """What an installation may decide; the defaults are right for one machine and fit to be public."""

    data: Path
    database_url: str
    environment: str
    jobs: str
    keys: str | None
    log_level: str
    proxies: int
    mail: MailSettings = MailSettings()
    sms: SmsSettings = SmsSettings()
    sso: SsoSettings = SsoSettings()
    search: SearchSettings = SearchSettings()
    entry: EntrySettings = EntrySettings()
    #: The address of the site as people open it, without a slash at its end; messages then say where to click.
    site_url: str = ""

    @property
    def is_production(self) -> bool:
        """Whether missing secrets must stop the start instead of being made up."""
        return self.environment == "production"


class SettingError(ValueError):
    """A setting has a value that cannot be used; the text says which and what to do."""


def _one_of(environ: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name, default)
    if value not in allowed:
        raise SettingError(f"{name}={value!r} is not known; use one of: {', '.join(allowed)}.")
    return value


def _count(environ: Mapping[str, str], name: str, default: int = 0) -> int:
    value = environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit()):
        raise SettingError(f"{name}={value!r} is not a number; write 0, 1, 2 …")
    return int(value)


def _mail(env: Mapping[str, str]) -> MailSettings:
    mail = MailSettings(
        channel=_one_of(env, "FINMART_MAIL", "file", ("file", "console", "smtp", "off")),
        host=env.get("FINMART_MAIL_HOST", ""),
        port=_count(env, "FINMART_MAIL_PORT", 587),
        security=_one_of(env, "FINMART_MAIL_SECURITY", "starttls", ("starttls", "tls", "none")),
        user=env.get("FINMART_MAIL_USER", ""),
        password=env.get("FINMART_MAIL_PASSWORD", ""),
        sender=env.get("FINMART_MAIL_FROM", ""),
        timeout=_count(env, "FINMART_MAIL_TIMEOUT", 10),
    )
    if mail.channel == "smtp" and not (mail.host and mail.sender):
        raise SettingError("FINMART_MAIL=smtp needs FINMART_MAIL_HOST and FINMART_MAIL_FROM.")
    return mail


def _sms(env: Mapping[str, str]) -> SmsSettings:
    sms = SmsSettings(
        channel=_one_of(env, "FINMART_SMS", "file", ("file", "console", "http", "off")),
        url=env.get("FINMART_SMS_URL", ""),
        token=env.get("FINMART_SMS_TOKEN", ""),
        timeout=_count(env, "FINMART_SMS_TIMEOUT", 10),
    )
    if sms.channel == "http" and not (sms.url.startswith(("https://", "http://")) and sms.token):
        raise SettingError("FINMART_SMS=http needs FINMART_SMS_URL (https://…) and FINMART_SMS_TOKEN.")
    return sms


_SSO_CLAIMS = {"credit_code": "credit_code", "resident_id": "resident_id", "name": "name", "phone": "phone_number"}


def _sso_claims(text: str) -> dict[str, str]:
    pairs = [pair.split("=", 1) for pair in text.split(",") if pair.strip()]
    named = {pair[0].strip(): pair[-1].strip() for pair in pairs}
    if any(len(pair) != 2 for pair in pairs) or not named.keys() <= _SSO_CLAIMS.keys():
        raise SettingError(f"FINMART_SSO_CLAIMS={text!r}: write ours=theirs, ours one of {', '.join(_SSO_CLAIMS)}.")
    return _SSO_CLAIMS | named


def _sso(env: Mapping[str, str]) -> SsoSettings:
    sso = SsoSettings(
        mode=_one_of(env, "FINMART_SSO", "off", ("off", "oidc")),
        issuer=env.get("FINMART_SSO_ISSUER", ""),
        client_id=env.get("FINMART_SSO_CLIENT_ID", ""),
        client_secret=env.get("FINMART_SSO_CLIENT_SECRET", ""),
        name=env.get("FINMART_SSO_NAME", ""),
        scope=env.get("FINMART_SSO_SCOPE") or SsoSettings.scope,
        claims=_sso_claims(env.get("FINMART_SSO_CLAIMS", "")),
        timeout=_count(env, "FINMART_SSO_TIMEOUT", 5),
    )
    if sso.mode == "oidc" and not (sso.issuer and sso.client_id and sso.client_secret):
        raise SettingError("FINMART_SSO=oidc needs FINMART_SSO_ISSUER, FINMART_SSO_CLIENT_ID and _CLIENT_SECRET.")
    parts = urlsplit(sso.issuer)
    on_this_machine = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if sso.mode == "oidc" and parts.scheme != "https" and not (parts.scheme == "http" and on_this_machine):
        raise SettingError("FINMART_SSO_ISSUER must be an https:// address.")
    return sso


def _entry(env: Mapping[str, str]) -> EntrySettings:
    strict = env.get("FINMART_ENV") == "production"
    known = ("required", "optional")
    entry = EntrySettings(
        second_factor=_one_of(env, "FINMART_SECOND_FACTOR", known[not strict], known),
        idle_staff=_count(env, "FINMART_IDLE_STAFF", EntrySettings.idle_staff),
        idle_applicants=_count(env, "FINMART_IDLE_APPLICANTS", EntrySettings.idle_applicants),
    )
    if strict and entry.second_factor != "required":
        raise SettingError("FINMART_ENV=production always asks staff for a second factor; leave FINMART_SECOND_FACTOR.")
    if not entry.idle_staff or not entry.idle_applicants:
        raise SettingError("FINMART_IDLE_STAFF and FINMART_IDLE_APPLICANTS are minutes, at least 1.")
    if strict and entry.idle_staff > EntrySettings.idle_staff:
        raise SettingError("FINMART_ENV=production lets staff be away for 30 minutes at most (FINMART_IDLE_STAFF).")
    return entry


def _search(env: Mapping[str, str]) -> SearchSettings:
    search = SearchSettings(
        urls=tuple(url.strip() for url in env.get("FINMART_SEARCH_URL", "").split(",") if url.strip()),
        api_key=env.get("FINMART_SEARCH_API_KEY", ""),
        ca=env.get("FINMART_SEARCH_CA", ""),
        prefix=env.get("FINMART_SEARCH_PREFIX") or SearchSettings.prefix,
        timeout=_count(env, "FINMART_SEARCH_TIMEOUT", 2),
    )
    for url in search.urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.port:
            raise SettingError("FINMART_SEARCH_URL must be https://host:port (several with commas between them).")
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", search.prefix):
        raise SettingError(f"FINMART_SEARCH_PREFIX={search.prefix!r}: write small letters, digits and hyphens.")
    if search.ca and not Path(search.ca).is_file():
        raise SettingError(f"FINMART_SEARCH_CA={search.ca!r} is not a file.")
    return search


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``environ`` (default: the process's). Raises ``SettingError``."""
    env = os.environ if environ is None else environ
    data = Path(env.get("FINMART_DATA") or ROOT / "var").resolve()
    return Settings(
        data=data,
        database_url=env.get("FINMART_DATABASE_URL") or f"sqlite:///{data / 'finmart.db'}",
        environment=_one_of(env, "FINMART_ENV", "development", ("development", "production", "testing")),
        jobs=_one_of(env, "FINMART_JOBS", "thread", ("inline", "thread", "off")),
        keys=env.get("FINMART_KEYS"),
        log_level=_one_of(env, "FINMART_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        proxies=_count(env, "FINMART_PROXIES"),
        mail=_mail(env),
        sms=_sms(env),
        sso=_sso(env),
        search=_search(env),
        entry=_entry(env),
        site_url=env.get("FINMART_SITE_URL", "").rstrip("/"),
    )
