"""The key file: replaced whole, noticed by processes that read it before."""

import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from finmart.platform.crypto import keyring as keys
from finmart.platform.crypto.keyring import Keyring, load_keyring, use_keyring, write_keys


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyring]:
    """Keys of the test's own in a file, in use by this process, which looks at the file each time."""
    before = keys.keyring()
    monkeypatch.setattr(keys, "LOOK_EVERY", 0.0)
    made = load_keyring(None, tmp_path, production=False)
    use_keyring(made)
    yield made
    use_keyring(before)


def _rotate_elsewhere(ring: Keyring) -> Keyring:
    rotated = ring.with_new_key("k2")
    write_keys(rotated)
    assert ring.generated_file is not None
    os.utime(ring.generated_file, ns=(1, 1))  # Clocks of file systems are coarse; another instant in any case.
    return rotated


def test_a_key_for_indexes_stands_apart(ring: Keyring) -> None:
    assert (ring.current, ring.index) == ("k1", "i1")
    assert set(ring.keys) == {"k1", "i1"}


def test_a_running_process_notices_a_rotation(ring: Keyring) -> None:
    sealed = _rotate_elsewhere(ring).encrypt(b"x", "c")
    assert keys.keyring().decrypt(sealed, "c") == b"x"
    assert keys.keyring().encrypt(b"y", "c").startswith(b"k2:")
    assert keys.keyring().blind_index("1", "a") == ring.blind_index("1", "a")


def test_a_file_that_is_gone_changes_nothing(ring: Keyring) -> None:
    assert ring.generated_file is not None
    ring.generated_file.unlink()
    assert keys.keyring() is ring


def test_the_file_stays_the_owners_alone(ring: Keyring, tmp_path: Path) -> None:
    _rotate_elsewhere(ring)
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]
    assert json.loads((tmp_path / "keys.json").read_text())["current"] == "k2"


def test_only_keys_that_nothing_needs_go(ring: Keyring) -> None:
    rotated = ring.with_new_key("k2")
    assert set(rotated.without("k1").keys) == {"k2", "i1"}
    for needed in ("k2", "i1"):
        with pytest.raises(ValueError, match="in use"):
            rotated.without(needed)
    for wrong in ("k1", "k:3"):
        with pytest.raises(ValueError, match="new key"):
            rotated.with_new_key(wrong)


def test_keys_of_the_environment_are_not_written_anywhere() -> None:
    with pytest.raises(ValueError, match="environment"):
        write_keys(Keyring({"k1": b"1" * 32}, "k1", "k1"))
