"""Installations that a test backs up and restores: their folder, their database, and the command run on them."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, inspect, select, table

from finmart.cli import main
from finmart.platform.backup.cells import digest_of
from finmart.platform.backup.tables import read_rows, shapes
from finmart.platform.db import session
from finmart.platform.db.engine import READONLY, make_engine
from finmart.platform.db.session import use_database
from tests.fixtures.databases import copied

#: What a restore adds to what it restores: the row that says so.
ADDED = {"audit_row": 1}


@dataclass(frozen=True)
class Installation:
    """A data folder and the address of a database."""

    data: Path
    url: str

    @property
    def environ(self) -> dict[str, str]:
        """What its processes read."""
        return {**os.environ, "FINMART_DATA": str(self.data), "FINMART_DATABASE_URL": self.url}

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """A reader's engine on its database."""
        engine = make_engine(self.url)
        try:
            yield engine.execution_options(**{READONLY: True})
        finally:
            engine.dispose()

    def run(self, *words: object) -> None:
        """Run the command on it, in this process."""
        before = session._Holder.database
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FINMART_DATA", str(self.data))
            patch.setenv("FINMART_DATABASE_URL", self.url)
            try:
                main([str(word) for word in words])
            finally:
                use_database(before)

    def tables(self) -> dict[str, tuple[int, str]]:
        """Table → how many rows it has and their digest."""
        with self.engine() as engine, engine.connect() as connection:
            found = {}
            for shape in shapes(connection):
                digest = digest_of(shape.cells, read_rows(connection, shape))
                found[shape.name] = (digest.rows, digest.hexdigest())
            return found

    def counts(self) -> dict[str, int]:
        """Table → how many rows it has, asked of the database itself."""
        with self.engine() as engine, engine.connect() as connection:
            names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
            return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}

    def files(self) -> dict[str, bytes]:
        """Place → bytes of every file that a row may name."""
        return {
            path.relative_to(self.data).as_posix(): path.read_bytes()
            for folder in ("shared", "landing", "files")
            for path in sorted((self.data / folder).rglob("*"))
            if path.is_file()
        }


@contextmanager
def new_installation(template: Engine | None, folder: Path, keys: Path) -> Iterator[Installation]:
    """An installation with the keys of another: on an empty copy of ``template``, or on a SQLite file to be made."""
    data = folder / "var"
    data.mkdir(parents=True)
    shutil.copy(keys, data / "keys.json")
    if template is None:
        yield Installation(data, f"sqlite:///{data / 'finmart.db'}")
        return
    with copied(template, folder) as url:
        yield Installation(data, url)


def said(capsys: pytest.CaptureFixture[str]) -> Mapping[str, Any]:
    """The JSON object that a command printed last."""
    document: Mapping[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return document
