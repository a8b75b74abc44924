"""The schema of the condition language under its public address."""

from pathlib import Path

from flask.testing import FlaskClient

ADDRESS = "/schema/conditions-v1.json"


def test_the_schema_is_served_as_it_is_published(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.data == Path("docs/conditions.schema.json").read_bytes()
    assert answer.mimetype == "application/schema+json"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    again = client.get(ADDRESS, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_says_what_conditions_can_say_and_links_the_schema(client: FlaskClient) -> None:
    html = client.get("/about/conditions").get_data(as_text=True)
    assert f'href="{ADDRESS}"' in html
    assert html.count("<code>{") == 8
    assert "纳税信用级别" in html
    # The footer of every page leads to it.
    assert 'href="/about/conditions"' in client.get("/products").get_data(as_text=True)


def test_facts_are_found_by_words_by_sound_and_by_initials(client: FlaskClient) -> None:
    for typed in ("纳税信用", "nashuixinyong", "nsxy"):
        assert "<code>tax_grade</code>" in client.get("/about/conditions", query_string={"q": typed}).get_data(
            as_text=True
        )
    nothing = client.get("/about/conditions", query_string={"q": "<b>无此事实"}).get_data(as_text=True)
    assert "没有找到“&lt;b&gt;无此事实”" in nothing
