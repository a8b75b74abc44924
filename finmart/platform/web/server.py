"""Serving the site with waitress: one process, jobs in its own threads, a clean end on SIGTERM."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import IO, Any

from flask import Flask
from sqlalchemy import make_url
from waitress import create_server

from finmart.config import Settings
from finmart.platform.jobs import gathering
from finmart.platform.jobs.runner import start_thread_runner, use_inline_runner, use_waker
from finmart.platform.kernel.errors import Conflict
from finmart.platform.kernel.ids import public_id
from finmart.platform.kernel.messages import N_
from finmart.platform.web.intake import limit_bodies

#: So many seconds after its lock's file was made a server surely holds it.
BEGINNING_S = 60.0
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
    """Hold ``server.lock`` in ``data``: for SQLite, where a second server process is refused (DECISIONS 22)."""
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


def _is_held(lock: Path) -> bool:
    try:
        # Opened as it is: asking must not leave a lock where a server has just taken its own away.
        with lock.open("r+", encoding="ascii") as stream:
            _lock(stream)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


@contextmanager
def announced(data: Path, host: str) -> Iterator[None]:
    """Leave a note in ``data`` that a server listens on ``host``; it counts while this process holds its lock."""
    note = data / "serving" / f"{public_id()}.host"
    lock = note.with_suffix(".lock")
    note.parent.mkdir(parents=True, exist_ok=True)
    _forget_killed(note.parent)
    try:
        with lock.open("w", encoding="ascii") as stream:
            _lock(stream)
            try:
                note.write_text(host, encoding="ascii")
                yield
            finally:
                note.unlink(missing_ok=True)
    finally:
        # However it ends: a signal may come before the server runs, and then ends this as an exception.
        lock.unlink(missing_ok=True)


def _forget_killed(folder: Path) -> None:
    """Remove the notes of server processes that were killed; a young one may be about to take its lock."""
    before = time.time() - BEGINNING_S
    for lock in folder.glob("*.lock"):
        with suppress(FileNotFoundError):  # Another server that begins now may have been quicker.
            if lock.stat().st_mtime < before and not _is_held(lock):
                lock.with_suffix(".host").unlink(missing_ok=True)
                lock.unlink(missing_ok=True)


def serving_on(data: Path) -> frozenset[str]:
    """The addresses on which server processes serve ``data`` now; notes of processes that were killed do not count."""
    notes = (data / "serving").glob("*.host")
    return frozenset(note.read_text(encoding="ascii") for note in notes if _is_held(note.with_suffix(".lock")))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def is_sqlite(settings: Settings) -> bool:
    """Whether the records are in a SQLite file."""
    return make_url(settings.database_url).get_backend_name() == "sqlite"


def alone_on_sqlite(settings: Settings) -> AbstractContextManager[None]:
    """On SQLite the one server of its data folder; PostgreSQL allows more of them."""
    return only_server(settings.data) if is_sqlite(settings) else nullcontext()


def use_runner_elsewhere(settings: Settings) -> None:
    """Let the commits of this process be followed up at once (``inline``), or wake the workers beside it."""
    if settings.jobs == "inline":
        use_inline_runner()
    else:
        use_waker(settings.data)


_held = ExitStack()


def hold_alone(settings: Settings) -> None:
    """As ``alone_on_sqlite``, until this process ends; for servers that start themselves. Raises ``AlreadyServing``."""
    _held.enter_context(alone_on_sqlite(settings))
    gathering.start()


def serve(app: Flask, settings: Settings, *, host: str, port: int) -> None:
    """Serve ``app`` until SIGTERM or Ctrl-C. Raises ``AlreadyServing``; ``OSError`` when the port is taken."""
    with alone_on_sqlite(settings), announced(settings.data, host):
        # Unless told otherwise, waitress drops what proxies say; with FINMART_PROXIES the factory reads it.
        sockets: dict[int, Any] = {}
        server = create_server(
            app,
            sockets,
            host=host,
            port=port,
            threads=8,
            ident=None,
            clear_untrusted_proxy_headers=not settings.proxies,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1,
        )
        limit_bodies(sockets)
        consumer = None
        if settings.jobs == "thread":
            consumer = start_thread_runner(settings.data)
        else:
            use_runner_elsewhere(settings)
        signal.signal(signal.SIGTERM, _stop)
        gathering.start()
        try:
            server.run()
        finally:
            gathering.stop()
            if consumer is not None:
                consumer.stop(graceful=True)
            server.close()
