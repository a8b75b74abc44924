"""Who looked last at what is listed: what staff and the operator do about it, and what everybody reads."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from finmart.config import Settings
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.kernel.clock import now, today
from finmart.platform.web.filters import day
from finmart.products import service
from tests.fixtures.databases import rolled_back
from tests.fixtures.people import enter, new_person
from tests.fixtures.stock import Stock

APART, PRODUCT = "cmb", "cmb_zhaoqidai"


@pytest.fixture
def database(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue and its index."""
    stock.copy_index(settings.data)
    with rolled_back(stock.engine) as current:
        yield current


def _as(app: Flask, role: str, code: str = "") -> FlaskClient:
    client = app.test_client()
    if code:
        with unit_of_work(readonly=True):
            organisation_id = service.institution(code).organisation_id
        enter(client, new_person(role, organisation_id=organisation_id).token)
    else:
        enter(client, new_person(role).token)
    return client


def _page(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True).split("<main", 1)[-1]))


@pytest.mark.usefixtures("database")
def test_an_institution_confirms_its_page_with_one_click(app: Flask) -> None:
    client, reader = _as(app, "institution_admin", "jjb"), app.test_client()
    assert "最后核对尚未核对" in _page(reader, "/institutions/jjb")
    assert "资料和数据仍然准确" in _page(client, "/institution/figures")
    assert client.post("/institution/figures/confirm").status_code == 302
    assert f"最后核对{day(today())}（机构）" in _page(reader, "/institutions/jjb")
    assert "今天已确认" in _page(client, "/institution/figures")
    assert client.post("/institution/figures/validity", data={"valid_until": "2001-01-01"}).status_code == 400
    last = today() + timedelta(days=30)
    assert client.post("/institution/figures/validity", data={"valid_until": last.isoformat()}).status_code == 302
    with time_machine.travel(now() + timedelta(days=31)):
        assert f"有效期到{day(last)}为止，已经过期" in _page(reader, "/institutions/jjb")


@pytest.mark.usefixtures("database")
def test_the_operator_confirms_one_or_all_of_an_institution_without_a_desk(app: Flask) -> None:
    with time_machine.travel(now() + timedelta(days=400)):
        operator, reader = _as(app, "operator"), app.test_client()
        assert "超过120天未核对" in _page(reader, f"/products/{PRODUCT}")
        assert "超过120天未核对" in _page(reader, f"/institutions/{APART}")
        assert PRODUCT in operator.get("/operator/unconfirmed").get_data(as_text=True)
        nothing = operator.post(f"/operator/unconfirmed/{APART}", data={}, follow_redirects=True)
        assert "请先勾选" in nothing.get_data(as_text=True)
        chosen = operator.post(f"/operator/unconfirmed/{APART}", data={"code": PRODUCT, "step": "chosen"})
        assert chosen.status_code == 302
        shown = _page(reader, f"/products/{PRODUCT}")
        assert f"最后核对{day(today())}（运营方）" in shown
        assert "未核对" not in shown
        assert operator.post(f"/operator/unconfirmed/{APART}", data={"step": "all"}).status_code == 302
        assert "（运营方）" in _page(reader, f"/institutions/{APART}")
        assert f'/operator/unconfirmed/{APART}"' not in operator.get("/operator/unconfirmed").get_data(as_text=True)


@pytest.mark.usefixtures("database")
def test_the_operator_is_refused_for_an_institution_that_has_a_desk(app: Flask) -> None:
    operator = _as(app, "operator")
    assert operator.post("/operator/unconfirmed/jjb", data={"profile": "1"}).status_code == 403
    assert operator.post("/operator/unconfirmed/jjb", data={"code": "jjb_liuzi"}).status_code == 403
