"""How far a workbook reaches and how much stands in it, gone through before a table is made of one of its sheets.

What makes the table asks for its memory in one piece, and a process that cannot have it ends with all that it serves.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from finmart.platform.files.types.errors import BombFound, CellRefused, FileBroken, SheetTooLarge

#: Characters of all cells together, as often as they stand there: twice what a CSV file may have.
MOST_CHARACTERS = 4 * 1024 * 1024
CHUNK = 1024 * 1024

_SHEET = re.compile(r"xl/worksheets/[^/\\]+\.xml", re.IGNORECASE)
_STRINGS = "xl/sharedstrings.xml"
#: A part that is read as a sheet has such an element; names of elements cannot be written in another way.
_CELLS_BEGIN = re.compile(rb"[<:]sheetData")
#: As every program writes them. What reads the sheet later takes more for a place, 01048576 for one.
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_INDEX = re.compile(r"\s*([0-9]{1,9})\s*")


def check_extent(package: zipfile.ZipFile, most_rows: int, most_columns: int) -> None:
    """Refuse a workbook of which no table should be made.

    Raises ``SheetTooLarge``, ``BombFound``, ``FileBroken``, or ``CellRefused`` for a cell that holds an error.
    """
    names = package.namelist()
    strings = [name for name in names if name.lower() == _STRINGS]
    if len(strings) > 1 or any("\\" in name for name in names):
        raise FileBroken
    shared = _lengths(package, strings)
    for name in names:
        if _SHEET.fullmatch(name):
            with package.open(name) as part:
                _parse(_Sheet(most_rows, most_columns, shared), part)
        elif name not in strings and _CELLS_BEGIN.search(package.read(name)):
            raise FileBroken


def _lengths(package: zipfile.ZipFile, names: Sequence[str]) -> list[int]:
    """How long each of the texts is that cells name by their number."""
    found = _Strings([])
    for name in names:
        with package.open(name) as part:
            _parse(found, part)
    return found.lengths


def _parse(into: "_Strings | _Sheet", part: IO[bytes]) -> None:
    parser = expat.ParserCreate()

    def refuse(*_declaration: object) -> None:
        raise FileBroken

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: into.begin(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: into.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = into.text
    parser.CommentHandler = parser.ProcessingInstructionHandler = parser.StartCdataSectionHandler = into.between
    try:
        while piece := part.read(CHUNK):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise FileBroken from None


@dataclass
class _Strings:
    """The texts that cells share."""

    lengths: list[int]

    def begin(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "sheetData":
            raise FileBroken
        if name == "si":
            self.lengths.append(0)

    def end(self, _name: str) -> None:
        """Nothing ends here that counts."""

    def between(self, *_markup: str) -> None:
        """Nothing stands between that counts."""

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


@dataclass
class _Sheet:
    """One sheet, cell by cell as they stand in the file."""

    most_rows: int
    most_columns: int
    shared: Sequence[int]
    row: int = 0
    column: int = 0
    characters: int = 0
    is_shared: bool = False
    #: The number of a shared text, while one is read.
    index: list[str] | None = field(default=None)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.between()
        if name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "c":
            self._begin_cell(attributes.get("r"))
            self.is_shared = attributes.get("t") == "s"
            if attributes.get("t") == "e":
                raise CellRefused(attributes.get("r", "?"))
        elif name == "v" and self.is_shared:
            self.index = []

    def between(self, *_markup: str) -> None:
        """A number is one run of digits: what stands between two may part them for one reader and not for another."""
        if self.index is not None:
            raise FileBroken

    def _begin_row(self, place: str | None) -> None:
        if place is not None and not _ROW.fullmatch(place):
            raise FileBroken
        self.row, self.column = int(place) if place else self.row + 1, 0
        self._check()

    def _begin_cell(self, place: str | None) -> None:
        if place is None:
            # A cell that does not say where it stands follows the one before it.
            self.column += 1
        else:
            found = _PLACE.fullmatch(place)
            if found is None:
                raise FileBroken
            self.row, self.column = int(found[2]), _number(found[1])
        self._check()

    def _check(self) -> None:
        if self.row > self.most_rows or self.column > self.most_columns:
            raise SheetTooLarge(self.most_rows, self.most_columns)

    def end(self, name: str) -> None:
        if name == "v" and self.index is not None:
            self._count(self._shared("".join(self.index)))
            self.index = None

    def _shared(self, index: str) -> int:
        """How long the shared text is that a cell names; a cell may name none."""
        if not index.strip():
            return 0
        found = _INDEX.fullmatch(index)
        if found is None or int(found[1]) >= len(self.shared):
            raise FileBroken
        return self.shared[int(found[1])]

    def text(self, text: str) -> None:
        if self.index is not None:
            self.index.append(text)
        self._count(len(text))

    def _count(self, characters: int) -> None:
        self.characters += characters
        if self.characters > MOST_CHARACTERS:
            raise BombFound


def _number(letters: str) -> int:
    """A column's number from its letters, from 1: AB is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
