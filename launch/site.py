"""From an environment to a served site: tables, demonstration data, server; and back to nothing."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from launch.machine import LOOPBACK
from launch.places import Places
from launch.steps import clean_environment, run_quietly, say, step
from launch.trouble import Trouble

# A folder that this launcher made or found empty carries the mark. Only such a folder, and the project's own var/,
# is ever emptied.
MARK = "finmart-data"
# Stands between making a new database and filling it, so that a broken-off first start goes on where it was.
PENDING = "demonstration-pending"
START_SECONDS = 60.0


def mark_data_folder(places: Places) -> None:
    """Sign an empty data folder as ours; ``check_writable`` has made it."""
    mark = places.data / MARK
    if not mark.exists() and not any(places.data.iterdir()):
        mark.write_text("Finmart's data; run.py --reset may empty this folder.\n", encoding="utf-8")


def upgrade_tables(places: Places) -> None:
    """Run the migrations; a database that had no table before waits for its demonstration data from now on."""
    state = _table_state(places)
    if state["up_to_date"]:
        return
    if state["current"] is None:
        (places.data / PENDING).touch()
    with step("更新数据库", "Bring the database up to date"):
        run_quietly(
            [places.tool("finmart"), "db", "upgrade"],
            cwd=places.root,
            zh="数据库更新失败，请看上面的原因。",
            en="The database could not be brought up to date: see the reason above.",
        )


def _table_state(places: Places) -> dict[str, object]:
    """What ``finmart db status --json`` says: ``current`` (None: no table yet), ``head``, ``up_to_date``."""
    with step("查看数据库", "Look at the database"):
        printed = run_quietly(
            [places.tool("finmart"), "db", "status", "--json"],
            cwd=places.root,
            zh="数据库打不开，请看上面的原因，并检查 FINMART_DATABASE_URL 和 FINMART_DATA。",
            en="The database cannot be opened: see the reason above, and check FINMART_DATABASE_URL and FINMART_DATA.",
        )
    state: dict[str, object] = json.loads(printed.strip().splitlines()[-1])
    return state


def settle_demonstration(places: Places, *, empty: bool) -> None:
    """Load the demonstration city into a new database, or note that none is wanted."""
    pending = places.data / PENDING
    if not pending.exists():
        return
    if not empty:
        with step("装入演示数据", "Load the demonstration data"):
            run_quietly(
                [places.tool("finmart"), "demo", "load"],
                cwd=places.root,
                zh="演示数据装入失败，请看上面的原因；可用 --empty 不装入演示数据。",
                en="The demonstration data could not be loaded: see the reason above; --empty goes without them.",
            )
    pending.unlink()


def check_demonstration_host(places: Places, host: str, *, empty: bool) -> None:
    """Demonstration accounts have printed passwords; they are never offered to a network (DECISIONS 25)."""
    new = not (places.data / "finmart.db").exists() if places.own_database else False
    if host not in LOOPBACK and not empty and (new or places.signins.exists()):
        raise Trouble(
            f"演示数据只供本机使用，不能在 {host} 上提供服务：请加 --empty 并换一个数据文件夹（FINMART_DATA）。",
            f"Demonstration data are for this machine only and are not served on {host}: "
            "use --empty with another data folder (FINMART_DATA).",
        )


def reset(places: Places, *, assured: bool, ask: Callable[[str], str] = input) -> None:
    """Empty the data folder after asking. Raises ``Trouble`` when it is not ours or the answer is no."""
    if not places.own_database:
        raise Trouble(
            "FINMART_DATABASE_URL 指定的数据库不由本程序清空：请先用该数据库的工具重建它。",
            "The database named by FINMART_DATABASE_URL is not emptied from here: recreate it with its tools first.",
        )
    if not places.data.exists() or not any(places.data.iterdir()):
        return
    if places.data != places.root / "var" and not (places.data / MARK).exists():
        raise Trouble(
            f"文件夹 {places.data} 不是由 run.py 建立的，不会清空：请自行检查后删除。",
            f"The folder {places.data} was not made by run.py and is not emptied: look into it and remove it yourself.",
        )
    if not assured and not _agrees(places.data, ask):
        raise Trouble("没有清空任何内容。", "Nothing was removed.")
    with step("清空数据", f"Empty {places.data}"):
        for entry in places.data.iterdir():
            if entry.name != MARK:
                _remove(entry)


def _agrees(folder: Path, ask: Callable[[str], str]) -> bool:
    try:
        answer = ask(f"将删除 {folder} 中的全部数据。This removes everything in {folder}. 输入 yes 继续 Type yes: ")
    except EOFError:
        return False
    return answer.strip().lower() == "yes"


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()


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
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound.
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
