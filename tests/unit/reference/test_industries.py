"""GB/T 4754-2017: sections, classes, and the prefixes that conditions use."""

import pytest

from finmart.reference import industries
from finmart.reference.industries import UnknownIndustry


def test_the_tree_is_whole() -> None:
    assert len(industries.sections()) == 20
    assert len(industries.classes()) == 1381
    assert all(industries.industry(node.parent).section == node.section for node in industries.classes() if node.parent)


@pytest.mark.parametrize(
    ("code", "prefix", "expected"),
    [
        ("0111", "A", True),
        ("0111", "A0111", True),
        ("A0111", "A0111", True),
        ("0112", "A0111", False),
        ("5292", "F5292", True),
        ("5291", "F5292", False),
        ("9011", "R90", True),
        ("8911", "R90", False),
        ("7861", "N786", True),
        ("3911", "39", True),
        ("3911", "C", True),
        ("3911", "A", False),
        ("A", "A01", False),
        ("A", "A", True),
        ("C0111", "A", False),
        ("9999", "A", False),
        ("0111", "Z9", False),
        ("0111", "C01", False),
    ],
)
def test_prefixes_match_by_section_and_digits(code: str, prefix: str, *, expected: bool) -> None:
    assert industries.matches(code, prefix) is expected


def test_labels_in_both_languages() -> None:
    assert industries.label("C") == "制造业"
    assert industries.label("C", "en") == "Manufacturing"
    assert industries.label("3911", "en") == "Computers, communication and other electronic equipment (3911)"
    assert all(node.label_en for node in industries.sections())


def test_unknown_codes_are_said() -> None:
    assert industries.section_of("9999") is None
    with pytest.raises(UnknownIndustry, match="9999"):
        industries.industry("9999")
