"""Keys: what is sealed opens only in its place, with its key; keys made up once stay."""

import base64
import json
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.crypto.keyring import KeyMissing, Keyring, Unreadable, load_keyring

OLD = Keyring({"k1": b"1" * 32}, "k1")
ROTATED = Keyring({"k1": b"1" * 32, "k2": b"2" * 32}, "k2")


@given(st.binary(), st.text())
def test_what_is_sealed_opens_in_its_place(plain: bytes, context: str) -> None:
    assert OLD.decrypt(OLD.encrypt(plain, context), context) == plain


def test_a_ciphertext_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(Unreadable):
        OLD.decrypt(OLD.encrypt(b"91360100", "subject.value"), "user.phone")


def test_a_damaged_ciphertext_does_not_open() -> None:
    sealed = bytearray(OLD.encrypt(b"x", "c"))
    sealed[-1] ^= 1
    with pytest.raises(Unreadable):
        OLD.decrypt(bytes(sealed), "c")


def test_rotation_keeps_old_rows_readable_and_the_index_the_same() -> None:
    assert ROTATED.decrypt(OLD.encrypt(b"x", "c"), "c") == b"x"
    assert ROTATED.encrypt(b"x", "c").startswith(b"k2:")
    assert ROTATED.blind_index("13800000000", "phone") == OLD.blind_index("13800000000", "phone")
    with pytest.raises(KeyMissing):
        OLD.decrypt(ROTATED.encrypt(b"x", "c"), "c")


def test_the_blind_index_differs_by_place() -> None:
    assert OLD.blind_index("1", "a") != OLD.blind_index("1", "b")


def test_keys_are_made_once_and_only_the_owner_may_read_them(tmp_path: Path) -> None:
    first = load_keyring(None, tmp_path, production=False)
    second = load_keyring(None, tmp_path, production=False)
    assert first.keys == second.keys
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_production_refuses_to_make_up_keys(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="FINMART_KEYS"):
        load_keyring(None, tmp_path, production=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "document", [{"current": "k1", "keys": {}}, {"current": "k2", "keys": {"k1": base64.b64encode(b"1" * 32).decode()}}]
)
def test_an_incomplete_setting_is_refused(document: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        load_keyring(json.dumps(document), tmp_path, production=False)
