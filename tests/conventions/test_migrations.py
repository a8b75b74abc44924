"""One chain of migrations, numbered in its order."""

import re

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.conventions.tree import ROOT

NUMBERED = re.compile(r"^\d{4}_[a-z0-9_]+\.py$")


@pytest.fixture(scope="module")
def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def test_there_is_one_head_and_one_base(scripts: ScriptDirectory) -> None:
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_every_file_is_reachable_from_the_head(scripts: ScriptDirectory) -> None:
    reached = {revision.path.rsplit("/", 1)[-1] for revision in scripts.walk_revisions()}
    present = {path.name for path in (ROOT / "migrations" / "versions").glob("*.py") if path.name != "__init__.py"}
    assert reached == present


def test_files_are_numbered_in_their_order(scripts: ScriptDirectory) -> None:
    names = [revision.path.rsplit("/", 1)[-1] for revision in scripts.walk_revisions()]
    assert [name for name in names if not NUMBERED.match(name)] == []
    assert names == sorted(names, reverse=True)
