"""The virtual environment: made once, filled from the hash-locked lists, done again only when a list changes."""

import hashlib
import json
import sys
import sysconfig
from pathlib import Path

from launch.places import Places
from launch.steps import run_quietly, step
from launch.trouble import Trouble

STAMP = "finmart-stamp.json"
RUNTIME = "requirements.txt"
RUNTIME_POSTGRESQL = "requirements-postgresql.txt"
TESTING = "requirements-dev.txt"


def prepare_environment(places: Places, *, testing: bool = False) -> None:
    """Bring ``.venv`` to what the lists say; does nothing when its stamp says that it is there already."""
    wanted = TESTING if testing else _runtime(places)
    stamp = _read_stamp(places)
    if stamp.get("python") != _python_mark(places) or not places.python.exists():
        stamp = {"python": _python_mark(places)}
        _make(places)
    if stamp.get(wanted) != _fingerprint(places.root, wanted):
        _install(places, wanted)
        stamp[wanted] = _fingerprint(places.root, wanted)
    if stamp.get("project") != _fingerprint(places.root, "pyproject.toml") or not places.tool("finmart").exists():
        _install_project(places)
        stamp["project"] = _fingerprint(places.root, "pyproject.toml")
    _write_stamp(places, stamp)
    compile_translations(places)


def _runtime(places: Places) -> str:
    """The driver of PostgreSQL comes only where it is used."""
    return RUNTIME_POSTGRESQL if (places.database_url or "").startswith("postgresql") else RUNTIME


def compile_translations(places: Places) -> None:
    """Compile each catalogue that is newer than its compiled form."""
    catalogues = sorted(places.root.glob("translations/*/LC_MESSAGES/*.po"))
    if not any(_is_older(catalogue.with_suffix(".mo"), catalogue) for catalogue in catalogues):
        return
    with step("编译译文", "Compile translations"):
        run_quietly(
            [places.tool("pybabel"), "compile", "--directory", "translations"],
            cwd=places.root,
            zh="译文编译失败，请看上面的输出。",
            en="The translations could not be compiled: see the output above.",
        )


def _is_older(compiled: Path, source: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _make(places: Places) -> None:
    with step("创建虚拟环境", "Make .venv"):
        run_quietly(
            [sys.executable, "-m", "venv", "--clear", places.venv],
            cwd=places.root,
            zh="虚拟环境创建失败：请检查 Python 的 venv 和 ensurepip 是否完整（Debian：apt install python3-venv）。",
            en="The virtual environment could not be made: check this Python's venv and ensurepip "
            "(Debian: apt install python3-venv).",
        )


def _install(places: Places, requirements: str) -> None:
    with step("安装锁定的依赖", f"Install the locked packages ({requirements})"):
        _pip(places, "install", "--require-hashes", "--only-binary", ":all:", "--requirement", requirements)


def _install_project(places: Places) -> None:
    with step("安装 finmart 命令", "Install the command finmart"):
        _pip(places, "install", "--no-deps", "--no-build-isolation", "--editable", ".")


def _pip(places: Places, *arguments: str) -> None:
    run_quietly(
        [places.python, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check", *arguments],
        cwd=places.root,
        zh="软件包安装失败：请检查到软件源的网络（可用 PIP_INDEX_URL 指定镜像），然后重新运行。",
        en="The packages could not be installed: check the connection to the package index "
        "(PIP_INDEX_URL names a mirror), then run this again.",
    )


def _python_mark(places: Places) -> str:
    """An environment belongs to one interpreter and one folder; moved or upgraded, it is made anew."""
    return f"{sys.version_info.major}.{sys.version_info.minor} {sysconfig.get_platform()} {places.venv}"


def _fingerprint(root: Path, name: str) -> str:
    path = root / name
    if not path.exists():
        raise Trouble(
            f"项目文件 {name} 不见了：请重新获取完整的项目。",
            f"The project's file {name} is missing: fetch the whole project again.",
        )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_stamp(places: Places) -> dict[str, str]:
    try:
        stamp = json.loads((places.venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamp.items()} if isinstance(stamp, dict) else {}


def _write_stamp(places: Places, stamp: dict[str, str]) -> None:
    text = json.dumps(stamp, indent=1, sort_keys=True)
    if _read_stamp(places) != stamp:
        (places.venv / STAMP).write_text(text, encoding="utf-8")
