"""Serving the site, and saying where it is and who can sign in."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from launch.machine import LOOPBACK
from launch.places import Places
from launch.steps import clean_environment, say, step
from launch.trouble import Trouble

START_SECONDS = 60.0


def check_demonstration_host(places: Places, host: str, *, empty: bool) -> None:
    """Demonstration accounts have printed passwords; they are never offered to a network (DECISIONS 25)."""
    new = not (places.data / "finmart.db").exists() if places.own_database else False
    if host not in LOOPBACK and not empty and (new or places.signins.exists()):
        raise Trouble(
            f"演示数据只供本机使用，不能在 {host} 上提供服务：请加 --empty 并换一个数据文件夹（FINMART_DATA）。",
            f"Demonstration data are for this machine only and are not served on {host}: "
            "use --empty with another data folder (FINMART_DATA).",
        )


def show_signins(places: Places) -> None:
    """Print what the demonstration's loader wrote down for each role."""
    if places.signins.exists():
        say()
        say(places.signins.read_text(encoding="utf-8").rstrip())


def serve(places: Places, host: str, port: int) -> int:
    """Start the server, say the address once it answers, stay until it ends; returns its exit status."""
    arguments = [str(places.tool("finmart")), "serve", "--host", host, "--port", str(port)]
    with step("启动网站", "Start the site"):
        server = subprocess.Popen(arguments, cwd=places.root, env=clean_environment(), stdin=subprocess.DEVNULL)
        # The server ends itself on these signals; the launcher only waits for it.
        signal.signal(signal.SIGTERM, lambda _number, _frame: server.terminate())
        signal.signal(signal.SIGINT, lambda _number, _frame: None)
        _wait_until_it_answers(server, host, port)
    show_signins(places)
    say()
    say(f"  Finmart 金融超市: http://{_shown(host)}:{port}   (Ctrl+C 停止 to stop)")
    status = server.wait()
    return 0 if status in (0, -signal.SIGINT, -signal.SIGTERM) else status


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", host: str, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound.  # nosec B104
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((target, port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    if server.poll() is None:
        server.terminate()
    raise Trouble(
        "网站没有启动成功，请看上面的原因。",
        "The site did not start: see the reason above.",
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def finish_without_serving(places: Places) -> int:
    """What ``--no-serve`` ends with."""
    show_signins(places)
    say()
    say(f"  已就绪 Ready: {Path(sys.executable).name} run.py")
    return 0
