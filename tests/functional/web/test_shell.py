"""The frame around every page: what it loads, whom it shows what, and how errors look in it."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finmart.platform.accounts.service.organisations import holds_demonstration
from finmart.platform.web.access import public
from finmart.platform.web.navigation import use_demonstration_check
from tests.fixtures.web import SignIn
from tests.functional.page_checks import check_page


def _page(client: FlaskClient, path: str = "/") -> str:
    return client.get(path).get_data(as_text=True)


def test_every_file_a_page_names_is_there_and_may_be_kept(client: FlaskClient) -> None:
    loaded = re.findall(r'<(?:link[^>]*href|script[^>]*src)="([^"]+)"', _page(client, "/design"))
    assert len(loaded) > 8
    for address in loaded:
        with client.get(address.replace("&amp;", "&")) as answer:
            assert answer.status_code == 200, address
            assert "immutable" in answer.headers["Cache-Control"], address


def test_files_travel_squeezed_where_the_browser_takes_that(client: FlaskClient) -> None:
    sheet = re.findall(r'href="([^"]*bootstrap.min.css[^"]*)"', _page(client))[0]
    with client.get(sheet) as plain, client.get(sheet, headers={"Accept-Encoding": "gzip, br"}) as squeezed:
        assert gzip.decompress(squeezed.data) == plain.data
        assert len(squeezed.data) * 5 < len(plain.data)
        assert squeezed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers


def test_a_page_itself_is_never_kept(client: FlaskClient) -> None:
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_htmx_is_told_to_run_nothing(client: FlaskClient) -> None:
    assert '"allowEval":false' in _page(client)


def test_the_demonstration_is_announced_on_every_page(client: FlaskClient) -> None:
    assert "demo-bar" not in _page(client, "/about/data")
    use_demonstration_check(lambda: True)
    try:
        assert "demo-bar" in _page(client, "/about/data")
    finally:
        use_demonstration_check(holds_demonstration)


@pytest.mark.parametrize("role", ["applicant_owner", "institution_admin", "official", "operator"])
def test_only_the_operators_footer_says_where_the_keys_are(client: FlaskClient, sign_in: SignIn, role: str) -> None:
    sign_in(role)
    assert ("keys.json" in _page(client)) == (role == "operator")


def test_only_an_applicant_has_the_menu_under_the_thumb(client: FlaskClient, sign_in: SignIn) -> None:
    assert "bottom-nav" not in _page(client)
    sign_in("applicant_owner")
    assert "bottom-nav" in _page(client)


def test_the_menu_marks_where_one_is(client: FlaskClient) -> None:
    page = _page(client, "/products?q=x")
    current = re.findall(r'<a class="nav-entry"\s+href="([^"]+)"\s+aria-current="page"', page)
    assert set(current) == {"/products"}


def test_an_unknown_address_says_what_to_do_in_the_readers_own_frame(client: FlaskClient, sign_in: SignIn) -> None:
    person = sign_in("operator")
    answer = client.get("/no/such/page")
    page = answer.get_data(as_text=True)
    check_page(page, "/no/such/page")
    assert answer.status_code == 404
    assert "error-page__advice" in page
    assert "side-nav" in page
    assert person


def test_a_defect_is_answered_without_asking_the_database(app: Flask, client: FlaskClient) -> None:
    def broken() -> str:
        raise RuntimeError("a defect")

    app.view_functions["web.about_data"] = public(broken)
    app.config.update(PROPAGATE_EXCEPTIONS=False, TESTING=False)
    answer = client.get("/about/data")
    page = answer.get_data(as_text=True)
    check_page(page, "/about/data")
    assert answer.status_code == 500
    assert re.search(r"<code>[0-9a-z]{12}</code>", page), "the page names what the log calls this defect"
    assert "RuntimeError" not in page
    assert "a defect" not in page


def test_a_part_of_a_page_is_answered_with_a_part(client: FlaskClient) -> None:
    answer = client.get("/products/no-such-product", headers={"HX-Request": "true"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "<html" not in page
    assert "notice--bad" in page
