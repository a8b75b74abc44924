"""The whole city, loaded as ``finmart demo load`` does, into a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from finmart.config import Settings, load_settings
from finmart.demo import signins
from finmart.demo.city.demands import demands
from finmart.demo.city.people import applicants, staff
from finmart.demo.load import PENDING_CLAIMS, load_city
from finmart.platform.db.session import Database
from finmart.platform.search.factory import use_search_folder

pytestmark = pytest.mark.database


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_database: Database) -> Iterator[Settings]:
    monkeypatch.setenv("FINMART_DATA", str(tmp_path))
    use_search_folder(tmp_path)
    yield load_settings({"FINMART_DATA": str(tmp_path), "FINMART_DATABASE_URL": str(own_database.engine.url)})
    use_search_folder(None)


def silent(_text: str) -> None:
    """Say nothing."""


def test_it_loads_once_and_a_second_time_changes_passwords_only(settings: Settings) -> None:
    first = load_city(settings, silent)
    for counts in first.imports.values():
        assert counts["rows_read"] == counts["rows_stored"] + counts["rows_duplicate"] + counts["rows_quarantined"]
        assert counts["rows_quarantined"] > 0
    assert first.imports["registration"]["profiles"] == first.counts["subjects"] == 300
    assert first.counts["demands"] == len(demands()) >= 60
    assert first.counts["claims_pending"] == PENDING_CLAIMS
    assert first.counts["accounts"] == len(staff()) + len(applicants()) == len(first.signins)
    before = (settings.data / signins.FILE).read_text(encoding="utf-8")

    second = load_city(settings, silent)
    assert all(counts["rows_stored"] == 0 for counts in second.imports.values())
    assert second.counts == {**first.counts, "demands": 0, "declared": 0}
    assert (settings.data / signins.FILE).read_text(encoding="utf-8") != before
