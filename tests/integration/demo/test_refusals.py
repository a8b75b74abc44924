"""Where demonstration data have no place."""

from dataclasses import replace
from pathlib import Path

import pytest

from finmart.config import Settings, load_settings
from finmart.demo.load import DemonstrationRefused, refuse_elsewhere
from finmart.platform.web.server import AlreadyServing, alone_on_sqlite, announced, serving_on


def settings(folder: Path, environment: str = "development") -> Settings:
    return load_settings({"FINMART_DATA": str(folder), "FINMART_ENV": environment})


def test_production_takes_no_demonstration(tmp_path: Path) -> None:
    with pytest.raises(DemonstrationRefused):
        refuse_elsewhere(settings(tmp_path, "production"))


def test_a_site_that_is_served_to_a_network_takes_none_either(tmp_path: Path) -> None:
    refuse_elsewhere(settings(tmp_path))
    with announced(tmp_path, "127.0.0.1"), announced(tmp_path, "192.0.2.7"):
        assert serving_on(tmp_path) == {"127.0.0.1", "192.0.2.7"}
        with pytest.raises(DemonstrationRefused, match=r"192\.0\.2\.7"):
            refuse_elsewhere(settings(tmp_path))
    refuse_elsewhere(settings(tmp_path))


def test_a_site_at_home_does(tmp_path: Path) -> None:
    with announced(tmp_path, "127.0.0.1"):
        refuse_elsewhere(settings(tmp_path))


def test_the_note_of_a_server_that_was_killed_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "serving").mkdir()
    for suffix in ("host", "lock"):
        (tmp_path / "serving" / f"gone.{suffix}").write_text("192.0.2.7", encoding="ascii")
    assert serving_on(tmp_path) == frozenset()


def test_a_server_that_a_signal_ends_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(SystemExit), announced(tmp_path, "127.0.0.1"):
        raise SystemExit(0)
    assert list((tmp_path / "serving").iterdir()) == []


def test_asking_who_serves_leaves_no_lock_of_a_server_that_has_ended(tmp_path: Path) -> None:
    (tmp_path / "serving").mkdir()
    (tmp_path / "serving" / "gone.host").write_text("127.0.0.1", encoding="ascii")
    assert serving_on(tmp_path) == frozenset()
    assert not list((tmp_path / "serving").glob("*.lock"))


def test_only_sqlite_allows_no_second_server(tmp_path: Path) -> None:
    alone = settings(tmp_path)
    shared = replace(alone, database_url="postgresql+psycopg://finmart@localhost/finmart")
    with alone_on_sqlite(alone), pytest.raises(AlreadyServing), alone_on_sqlite(alone):
        pass
    with alone_on_sqlite(shared), alone_on_sqlite(shared):
        pass
