"""Where demonstration data have no place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from finmart.config import Settings, load_settings
from finmart.demo.load import DemonstrationRefused, refuse_elsewhere
from finmart.platform.web.server import only_server, serving_on


def settings(folder: Path, environment: str = "development") -> Settings:
    return load_settings({"FINMART_DATA": str(folder), "FINMART_ENV": environment})


@contextmanager
def served(folder: Path, host: str) -> Iterator[None]:
    with only_server(folder):
        (folder / "server.host").write_text(host, encoding="ascii")
        yield


def test_production_takes_no_demonstration(tmp_path: Path) -> None:
    with pytest.raises(DemonstrationRefused):
        refuse_elsewhere(settings(tmp_path, "production"))


def test_a_site_that_is_served_to_a_network_takes_none_either(tmp_path: Path) -> None:
    refuse_elsewhere(settings(tmp_path))
    with served(tmp_path, "192.0.2.7"):
        assert serving_on(tmp_path) == "192.0.2.7"
        with pytest.raises(DemonstrationRefused, match=r"192\.0\.2\.7"):
            refuse_elsewhere(settings(tmp_path))
    refuse_elsewhere(settings(tmp_path))


def test_a_site_at_home_does(tmp_path: Path) -> None:
    with served(tmp_path, "127.0.0.1"):
        refuse_elsewhere(settings(tmp_path))
