"""``kill -9`` of server, worker or import at random moments, round after round, on one installation.

Two applicants with the clerks of two banks go from needs to decisions, a third bank takes products from the shelf and
puts them back, and each round brings a delivery of invoices. One process dies without a word and begins again; whoever
was not answered sends again. In the end everything must stand exactly once and nothing may lie about.

``FINMART_TEST_FAULTS`` says how many rounds (default 12; ``.ci/run`` sets 50), ``FINMART_TEST_SEED`` which moments.
"""

import json
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine

from finmart.cli import main
from finmart.platform.db import session
from finmart.platform.db.engine import READONLY, make_engine
from finmart.platform.db.session import Database, unit_of_work, use_database
from finmart.platform.files import service as files
from finmart.platform.kernel.clock import told_by
from tests.factories.credit import Line, write_invoices
from tests.fixtures import report
from tests.fixtures.city import City
from tests.fixtures.databases import KIND, copied, in_use
from tests.integration.faults import invariants
from tests.integration.faults.browser import Browser, Wire
from tests.integration.faults.people import Editor, Memory, Pair, Told, Worker
from tests.integration.faults.processes import PATIENCE_S, Begun, Nursery, free_port, nursery, wait_until

ROUNDS = int(os.environ.get("FINMART_TEST_FAULTS") or 12)
SEED = int(os.environ.get("FINMART_TEST_SEED") or 20_261_121)
#: A round's longest time until somebody dies, in seconds: an import takes about as long.
SPAN_S = 1.2
#: After a form was sent: how long until the server, or the worker behind it, dies at most; about what either takes.
MIDST_S = {"server": 0.2, "worker": 0.5}
#: The share of answers that get lost although nobody died.
LOSS = 0.1
LINES = 40
AS_OF = "2020-02-21"
#: Demonstration sign-ins: applicants, the clerks whose banks they go to, and whoever edits the shelf.
PAIRS = (("19000000101", "19000000022"), ("19000000102", "19000000026"))
EDITOR = "19000000024"
VICTIMS = ("server", "worker", "import")


@dataclass
class Importer:
    """Brings deliveries, one after the other, each again until it has been taken."""

    nursery: Nursery
    folder: Path
    numbers: list[str] = field(default_factory=list)
    deliveries: list[Path] = field(default_factory=list)
    running: Begun | None = None
    done: int = 0
    conflicts: int = 0

    def go_on(self) -> Begun:
        """The import under way; the next one, or the same again, when it has ended."""
        if self.running is not None and self.running.lives:
            return self.running
        if self.running is not None:
            self._look_back(self.running)
        if self.done == len(self.deliveries):
            self._write_next()
        self.running = self.begin(self.deliveries[-1])
        return self.running

    def begin(self, delivery: Path) -> Begun:
        """Begin an import."""
        return self.nursery.begin("credit", "import", "invoices", delivery, "--as-of", AS_OF, "--json")

    def _look_back(self, ended: Begun) -> None:
        if ended.status == 0:
            self.done += 1
        elif ended.status is not None:
            # Whoever died a moment ago still counts as being at work where the database has not noticed yet.
            assert "Error: " in ended.said, ended.said[-3000:]
            self.conflicts += 1

    def finish(self) -> None:
        """Bring the last delivery to its end."""
        while self.done < len(self.deliveries):
            self.go_on().wait()
            assert self.running is not None
            self._look_back(self.running)
            self.running = None

    def _write_next(self) -> None:
        delivery = self.folder / f"{len(self.deliveries):03d}"
        sales = [str(10_000_000 + len(self.numbers) + number) for number in range(LINES)]
        firms = [f"F{number % 7}" for number in range(LINES)]
        lines = [Line(firm=firm, number=number) for firm, number in zip(firms, sales, strict=True)]
        bought = Line(firm="F0", number=f"9{len(self.deliveries):07d}", party="A1", day="2018/1/15")
        write_invoices(delivery, sales=lines, purchases=[bought])
        self.numbers += [*sales, bought.number]
        self.deliveries.append(delivery)


@dataclass
class World:
    """The installation under fire: its processes, its people, and what they remember."""

    data: Path
    engine: Engine
    nursery: Nursery
    importer: Importer
    memory: Memory
    people: list[Worker]
    wire: Wire
    port: int
    server: Begun
    worker: Begun
    killed: Counter[str] = field(default_factory=Counter)

    def round(self, victim: str, after: float) -> None:
        """Let everybody work, kill one process after so many seconds, and begin it again."""
        enough, failures = Event(), list[BaseException]()
        importing = self.importer.go_on()
        threads = [Thread(target=_work, args=(each, enough, failures)) for each in self.people]
        for thread in threads:
            thread.start()
        time.sleep(after)
        self._wait_for_the_midst(victim)
        if not {"server": self.server, "worker": self.worker, "import": importing}[victim].kill():
            victim = "server"  # The import had ended by itself; somebody dies in every round.
            assert self.server.kill()
        self.killed[victim] += 1
        enough.set()
        for thread in threads:
            thread.join()
        if failures:
            failures[0].add_note(self.server.said[-6000:])
            raise failures[0]
        if victim == "server":
            self.server = self.nursery.serve(self.port)
        elif victim == "worker":
            self.worker = self._work()

    def _wait_for_the_midst(self, victim: str) -> None:
        """Wait until somebody has sent a form, and then a moment: while it is dealt with."""
        if victim in MIDST_S:
            self.wire.on_its_way.clear()
            self.wire.on_its_way.wait(PATIENCE_S)
            time.sleep(self.wire.chosen.uniform(0.0, MIDST_S[victim]))

    def _work(self) -> Begun:
        return self.nursery.begin("jobs", "work", "--pause", "0.1")

    def settle(self) -> None:
        """Let everybody hear how their last request ended, stop what runs, and do what is still to be done."""
        for person in self.people:
            while person.again is not None:
                person.try_to_act()
        self.importer.finish()
        _stop(self.server)
        # One that was begun a moment ago does not hear SIGTERM yet: it would die of it.
        wait_until(lambda: "At work" in self.worker.said, "the last worker does not begin")
        _stop(self.worker)
        for note in (self.data / "serving").iterdir():
            os.utime(note, (0, 0))  # A server that begins some minutes later forgets those that were killed.
        _stop(self.nursery.serve(self.port))
        # What a worker had taken when it died is free again five minutes later.
        with told_by(lambda: datetime.now(UTC) + timedelta(minutes=10)):
            main(["jobs", "drain"])

    def tidy(self) -> None:
        """Let the sweeps take away what the killed have left; they come by the clock, here the files are made old."""
        with in_use(Database(self.engine)), unit_of_work():
            files.sweep(0.0)
        for left in self.data.glob("search.db.*.new"):
            os.utime(left, (0, 0))
        main(["products", "reindex"])


def _stop(process: Begun) -> None:
    """Ask a process to end, and wait until it has."""
    os.kill(process.pid, signal.SIGTERM)
    process.wait()
    assert process.status == 0, process.said[-3000:]


def _work(person: Worker, enough: Event, failures: list[BaseException]) -> None:
    try:
        person.work(enough)
    except BaseException as error:  # A thread's own end is nobody's; the round raises it.
        failures.append(error)


@pytest.fixture
def world(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A copy of the demonstration city, served by processes of its own."""
    data = tmp_path / "var"
    shutil.copytree(city.settings.data, data, ignore=shutil.ignore_patterns("*.db*"))
    before = session._Holder.database
    with copied(city.engine, tmp_path) as url:
        monkeypatch.setenv("FINMART_DATA", str(data))
        monkeypatch.setenv("FINMART_DATABASE_URL", url)
        monkeypatch.delenv("FINMART_SEARCH_URL", raising=False)  # The index under fire is a file of this folder.
        engine = make_engine(url)
        with nursery(os.environ, tmp_path / "logs") as place:
            port = free_port()
            server = place.serve(port)
            memory, wire = Memory(), Wire(random.Random(SEED), 0.0)
            browsers, people = _people(f"http://127.0.0.1:{port}", wire, data, engine, memory)
            wire.loss = LOSS
            importer = Importer(place, tmp_path / "deliveries")
            worker = place.begin("jobs", "work", "--pause", "0.1")
            yield World(data, engine, place, importer, memory, people, wire, port, server, worker)
            for browser in browsers:
                browser.close()
        engine.dispose()
    use_database(before)


def _people(address: str, wire: Wire, data: Path, engine: Engine, memory: Memory) -> tuple[list[Browser], list[Worker]]:
    """Everybody, signed in by the page, with their bank's products."""
    passwords = dict(
        line.split()[:2] for line in (data / "demo-signins.txt").read_text(encoding="utf-8").splitlines()[1:]
    )
    browsers: list[Browser] = []
    with engine.execution_options(**{READONLY: True}).connect() as connection:
        published = invariants.published(connection)

    def sign_in(phone: str) -> Browser:
        browsers.append(Browser(address, wire))
        browsers[-1].sign_in(phone, passwords[phone])
        return browsers[-1]

    people: list[Worker] = []
    for number, (applicant, clerk) in enumerate(PAIRS):
        desk = sign_in(clerk)
        people.append(
            Pair(
                memory,
                applicant=sign_in(applicant),
                clerk=desk,
                product=_products(desk, published)[0],
                amounts=count(100_001 + 100_000 * number),
            )
        )
    editor = sign_in(EDITOR)
    people.append(Editor(memory, browser=editor, products=_products(editor, published)[:3]))
    return browsers, people


def _products(browser: Browser, published: set[str]) -> list[str]:
    """The codes of the institution's own products on the shelf, as its list shows them."""
    page = browser.get("/institution/products")
    links = page.text.split('href="/institution/products/')[1:]
    codes = sorted({link.partition('"')[0] for link in links} & published)
    assert codes, page.words
    return codes


def test_nothing_is_lost_and_nothing_doubled(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    started, chosen = time.monotonic(), random.Random(SEED)
    for number in range(ROUNDS):
        world.round(VICTIMS[number % len(VICTIMS)], chosen.uniform(0.02, SPAN_S))
    world.settle()
    taken = _again(world)
    with world.engine.execution_options(**{READONLY: True}).connect() as connection:
        invariants.demands_stand_once(connection, world.memory)
        invariants.steps_stand_once(connection, world.memory)
        invariants.every_duty_is_owned_once(connection)
        invariants.rows_beside_steps(connection)
        invariants.work_is_done_once(connection, world.data / "notices.log")
        invariants.index_equals_catalogue(connection, world.data, world.memory)
        invariants.imports_are_whole(connection, world.data, world.importer.numbers)
    main(["audit", "verify"])  # Ends with an error when the chain of seals has a fault.
    world.tidy()
    with world.engine.execution_options(**{READONLY: True}).connect() as connection:
        invariants.nothing_lies_about(connection, world.data)
    said = [begun.said for begun in world.nursery.begun]
    assert [each[-2000:] for each in said if "job_failed" in each or "Traceback" in each] == []
    assert sum(world.killed.values()) == ROUNDS
    report.remark(_summary(world, taken, time.monotonic() - started))
    capsys.readouterr()


def _again(world: World) -> int:
    """Bring every delivery again; each says that it was taken before. How many there were."""
    for delivery in world.importer.deliveries:
        begun = world.importer.begin(delivery)
        begun.wait()
        assert begun.status == 0, begun.said[-3000:]
        told = json.loads(begun.said.strip().splitlines()[-1])
        assert (told["rows_stored"], told["rows_duplicate"], told["facts"]) == (0, told["rows_read"], 0)
    return len(world.importer.deliveries)


def _summary(world: World, taken: int, seconds: float) -> str:
    killed = ", ".join(f"{name} {world.killed[name]}" for name in VICTIMS)
    memory = world.memory
    return (
        f"kill -9 on {KIND}: {ROUNDS} rounds (seed {SEED}) in {seconds:.0f} s, killed at work: {killed}; "
        f"{memory.counted(Told.DONE)} requests answered, {memory.counted(Told.UNKNOWN)} not, of which "
        f"{memory.counted(Told.DONE_UNSEEN)} turned out done when sent again; {len(memory.steps)} applications, "
        f"{taken} deliveries: nothing lost, nothing doubled"
    )
