"""What a file is, by its content: its first bytes, and that it is whole."""

import struct

from finmart.platform.files.inspection.office import office_kind
from finmart.platform.files.types.errors import (
    MAX_BYTES,
    BombFound,
    FileBroken,
    FileEmpty,
    FileKindRefused,
    FileLocked,
    FileTooLarge,
)
from finmart.platform.files.types.kinds import FileKind

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
ZIP = b"PK\x03\x04"
#: The container of old office formats, and of new ones behind a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: A picture with more dots than any camera makes is meant to fill the memory of whoever opens it.
MAX_PIXELS = 250_000_000
#: How far from its end a PDF's last mark may stand; writers append a little after it.
PDF_TAIL = 2048
#: Markers of a JPEG that stand alone, without a length behind them.
_LONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN = 0xDA
#: How markup begins; as a "table" or a "text" it would be a page that runs in whoever opens it.
_MARKUP = ("<!doctype", "<html", "<svg", "<script", "<?xml", "<body", "<iframe")


def recognise(name: str, content: bytes, allowed: frozenset[FileKind]) -> FileKind:
    """The kind of ``content``; ``name`` only tells a table from a text. Raises ``FileRefused``."""
    if not content:
        raise FileEmpty
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    kind = _kind(name, content)
    if kind is None or kind not in allowed:
        raise FileKindRefused(allowed)
    return kind


def _kind(name: str, content: bytes) -> FileKind | None:
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(PNG):
        return _png(content)
    if content.startswith(JPEG):
        return _jpeg(content)
    if content.startswith(ZIP):
        return office_kind(content)
    if content.startswith(OLE):
        raise FileLocked
    return _text(name, content)


def _pdf(content: bytes) -> FileKind:
    tail = content[-PDF_TAIL:]
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise FileBroken
    return FileKind.PDF


def _png(content: bytes) -> FileKind:
    """Walk the chunks (PNG, ISO/IEC 15948): IHDR first, IEND last, nothing behind it."""
    place, first = len(PNG), True
    while place + 12 <= len(content):
        length, chunk = struct.unpack_from(">I4s", content, place)
        if first:
            _check_header(content, chunk, place)
        first, place = False, place + 12 + length
        if chunk == b"IEND":
            break
    else:
        raise FileBroken
    if place != len(content):
        raise FileBroken
    return FileKind.PNG


def _check_header(content: bytes, chunk: bytes, place: int) -> None:
    if chunk != b"IHDR" or len(content) < place + 16:
        raise FileBroken
    width, height = struct.unpack_from(">II", content, place + 8)
    if width * height > MAX_PIXELS:
        raise BombFound


def _jpeg(content: bytes) -> FileKind:
    """Walk the segments (ITU-T T.81) to the scan; an end of image must follow it.

    The small preview inside a segment has an end of its own, so it is not enough to look for one anywhere. What
    cameras append behind the end (depth maps, short films) is left alone.
    """
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _LONE_MARKERS:
            place += 2
        elif marker == _START_OF_SCAN:
            if content.find(b"\xff\xd9", place) < 0:
                break
            return FileKind.JPEG
        else:
            (length,) = struct.unpack_from(">H", content, place + 2)
            place += 2 + length
    raise FileBroken


def _text(name: str, content: bytes) -> FileKind | None:
    """A table or a text by its name's ending, if it is nothing but readable characters."""
    kind = {".csv": FileKind.CSV, ".txt": FileKind.TXT}.get(name[-4:].lower())
    if kind is None:
        return None
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            words = content.decode("gb18030")
        except UnicodeDecodeError:
            return None
    readable = all(sign.isprintable() or sign in "\t\r\n\u3000\u00a0\ufeff" for sign in words)
    return kind if readable and not words.lstrip().lower().startswith(_MARKUP) else None
