"""Server processes: one a SQLite installation however it is started, several on PostgreSQL."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from finmart.config import Settings
from finmart.platform.db.session import Database
from finmart.platform.web.processes import OneProcessOnly, options, serve_processes
from finmart.platform.web.server import only_server
from tests.conventions.tree import ROOT

PATIENCE_S = 60.0

pytestmark = pytest.mark.database


@pytest.fixture
def environ(own_database: Database, settings: Settings) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "FINMART_LOG_LEVEL": "ERROR",
        "FINMART_JOBS": "off",
        "FINMART_DATA": str(settings.data),
        "FINMART_DATABASE_URL": own_database.engine.url.render_as_string(hide_password=False),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(environ: dict[str, str], *words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _answer(process: subprocess.Popen[str], port: int) -> requests.Response:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return requests.get(f"http://127.0.0.1:{port}/products", timeout=PATIENCE_S)
        except requests.ConnectionError:
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < end, "the server did not begin"
            time.sleep(0.1)


def _serve(port: int, processes: int) -> tuple[str, ...]:
    return "-c", "from finmart.cli import main; main()", "serve", "--port", str(port), "--processes", str(processes)


def test_gunicorn_is_told_whom_to_believe() -> None:
    told = options(host="::1", port=80, processes=3)
    assert (told["bind"], told["workers"], told["forwarded_allow_ips"]) == ("[::1]:80", 3, "")
    assert options(host="0.0.0.0", port=8000, processes=1)["bind"] == "0.0.0.0:8000"  # noqa: S104 - nothing listens.


def test_processes_serve_until_they_are_told_to_stop(own_database: Database, environ: dict[str, str]) -> None:
    port = _free_port()
    processes = 1 if own_database.is_sqlite else 2
    with _running(environ, *_serve(port, processes)) as site:
        assert _answer(site, port).status_code == 200
        if own_database.is_sqlite:
            with _running(environ, *_serve(_free_port(), 1)) as second:
                assert "已有一个服务进程" in second.communicate(timeout=PATIENCE_S)[1]
                assert second.returncode == 1
        else:
            assert len(Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text(encoding="ascii").split()) == 2
        site.terminate()
        assert site.wait(PATIENCE_S) == 0


def test_sqlite_has_one_server_process(settings: Settings) -> None:
    on_sqlite = replace(settings, database_url="sqlite:///finmart.db")
    with pytest.raises(OneProcessOnly):
        serve_processes(_never, on_sqlite, host="127.0.0.1", port=1, processes=2)


def _never() -> Any:
    raise AssertionError("nothing is served")


def test_the_application_object_holds_the_folder_too(
    own_database: Database, settings: Settings, environ: dict[str, str]
) -> None:
    with only_server(settings.data):
        loaded = subprocess.run(
            [sys.executable, "-c", "import app"], cwd=ROOT, env=environ, capture_output=True, text=True
        )
    if own_database.is_sqlite:
        assert "AlreadyServing" in loaded.stderr
    assert loaded.returncode == int(own_database.is_sqlite), loaded.stderr
    with _running(environ, "-m", "gunicorn", "--bind", f"127.0.0.1:{(port := _free_port())}", "app:app") as site:
        assert _answer(site, port).status_code == 200
        os.kill(site.pid, signal.SIGTERM)
        assert site.wait(PATIENCE_S) == 0
