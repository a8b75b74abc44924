"""Where things lie: the project's folder, its virtual environment, its data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Places:
    """The folders one start works in."""

    root: Path
    venv: Path
    data: Path
    database_url: str | None

    @property
    def python(self) -> Path:
        """The virtual environment's interpreter."""
        return self.tool("python")

    @property
    def signins(self) -> Path:
        """The file in which the demonstration's loader leaves the sign-ins of each role."""
        return self.data / "demo-signins.txt"

    @property
    def own_database(self) -> bool:
        """Whether the records are in the data folder, not in a database that somebody else looks after."""
        return self.database_url is None

    def tool(self, name: str) -> Path:
        """The path of a program of the virtual environment."""
        if os.name == "nt":
            return self.venv / "Scripts" / f"{name}.exe"
        return self.venv / "bin" / name


def find_places(environ: Mapping[str, str], root: Path = ROOT) -> Places:
    """Read the places from the environment; the same two variables mean the same in ``finmart/config.py``."""
    data = Path(environ.get("FINMART_DATA") or root / "var").expanduser()
    return Places(
        root=root,
        venv=root / ".venv",
        data=data if data.is_absolute() else Path.cwd() / data,
        database_url=environ.get("FINMART_DATABASE_URL") or None,
    )
