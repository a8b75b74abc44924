"""The shelf's page beside a bare Flask + Jinja page of the same bytes, and many readers at once.

The peer is an application of its own with what any such page needs: a signed session that is read and written, a
CSRF token, a language chosen from the request, twelve cards and every facet as a link with its count, filled up to the
same number of bytes. It asks no database, searches nothing, and has no navigation, rate limits or notices.

Each is measured on the project's own catalogue, and again after the shelf has grown to each of the sizes asked for.

``page_signed_in`` and ``page_visitor``: the page as an installation serves it, its content kept by catalogue version,
language and question; somebody signed in has a session in the database, permissions and messages besides.
``page_anew``: a visitor's page whose content nobody has asked for since the last publication, search included.
``readers``: 50 visitors at once against the server that an installation runs, in a process of its own.
"""

import http.client
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, render_template_string, request, session
from flask.testing import FlaskClient
from flask_babel import Babel, gettext
from flask_wtf.csrf import CSRFProtect, generate_csrf

from benchmarks.growing import grow

if TYPE_CHECKING:
    from finmart.products.service import Found

PATH = "/products"
READERS = 50
REQUESTS_EACH = 20
READY_S = 60

_BARE = """<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ _("Products") }}</title></head><body>
<form method="post"><input type="hidden" name="csrf_token" value="{{ token }}"></form>
{% for title, choices in facets %}<details><summary>{{ title }}</summary><ul>
{% for name, count in choices %}
<li><a href="{{ url_for('shelf', **{title: name}) }}">{{ name }} <span>{{ count }}</span></a></li>{% endfor %}
</ul></details>{% endfor %}
{% for card in cards %}<article><h2><a href="{{ url_for('shelf', code=card.code) }}">{{ card.name }}</a></h2>
<p>{{ card.owner }}</p><dl>
{% for key, value in card.terms %}<dt>{{ _(key) }}</dt><dd>{{ value }}</dd>{% endfor %}</dl></article>
{% endfor %}
<!-- {{ filling }} --></body></html>"""


def peer(facets: list[tuple[str, list[tuple[str, int]]]], cards: list[dict[str, Any]], size: int) -> Flask:
    """The bare application, whose page is ``size`` bytes long."""
    app = Flask("peer")
    app.config.update(SECRET_KEY=secrets.token_hex(), WTF_CSRF_CHECK_DEFAULT=False)
    Babel(app, locale_selector=lambda: request.accept_languages.best_match(["zh", "en"]) or "zh")
    CSRFProtect(app)
    filling = [""]

    @app.get("/")
    def shelf() -> str:
        session["seen"] = session.get("seen", 0) + 1
        return render_template_string(
            _BARE, facets=facets, cards=cards, token=generate_csrf(), language=gettext("zh"), filling=filling[0]
        )

    filling[0] = "." * max(0, size - len(app.test_client().get("/").data))
    return app


def _median_ms(calls: list[Callable[[], object]], repeat: int) -> list[float]:
    taken: list[list[float]] = [[] for _call in calls]
    for turn in range(repeat + 1):
        for place, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            if turn:
                taken[place].append((time.perf_counter() - begun) * 1000)
    return [statistics.median(each) for each in taken]


def _line(name: str, ours: float, theirs: float, size: int, products: int) -> dict[str, Any]:
    return {
        "name": name,
        "products": products,
        "bytes": size,
        "ours_ms": round(ours, 3),
        "peer": "bare Flask + Jinja page of the same bytes with session, facets, CSRF and language",
        "peer_ms": round(theirs, 3),
        "ratio": round(ours / theirs, 2),
    }


def _sign_in(client: FlaskClient, folder: Path) -> None:
    """Sign in as the demonstration's colleague of an enterprise. Raises ``RuntimeError``."""
    lines = (folder / "demo-signins.txt").read_text(encoding="utf-8").splitlines()
    phone, password = next(line.split()[:2] for line in lines if "Enterprise, colleague" in line)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    form = {"phone": phone, "password": password, "csrf_token": token[1] if token else ""}
    if client.post("/sign-in", data=form).status_code != http.client.FOUND:
        raise RuntimeError("the demonstration's reader could not sign in")


class Reading:
    """The application of one installation, a visitor and somebody signed in."""

    def __init__(self, folder: Path) -> None:
        from finmart.factory import create_app

        app = create_app()
        self.visitor, self.reader = app.test_client(), app.test_client()
        _sign_in(self.reader, folder)

    def lines(self, repeat: int) -> list[dict[str, Any]]:
        """The page of somebody signed in, and a visitor's, kept and rendered anew, each beside the peer's."""
        from finmart.platform.db.session import unit_of_work
        from finmart.products import service
        from finmart.products.routes.shelf import kept

        size = len(self.visitor.get(PATH).data)
        with unit_of_work(readonly=True):
            found = service.find_products(service.Criteria())
        bare = _peer_of(found, size)

        def anew() -> None:
            kept.clear()
            self.visitor.get(PATH)

        sides: tuple[tuple[str, Callable[[], object]], ...] = (
            ("page_signed_in", lambda: self.reader.get(PATH)),
            ("page_visitor", lambda: self.visitor.get(PATH)),
            ("page_anew", anew),
        )
        measured = []
        for name, side in sides:
            ours, theirs = _median_ms([side, lambda: bare.get("/")], repeat)
            measured.append(_line(name, ours, theirs, size, found.total))
        return measured


def _peer_of(found: "Found", size: int) -> FlaskClient:
    facets = [(name, sorted(counts.items())) for name, counts in found.facets.items()]
    cards = [
        {
            "code": p.code,
            "name": p.name_zh,
            "owner": p.institution.name_zh,
            "terms": [(t, p.product_type) for t in "abcd"],
        }
        for p in found.products
    ]
    return peer(facets, cards, size).test_client()


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", f"from finmart.cli import main; main({list(words)!r})"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read(port: int, taken: list[float], gate: threading.Barrier) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_S)
    gate.wait()
    for _request in range(REQUESTS_EACH):
        begun = time.perf_counter()
        connection.request("GET", PATH)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{PATH} answered {answer.status}")
        taken.append((time.perf_counter() - begun) * 1000)
    connection.close()


def _wait_for(port: int) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not start")


def readers_line(products: int) -> dict[str, Any]:
    """The spread of what 50 readers wait for at once."""
    port = _free_port()
    server = subprocess.Popen(
        _command("serve", "--port", str(port)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    taken: list[float] = []
    try:
        _wait_for(port)
        for number in (1, READERS):  # One reader warms it up.
            taken.clear()
            gate = threading.Barrier(number)
            threads = [threading.Thread(target=_read, args=(port, taken, gate)) for _reader in range(number)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        server.terminate()
        server.wait()
    ordered = sorted(taken)
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]
    return {
        "name": "readers",
        "products": products,
        "at_once": READERS,
        "requests": len(ordered),
        "median_ms": round(middle, 1),
        "p99_ms": round(late, 1),
        "ratio": round(late / middle, 2),
    }


def lines(repeat: int, sizes: list[int]) -> list[dict[str, Any]]:
    """All lines, on an installation of their own whose shelf grows; run in this process."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"FINMART_DATA": str(Path(folder)), "FINMART_JOBS": "off"}
        for command in (["db", "upgrade"], ["demo", "load"]):
            subprocess.run(_command(*command), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        reading = Reading(Path(folder))
        found = []
        for size in (0, *sorted(sizes)):
            grow(size)
            measured = reading.lines(repeat)
            found += [*measured, readers_line(measured[0]["products"])]
        return found
