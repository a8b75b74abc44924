"""Elasticsearch is away: the embedded engine answers, says so, and steps back by itself."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from finmart.config import SearchSettings
from finmart.platform.kernel.ids import public_id
from finmart.platform.search.elastic.connecting import connect
from finmart.platform.search.elastic.index import ElasticIndex
from finmart.platform.search.embedded import EmbeddedIndex
from finmart.platform.search.guarded import Breaker, GuardedIndex
from finmart.platform.search.types import IndexMissing, Query
from tests.fixtures import search
from tests.services.forwarder import Wire
from tests.unit.platform.search.test_engines import SPEC, THINGS

#: Long enough for a test to ask twice within it, short enough to wait for.
RETRY_AFTER_S = 0.6


def _guarded(port: int, folder: Path, prefix: str = "finmart-test-away") -> GuardedIndex:
    chosen = SearchSettings(urls=(f"http://127.0.0.1:{port}",), prefix=prefix, timeout=1)
    engine = ElasticIndex(connect(chosen), prefix, SPEC)
    return GuardedIndex(engine, EmbeddedIndex(folder / "search.db", SPEC), Breaker(RETRY_AFTER_S))


class _Other(BaseHTTPRequestHandler):
    """A server that answers everything with an empty object, as another product on that port would."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def other() -> Iterator[int]:
    """The port of a server that is not Elasticsearch."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def silent() -> Iterator[Wire]:
    """A server that takes connections and never answers."""
    wire = Wire(0)
    wire.hangs = True
    yield wire
    wire.cut()


def test_nobody_listens(tmp_path: Path) -> None:
    wire = Wire(0)
    wire.cut()
    guarded = _guarded(wire.port, tmp_path)
    with pytest.raises(IndexMissing):
        guarded.state()
    assert guarded.rebuild(iter(THINGS), words=iter(["云税贷"]), note="one") == 3
    hits = guarded.find(Query("云税贷"))
    assert (hits.keys, hits.fallback, hits.note) == (("a",), True, "one")
    assert guarded.state().engine == "embedded"
    guarded.put([], words=[], gone=["a"], note="two")
    assert guarded.find(Query()).total == 2


def test_one_search_waits_for_a_silent_server_and_those_after_it_do_not(silent: Wire, tmp_path: Path) -> None:
    guarded = _guarded(silent.port, tmp_path)
    EmbeddedIndex(tmp_path / "search.db", SPEC).rebuild(THINGS, words=[], note="one")
    began = time.monotonic()
    assert guarded.find(Query()).fallback
    waited = time.monotonic() - began
    assert 0.9 < waited < 5
    began = time.monotonic()
    assert guarded.find(Query()).fallback
    assert time.monotonic() - began < waited / 2


def test_what_is_no_elasticsearch_is_not_searched(other: int, tmp_path: Path) -> None:
    guarded = _guarded(other, tmp_path)
    EmbeddedIndex(tmp_path / "search.db", SPEC).rebuild(THINGS, words=[], note="one")
    with capture_logs() as lines:
        assert guarded.find(Query()).fallback
    assert [(line["event"], line["reason"]) for line in lines] == [
        ("search_engine_away", "UnsupportedProductError 200")
    ]


def test_the_breaker_lets_one_caller_try() -> None:
    breaker = Breaker(0.2)
    assert breaker.lets_through()
    breaker.failed("ConnectionError")
    assert not breaker.lets_through()
    time.sleep(0.25)
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]
    breaker.answered()
    assert [breaker.lets_through() for _ in range(3)] == [True, True, True]


@pytest.mark.search
@pytest.mark.elasticsearch
def test_it_steps_back_when_elasticsearch_is_there_again(tmp_path: Path) -> None:
    wire = Wire(urlsplit(search.URL).port or 0)
    guarded = _guarded(wire.port, tmp_path, f"{search.settings().prefix}-{public_id()}")
    with capture_logs() as lines:
        guarded.rebuild(THINGS, words=["云税贷"], note="one")
        assert (guarded.find(Query("云税贷")).fallback, guarded.state().engine) == (False, "elasticsearch")
        wire.cut()
        with pytest.raises(IndexMissing):
            guarded.find(Query("云税贷"))
        guarded.rebuild(THINGS, words=["云税贷"], note="one")
        assert guarded.find(Query("云税贷")).fallback
        time.sleep(RETRY_AFTER_S)
        assert guarded.find(Query("云税贷")).fallback
        wire.mend()
        assert guarded.find(Query("云税贷")).fallback, "it was tried a moment ago"
        time.sleep(RETRY_AFTER_S)
        hits = guarded.find(Query("云税贷"))
        assert (hits.keys, hits.fallback) == (("a",), False)
        for _ in range(5):
            assert not guarded.find(Query("云税贷")).fallback
    wire.cut()
    assert [(line["event"], line.get("reason")) for line in lines] == [
        ("search_engine_away", "ConnectionError"),
        ("search_engine_back", None),
    ]
