"""Keys: what is sealed opens only in its place, with its key; keys made up once stay."""

import base64
import json
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.crypto.checks import FILE, KeyChanged, check_keys
from finmart.platform.crypto.keyring import KeyMissing, Keyring, Unreadable, load_keyring

KEY = base64.b64encode(b"1" * 32).decode()
OLD = Keyring({"k1": b"1" * 32}, "k1", "k1")
ROTATED = Keyring({"k1": b"1" * 32, "k2": b"2" * 32}, "k2", "k1")


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
    "setting",
    [
        *("{", "[]", '"k1"', "{}"),
        json.dumps({"keys": {"k1": KEY}}),
        json.dumps({"current": "k1", "keys": {}}),
        json.dumps({"current": "k1", "keys": ["k1"]}),
        json.dumps({"current": "k1", "keys": {"k1": 1}}),
        json.dumps({"current": "k1", "keys": {"k1": "not base64"}}),
        json.dumps({"current": "k1", "keys": {"k1": KEY[:40]}}),
        json.dumps({"current": "k2", "keys": {"k1": KEY}}),
        json.dumps({"current": "k1", "index": "k2", "keys": {"k1": KEY}}),
        json.dumps({"current": ["k1"], "keys": {"k1": KEY}}),
        json.dumps({"current": "k:1", "keys": {"k:1": KEY}}),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_one_sentence(setting: str, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="base64") as refused:
        load_keyring(setting, tmp_path, production=False)
    assert refused.value.__cause__ is None


def _loaded(tmp_path: Path, index: str | None, *ids: str) -> Keyring:
    keys = {key_id: base64.b64encode(key_id.encode().rjust(32, b"-")).decode() for key_id in ids}
    document = {"current": ids[-1], "keys": keys} | ({"index": index} if index else {})
    return load_keyring(json.dumps(document), tmp_path, production=True)


def test_the_tenth_key_changes_no_index(tmp_path: Path) -> None:
    nine, ten = _loaded(tmp_path, None, "k9"), _loaded(tmp_path, None, "k9", "k10")
    assert (ten.current, ten.index) == ("k10", "k9")
    assert ten.blind_index("13800000000", "phone") == nine.blind_index("13800000000", "phone")
    assert ten.secret("flask-session") == nine.secret("flask-session")
    named = _loaded(tmp_path, "k9", "k10", "k9")
    assert named.blind_index("13800000000", "phone") == nine.blind_index("13800000000", "phone")


def test_other_keys_than_the_datas_own_are_noticed(tmp_path: Path) -> None:
    data = tmp_path / "var"
    check_keys(OLD, data)
    check_keys(ROTATED, data)
    check_keys(OLD, data)
    with pytest.raises(KeyChanged, match="k2"):
        check_keys(Keyring({"k1": b"1" * 32, "k2": b"3" * 32}, "k2", "k1"), data)
    with pytest.raises(KeyChanged, match="k1"):
        check_keys(Keyring({"k1": b"1" * 32, "k2": b"2" * 32}, "k2", "k2"), data)
    check_keys(ROTATED, data)
    (data / FILE).write_text("{", encoding="ascii")
    with pytest.raises(KeyChanged, match=FILE.replace(".", r"\.")):
        check_keys(ROTATED, data)
