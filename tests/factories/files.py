"""Files for tests: sound ones of every kind, and ones that must not be kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n42\n%%EOF\n"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.{}.main+xml"
SHEET = CONTENT_TYPE.format("spreadsheetml.sheet")
WORDS = CONTENT_TYPE.format("wordprocessingml.document")


def pdf(mark: str = "") -> bytes:
    """A small PDF; another ``mark``, another content."""
    return PDF.replace(b"\n1 0", f"\n% {mark}\n1 0".encode(), 1)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 1, height: int = 1) -> bytes:
    """A PNG that says to be of that size; its one line of dots is real."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", zlib.compress(b"\0\0")) + _chunk(b"IEND", b"")


def jpeg(*, whole: bool = True) -> bytes:
    """A JPEG with a preview inside a segment; not ``whole`` breaks off in the scan."""
    preview = b"\xff\xd8\xff\xd9"
    exif = b"\xff\xe1" + struct.pack(">H", 2 + len(preview)) + preview
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00" + b"\x12\x34\x56"
    return b"\xff\xd8" + exif + scan + (b"\xff\xd9" if whole else b"")


def content_types(*declared: str) -> str:
    """The part that says what the parts are."""
    rows = "".join(f'<Override PartName="/p{number}" ContentType="{one}"/>' for number, one in enumerate(declared))
    return f'<?xml version="1.0"?><Types xmlns="urn:t">{rows}</Types>'


def relations(kind: str, target: str, *, external: bool) -> str:
    """A part with one relation."""
    mode = ' TargetMode="External"' if external else ""
    return f'<?xml version="1.0"?><R xmlns="urn:r"><Relationship Type="urn:x/{kind}" Target="{target}"{mode}/></R>'


def package(parts: Mapping[str, str | bytes], declared: str = SHEET, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An office document of ``parts`` besides the one that declares its kind."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("[Content_Types].xml", content_types(declared))
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def xlsx(**more: str | bytes) -> bytes:
    """A small table."""
    return package({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": "<sheet/>", **more})
