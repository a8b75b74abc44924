"""Phones, names and addresses: however typed, never shown whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.accounts.types.contacts import (
    check_person_name,
    device_label,
    mask_email,
    mask_identifier,
    mask_name,
    mask_phone,
    network_of,
    normal_phone,
)
from finmart.platform.accounts.types.errors import PersonNameInvalid, PhoneInvalid

PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        " 138 1234 5678 ",
        "138-1234-5678",
        "+8613812345678",
        "+86 138 1234 5678",
        "１３８１２３４５６７８",
    ],
)
def test_one_number_however_it_is_typed(typed: str) -> None:
    assert normal_phone(typed) == "13812345678"


@pytest.mark.parametrize("typed", ["", "12812345678", "1381234567", "138123456789", "0791-88888888", "phone"])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        normal_phone(typed)


@given(PHONES)
def test_a_masked_phone_hides_four_digits(phone: str) -> None:
    masked = mask_phone(phone)
    assert len(masked) == 11
    assert masked[3:7] == "****"
    assert phone[3:7] not in masked or phone[3:7] in phone[:3] + phone[7:]


@given(st.text(min_size=1, max_size=20))
def test_a_masked_name_shows_one_character_at_most(name: str) -> None:
    assert len(mask_name(name).replace("*", "")) <= 1


@given(st.text(alphabet="0123456789ABCDEFX", min_size=1, max_size=30))
def test_a_masked_identifier_shows_six_characters_at_most(value: str) -> None:
    masked = mask_identifier(value)
    assert len(masked) == len(value)
    assert len(masked.replace("*", "")) <= 6


def test_masked_mail_keeps_the_house_and_hides_the_person() -> None:
    assert mask_email("someone@example.org") == "s***@example.org"


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2::3", "2001:db8:1::"), ("not an address", ""), ("", "")],
)
def test_addresses_are_cut_to_their_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/120 Mobile MicroMessenger/8.0", "微信 · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("curl/8", ""),
    ],
)
def test_a_browser_in_a_few_words(header: str, label: str) -> None:
    assert device_label(header) == label


@pytest.mark.parametrize(
    "name", ["王建国", "买买提·艾山", "Anne-Marie O’Neill", "José", "𠮷野", " 李 雷 ", "Nguyễn Văn A"]
)
def test_names_as_documents_write_them(name: str) -> None:
    check_person_name(name)


@pytest.mark.parametrize("name", ["王😀", "123", "王1", "·", "", "<b>王", "王\u200b", "王\n国", "a@b"])
def test_signs_that_no_name_has_are_refused(name: str) -> None:
    with pytest.raises(PersonNameInvalid, match="间隔号"):
        check_person_name(name)
