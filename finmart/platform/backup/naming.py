"""Which files rows name. Whoever keeps files beside the tables says so here; the backup asks inside its snapshot."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class NamedFile:
    """A file that a row names: its place below the data folder, and what the row says of its bytes, if anything."""

    place: str
    size: int | None = None
    checksum: str | None = None


Names = Callable[[], Iterable[NamedFile]]

#: Folder below the data folder → what rows name in it.
FOLDERS: dict[str, Names] = {}


def names_files(folder: str) -> Callable[[Names], Names]:
    """Register the function that lists what rows name in ``folder``; it reads in the present unit of work."""

    def register(names: Names) -> Names:
        if FOLDERS.setdefault(folder, names) is not names:
            raise ValueError(f"two functions name the files of {folder}")
        return names

    return register


def named_files() -> list[NamedFile]:
    """Every file that a row names, folder by folder, each place once."""
    found = {file.place: file for names in FOLDERS.values() for file in names()}
    return list(found.values())
