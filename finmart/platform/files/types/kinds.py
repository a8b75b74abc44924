"""The kinds of files that are kept, told by their content and never by their name."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class FileKind(StrEnum):
    """What a kept file is."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    XLSX = "xlsx"
    DOCX = "docx"
    CSV = "csv"
    TXT = "txt"


#: What people hand in as papers: scans, photographs and office documents.
DOCUMENTS = frozenset({FileKind.PDF, FileKind.PNG, FileKind.JPEG, FileKind.XLSX, FileKind.DOCX})
#: Scans and photographs alone.
SCANS = frozenset({FileKind.PDF, FileKind.PNG, FileKind.JPEG})
#: Rows of data.
TABLES = frozenset({FileKind.XLSX, FileKind.CSV})

_OFFICE = "application/vnd.openxmlformats-officedocument"

MEDIA_TYPES: Mapping[FileKind, str] = MappingProxyType(
    {
        FileKind.PDF: "application/pdf",
        FileKind.PNG: "image/png",
        FileKind.JPEG: "image/jpeg",
        FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
        FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
        FileKind.CSV: "text/csv; charset=utf-8",
        FileKind.TXT: "text/plain; charset=utf-8",
    }
)

#: Endings under which a kind is kept; the first is given to a file that came with another.
ENDINGS: Mapping[FileKind, tuple[str, ...]] = MappingProxyType(
    {kind: (".jpg", ".jpeg") if kind is FileKind.JPEG else (f".{kind.value}",) for kind in FileKind}
)


def names_of(kinds: frozenset[FileKind]) -> str:
    """The kinds as a sentence names them: ``PDF、PNG、JPEG``."""
    return "、".join(kind.value.upper() for kind in FileKind if kind in kinds)


def endings_of(kinds: frozenset[FileKind]) -> str:
    """The kinds for the ``accept`` attribute of a file field, which only helps to choose."""
    return ",".join(ending for kind in FileKind if kind in kinds for ending in ENDINGS[kind])
