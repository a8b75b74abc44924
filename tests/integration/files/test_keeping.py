"""Files kept encrypted, named by rows, given back as they came, and swept when nobody names them."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from finmart.config import Settings
from finmart.platform.audit.models import AuditRow
from finmart.platform.crypto.keyring import Keyring, keyring, use_keyring
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.files import service
from finmart.platform.files.answering import attachment
from finmart.platform.files.jobs import sweep_files
from finmart.platform.files.types.errors import FileEmpty, FileLost, FileUnknown
from finmart.platform.files.types.kinds import FileKind
from finmart.platform.files.types.values import FileContent, StoredFile
from finmart.platform.jobs.registry import PERIODIC
from finmart.platform.kernel.actor import system_actor
from tests.factories import accounts
from tests.factories import files as made

pytestmark = pytest.mark.usefixtures("database", "settings")

SYSTEM = system_actor("tests", "files")


def _keep(content: bytes, name: str = "营业执照.pdf") -> StoredFile:
    with unit_of_work():
        return service.keep(SYSTEM, name=name, content=content)


def _on_disk(settings: Settings) -> list[Path]:
    return sorted(path for path in (settings.data / "files").rglob("*") if path.is_file())


def _age(path: Path, seconds: float) -> None:
    moment = path.stat().st_mtime - seconds
    os.utime(path, (moment, moment))


def test_a_file_comes_back_as_it_went_in_and_is_ciphertext_meanwhile(settings: Settings) -> None:
    content = made.pdf("一份执照")
    with unit_of_work():
        actor = accounts.signed_up()
        kept = service.keep(actor, name="张三的执照.pdf", content=content)
    assert (kept.name, kept.kind, kept.size) == ("张三的执照.pdf", FileKind.PDF, len(content))
    (path,) = _on_disk(settings)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "一份执照".encode() not in path.read_bytes()
    with unit_of_work(readonly=True):
        assert service.read(kept.public_id) == FileContent("张三的执照.pdf", "application/pdf", content)
        assert service.described([kept.public_id, "nothing"]) == {kept.public_id: kept}
        row = session().execute(text("SELECT name, sha256, organisation_id FROM stored_file")).one()
        assert "张三".encode() not in bytes(row[0])
        assert kept.sha256.encode() not in bytes(row[1])
        assert row[2] == actor.organisation_id


def test_the_audit_trail_says_that_a_file_was_kept_and_not_what_it_is_called() -> None:
    kept = _keep(made.pdf(), "张三的执照.pdf")
    with unit_of_work():
        event = session().query(AuditRow).filter_by(name="file.kept", target=kept.public_id).one()
        assert event.payload == {"kind": "pdf", "size": kept.size}


def test_the_same_content_lies_on_the_disk_once_and_is_kept_until_the_last_row_goes(settings: Settings) -> None:
    first, second = _keep(made.pdf()), _keep(made.pdf())
    (path,) = _on_disk(settings)
    for kept, left in ((first, 1), (second, 0)):
        with unit_of_work():
            service.discard(SYSTEM, kept.public_id)
        _age(path, 2 * service.GRACE) if path.exists() else None
        with unit_of_work():
            assert service.sweep() == 1 - left
        assert len(_on_disk(settings)) == left
    with unit_of_work(readonly=True), pytest.raises(FileUnknown):
        service.read(first.public_id)


def test_a_refused_file_leaves_nothing(settings: Settings) -> None:
    with pytest.raises(FileEmpty):
        _keep(b"")
    assert _on_disk(settings) == []


def test_the_sweep_removes_what_no_row_names_and_what_was_half_written(settings: Settings) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work():
        service.keep(SYSTEM, name="a.pdf", content=made.pdf("rolled back"))
        raise ZeroDivisionError
    named = _keep(made.pdf("named"))
    half = settings.data / "files" / "ab" / "abc.tmp"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    assert len(_on_disk(settings)) == 3
    with unit_of_work():
        assert service.sweep() == 0, "somebody may be about to name them"
    for path in _on_disk(settings):
        _age(path, 2 * service.GRACE)
    with unit_of_work():
        sweep_files()
    assert "files.sweep" in PERIODIC
    assert len(_on_disk(settings)) == 1
    with unit_of_work(readonly=True):
        assert service.read(named.public_id).content == made.pdf("named")


def test_a_failed_write_leaves_no_draft(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        _keep(made.pdf())
    monkeypatch.undo()
    assert _on_disk(settings) == []


def test_a_damaged_or_missing_file_is_one_clear_sentence(settings: Settings) -> None:
    kept = _keep(made.pdf())
    (path,) = _on_disk(settings)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    for _ in range(2):
        with unit_of_work(readonly=True), pytest.raises(FileLost, match="联系平台"):
            service.read(kept.public_id)
        path.unlink(missing_ok=True)


def test_a_file_moved_under_another_name_does_not_open(settings: Settings) -> None:
    first, second = _keep(made.pdf("1")), _keep(made.pdf("2"))
    one, other = _on_disk(settings)
    one.write_bytes(other.read_bytes())
    opened = 0
    for kept in (first, second):
        with unit_of_work(readonly=True):
            try:
                service.read(kept.public_id)
                opened += 1
            except FileLost:
                continue
    assert opened == 1


def test_files_are_sealed_anew_under_a_new_key(settings: Settings) -> None:
    ring = keyring()
    contents = [made.pdf(str(number)) for number in range(3)]
    kept = [_keep(content) for content in contents]
    keys = {**ring.keys, "k-new": bytes(range(32))}
    use_keyring(Keyring(keys=keys, current="k-new", index=ring.index))
    try:
        with unit_of_work():
            assert service.reseal(limit=2) == 2
        with unit_of_work():
            assert service.reseal() == 1
        with unit_of_work():
            assert service.reseal() == 0
        assert all(path.read_bytes().startswith(b"k-new:") for path in _on_disk(settings))
        with unit_of_work(readonly=True):
            assert [service.read(file.public_id).content for file in kept] == contents
    finally:
        use_keyring(ring)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a-1.pdf", "attachment; filename=\"a-1.pdf\"; filename*=UTF-8''a-1.pdf"),
        (
            "执照 (1).pdf",
            "attachment; filename=\"____1_.pdf\"; filename*=UTF-8''%E6%89%A7%E7%85%A7%20%281%29.pdf",
        ),
    ],
)
def test_a_file_is_sent_to_be_saved(name: str, header: str) -> None:
    response = attachment(FileContent(name, "application/pdf", b"%PDF-"))
    assert response.headers["Content-Disposition"] == header
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.data == b"%PDF-"
