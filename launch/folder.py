"""The data folder: signed as ours, and emptied only when it is ours and somebody agrees."""

import shutil
from collections.abc import Callable
from pathlib import Path

from launch.places import Places
from launch.steps import step
from launch.trouble import Trouble

# A folder that this launcher made or found empty carries the mark. Only such a folder, and the project's own var/,
# is ever emptied.
MARK = "finmart-data"


def mark_data_folder(places: Places) -> None:
    """Sign an empty data folder as ours; ``check_writable`` has made it."""
    mark = places.data / MARK
    if not mark.exists() and not any(places.data.iterdir()):
        mark.write_text("Finmart's data; run.py --reset may empty this folder.\n", encoding="utf-8")


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
