"""What the launcher asks the machine, and what it answers for the machines it cannot use."""

import importlib.util
import platform
import socket
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from launch import machine
from launch.trouble import Trouble


def test_this_machine_will_do(tmp_path: Path) -> None:
    machine.check_platform()
    machine.check_venv_modules()
    machine.check_writable(tmp_path / "made" / "on the way")
    machine.check_port("127.0.0.1", 0)


def test_pypy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "python_implementation", lambda: "PyPy")
    with pytest.raises(Trouble, match="PyPy"):
        machine.check_platform()


def test_a_32_bit_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    with pytest.raises(Trouble, match="32-bit"):
        machine.check_platform()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("HOST_GNU_TYPE", "x86_64-pc-linux-musl", "musl"), ("Py_GIL_DISABLED", 1, "free-threaded")],
)
def test_builds_without_ready_made_packages_are_refused(
    name: str, value: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sysconfig.get_config_var
    monkeypatch.setattr(sysconfig, "get_config_var", lambda asked: value if asked == name else real(asked))
    with pytest.raises(Trouble, match=said):
        machine.check_platform()


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else real(name))
    with pytest.raises(Trouble, match=f"{missing}.*apt install python3"):
        machine.check_venv_modules()


def test_a_folder_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="FINMART_DATA"):
        machine.check_writable(tmp_path / "file" / "below")


def test_a_taken_port_is_named_with_another_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"127.0.0.1:{port}.*--port"):
            machine.check_port("127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(Trouble, match="--port 8001"):
        machine.check_port("127.0.0.1", port)
