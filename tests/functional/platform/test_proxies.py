"""Behind proxies: who a visitor is, as far as the proxies are ours."""

from dataclasses import replace

import pytest
from flask import Flask, request

from finmart.config import SettingError, Settings, load_settings
from finmart.factory import House, create_app
from finmart.platform.db.session import Database

# What a visitor made up, then the entry of our own proxy.
SAID = {
    "X-Forwarded-For": "198.51.100.9, 203.0.113.5",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "elsewhere.example",
}


def _seen(app: Flask) -> tuple[str | None, str, str]:
    seen: list[tuple[str | None, str, str]] = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme, request.host)))
    app.test_client().get("/about", headers=SAID)
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, ("127.0.0.1", "http", "localhost")), (1, ("203.0.113.5", "https", "localhost"))]
)
def test_only_our_proxies_are_believed(
    settings: Settings, database: Database, proxies: int, expected: tuple[str, str, str]
) -> None:
    assert _seen(create_app(house=House(replace(settings, proxies=proxies), database))) == expected


def test_the_number_of_proxies_is_a_number() -> None:
    assert load_settings({"FINMART_PROXIES": "2"}).proxies == 2
    assert load_settings({}).proxies == 0
    with pytest.raises(SettingError, match="FINMART_PROXIES"):
        load_settings({"FINMART_PROXIES": "-1"})
