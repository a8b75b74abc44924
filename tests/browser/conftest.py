"""A real browser on a real server: Debian's Chromium, and the site served by its own command on a copy of the city."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright

from finmart.config import ROOT, load_settings
from finmart.factory import House, create_app
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database
from tests.fixtures.city import VISITOR, City, CityVisit
from tests.fixtures.databases import copied, in_use
from tests.fixtures.report import find_browser

START_SECONDS = 30.0
#: The widths at which every page is looked at: a phone, a tablet, a desk.
WIDTHS = {"phone": (390, 844), "tablet": (768, 1024), "desk": (1440, 900)}


@dataclass(frozen=True)
class Site:
    """A served city: its address, and an application on the same records to look things up with."""

    address: str
    app: Flask

    def cookie(self, role: str) -> str | None:
        """The session cookie of the demonstration's person with ``role``."""
        if role == VISITOR:
            return None
        with in_use(self.app.extensions["finmart.test.database"]):
            visit = CityVisit(self.app)
            visit.enter(role)
            cookie = visit.client.get_cookie("finmart")
        return cookie.value if cookie else None


@pytest.fixture(scope="session")
def site(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The city served by ``finmart serve``; what visitors change stays in its own copy."""
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(city.settings.data, folder, ignore=shutil.ignore_patterns("own.db*"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with copied(city.engine, folder) as url:
        environ = {**os.environ, "FINMART_DATA": str(folder), "FINMART_DATABASE_URL": url, "FINMART_JOBS": "off"}
        engine = make_engine(url)
        database = Database(engine)
        with in_use(database):
            app = create_app(house=House(load_settings(environ), database))
        app.extensions["finmart.test.database"] = database
        code = f"from finmart.cli import main; main(['serve', '--port', '{port}'])"
        server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environ)
        try:
            _wait(port, server)
            yield Site(f"http://127.0.0.1:{port}", app)
        finally:
            server.terminate()
            server.wait(timeout=30)
            engine.dispose()


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"the site did not answer within {START_SECONDS:.0f} s")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run; it resolves no name but this machine's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield browser
        browser.close()


@dataclass
class Window:
    """A browser window of one person; it remembers everything that went wrong in it."""

    site: Site
    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the site and wait until its parts have come."""
        self.page.goto(self.site.address + path, wait_until="networkidle")
        return self.page

    def resize(self, width: str) -> None:
        """Make the window as wide as a phone, a tablet or a desk's screen."""
        size = WIDTHS[width]
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page, where the run was given a folder for them."""
        folder = os.environ.get("FINMART_TEST_PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


OpenWindow = Callable[..., Window]


@pytest.fixture
def open_window(site: Site, chromium: Browser) -> Iterator[OpenWindow]:
    """Open a window as a role at a width; at the end no window may have seen a script error or a refused file.

    ``zoom`` 2 is the browser's 200 %: the same screen, half as many of the page's pixels, each twice as large.
    """
    windows: list[Window] = []

    def open_as(role: str = VISITOR, width: str = "phone", language: str = "zh-CN", zoom: int = 1) -> Window:
        wide, high = (pixels // zoom for pixels in WIDTHS[width])
        context = chromium.new_context(
            viewport={"width": wide, "height": high}, locale=language, device_scale_factor=zoom
        )
        cookie = site.cookie(role)
        if cookie:
            context.add_cookies([{"name": "finmart", "value": cookie, "url": site.address}])
        window = Window(site, context, context.new_page())
        _listen(window)
        windows.append(window)
        return window

    yield open_as
    for window in windows:
        window.context.close()
    assert [fault for window in windows for fault in window.faults] == []


def _is_fault(message: ConsoleMessage) -> bool:
    """A form that was refused is an answer like another, though the browser's console calls it an error."""
    return message.type == "error" and "status of 422" not in message.text


def _listen(window: Window) -> None:
    def guard(route: Route) -> None:
        if route.request.url.startswith((window.site.address, "data:", "blob:")):
            route.continue_()
        else:
            window.faults.append(f"asked for {route.request.url}")
            route.abort()

    window.context.route("**/*", guard)
    page = window.page
    page.on("pageerror", lambda error: window.faults.append(f"{page.url}: {error}"))
    # A blocked style or script is told here too: the policy is enforced by the browser itself.
    page.on(
        "console",
        lambda message: window.faults.append(f"{page.url}: {message.text}") if _is_fault(message) else None,
    )
    page.on(
        "response",
        lambda answer: window.faults.append(f"{answer.url}: {answer.status}") if answer.status >= 500 else None,
    )
