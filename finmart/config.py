"""Settings, read from the environment alone; every one of them stands in docs/settings.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh", "en")


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


def _count(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name) or "0"
    if not (value.isascii() and value.isdigit()):
        raise SettingError(f"{name}={value!r} is not a number; write 0, 1, 2 …")
    return int(value)


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
    )
