"""Bodies that are too large, on a real socket: answered at once, by the application, and never taken for a request."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from waitress import create_server, wasyncore

from finmart.platform.web.intake import limit_bodies

LIMIT = 10_000
LARGE = 200 * 1024 * 1024


@dataclass
class Site:
    """A small application that reads what it is given, and what it was asked."""

    port: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked.append((environ["PATH_INFO"], len(environ["wsgi.input"].read())))
        refused = int(environ.get("CONTENT_LENGTH") or 0) > LIMIT
        answer = b"too large" if refused else b"taken"
        start_response("413 Too Large" if refused else "200 OK", [("Content-Length", str(len(answer)))])
        return [answer]


@pytest.fixture
def site() -> Iterator[Site]:
    """The application behind waitress, in a thread."""
    application = Site()
    sockets: dict[int, Any] = {}
    server = create_server(application, sockets, host="127.0.0.1", port=0, threads=1, max_request_body_size=LIMIT + 1)
    limit_bodies(sockets)
    application.port = server.effective_port
    stopped = threading.Event()

    def run() -> None:
        # Opened and closed by one thread: a socket closed under a running loop would be an error now and then.
        while not stopped.is_set():
            wasyncore.loop(timeout=0.05, map=sockets, count=1)
        server.task_dispatcher.shutdown()
        server.close()
        for channel in list(server.active_channels.values()):
            channel.handle_close()

    thread = threading.Thread(target=run)
    thread.start()
    yield application
    stopped.set()
    thread.join(10)


def _answer(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def _head(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode()


def test_a_body_within_the_limit_is_taken_whole(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
        connection.sendall(_head("/ok", f"Content-Length: {LIMIT}", "Connection: close") + b"x" * LIMIT)
        assert _answer(connection).endswith(b"taken")
    assert site.asked == [("/ok", LIMIT)]


def test_two_hundred_megabytes_are_refused_before_they_arrive(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
        began = time.monotonic()
        connection.sendall(_head("/large", f"Content-Length: {LARGE}") + b"x" * 100)
        answer = _answer(connection)
        assert time.monotonic() - began < 3
        assert answer.startswith(b"HTTP/1.1 413")
        assert answer.endswith(b"too large")
        connection.sendall(b"x" * 5_000_000)  # What is still on its way does not break the connection.
    assert site.asked == [("/large", 0)]


def test_a_refused_body_is_not_the_next_request(site: Site) -> None:
    hidden = _head("/hidden", "Content-Length: 0")
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
        connection.sendall(_head("/large", f"Content-Length: {LARGE}") + hidden)
        connection.sendall(hidden)
        assert _answer(connection).count(b"HTTP/1.1") == 1
    assert site.asked == [("/large", 0)]


def test_a_sender_who_asks_first_is_told_at_once(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
        connection.sendall(_head("/large", f"Content-Length: {LARGE}", "Expect: 100-continue"))
        assert _answer(connection).startswith(b"HTTP/1.1 413")


def test_a_body_without_a_length_is_cut_at_the_limit(site: Site) -> None:
    piece = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
        connection.sendall(_head("/chunked", "Transfer-Encoding: chunked"))
        for _ in range(4):
            connection.sendall(piece)
        assert _answer(connection).startswith(b"HTTP/1.1 413")
    assert site.asked == [("/chunked", 0)]


def test_a_sender_who_never_ends_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finmart.platform.web.intake.LINGER", 0.0)
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
        connection.sendall(_head("/large", f"Content-Length: {LARGE}"))
        assert _answer(connection).startswith(b"HTTP/1.1 413")
        with pytest.raises(OSError, match=r"reset|pipe|Broken|closed"):
            for _ in range(50):
                connection.sendall(b"x" * 10_000)
                time.sleep(0.02)
