"""Rotating the keys: everything that is encrypted is found, and an interruption loses nothing."""

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from finmart.cli import main
from finmart.config import ROOT, Settings
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import users
from finmart.platform.audit.models import AuditRow
from finmart.platform.crypto import keyring as keys
from finmart.platform.crypto.checks import KeyChanged
from finmart.platform.crypto.keyring import KeyMissing, Keyring, load_keyring, use_keyring
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.files import service as files
from finmart.platform.files.repository import disk
from finmart.platform.kernel.actor import VISITOR
from finmart.platform.keys import cli, service
from finmart.platform.keys.models import KeyCheck
from finmart.platform.keys.types import KeyInUse, KeyUnknown
from tests.factories import accounts as made
from tests.factories.files import pdf

PEOPLE = 40


@pytest.fixture
def place(own_database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with keys of its own and a database with people and files in it; what it yields is the folder."""
    before = keys.keyring()
    (settings.data / "keys.json").unlink()
    monkeypatch.setenv("FINMART_DATABASE_URL", own_database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(keys, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(cli, "LOOK_EVERY", 0.0)
    use_keyring(load_keyring(None, settings.data, production=False))
    with unit_of_work():
        service.note()
        for _person in range(PEOPLE):
            made.signed_up()
        kept = [files.keep(VISITOR, name=f"{number}.pdf", content=pdf(str(number))).public_id for number in range(12)]
    (settings.data / "kept.json").write_text(json.dumps(kept))
    yield settings.data
    use_keyring(before)


def _told() -> str:
    """All that people typed, as the application reads it."""
    with unit_of_work(readonly=True) as current:
        people = [(user.phone, user.name) for user in current.scalars(select(User).order_by(User.id))]
    return hashlib.sha256(repr(people).encode()).hexdigest()


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    main(["keys", *arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def _cells(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[int, int]]:
    return {key["key_id"]: (key["cells"], key["files"]) for key in _run(capsys, "status")["keys"]}


def test_everything_comes_under_the_new_key(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told, before = _told(), _cells(capsys)
    assert before["k1"][0] > 3 * PEOPLE
    assert before["k1"][1] == 12
    done = _run(capsys, "rotate")
    assert (done["key"], done["cells"], done["files"], done["unreadable"]) == ("k2", *before["k1"], [])
    assert _cells(capsys) == {"i1": (0, 0), "k1": (0, 0), "k2": before["k1"]}
    assert _told() == told
    with unit_of_work(readonly=True):
        for number, public_id in enumerate(json.loads((place / "kept.json").read_text())):
            assert files.read(public_id).content == pdf(str(number))
        raw = session().execute(text("SELECT phone, name, email FROM user_account")).all()
        assert {bytes(cell)[:3] for row in raw for cell in row if cell is not None} == {b"k2:"}
        events = [(row.name, row.target) for row in session().scalars(select(AuditRow)) if row.name.startswith("key.")]
    assert events == [("key.made", "k2"), ("key.rotated", "k2")]


def test_phones_are_found_as_before(place: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    with unit_of_work(readonly=True):
        phone = session().scalars(select(User.phone).order_by(User.id)).first()
    _run(capsys, "rotate")
    assert phone is not None
    with unit_of_work(readonly=True):
        assert users.user_by_phone(phone) is not None


def test_an_old_key_goes_when_nothing_names_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(capsys, "rotate")
    with unit_of_work():
        for wrong, error in (("k9", KeyUnknown), ("k2", KeyInUse), ("i1", KeyInUse)):
            with pytest.raises(error):
                service.may_retire(wrong)
    with pytest.raises(SystemExit, match="k2"):
        main(["keys", "retire", "k2", "--yes"])
    main(["keys", "retire", "k1", "--yes"])
    assert set(json.loads((place / "keys.json").read_text())["keys"]) == {"k2", "i1"}
    told = _told()
    assert _run(capsys, "rotate")["key"] == "k3"
    assert _told() == told
    main(["keys", "retire", "k2", "--yes"])
    # An id is never given to another key.
    assert _run(capsys, "rotate")["key"] == "k4"


def test_a_key_that_rows_name_stays(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(capsys, "rotate")
    old = Keyring(keys.keyring().keys, "k1", "i1", place / "keys.json")
    use_keyring(old)
    with unit_of_work():
        made.signed_up()
    with pytest.raises(SystemExit, match="k1"):
        main(["keys", "retire", "k1", "--yes"])
    assert "k1" in json.loads((place / "keys.json").read_text())["keys"]
    # What was left behind by a process that had not noticed is finished first, without a further key.
    assert _run(capsys, "status")["unfinished"]
    assert _run(capsys, "rotate")["key"] == "k2"
    assert not _run(capsys, "status")["unfinished"]
    main(["keys", "retire", "k1", "--yes"])


def test_a_damaged_cell_stops_no_other(place: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    with unit_of_work():
        first = session().scalars(select(User.id).order_by(User.id)).first()
        session().execute(text("UPDATE user_account SET name = :cell WHERE id = :id"), {"cell": b"k1:x", "id": first})
    with pytest.raises(SystemExit) as left:
        main(["keys", "rotate", "--json"])
    assert left.value.code == 1
    done = json.loads(capsys.readouterr().out)
    assert done["unreadable"] == [{"table": "user_account", "column": "name", "row": first}]
    assert _cells(capsys)["k1"] == (1, 0)


def test_keys_of_the_environment_are_set_by_hand(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINMART_KEYS", (place / "keys.json").read_text())
    (place / "keys.json").unlink()
    capsys.readouterr()
    main(["keys", "rotate"])
    printed = json.loads(capsys.readouterr().out)
    assert printed["current"] == "k2"
    assert _cells(capsys)["k1"][0] > 0
    monkeypatch.setenv("FINMART_KEYS", json.dumps(printed))
    assert _run(capsys, "rotate")["key"] == "k2"
    assert _cells(capsys)["k1"] == (0, 0)
    capsys.readouterr()
    main(["keys", "retire", "k1", "--yes"])
    assert set(json.loads(capsys.readouterr().out)["keys"]) == {"k2", "i1"}
    assert not (place / "keys.json").exists()


def test_wrong_and_missing_keys_are_noticed_by_the_database(place: Path) -> None:
    (place / "keys.check").unlink(missing_ok=True)
    right = json.loads((place / "keys.json").read_text())
    other = base64.b64encode(b"7" * 32).decode()
    wrong = (
        ({**right, "keys": {**right["keys"], "k1": other}}, KeyChanged),
        ({**right, "index": "k1"}, KeyChanged),
        ({"current": "k2", "index": "i1", "keys": {"k2": other, "i1": right["keys"]["i1"]}}, KeyMissing),
    )
    for document, error in wrong:
        ring = load_keyring(json.dumps(document), place, production=True)
        with pytest.raises(error), unit_of_work(readonly=True):
            service.compare(ring)
    with unit_of_work(readonly=True):
        service.compare(keys.keyring())
        assert {row.key_id: row.is_index for row in session().scalars(select(KeyCheck))} == {"k1": False, "i1": True}


def test_killed_in_the_middle_it_is_finished_by_the_next_run(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told, total = _told(), _cells(capsys)["k1"]
    slowly = (
        "import time\n"
        "from finmart.platform.keys import cli, repository, service\n"
        "service.ROWS, service.FILES, cli.LOOK_EVERY = 3, 2, 0.0\n"
        "write = repository.write_cells\n"
        "def slow(*arguments):\n"
        "    time.sleep(0.01)\n"
        "    write(*arguments)\n"
        "repository.write_cells = slow\n"
        "from finmart.cli import main\n"
        "main(['keys', 'rotate'])\n"
    )
    left = total[0]
    for seconds in (0.15, 0.4):
        process = subprocess.Popen(
            [sys.executable, "-c", slowly], cwd=ROOT, env=dict(os.environ), stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        process.stderr.readline()  # The first step has been committed.
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()
        use_keyring(load_keyring(None, place, production=False))
        assert _told() == told
        now_left = _cells(capsys)["k1"][0]
        assert 0 < now_left < left
        left = now_left
    assert _run(capsys, "status")["unfinished"]
    assert _run(capsys, "rotate")["key"] == "k2"
    assert _cells(capsys) == {"i1": (0, 0), "k1": (0, 0), "k2": total}
    assert _told() == told
    with unit_of_work(readonly=True):
        for fingerprint in session().scalars(text("SELECT fingerprint FROM stored_file")):
            assert disk.content_of(fingerprint)
    assert not list(place.glob("*.tmp"))
