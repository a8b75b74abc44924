"""``finmart products``: what each command prints, as words and as one JSON object."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from finmart.platform.kernel.errors import NotFound
from finmart.platform.search.factory import use_search_folder
from finmart.products.cli import group
from tests.fixtures.search import ENGINE

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[None]:
    """A folder of the test's own for the index."""
    use_search_folder(tmp_path)
    yield
    use_search_folder(None)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments, obj=lambda: None, catch_exceptions=False)


def _json(*arguments: str) -> dict[str, Any]:
    result = _run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def test_load_publishes_and_a_second_run_changes_nothing() -> None:
    first = _json("load")
    assert (first["institutions"], first["products"], first["published"]) == (100, 196, 196)
    second = _json("load")
    assert (second["published"], second["unchanged"]) == (0, 196)
    assert "published: 0" in _run("load").stdout


def test_list_show_and_search() -> None:
    _json("load")
    listed = _json("list", "--type", "tax_loan")
    assert listed["count"] == len(listed["products"]) == 12
    shown = _json("show", "ccb_yunshuidai")
    assert shown["document"]["evidence_tier"] == "loan_broker_or_aggregator"
    assert len(shown["sentences"]) == shown["clauses"]
    assert "云税贷" in _run("show", "ccb_yunshuidai").stdout
    found = _json("search", "云税贷")
    assert (found["total"], found["products"][0]["code"]) == (1, "ccb_yunshuidai")
    assert "ccb_yunshuidai" in _run("search", "云税贷").stdout


def test_conditions_are_counted() -> None:
    _json("load")
    counted = _json("conditions")
    assert counted["products"] == 196
    assert counted["clauses_from_columns"] > 400
    assert counted["clauses_from_words"] >= 25
    assert sum(counted["product_types"].values()) == 196


def test_reindex_says_how_many() -> None:
    _json("load")
    assert _json("reindex") == {"indexed": 196}


def test_an_unknown_product_is_said_so() -> None:
    with pytest.raises(NotFound, match="没有找到这个产品"):
        _run("show", "no_such")


def test_the_index_says_how_it_stands() -> None:
    assert _json("index") == {"engine": "", "documents": 0, "current": False}
    _json("load")
    _json("reindex")
    assert _json("index") == {"engine": ENGINE, "documents": 196, "current": True}


def test_policies_are_published_and_listed() -> None:
    first, second = _json("policies-load"), _json("policies-load")
    assert (first["policies"], first["clauses"], first["published"]) == (11, 78, 11)
    assert (second["published"], second["unchanged"]) == (0, 11)
    listed = _json("policies")
    assert listed["count"] == 11
    city = next(row for row in listed["policies"] if row["code"] == "HF7")
    assert (city["standing"], city["valid_to"], city["clauses"]) == ("expired", "2025-12-31", 62)
    assert "洪府发〔2023〕7号" in _run("policies").stdout
