"""Icons are drawn from the wheel's sprite; a wrong name is a defect that shows at once."""

import pytest

from finmart.platform.web.assets import htmx_source, icon_markup


def test_an_icon_without_label_is_decoration() -> None:
    drawn = icon_markup("house")
    assert 'aria-hidden="true"' in drawn
    assert "<path" in drawn
    assert "style" not in drawn


def test_a_label_is_escaped_and_spoken() -> None:
    drawn = icon_markup("x-lg", '"><b>')
    assert 'role="img"' in drawn
    assert "<b>" not in drawn


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(LookupError, match="no-such-icon"):
        icon_markup("no-such-icon")


def test_htmx_is_version_two() -> None:
    assert b'version:"2.' in htmx_source()
