"""Real processes of the command: begun at once, killed without a word."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from finmart.config import ROOT

PATIENCE_S = 60.0


class TookTooLong(AssertionError):
    """Something that must happen soon has not happened."""


def wait_until(happened: object, what: str) -> None:
    """Wait for ``happened()`` to be true. Raises ``TookTooLong``."""
    assert callable(happened)
    until = time.monotonic() + PATIENCE_S
    while not happened():
        if time.monotonic() > until:
            raise TookTooLong(what)
        time.sleep(0.01)


@dataclass(frozen=True)
class Begun:
    """A process that has been begun: its number, what it says, and how it ended."""

    pid: int
    log: Path

    @property
    def lives(self) -> bool:
        """Whether it has not ended yet."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def status(self) -> int | None:
        """How it ended; None while it lives and for one that was killed."""
        path = self.log.with_suffix(".status")
        return int(path.read_text(encoding="ascii")) if path.exists() and not self.lives else None

    @property
    def said(self) -> str:
        """What it has written to its standard output and error."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def kill(self) -> bool:
        """End it at once, as a power cut would; False when it had ended by itself."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.wait()
        return self.status is None

    def wait(self) -> None:
        """Wait for its end."""
        wait_until(lambda: not self.lives, f"process {self.pid} does not end: {self.said[-2000:]}")


class Nursery:
    """Begins processes of the command with one environment."""

    def __init__(self, process: "subprocess.Popen[str]", environ: Mapping[str, str], logs: Path) -> None:
        self._process = process
        self._environ = dict(environ)
        self._logs = logs
        self._number = count(1)
        self.begun: list[Begun] = []

    def begin(self, *words: object) -> Begun:
        """Begin ``finmart`` with ``words``."""
        log = self._logs / f"{next(self._number):04d}-{words[0]}.log"
        order = {"words": [str(word) for word in words], "environ": self._environ, "log": str(log)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self.begun.append(Begun(int(self._process.stdout.readline()), log))
        return self.begun[-1]

    def serve(self, port: int) -> Begun:
        """Begin the web server, and wait until it answers."""
        server = self.begin("serve", "--port", port)

        def answers() -> bool:
            assert server.lives, server.said[-3000:]
            with socket.socket() as knock:
                return knock.connect_ex(("127.0.0.1", port)) == 0

        wait_until(answers, "the server does not answer")
        return server


@contextmanager
def nursery(environ: Mapping[str, str], logs: Path) -> Iterator[Nursery]:
    """A nursery whose children are all gone at the end."""
    logs.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.faults.nursery"],
        cwd=ROOT,
        env={**environ, "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = Nursery(process, environ, logs)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield found
    finally:
        for child in found.begun:
            child.kill()
        process.communicate()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
