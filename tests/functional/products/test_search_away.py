"""The supermarket while Elasticsearch is away: everything is found, and the page says where it comes from."""

import socket
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from finmart.config import Settings
from finmart.platform.db.session import Database
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

NOTICE = "搜索服务暂时不可用"


@pytest.fixture
def database(stock: Stock) -> Iterator[Database]:
    """The published catalogue, without an index."""
    with rolled_back(stock.engine) as current:
        yield current


@pytest.fixture
def nobody_there(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose Elasticsearch does not listen."""
    assert settings.data.is_dir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("FINMART_SEARCH_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("FINMART_SEARCH_TIMEOUT", "1")


@pytest.mark.usefixtures("nobody_there")
def test_the_shelf_is_whole_and_says_that_the_search_is_away(client: FlaskClient) -> None:
    page = client.get("/products?q=云税贷").get_data(as_text=True)
    assert NOTICE in page
    assert "/products/ccb_yunshuidai" in page
    assert "共 196 个产品" in client.get("/products").get_data(as_text=True)


def test_without_trouble_nothing_is_said(client: FlaskClient) -> None:
    assert NOTICE not in client.get("/products?q=云税贷").get_data(as_text=True)
