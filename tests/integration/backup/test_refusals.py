"""Backups that cannot be written, believed or restored: one sentence each, and nothing is left half done."""

import io
import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from finmart.config import ROOT
from finmart.platform.backup import filling, staging, tables
from finmart.platform.backup.archive import reading
from finmart.platform.backup.checking import verify
from finmart.platform.backup.types import manifest as manifests
from finmart.platform.backup.types.errors import ArchiveDamaged, ArchiveIncomplete, NotAnArchive
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.files import service as files
from finmart.platform.kernel.actor import system_actor
from finmart.platform.web.server import only_server
from tests.factories.files import pdf
from tests.fixtures.databases import in_use
from tests.integration.backup.installations import Installation, new_installation

PROGRAM = "import sys; from finmart.cli import main; main(sys.argv[1:])"
KEEPER = system_actor("tests", "files of a test")
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
OTHER_KEYS = f'{{"current": "k1", "index": "i1", "keys": {{"k1": "{KEY}", "i1": "{KEY}"}}}}'


@pytest.fixture(scope="module")
def small(
    installation: Path, template_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation with a few kept files."""
    with new_installation(template_engine, tmp_path_factory.mktemp("small"), installation / "keys.json") as made:
        engine = make_engine(made.url)
        with pytest.MonkeyPatch.context() as patch, in_use(Database(engine)):
            patch.setenv("FINMART_DATA", str(made.data))
            for number in range(5):
                with unit_of_work():
                    files.keep(KEEPER, name=f"{number}.pdf", content=pdf(f"number {number}" * 5000))
        engine.dispose()
        yield made


@pytest.fixture(scope="module")
def archive(small: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    target = tmp_path_factory.mktemp("archive") / "small.tar"
    small.run("backup", target)
    return target


@pytest.fixture
def target(small: Installation, template_engine: Engine, tmp_path: Path) -> Iterator[Installation]:
    """An empty installation with the same keys; its tables are there already."""
    with new_installation(template_engine, tmp_path / "target", small.data / "keys.json") as made:
        yield made


def is_empty(installation: Installation) -> bool:
    """Whether no row and no file was left."""
    left = {path.name for path in installation.data.rglob("*") if path.is_file()}
    own = {"keys.json", "keys.check", "server.lock", "finmart.db", "finmart.db-wal", "finmart.db-shm"}
    return not any(installation.counts().values()) and left <= own


def test_an_archive_cut_off_anywhere_is_refused(archive: Path, tmp_path: Path) -> None:
    whole, cut = archive.read_bytes(), tmp_path / "cut.tar"
    lengths = random.Random(7).sample(range(len(whole)), 40)
    for length in [0, 1, 511, 512, len(whole) - 1, len(whole) - 1024, *lengths]:
        cut.write_bytes(whole[:length])
        with pytest.raises((NotAnArchive, ArchiveIncomplete, ArchiveDamaged)):
            verify(cut)


def test_a_changed_byte_anywhere_is_noticed(archive: Path, tmp_path: Path) -> None:
    whole, changed = bytearray(archive.read_bytes()), tmp_path / "changed.tar"
    with tarfile.open(archive) as tar:
        ends = [info.offset_data + info.size for info in tar.getmembers()]
    chosen = random.Random(11)
    for place in [*chosen.sample(range(len(whole)), 120), *chosen.sample(ends, 5), len(whole) - 1]:
        before = whole[place]
        whole[place] ^= 1 << chosen.randrange(8)
        changed.write_bytes(whole)
        with pytest.raises((NotAnArchive, ArchiveIncomplete, ArchiveDamaged)):
            verify(changed)
        whole[place] = before


def test_what_is_added_behind_the_seal_is_noticed(archive: Path, tmp_path: Path) -> None:
    longer = tmp_path / "longer.tar"
    longer.write_bytes(archive.read_bytes() + b"more")
    with pytest.raises(ArchiveDamaged):
        verify(longer)


@pytest.mark.parametrize("content", [b"", b"not a backup", b"\0" * 20480])
def test_what_is_no_archive_is_said_so(content: bytes, tmp_path: Path, target: Installation) -> None:
    (tmp_path / "other").write_bytes(content)
    for path in (tmp_path / "other", tmp_path / "none", tmp_path):
        with pytest.raises(SystemExit, match=r"^Error: .*备份"):
            target.run("restore", path, "--yes")
    assert is_empty(target)


def test_a_damaged_archive_restores_nothing(archive: Path, tmp_path: Path, target: Installation) -> None:
    whole = bytearray(archive.read_bytes())
    with tarfile.open(archive) as tar:
        whole[tar.getmembers()[0].offset_data + 100] ^= 1
    (tmp_path / "damaged.tar").write_bytes(whole)
    with pytest.raises(SystemExit, match="已损坏或被改动"):
        target.run("restore", tmp_path / "damaged.tar", "--yes")
    assert is_empty(target)


@pytest.mark.parametrize(
    ("setting", "words"),
    [(("revision", "9999"), "9999"), (("format", manifests.FORMAT + 1), "format 2")],
)
def test_an_archive_of_a_later_release_asks_for_it(
    setting: tuple[str, object], words: str, small: Installation, tmp_path: Path, target: Installation
) -> None:
    later = tmp_path / "later.tar"
    make = manifests.Manifest.as_json

    def told(manifest: manifests.Manifest) -> str:
        name, value = setting
        return make(type(manifest)(**{**vars(manifest), name: value}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifests.Manifest, "as_json", told)
        patch.setattr(reading, "FORMAT", manifests.FORMAT + 1)
        small.run("backup", later)
    with pytest.raises(SystemExit, match=f"由更新的版本写成（{words}）"):
        target.run("restore", later, "--yes")
    assert is_empty(target)


def test_without_the_keys_nothing_is_restored_and_none_are_made_up(archive: Path, target: Installation) -> None:
    (target.data / "keys.json").unlink()
    with pytest.raises(SystemExit, match="需要原来的密钥 i1、k1"):
        target.run("restore", archive, "--yes")
    assert [path.name for path in target.data.iterdir() if path.name != "own.db"] == []


def test_with_other_keys_nothing_is_restored(archive: Path, target: Installation) -> None:
    (target.data / "keys.json").write_text(OTHER_KEYS, encoding="ascii")
    with pytest.raises(SystemExit, match=r"密钥 i1(、k1)? 与写这份备份时用的不是同一个"):
        target.run("restore", archive, "--yes")
    assert is_empty(target)


def test_one_key_of_several_is_missed_by_its_id(archive: Path, target: Installation) -> None:
    path = target.data / "keys.json"
    keys = json.loads(path.read_text(encoding="ascii"))
    del keys["keys"]["i1"]
    path.write_text(json.dumps({**keys, "index": "k1"}), encoding="ascii")
    with pytest.raises(SystemExit, match="需要原来的密钥 i1，"):
        target.run("restore", archive, "--yes")
    assert is_empty(target)


def test_another_index_key_is_refused(archive: Path, small: Installation, target: Installation) -> None:
    own = (small.data / "keys.json").read_text(encoding="ascii")
    more = own.replace('"keys": {', f'"keys": {{"k0": "{"A" * 43}=", ').replace('"index": "i1"', '"index": "k0"')
    (target.data / "keys.json").write_text(more, encoding="ascii")
    with pytest.raises(SystemExit, match="index 须是 i1"):
        target.run("restore", archive, "--yes")


def test_a_database_with_rows_is_left_alone(archive: Path, small: Installation) -> None:
    before, kept = small.tables(), small.files()
    with pytest.raises(SystemExit, match="数据库不是空的"):
        small.run("restore", archive, "--yes")
    assert (small.tables(), small.files()) == (before, kept)


def test_a_folder_with_files_is_left_alone(archive: Path, target: Installation) -> None:
    mine = target.data / "files" / "aa" / "mine"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="ascii")
    with pytest.raises(SystemExit, match="已有文件"):
        target.run("restore", archive, "--yes")
    assert mine.read_text(encoding="ascii") == "mine"
    assert not any(target.counts().values())


def test_nothing_is_written_over(archive: Path, small: Installation) -> None:
    before = archive.read_bytes()
    with pytest.raises(SystemExit, match="已经存在"):
        small.run("backup", archive)
    assert archive.read_bytes() == before


def test_into_a_folder_it_goes_under_the_time(small: Installation, tmp_path: Path) -> None:
    small.run("backup", tmp_path)
    names = [path.name for path in tmp_path.iterdir() if path.is_file()]
    assert len(names) == 1
    assert names[0].startswith("finmart-20")


@pytest.fixture
def damaged(small: Installation, tmp_path: Path) -> Iterator[Path]:
    """One kept file of the small installation, to be damaged and put back afterwards."""
    path = next((small.data / "files").rglob("*.sealed"))
    shutil.copy(path, tmp_path / "whole")
    yield path
    shutil.copy(tmp_path / "whole", path)


def test_a_file_that_a_row_names_must_be_there(small: Installation, damaged: Path, tmp_path: Path) -> None:
    damaged.unlink()
    with pytest.raises(SystemExit, match=f"登记的文件 files/.*{damaged.name} 不在数据目录里"):
        small.run("backup", tmp_path / "backup.tar")
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
class TestNoRoom:
    """The machine refuses to write more."""

    def _run(self, installation: Installation, limit: int, *words: object) -> "subprocess.CompletedProcess[str]":
        def limited() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *map(str, words)],
            cwd=ROOT,
            env=installation.environ,
            preexec_fn=limited,
            check=False,
            capture_output=True,
            text=True,
        )

    def test_a_backup_leaves_nothing_at_the_target(self, small: Installation, tmp_path: Path) -> None:
        ended = self._run(small, 100_000, "backup", tmp_path / "backup.tar")
        assert ended.returncode == 1
        assert ended.stderr.strip().splitlines()[-1].startswith("Error: 备份没有写成（")
        assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []

    def test_a_restore_takes_everything_back(self, archive: Path, target: Installation) -> None:
        ended = self._run(target, 20_000, "restore", archive, "--yes")
        assert ended.returncode == 1
        assert ended.stderr.strip().splitlines()[-1].startswith("Error: 恢复没有完成（")
        assert is_empty(target)

    def test_a_database_that_cannot_grow_takes_everything_back(
        self, archive: Path, small: Installation, tmp_path: Path
    ) -> None:
        with new_installation(None, tmp_path / "sqlite", small.data / "keys.json") as target:
            target.run("db", "upgrade")
            ended = self._run(target, 60_000, "restore", archive, "--yes")
            assert ended.returncode == 1
            said = ended.stderr.strip().splitlines()[-1]
            assert said.startswith("Error: ")
            assert "，已全部撤回" in said
            assert is_empty(target)
            target.run("restore", archive, "--yes")
            assert target.files() == small.files()


def test_rows_that_differ_take_everything_back(
    archive: Path, target: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = tables.write_rows

    def one_less(connection: object, shape: object, rows: Iterator[object]) -> None:
        next(rows, None)
        insert(connection, shape, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(filling, "write_rows", one_less)
    with pytest.raises(SystemExit, match=r"表 \w+ 与备份不一致"):
        target.run("restore", archive, "--yes")
    assert is_empty(target)
    monkeypatch.setattr(filling, "write_rows", insert)
    target.run("restore", archive, "--yes")
    assert len(target.files()) == 5


KILLED = """
import os, signal, sys
from finmart.cli import main
from finmart.platform.backup import staging

settle = staging.Staging.settle
def die(self):
    settle(self)
    os.kill(os.getpid(), signal.SIGKILL)
staging.Staging.settle = die
main(["restore", sys.argv[1], "--yes"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_restore_that_was_killed_can_be_begun_again(archive: Path, small: Installation, target: Installation) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(archive)], cwd=ROOT, env=target.environ, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert target.files() != {}
    for attempt in range(50):
        try:
            assert not any(target.counts().values())
            target.run("restore", archive, "--yes")
        except SystemExit:  # PostgreSQL notices a moment later that the killed process is gone.
            assert attempt < 49
            time.sleep(0.1)
        else:
            break
    assert target.files() == small.files()
    assert not (target.data / staging.RESTORING).exists()


def test_a_server_on_the_folder_keeps_a_restore_away(archive: Path, small: Installation, tmp_path: Path) -> None:
    with new_installation(None, tmp_path / "sqlite", small.data / "keys.json") as target:
        target.run("db", "upgrade")
        with only_server(target.data), pytest.raises(SystemExit, match="已有一个服务进程"):
            target.run("restore", archive, "--yes")
        assert is_empty(target)


def test_against_somebodys_will_nothing_is_restored(
    archive: Path, target: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    with pytest.raises(SystemExit, match="nothing was changed"):
        target.run("restore", archive)
    assert is_empty(target)
