"""What is gathered while pages are read is written: by the thread, on stop, and after a failure; nothing is lost."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence

import pytest
import requests
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from finmart.config import Settings
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.jobs import gathering
from finmart.platform.jobs.gathering import Gathering
from finmart.products import loading
from tests.conventions.tree import ROOT

PATIENCE_S = 60.0
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"}
READ = 7


@pytest.fixture
def kept(own_database: Database) -> Iterator[list[int]]:  # noqa: ARG001
    """What a gathering of its own has written; no thread and no gathering is left behind."""
    written: list[int] = []
    yield written
    gathering.stop()
    gathering._All.gatherings.pop("test.gathering", None)
    written.clear()


def test_many_threads_lose_nothing_and_stop_writes_the_rest(kept: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PAUSE_S", 0.01)
    gathered: Gathering[int] = Gathering("test.gathering", kept.extend)
    gathering.start()

    def add(first: int) -> None:
        for number in range(first, first + 500):
            gathered.add([number])

    threads = [threading.Thread(target=add, args=(first,)) for first in range(0, 4000, 500)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gathered.add([4000])
    gathering.stop()
    assert sorted(kept) == list(range(4001))
    assert len(gathered) == 0


def test_what_could_not_be_written_is_tried_again_in_order(kept: list[int]) -> None:
    away = [True]

    def write(items: Sequence[int]) -> None:
        if away[0]:
            raise OSError("the database is away")
        kept.extend(items)

    gathered = Gathering("test.gathering", write)
    gathered.add([1, 2])
    with pytest.raises(OSError, match="away"):
        gathered.flush()
    gathered.add([3])
    away[0] = False
    assert gathered.flush() == 3
    assert kept == [1, 2, 3]


def test_what_the_database_refuses_for_good_keeps_nothing_else_waiting(kept: list[int]) -> None:
    def write(items: Sequence[int]) -> None:
        if 2 in items:
            raise IntegrityError("INSERT", {}, ValueError("no such run"))
        kept.extend(items)

    gathered = Gathering("test.gathering", write)
    gathered.add([1, 2, 3])
    assert gathered.flush() == 2
    assert kept == [1, 3]
    assert len(gathered) == 0


def test_more_than_there_is_room_for_is_let_go(kept: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST", 3)
    gathered: Gathering[int] = Gathering("test.gathering", kept.extend)
    gathered.add([1, 2])
    gathered.add([3, 4])
    gathered.flush()
    assert kept == [1, 2, 3]


@pytest.mark.database
def test_a_server_that_is_stopped_has_counted_every_reading(own_database: Database, settings: Settings) -> None:
    with unit_of_work():
        loading.load_catalogue(loading.importer())
    with unit_of_work(readonly=True) as current:
        query = "SELECT code FROM product WHERE published_number IS NOT NULL ORDER BY code LIMIT 1"
        code = current.execute(text(query)).scalar_one()
    environ = {
        "PATH": "/usr/bin:/bin",
        "FINMART_LOG_LEVEL": "ERROR",
        "FINMART_JOBS": "off",
        "FINMART_DATA": str(settings.data),
        "FINMART_DATABASE_URL": own_database.engine.url.render_as_string(hide_password=False),
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from finmart.cli import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL) as site:
        try:
            _wait(site, port)
            for _reading in range(READ):
                answer = requests.get(f"http://127.0.0.1:{port}/products/{code}", headers=BROWSER, timeout=PATIENCE_S)
                assert answer.status_code == 200
        finally:
            site.terminate()  # At once: the next writing of the thread has not come yet.
        assert site.wait(PATIENCE_S) == 0
    with unit_of_work(readonly=True) as current:
        query = "SELECT sum(times) FROM product_reading WHERE channel = 'public'"
        assert current.execute(text(query)).scalar_one() == READ


def _wait(site: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            requests.get(f"http://127.0.0.1:{port}/institutions", timeout=PATIENCE_S)
        except requests.ConnectionError:
            assert site.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server did not begin"
            time.sleep(0.1)
        else:
            return
