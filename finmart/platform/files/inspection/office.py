"""Office documents (ECMA-376): a package of parts in a ZIP, checked part by part before it is kept."""

import io
import re
import zipfile
import zlib

from finmart.platform.files.inspection.parts import elements
from finmart.platform.files.types.errors import BombFound, FileBroken, FileLocked, LinksFound, MacrosFound
from finmart.platform.files.types.kinds import FileKind

MIB = 1024 * 1024
#: No document of ours has more parts, unpacks to more, or shrinks further when packed.
MAX_PARTS = 2_000
MAX_UNPACKED = 100 * MIB
MAX_RATIO = 200
#: Small parts may shrink as far as they like: a line of blanks is no bomb.
RATIO_FROM = MIB
CHUNK = MIB

_TYPES = "[Content_Types].xml"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": FileKind.XLSX,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": FileKind.DOCX,
}
_MACRO_PARTS = re.compile(r"vbaproject|vbadata|/macrosheets/|/dialogsheets/|/activex/", re.IGNORECASE)
_LINK_PARTS = re.compile(r"/externallinks/|/embeddings/|/querytables/|/connections\.xml$|oleobject", re.IGNORECASE)
_PACKED = re.compile(r"\.(zip|7z|rar|gz|bz2|xz|tar|jar|exe|dll|com|bat|cmd|js|vbs|ps1|scr|msi|lnk|hta)$", re.IGNORECASE)
#: How archives, old office files and programs begin: none of them is a part of a plain document.
_FOREIGN = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"MZ", b"\x7fELF")


def office_kind(content: bytes) -> FileKind | None:
    """The kind of the package; None for a ZIP that is no office document.

    Raises ``BombFound``, ``FileBroken``, ``FileLocked``, ``LinksFound`` or ``MacrosFound``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _checked(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError):
        raise FileBroken from None


def _checked(package: zipfile.ZipFile) -> FileKind | None:
    parts = package.infolist()
    _check_sizes(parts)
    for part in parts:
        _check_part(part)
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise FileBroken
    if _TYPES not in names:
        return None
    _unpack(package, parts)
    kind = _declared_kind(package.read(_TYPES))
    for name in names:
        _check_name(name)
        if name.lower().endswith(".rels"):
            _check_relations(package.read(name))
    return kind


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """By what the package says of itself, before anything is unpacked."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BombFound
    if any(part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * part.compress_size for part in parts):
        raise BombFound


def _check_part(part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 0x1:
        raise FileLocked
    folders = part.filename.replace("\\", "/").split("/")
    if part.compress_type not in _METHODS or ".." in folders or part.filename.startswith(("/", "\\")):
        raise FileBroken


def _unpack(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack everything once and count: what a package says of itself may be a lie. Checks each part's sum too."""
    left = MAX_UNPACKED
    for part in parts:
        with package.open(part) as stream:
            beginning = stream.read(CHUNK)
            if beginning.startswith(_FOREIGN):
                raise LinksFound
            piece = beginning
            while piece:
                left -= len(piece)
                if left < 0:
                    raise BombFound
                piece = stream.read(CHUNK)


def _check_name(name: str) -> None:
    placed = f"/{name}"
    if _MACRO_PARTS.search(placed):
        raise MacrosFound
    if _LINK_PARTS.search(placed) or _PACKED.search(placed):
        raise LinksFound


def _declared_kind(document: bytes) -> FileKind | None:
    kinds = set()
    for _name, attributes in elements(document):
        declared = attributes.get("ContentType", "").strip()
        if "macroenabled" in declared.lower() or "vbaproject" in declared.lower():
            raise MacrosFound
        if declared in _MAIN_TYPES:
            kinds.add(_MAIN_TYPES[declared])
    return kinds.pop() if len(kinds) == 1 else None


def _check_relations(document: bytes) -> None:
    """A link that a person may click is words; anything else that lies outside is loaded on opening."""
    for _name, attributes in elements(document):
        kind = attributes.get("Type", "").rsplit("/", 1)[-1].lower()
        if kind in {"vbaproject", "wordvbadata"}:
            raise MacrosFound
        if attributes.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise LinksFound
