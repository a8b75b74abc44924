"""A process that has imported everything once and lets real processes of the command begin at once.

Each line on its standard input is an order; it forks, and answers with the child's number. Importing takes two seconds,
which fifty rounds of dying and beginning again would otherwise spend hundreds of times.
"""

import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from finmart.cli import GROUPS, main
from finmart.factory import FILES, JOBS, ROUTES, import_models


def _import_everything() -> None:
    import_models()
    for name in (*JOBS, *FILES, *ROUTES, *GROUPS.values()):
        import_module(name)


def _become(order: dict[str, Any]) -> None:
    """Be the command that ``order`` describes, in a session of its own, with its words in its log."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(order["log"]).open("ab", buffering=0) as log, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.update(order["environ"])
    try:
        main(order["words"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def serve_orders() -> None:
    """Fork for each order until the input ends."""
    _import_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for the children: the killed are gone at once.
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _end_with(json.loads(line))
        print(child, flush=True)


def _end_with(order: dict[str, Any]) -> None:
    status = 1
    try:
        _become(order)
        status = 0
    except SystemExit as leave:
        if isinstance(leave.code, str):
            os.write(2, leave.code.encode() + b"\n")
        status = leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except BaseException as error:  # Nothing of the child may go on as the parent.
        os.write(2, f"died of {type(error).__name__}: {error}\n".encode())
    finally:
        Path(order["log"]).with_suffix(".status").write_text(str(status), encoding="ascii")
        os._exit(status)


if __name__ == "__main__":
    serve_orders()
