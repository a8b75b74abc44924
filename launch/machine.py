"""Questions asked of the machine before anything is changed on it."""

import importlib.util
import os
import platform
import socket
import sys
import sysconfig
import tempfile
from pathlib import Path

from launch.trouble import Trouble

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def check_platform() -> None:
    """Refuse interpreters and systems for which the locked packages have no ready-made files."""
    if platform.python_implementation() != "CPython":
        raise _unsupported(platform.python_implementation())
    if sys.maxsize <= 2**32:
        raise _unsupported("32-bit Python")
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise _unsupported("free-threaded Python")
    if "musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE") or sysconfig.get_platform()):
        raise _unsupported("musl (Alpine) Linux")


def _unsupported(found: str) -> Trouble:
    return Trouble(
        f"这里是 {found}，暂不支持：请改用 64 位 CPython（Linux glibc、macOS 或 Windows）。",
        f"This is {found}, which is not supported: use 64-bit CPython on Linux with glibc, macOS or Windows.",
    )


def check_venv_modules() -> None:
    """Debian and Ubuntu ship Python without the part that makes virtual environments."""
    for name in ("venv", "ensurepip"):
        if importlib.util.find_spec(name) is None:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise Trouble(
                f"这个 Python 缺少 {name} 模块：Debian 或 Ubuntu 请先运行 apt install python{version}-venv。",
                f"This Python has no module {name}: on Debian or Ubuntu run first: apt install python{version}-venv",
            )


def check_writable(folder: Path) -> None:
    """Make ``folder`` where it is missing and try to write in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Trouble(
            f"文件夹 {folder} 不能写入（{error.strerror}）：请换一个有写权限的文件夹，或调整它的权限。",
            f"The folder {folder} cannot be written ({error.strerror}): change its permissions, "
            "move the project, or set FINMART_DATA to another folder.",
        ) from error


def check_port(host: str, port: int) -> None:
    """Bind the address once, so that a taken port is said before minutes of work instead of after."""
    try:
        if not 0 <= port <= 65535:
            raise OverflowError("0–65535")
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Trouble(
            f"地址 {host}:{port} 不能使用（{reason}）：请用 --port 换一个端口，例如 --port {_another(port)}。",
            f"The address {host}:{port} cannot be used ({reason}): choose another, for example --port {_another(port)}",
        ) from error


def _another(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8001
