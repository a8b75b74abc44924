"""Serving the site with waitress: one process, jobs in its own threads, a clean end on SIGTERM."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from flask import Flask
from waitress import create_server

from finmart.config import Settings
from finmart.platform.jobs.runner import start_thread_runner, use_inline_runner
from finmart.platform.kernel.errors import Conflict
from finmart.platform.kernel.messages import N_

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class AlreadyServing(Conflict):
    """Another server process holds this data folder."""


def _lock(stream: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_server(data: Path) -> Iterator[None]:
    """Hold ``server.lock`` in ``data``; on SQLite a second server process is refused (DECISIONS 22)."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "server.lock").open("w", encoding="ascii") as stream:
        try:
            _lock(stream)
        except OSError:
            raise AlreadyServing(
                N_("已有一个服务进程在使用数据目录 {folder}；SQLite 只允许一个，请先停止它，或改用 PostgreSQL。"),
                folder=data,
            ) from None
        yield


def serving_on(data: Path) -> str | None:
    """The address on which a server process serves ``data`` now; None when there is none."""
    note = data / "server.host"
    try:
        with (data / "server.lock").open("a", encoding="ascii") as stream:
            _lock(stream)
    except OSError:
        return note.read_text(encoding="ascii") if note.exists() else None
    return None


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def serve(app: Flask, settings: Settings, *, host: str, port: int) -> None:
    """Serve ``app`` until SIGTERM or Ctrl-C. Raises ``AlreadyServing``; ``OSError`` when the port is taken."""
    with only_server(settings.data):
        (settings.data / "server.host").write_text(host, encoding="ascii")
        server = create_server(app, host=host, port=port, threads=8, ident=None)
        consumer = None
        if settings.jobs == "thread":
            consumer = start_thread_runner(settings.data)
        elif settings.jobs == "inline":
            use_inline_runner()
        signal.signal(signal.SIGTERM, _stop)
        try:
            server.run()
        finally:
            if consumer is not None:
                consumer.stop(graceful=True)
            server.close()
