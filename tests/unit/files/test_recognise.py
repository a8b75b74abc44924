"""Which files are kept: told by their content, whole, with nothing in them that acts by itself."""

import io
import time
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.files.inspection import office
from finmart.platform.files.inspection.recognise import recognise
from finmart.platform.files.types.errors import (
    MAX_BYTES,
    BombFound,
    FileBroken,
    FileEmpty,
    FileKindRefused,
    FileLocked,
    FileRefused,
    FileTooLarge,
    LinksFound,
    MacrosFound,
)
from finmart.platform.files.types.kinds import DOCUMENTS, TABLES, FileKind
from tests.factories import files as made

ALL = frozenset(FileKind)


def _real_workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("流水")
        for row in range(3000):
            sheet.write_row(row, 0, [f"示例{row % 7}", row, row * 1.5])
        sheet.write_url(0, 5, "https://example.org/")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("执照.pdf", made.pdf(), FileKind.PDF),
        ("扫描.PNG", made.png(), FileKind.PNG),
        ("照片.jpg", made.jpeg(), FileKind.JPEG),
        ("照片.jpg", made.jpeg() + b"a film that the phone appended", FileKind.JPEG),
        ("表.xlsx", made.xlsx(), FileKind.XLSX),
        ("信.docx", made.package({"word/document.xml": "<d/>"}, made.WORDS), FileKind.DOCX),
        ("名字不算.exe", made.pdf(), FileKind.PDF),
        ("行.csv", "月份,金额\n2026-01,100\n".encode(), FileKind.CSV),
        ("行.csv", "月份,金额\n2026-01,100\n".encode("gb18030"), FileKind.CSV),
        ("说明.txt", "情况说明\r\n\t一切正常".encode("utf-8-sig"), FileKind.TXT),
    ],
)
def test_a_sound_file_is_told_by_its_content(name: str, content: bytes, kind: FileKind) -> None:
    assert recognise(name, content, ALL) is kind


def test_a_real_workbook_with_a_link_to_click_is_taken() -> None:
    assert recognise("流水.xlsx", _real_workbook(), DOCUMENTS) is FileKind.XLSX


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ\x90\x00 a program"),
        ("a.png", b"\x7fELF\x02\x01\x01"),
        ("a.pdf", b"<html><script>alert(1)</script></html>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
        ("a.csv", b"  <SVG onload='x()'>"),
        ("a.txt", b"<!DOCTYPE html><p>x"),
        ("a.csv", b"1,2\x00,3"),
        ("a.csv", b"\xff\xfe\xff"),
        ("a.gif", b"GIF89a\x01\x00\x01\x00"),
        ("a.zip", made.package({}, "text/plain")),
        ("a.pdf", b"\n%PDF-1.4 not at the beginning"),
        ("a.js", b"alert(1)"),
    ],
)
def test_other_kinds_are_refused_whatever_they_are_called(name: str, content: bytes) -> None:
    with pytest.raises(FileKindRefused):
        recognise(name, content, ALL)


def test_a_kind_that_is_not_wanted_here_is_refused_with_those_that_are() -> None:
    with pytest.raises(FileKindRefused, match="XLSX、CSV"):
        recognise("a.pdf", made.pdf(), TABLES)


@pytest.mark.parametrize(
    "content",
    [
        made.pdf()[:-40],
        made.png()[:-5],
        made.png() + b"<script>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        made.jpeg(whole=False),
        made.jpeg()[:9],
        made.xlsx()[:-30],
        made.xlsx()[:200],
    ],
)
def test_what_breaks_off_is_refused(content: bytes) -> None:
    with pytest.raises(FileBroken):
        recognise("a", content, ALL)


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(FileEmpty):
        recognise("a.pdf", b"", ALL)
    with pytest.raises(FileTooLarge, match="20 MB"):
        recognise("a.pdf", b"%PDF-" + bytes(MAX_BYTES), ALL)


def test_a_picture_larger_than_any_camera_makes_is_a_bomb() -> None:
    with pytest.raises(BombFound):
        recognise("a.png", made.png(60_000, 60_000), ALL)


@pytest.mark.parametrize(
    "content",
    [
        made.xlsx(**{"xl/vbaProject.bin": b"code"}),
        made.xlsx(**{"xl/macrosheets/sheet1.xml": "<x/>"}),
        made.xlsx(**{"xl/activeX/activeX1.xml": "<x/>"}),
        made.package({"xl/workbook.xml": "<w/>"}, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        made.package({"word/document.xml": "<w/>"}, "application/vnd.ms-word.document.macroEnabled.main+xml"),
        made.xlsx(**{"xl/_rels/workbook.xml.rels": made.relations("vbaProject", "hidden.bin", external=False)}),
    ],
)
def test_macros_are_found_wherever_they_hide(content: bytes) -> None:
    with pytest.raises(MacrosFound):
        recognise("a.xlsx", content, ALL)


def test_a_macro_declared_in_another_encoding_is_found_too() -> None:
    target = io.BytesIO()
    declared = made.content_types("application/vnd.ms-excel.sheet.macroEnabled.main+xml").replace(
        'version="1.0"', 'version="1.0" encoding="UTF-16"'
    )
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", declared.encode("utf-16"))
    with pytest.raises(MacrosFound):
        recognise("a.xlsx", target.getvalue(), ALL)


@pytest.mark.parametrize(
    "content",
    [
        made.xlsx(**{"xl/externalLinks/externalLink1.xml": "<x/>"}),
        made.xlsx(**{"xl/embeddings/oleObject1.bin": b"x"}),
        made.xlsx(**{"xl/connections.xml": "<x/>"}),
        made.xlsx(**{"xl/media/picture.png": made.xlsx()}),
        made.xlsx(**{"xl/media/picture.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
        made.xlsx(**{"xl/tools/run.exe": b"x"}),
        made.xlsx(**{"more.zip": b"x"}),
        made.package(
            {"word/_rels/settings.xml.rels": made.relations("attachedTemplate", "http://x/t.dotm", external=True)},
            made.WORDS,
        ),
    ],
)
def test_embedded_and_linked_content_is_refused(content: bytes) -> None:
    with pytest.raises(LinksFound):
        recognise("a.xlsx", content, ALL)


def test_a_link_that_a_person_clicks_is_words() -> None:
    content = made.xlsx(**{"xl/_rels/s.xml.rels": made.relations("hyperlink", "https://example.org", external=True)})
    assert recognise("a.xlsx", content, ALL) is FileKind.XLSX


@pytest.mark.parametrize(
    "entity", ["<!DOCTYPE Types [<!ENTITY a 'b'>]>", "<!DOCTYPE Types SYSTEM 'file:///etc/passwd'>"]
)
def test_a_part_that_declares_entities_is_refused(entity: str) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", f"{entity}<Types/>")
    with pytest.raises(FileBroken):
        recognise("a.xlsx", target.getvalue(), ALL)


def test_a_bomb_that_says_so_is_refused_unopened() -> None:
    content = made.xlsx(**{"xl/worksheets/sheet2.xml": bytes(90 * 1024 * 1024)})
    began = time.perf_counter()
    with pytest.raises(BombFound):
        recognise("a.xlsx", content, ALL)
    assert time.perf_counter() - began < 1


def test_a_bomb_of_many_parts_is_refused() -> None:
    with pytest.raises(BombFound):
        recognise("a.xlsx", made.xlsx(**{f"p{number}": b"" for number in range(office.MAX_PARTS + 1)}), ALL)
    # Each part alone shrinks no more than an honest one, all of them together unpack to too much.
    piece = (b"0123456789abcdef" * 4 + b"\n") * 15_000 * 3
    with pytest.raises(BombFound):
        recognise("a.xlsx", made.xlsx(**{f"p{number}": piece for number in range(40)}), ALL)


def test_a_bomb_that_lies_about_its_size_does_not_unpack() -> None:
    honest = made.xlsx(**{"xl/worksheets/sheet2.xml": b"A" * 5_000_000})
    lying = honest.replace((5_000_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(FileRefused):
        recognise("a.xlsx", lying, ALL)


def test_an_office_document_behind_a_password_is_refused_and_an_old_one_too() -> None:
    with pytest.raises(FileLocked):
        recognise("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ALL)
    sealed = bytearray(made.xlsx())
    for place in _places(bytes(sealed), b"PK\x01\x02"):
        sealed[place + 8] |= 1
    with pytest.raises(FileLocked):
        recognise("a.xlsx", bytes(sealed), ALL)


def test_a_part_outside_the_package_is_refused() -> None:
    for name in ("../evil.xml", "/etc/passwd"):
        with pytest.raises(FileBroken):
            recognise("a.xlsx", made.xlsx(**{name: "<x/>"}), ALL)


def _places(content: bytes, mark: bytes) -> list[int]:
    found, place = [], content.find(mark)
    while place >= 0:
        found.append(place)
        place = content.find(mark, place + 1)
    return found


SOUND = [made.pdf(), made.png(), made.jpeg(), made.xlsx()]


@given(st.sampled_from(SOUND), st.data())
def test_whatever_is_changed_the_answer_is_a_kind_or_a_refusal(content: bytes, data: st.DataObject) -> None:
    """Bytes changed and cut at random never end in another error than a refusal."""
    damaged = bytearray(content[: data.draw(st.integers(0, len(content)))])
    for _ in range(data.draw(st.integers(0, 8)) if damaged else 0):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(FileRefused):
        assert recognise("a.csv", bytes(damaged), ALL) in ALL


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"]))
def test_any_bytes_are_answered(content: bytes, beginning: bytes) -> None:
    with suppress(FileRefused):
        assert recognise("a.txt", beginning + content, ALL) in ALL
