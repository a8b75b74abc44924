"""Chinese unless somebody asks for English: by choice first, by the browser's wish second."""

import pytest
from flask import Flask
from flask.testing import FlaskClient


def _language(client: FlaskClient, wish: str | None = None) -> str:
    headers = {"Accept-Language": wish} if wish else {}
    page = client.get("/", headers=headers).get_data(as_text=True)
    return page.split('<html lang="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        (None, "zh-Hans-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans-CN"),
        ("zh-Hans-CN", "zh-Hans-CN"),
        ("zh-TW", "zh-Hans-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,en;q=0.5", "en"),
        ("fr-FR", "zh-Hans-CN"),
    ],
)
def test_the_browsers_wish_counts(client: FlaskClient, wish: str | None, language: str) -> None:
    assert _language(client, wish) == language


def test_a_choice_outweighs_the_browser_and_keeps_the_page(client: FlaskClient) -> None:
    answer = client.get("/language/en?next=/about/data?x=1", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/about/data?x=1"
    assert _language(client, "zh-CN") == "en"


def test_an_unknown_language_is_not_found(client: FlaskClient) -> None:
    assert client.get("/language/xx").status_code == 404


def test_every_page_offers_the_other_language_of_itself(client: FlaskClient) -> None:
    page = client.get("/about/data?a=1").get_data(as_text=True)
    assert "/language/en?next=/about/data?a%3D1" in page


def test_work_outside_a_request_is_worded_in_chinese(app: Flask) -> None:
    from finmart.platform.web.language import current_language, localized

    with app.app_context():
        assert current_language() == "zh"
        assert localized("中", "en") == "中"
