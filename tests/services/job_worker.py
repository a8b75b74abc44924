"""The command ``finmart`` with three jobs of the tests instead of the house's periodic ones.

``python -m tests.services.job_worker FOLDER words of the command``, or ``… FOLDER enqueue NAME FIRST LAST`` to write
work down and wake the workers. A job waits while ``FOLDER/hold`` exists, after it has written its row and before its
commit.
"""

import sys
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from sqlalchemy import text

from finmart import cli
from finmart.factory import JOBS as JOB_MODULES
from finmart.factory import prepare
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs import outbox, registry
from finmart.platform.jobs.registry import Payload
from finmart.platform.jobs.runner import use_waker

PATIENCE_S = 60.0
SLOW, QUICK, TICK = "test.slow", "test.quick", "test.tick"


def _write(kind: str, number: int) -> None:
    session().execute(
        text("INSERT INTO work_done (kind, number) VALUES (:kind, :number)"), {"kind": kind, "number": number}
    )


def _hold(folder: Path, name: str) -> None:
    (folder / name).touch()
    until = time.monotonic() + PATIENCE_S
    while (folder / "hold").exists() and time.monotonic() < until:
        time.sleep(0.02)


def register(folder: Path) -> None:
    """Make the tests' jobs known, and no periodic one but theirs."""
    for name in JOB_MODULES:
        import_module(name)
    registry.PERIODIC.clear()

    @registry.job(SLOW)
    def slow(payload: Payload) -> None:
        _write(SLOW, payload["number"])
        _hold(folder, f"began-{payload['number']}")

    @registry.job(QUICK)
    def quick(payload: Payload) -> None:
        _write(QUICK, payload["number"])
        time.sleep(0.02)

    @registry.periodic(TICK, timedelta(days=1))
    def tick() -> None:
        if (folder / "ticking").exists():
            _write(TICK, 0)
            _hold(folder, "began-tick")


def _enqueue(folder: Path, name: str, first: int, last: int) -> None:
    house = prepare()
    use_waker(house.settings.data)
    with unit_of_work():
        for number in range(first, last + 1):
            outbox.enqueue(name, {"number": number})
    (folder / "enqueued").touch()


def main() -> None:
    """Register the jobs, then be the command."""
    folder, words = Path(sys.argv[1]), sys.argv[2:]
    register(folder)
    if words[0] == "enqueue":
        _enqueue(folder, words[1], int(words[2]), int(words[3]))
    else:
        cli.main(words)


if __name__ == "__main__":
    main()
