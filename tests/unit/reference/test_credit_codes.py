"""Credit codes: the right check character, every prefix, and what spreadsheets do to codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.reference import credit_codes
from finmart.reference.credit_codes import ALPHABET, CreditCodeRefusal

bodies = st.text(alphabet=ALPHABET, min_size=8, max_size=8)
divisions = st.integers(100000, 999999).map(str)
known_prefixes = st.sampled_from(sorted(credit_codes.prefixes()))


def standard_check_character(body: str) -> str:
    """GB 32100-2015, 4.5, written out a second time and without the library."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


@given(known_prefixes, divisions, bodies)
def test_made_codes_are_valid_and_carry_the_standards_check_character(prefix: str, division: str, body: str) -> None:
    code = credit_codes.make(prefix, division, body)
    assert code[-1] == standard_check_character(code[:-1])
    parsed = credit_codes.parse(code)
    assert (parsed.prefix.code, parsed.division, parsed.organisation_code[:8]) == (prefix, division, body)


def test_a_sum_that_is_divisible_by_31_ends_in_zero() -> None:
    # The popular formula alphabet[31 − m] has no answer here: one code in 31.
    bodies_ending_in_zero = [
        body for number in range(1000) if standard_check_character(body := f"91360113DEM{number:04d}00") == "0"
    ]
    assert len(bodies_ending_in_zero) > 10
    assert {credit_codes.check_character(body) for body in bodies_ending_in_zero} == {"0"}
    assert all(credit_codes.is_valid(f"{body}0") for body in bodies_ending_in_zero)


def test_a_published_code_is_read() -> None:
    code = credit_codes.parse("91110000600037341L")
    assert (code.prefix.label_zh, code.prefix.sign_up, code.subject_kind) == ("企业", "yes", "enterprise")
    assert credit_codes.masked(code.text) == "9111**********341L"


def test_organisation_codes_carry_their_own_check_character() -> None:
    assert credit_codes.organisation_code("60003734") == "600037341"


@given(known_prefixes, divisions, bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(prefix: str, division: str, body: str, place: int, char: str) -> None:
    code = credit_codes.make(prefix, division, body)
    wrong = code[:place] + char + code[place + 1 :]
    assert credit_codes.is_valid(wrong) is (wrong == code)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9.136E+17", "scientific"),
        ("9.13601E+17", "scientific"),
        ("9.13601e+17", "scientific"),
        (" 91110000600037341L", "spaces"),
        ("9111 0000 6000 37341L", "spaces"),
        ("'91110000600037341L", "spaces"),
        ("91110000600037341l", "lower_case"),
        ("９1110000600037341L", "full_width"),
        ("913601130000000000.0", "number"),
        ("1110000600037341L", "length"),
        ("", "length"),
        ("360100000012345", "registration_number"),
        ("600037341", "organisation_code"),
        ("9111000O600037341L", "character"),
        ("91A10000600037341L", "division"),
        ("88110000600037341L", "unknown_prefix"),
        ("911100006000373417", "check"),
        ("911100006000373000", "rounded"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(text: str, reason: str) -> None:
    with pytest.raises(CreditCodeRefusal) as caught:
        credit_codes.parse(text)
    assert caught.value.reason == reason
    assert str(caught.value).endswith("。")
    assert "{" not in str(caught.value)


def test_cleaning_undoes_typing_but_not_damage() -> None:
    assert credit_codes.clean(" ９1110000-600037341l ") == "91110000600037341L"
    assert credit_codes.clean("9.136E+17") == "9.136E+17"


def test_rural_collectives_and_co_operatives_are_known() -> None:
    for prefix in ("91", "92", "93", "N1", "N2", "N3"):
        assert credit_codes.prefixes()[prefix].sign_up == "yes"
    assert len(credit_codes.prefixes()) == 36
