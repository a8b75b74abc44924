"""The demonstration city, backed up and restored: row for row, file for file, on one kind of database and the other."""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.types import TypeDecorator, TypeEngine

from finmart.config import load_settings
from finmart.credit.models import Batch, LandedFile
from finmart.credit.store import landing
from finmart.factory import House, create_app
from finmart.platform.accounts.models.users import User
from finmart.platform.backup.cells import kind_of
from finmart.platform.backup.checking import verify
from finmart.platform.backup.tables import shapes
from finmart.platform.db.base import Base
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.files.service import sweep
from finmart.platform.search.factory import use_search_folder
from tests.fixtures.city import City, CityVisit
from tests.fixtures.databases import KIND, copied, in_use
from tests.fixtures.web import CheckingClient
from tests.integration.backup.installations import ADDED, Installation, new_installation, said


@pytest.fixture(scope="module")
def own_city(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A copy of the city, whose audit trail may say that it was backed up."""
    folder = tmp_path_factory.mktemp("own-city")
    shutil.copytree(city.settings.data, folder / "var")
    with copied(city.engine, folder) as url:
        own = Installation(folder / "var", url)
        _drop_files_of_tests(own)
        yield own


def _drop_files_of_tests(own: Installation) -> None:
    """Remove what earlier tests have put into the city's folder: their rows were rolled back, their files stayed."""
    engine = make_engine(own.url)
    with pytest.MonkeyPatch.context() as patch, in_use(Database(engine)), unit_of_work():
        patch.setenv("FINMART_DATA", str(own.data))
        sweep(0.0)
    engine.dispose()


@pytest.fixture(scope="module")
def archive(own_city: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city's backup."""
    target = tmp_path_factory.mktemp("archive") / "city.tar"
    own_city.run("backup", target)
    return target


@pytest.fixture(scope="module")
def restored(
    archive: Path, own_city: Installation, template_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """The city restored into a database of the run's kind; on PostgreSQL by way of SQLite."""
    keys, folder = own_city.data / "keys.json", tmp_path_factory.mktemp("restored")
    if KIND == "sqlite":
        with new_installation(None, folder, keys) as target:
            target.run("restore", archive, "--yes")
            yield target
        return
    with new_installation(None, folder / "between", keys) as between:
        between.run("restore", archive, "--yes")
        between.run("backup", folder / "between.tar")
    with new_installation(template_engine, folder / "after", keys) as target:
        target.run("restore", folder / "between.tar", "--yes")
        yield target


def test_every_table_and_every_file_comes_back(own_city: Installation, restored: Installation, archive: Path) -> None:
    manifest, found = verify(archive), restored.tables()
    assert manifest.rows > 10_000
    assert {table.name for table in manifest.tables} == found.keys() == set(Base.metadata.tables)
    hops = 1 if KIND == "sqlite" else 2
    for table in manifest.tables:
        if table.name not in ADDED:
            assert found[table.name] == (table.rows, table.digest), table.name
    before = own_city.counts()
    # The city has noted its backup, each restored installation its restore.
    assert restored.counts() == {**before, "audit_row": before["audit_row"] - 1 + hops}
    assert restored.files() == own_city.files() != {}


def test_what_a_database_says_of_its_tables_is_what_the_models_say(template_engine: Engine) -> None:
    with template_engine.connect() as connection:
        found = {shape.name: {(each.name, each.kind) for each in shape.columns} for shape in shapes(connection)}
    assert found == {
        table.name: {(column.name, kind_of(_plain(column.type))) for column in table.columns}
        for table in Base.metadata.sorted_tables
    }


def _plain(column_type: TypeEngine[object]) -> TypeEngine[object]:
    return column_type.impl_instance if isinstance(column_type, TypeDecorator) else column_type


@pytest.fixture
def opened(restored: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The restored records, in this process."""
    monkeypatch.setenv("FINMART_DATA", str(restored.data))
    engine = make_engine(restored.url)
    with in_use(Database(engine)) as database:
        yield database
    engine.dispose()


@pytest.mark.usefixtures("opened")
def test_ciphertexts_open_with_the_keys() -> None:
    with unit_of_work(readonly=True):
        phones = [user.phone for user in session().scalars(select(User).where(User.demonstration))]
        landed = session().execute(
            select(LandedFile, Batch.landing_key).join(Batch, Batch.id == LandedFile.batch_id).order_by(LandedFile.id)
        )
        checksums = [
            (file.checksum, hashlib.sha256(landing.unsealed(file.place, key=bytes.fromhex(key))).hexdigest())
            for file, key in landed
            if key is not None
        ]
    assert phones
    assert all(phone.isdigit() for phone in phones if phone)
    assert checksums
    assert all(said == found for said, found in checksums)


def test_the_site_starts_and_a_profile_opens(opened: Database, restored: Installation) -> None:
    use_search_folder(restored.data)
    app = create_app(house=House(load_settings(restored.environ), opened))
    app.test_client_class = CheckingClient
    visit = CityVisit(app)
    try:
        visit.enter("applicant_owner")
        profile = visit.send("credit.profile")
        assert profile.status_code == 200, visit.told(profile)
        # The index is not part of a backup: the first search makes it anew.
        visit.enter("visitor")
        shelf = visit.send("products.shelf", query={"q": "税贷"})
        assert shelf.status_code == 200, visit.told(shelf)
    finally:
        use_search_folder(None)


def test_an_archive_says_what_it_is(archive: Path, capsys: pytest.CaptureFixture[str], own_city: Installation) -> None:
    own_city.run("backup", "verify", archive, "--json")
    found = said(capsys)
    assert (found["database"], found["keys"]) == (KIND, ["i1", "k1"])
    assert (found["files"], found["bytes"]) == (len(own_city.files()) + 1, archive.stat().st_size)
    assert archive.stat().st_mode & 0o777 == 0o600
    keys = json.loads((own_city.data / "keys.json").read_bytes())["keys"]
    whole = archive.read_bytes()
    assert [name for name, key in keys.items() if key.encode() in whole or base64.b64decode(key) in whole] == []
