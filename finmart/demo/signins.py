"""Passwords of the demonstration's accounts: random for each installation, written to one private file."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from finmart.platform.kernel.ids import ALPHABET

FILE = "demo-signins.txt"
_GROUPS, _LENGTH = 3, 5


@dataclass(frozen=True)
class SignIn:
    """What a visitor needs to play a role."""

    title_zh: str
    title_en: str
    phone: str
    password: str


def new_password() -> str:
    """Three groups of five characters, 72 bits: easy to type, in no list."""
    while True:
        groups = ["".join(secrets.choice(ALPHABET) for _ in range(_LENGTH)) for _ in range(_GROUPS)]
        # The house refuses passwords of few different characters; chance makes one of these once in a long while.
        if len(set("".join(groups))) >= 2 * _LENGTH - 2:
            return "-".join(groups)


def lines(signins: Iterable[SignIn]) -> list[str]:
    """The table as people read it: role, phone, password."""
    found = ["演示账户（只供本机使用）  Demonstration sign-ins (this machine only)"]
    found += [f"  {one.phone}  {one.password}  {one.title_zh}  {one.title_en}" for one in signins]
    return found


def write(folder: Path, signins: Iterable[SignIn]) -> Path:
    """Write the table to ``demo-signins.txt`` in ``folder``, readable by the owner alone; returns its path."""
    path = folder / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    path.chmod(0o600)  # The mode above holds for a new file only.
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines(signins)) + "\n")
    return path
