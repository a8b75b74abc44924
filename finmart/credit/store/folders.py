"""Where files of shared data lie below the installation's data folder, and how one comes into being."""

from pathlib import Path

from finmart.config import load_settings
from finmart.platform.kernel.disk import flush_folder


def landing_folder() -> Path:
    """Delivered bytes, encrypted: one folder a batch."""
    return load_settings().data / "landing"


def parquet_folder() -> Path:
    """Typed rows: ``dataset/bucket=NN/file.parquet``."""
    return load_settings().data / "shared"


def make_folder(folder: Path) -> None:
    """Make a folder that only the platform's account may read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def settle(draft: Path, final: Path) -> None:
    """Give a finished draft, already flushed, its final name; the folder's entry is flushed too."""
    draft.replace(final)
    flush_folder(final.parent)
