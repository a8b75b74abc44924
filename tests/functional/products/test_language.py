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
