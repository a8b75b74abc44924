"""A browser that reads our forms: it takes the token from the page, as people do without knowing it."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


def token_in(response: TestResponse) -> str:
    """The CSRF token of the first form on a page."""
    found = TOKEN.search(response.get_data(as_text=True))
    assert found is not None, "no form with a token on the page"
    return found.group(1) or found.group(2)


def send(client: FlaskClient, page: str, data: dict[str, Any], action: str | None = None) -> TestResponse:
    """Open ``page`` and send a form of it (to ``action`` when that is elsewhere); redirects are not followed."""
    opened = client.get(page)
    assert opened.status_code == 200, opened.get_data(as_text=True)
    return client.post(action or page, data={**data, "csrf_token": token_in(opened)})


def link_in(response: TestResponse) -> str:
    """The path of the one-time link that a page shows."""
    found = re.search(
        r'value="(?:https?://[^/"]+)?(/(?:invitation|reset/link)/[^"]+)"', response.get_data(as_text=True)
    )
    assert found is not None, "no link on the page"
    return found.group(1)
