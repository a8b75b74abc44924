"""Names of files: what is shown and saved can neither hide an ending nor leave its folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.files.types.kinds import ENDINGS, FileKind
from finmart.platform.files.types.names import MAX_NAME, fit_name


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("D:\\scans\\执照.PDF", "执照.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("发票.pdf.exe", "发票.pdf.exe.pdf"),
        ("photo\u202efdp.exe", "photofdp.exe.pdf"),
        ('a";filename="b.html', "a_filename=_b.html.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
    ],
)
def test_a_name_is_made_fit(name: str, fit: str) -> None:
    assert fit_name(name, FileKind.PDF) == fit


@given(st.text(max_size=300), st.sampled_from(list(FileKind)))
def test_any_name_becomes_a_short_one_of_its_kind(name: str, kind: FileKind) -> None:
    fit = fit_name(name, kind)
    assert len(fit) <= MAX_NAME
    assert fit.lower().endswith(ENDINGS[kind])
    assert not set(fit) & set('/\\\r\n"\0')
    assert fit_name(fit, kind) == fit
