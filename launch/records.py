"""The records: tables brought up to date, and the demonstration put into a new database."""

import contextlib
import json
import sqlite3
from pathlib import Path

from launch.places import Places
from launch.steps import run_quietly, step
from launch.trouble import Trouble

# Stands between making a new database and filling it, so that a broken-off first start goes on where it was.
PENDING = "demonstration-pending"


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
    """``current`` (None: no table yet), ``head``, ``up_to_date``; what ``finmart db status --json`` says."""
    if places.own_database:
        # Asked here, because starting a second program for it would be a third of a later start's time.
        current, head = _own_revision(places.data / "finmart.db"), _newest_migration(places.root)
        return {"current": current, "head": head, "up_to_date": current == head}
    with step("查看数据库", "Look at the database"):
        printed = run_quietly(
            [places.tool("finmart"), "db", "status", "--json"],
            cwd=places.root,
            zh="数据库打不开，请看上面的原因，并检查 FINMART_DATABASE_URL。",
            en="The database cannot be opened: see the reason above, and check FINMART_DATABASE_URL.",
        )
    state: dict[str, object] = json.loads(printed.strip().splitlines()[-1])
    return state


def _own_revision(path: Path) -> str | None:
    if not path.exists():
        return None
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None  # The file is there, the tables are not.
    except sqlite3.DatabaseError as error:
        raise Trouble(
            f"文件 {path} 不是可用的数据库（{error}）：请从备份恢复，或用 --reset 重新开始。",
            f"The file {path} is not a usable database ({error}): restore it, or begin anew with --reset.",
        ) from error
    return None if row is None else str(row[0])


def _newest_migration(root: Path) -> str:
    """The chain's head: files are numbered in their order, which a test holds."""
    names = sorted(path.name for path in (root / "migrations" / "versions").glob("[0-9]*_*.py"))
    return names[-1].split("_", 1)[0] if names else ""


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
