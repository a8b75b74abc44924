"""One line a step, with its seconds, and the end of a program's output when it failed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from launch.trouble import Trouble

TAIL_LINES = 25


def make_output_safe() -> None:
    """Chinese comes out as UTF-8 where no locale is set; where a console cannot show it, it must not stop the start."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            encoding = {"encoding": "utf-8"} if os.name != "nt" else {}
            reconfigure(errors="replace", line_buffering=True, **encoding)


def say(text: str = "") -> None:
    """Print a line now."""
    print(text, flush=True)


@contextmanager
def step(zh: str, en: str) -> Iterator[None]:
    """Show a step when it starts and its seconds when it ends."""
    started = time.monotonic()
    print(f"  {zh} {en} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print(f"✗ {time.monotonic() - started:.1f} s", flush=True)
        raise
    print(f"✓ {time.monotonic() - started:.1f} s", flush=True)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for the project's own programs, without what would point them at another Python's modules."""
    environ = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH")}
    return {**environ, "PYTHONUTF8": "1", **(extra or {})}


def run_quietly(
    arguments: Sequence[str | Path], *, cwd: Path, zh: str, en: str, environ: Mapping[str, str] | None = None
) -> str:
    """Run a program and return its standard output; raises ``Trouble`` with the last lines of all when it fails."""
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env=clean_environment(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(zh, en, "\n".join((done.stdout + done.stderr).splitlines()[-TAIL_LINES:]))
    return done.stdout
