"""Serving the site with gunicorn: several processes, on PostgreSQL; the work of the outbox runs beside them."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from finmart.config import Settings
from finmart.platform.jobs import gathering
from finmart.platform.kernel.errors import BadInput, NotReady
from finmart.platform.kernel.messages import N_
from finmart.platform.web.server import alone_on_sqlite, announced, is_sqlite, use_runner_elsewhere

#: A request that takes longer than this ends its process; nothing on a page may take so long.
TIMEOUT_S = 120
THREADS = 8


class OneProcessOnly(BadInput):
    """SQLite has one server process (DECISIONS 22)."""

    def __init__(self) -> None:
        super().__init__(N_("SQLite 只允许一个服务进程：请去掉 --processes，或改用 PostgreSQL。"))


class NoGunicorn(NotReady):
    """The extra ``server`` is not installed, or this system has no fork."""

    def __init__(self) -> None:
        super().__init__(N_("多个服务进程需要 gunicorn：请安装附加依赖 server（只支持 Linux 和 macOS）。"))


def options(*, host: str, port: int, processes: int) -> dict[str, Any]:
    """What gunicorn is told; whatever is not here stays as it comes."""
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": processes,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": TIMEOUT_S,
        "graceful_timeout": 30,
        # Proxies are believed as FINMART_PROXIES says and by nothing else.
        "forwarded_allow_ips": "",
        "loglevel": "warning",
        "proc_name": "finmart",
        "control_socket_disable": True,
    }


def serve_processes(load: Callable[[], Flask], settings: Settings, *, host: str, port: int, processes: int) -> None:
    """Serve what ``load`` makes, once in each of ``processes``, until SIGTERM.

    Raises ``OneProcessOnly`` on SQLite, ``NoGunicorn`` where it is missing.
    """
    if processes > 1 and is_sqlite(settings):
        raise OneProcessOnly
    try:
        from gunicorn.app.base import BaseApplication  # An extra: most installations serve with waitress.
    except ImportError as error:
        raise NoGunicorn from error

    class Site(BaseApplication):  # type: ignore[misc]  # Gunicorn carries no types.
        def load_config(self) -> None:
            for name, value in options(host=host, port=port, processes=processes).items():
                self.cfg.set(name, value)
            self.cfg.set("worker_exit", lambda _server, _worker: gathering.stop())

        def load(self) -> Flask:
            app = load()
            use_runner_elsewhere(settings)
            gathering.start()
            return app

    with alone_on_sqlite(settings), announced(settings.data, host):
        Site().run()
