"""The pages behind the menus: from every entry, one link to each further page, on a phone and at a desk."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import OpenWindow, Site, Window
from tests.browser.test_menus import barriers, entries, overflow
from tests.fixtures.city import VISITOR

pytestmark = pytest.mark.browser

#: One role of each area is enough: the others of an area see the same pages or fewer.
ROLES = [VISITOR, "applicant_owner", "institution_admin", "official", "operator"]
#: Addresses that give a file or change something rather than a page.
SKIPPED = frozenset({"static", "bootstrap.static", "web.language", "web.htmx"})


def _links(page: Page) -> list[str]:
    """Addresses of this site that the page's own content leads to."""
    found: list[str] = page.eval_on_selector_all("main a[href]", "links => links.map((one) => one.href)")
    return found


def _endpoint(site: Site, address: str) -> str | None:
    """The endpoint an address of this site leads to; None for another site and for files to download."""
    if not address.startswith(site.address):
        return None
    try:
        endpoint, _ = site.app.url_map.bind("").match(urlsplit(address).path, method="GET")
    except HTTPException:
        return address
    return None if endpoint in SKIPPED else str(endpoint)


def _look(window: Window, wrong: dict[str, object], path: str) -> Page | None:
    answer = window.page.goto(window.site.address + path, wait_until="networkidle")
    if answer is None or answer.status != 200:
        wrong[path] = answer and answer.status
        return None
    for width in ("phone", "desk"):
        window.resize(width)
        if (pixels := overflow(window.page)) > 0:
            wrong[f"{path} at {width}"] = f"{pixels} px too wide"
    if found := barriers(window.page):
        wrong[f"{path} for axe"] = found
    return window.page


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_page(window: Window, address: str) -> bool:
    """Whether an address gives a page and not a file to keep."""
    answer = window.context.request.get(address)
    return "attachment" not in answer.headers.get("content-disposition", "")


@pytest.mark.parametrize("role", ROLES)
def test_each_page_behind_the_menu_is_sound(role: str, site: Site, open_window: OpenWindow) -> None:
    window = open_window(role)
    wrong: dict[str, object] = {}
    seen = {endpoint for endpoint, _ in entries(site, role)}
    waiting = [path for _, path in entries(site, role)]
    while waiting:
        page = _look(window, wrong, waiting.pop(0))
        for address in _links(page) if page else []:
            endpoint = _endpoint(site, address)
            if endpoint is None or endpoint in seen:
                continue
            seen.add(endpoint)
            if _is_page(window, address):
                waiting.append(_path(address))
    assert wrong == {}
    assert len(seen) > len(entries(site, role))
