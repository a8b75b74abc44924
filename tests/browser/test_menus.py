"""Every page of every role's menu, in a browser, at the widths of a phone, a tablet and a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import url_for
from playwright.sync_api import Page

from finmart.platform.authz.roles import ROLE_KINDS, permissions_of
from finmart.platform.web.menu import AREA_OF_KIND, MenuItem
from tests.browser.conftest import WIDTHS, OpenWindow, Site
from tests.fixtures.city import VISITOR

pytestmark = pytest.mark.browser

#: What axe calls these stops somebody from using a page.
GRAVE = {"serious", "critical"}


def entries(site: Site, role: str) -> list[tuple[str, str]]:
    """Endpoint and address of every entry that ``role`` sees."""
    area = AREA_OF_KIND.get(ROLE_KINDS.get(role, ""), "public")
    permissions = permissions_of(role)
    items: list[MenuItem] = site.app.extensions["finmart.menu"]
    with site.app.test_request_context():
        return [
            (item.endpoint, url_for(item.endpoint))
            for item in items
            if item.area == area and (item.permission is None or item.permission in permissions)
        ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window; tables scroll inside their frames."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'][:160]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("role", [VISITOR, *ROLE_KINDS])
def test_every_menu_entry_fits_every_width_and_bars_nobody(role: str, site: Site, open_window: OpenWindow) -> None:
    window = open_window(role)
    wrong: dict[str, object] = {}
    for endpoint, path in entries(site, role):
        page = window.open(path)
        for width in WIDTHS:
            window.resize(width)
            window.picture(f"{role}-{endpoint}-{width}")
            if (pixels := overflow(page)) > 0:
                wrong[f"{path} at {width}"] = f"{pixels} px too wide"
            if width != "tablet" and (barred := barriers(page)):
                wrong[f"{path} for axe at {width}"] = barred
    assert wrong == {}
