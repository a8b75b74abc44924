"""Small servers of the outside world as processes of their own: started, asked what they received, ended."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conventions.tree import ROOT


@dataclass(frozen=True)
class Service:
    """A running server: where it listens, and the file in which it writes what it received."""

    port: int
    log: Path

    def received(self) -> list[dict[str, Any]]:
        """What it has received so far, in order."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


@contextmanager
def running(module: str, folder: Path, *arguments: str) -> Iterator[Service]:
    """``python -m module folder/received.jsonl arguments`` while the block runs; it prints its port when it listens."""
    log = folder / "received.jsonl"
    with subprocess.Popen(
        [sys.executable, "-m", module, str(log), *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, f"{module} did not start"
            yield Service(int(line), log)
        finally:
            process.terminate()
