"""Which passwords are taken, and how they are kept."""

import pytest
from argon2 import PasswordHasher

from finmart.platform.accounts.service import passwords
from finmart.platform.accounts.types.errors import WeakPassword

PHONE = "13812345678"


@pytest.mark.parametrize(
    "password",
    [
        "short-1",
        "1234567890123",
        "onlyletterslong",
        "aaaaaaaaaa11",
        "MyPassword2024",
        "abc13812345678",
        "x12345678-ok",
        "a1" * 100,
    ],
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.check_password(password, phone=PHONE)


@pytest.mark.parametrize("password", ["tea-field-2718", "赣江水清 2718 号", "Correct horse 9 battery"])
def test_what_is_not_is_taken(password: str) -> None:
    passwords.check_password(password, phone=PHONE)


def test_a_hash_is_argon2id_and_salted() -> None:
    first, second = passwords.hash_password("tea-field-2718"), passwords.hash_password("tea-field-2718")
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.password_matches(first, "tea-field-2718")
    assert not passwords.password_matches(first, "tea-field-2719")
    assert not passwords.password_matches("!", "tea-field-2718")


def test_the_default_cost_is_that_of_the_library() -> None:
    # Tests hash cheaply; an installation must not.
    hasher = PasswordHasher()
    assert hasher.memory_cost >= 65536
    assert hasher.time_cost >= 3


def test_a_full_width_password_is_the_same_password() -> None:
    stored = passwords.hash_password("tea-field-2718")
    assert passwords.password_matches(stored, "ｔｅａ-ｆｉｅｌｄ-２７１８")
