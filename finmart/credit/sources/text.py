"""From delivered bytes to UTF-8: gzip is opened, a byte-order mark dropped, GB18030 read."""

import gzip
import zlib

from finmart.credit.types.errors import FileTruncated, FileUndecodable

GZIP = b"\x1f\x8b"
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def opened(file: str, data: bytes) -> bytes:
    """The text of ``data`` as UTF-8 bytes without a mark.

    Only the first line is looked at to tell the encoding; whoever reads the rest reports a bad byte with
    ``bad_byte``. Raises ``FileTruncated`` or ``FileUndecodable``.
    """
    return _as_utf8(file, _decompressed(file, data) if data.startswith(GZIP) else data)


def _decompressed(file: str, data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise FileTruncated(file, _readable_rows(data)) from None


def _readable_rows(data: bytes) -> int:
    """How many whole lines come out before the damage."""
    opener = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    lines = 0
    for start in range(0, len(data), 1 << 16):
        try:
            lines += opener.decompress(data[start : start + (1 << 16)]).count(b"\n")
        except zlib.error:
            break
    return lines


def _as_utf8(file: str, data: bytes) -> bytes:
    if data.startswith(UTF16_MARKS):
        raise FileUndecodable(file, 1)
    data = data.removeprefix(UTF8_MARK)
    head, _, _ = data.partition(b"\n")
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return _from_gb18030(file, data)
    return data


def _from_gb18030(file: str, data: bytes) -> bytes:
    try:
        return data.decode("gb18030").encode("utf-8")
    except UnicodeDecodeError as error:
        raise FileUndecodable(file, row_at(data, error.start)) from None


def row_at(data: bytes, position: int) -> int:
    """The number of the line in which a byte stands; the header is line 1."""
    return data.count(b"\n", 0, position) + 1


def bad_byte(file: str, data: bytes) -> FileUndecodable | None:
    """The error for the first byte that is not UTF-8; None when there is none."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return FileUndecodable(file, row_at(data, error.start))
    return None
