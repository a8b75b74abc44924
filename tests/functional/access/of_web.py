"""Access of the endpoints of ``finmart.platform.web``: the frame around everybody's pages."""

from tests.functional.access.rows import PUBLIC, Call, Row, row

ROWS: dict[str, Row] = {
    "web.about_data": row(PUBLIC, Call(), Call(role="applicant_owner")),
    "web.about_promises": row(PUBLIC, Call()),
    "web.design": row(PUBLIC, Call()),
    "web.home": row(PUBLIC, Call(), Call(role="operator")),
    "web.htmx": row(PUBLIC, Call()),
    "web.language": row(
        PUBLIC,
        Call(values={"language": "en"}, query={"next": "/about/data"}, status=302),
        shared="no thing, but a choice of the page",
    ),
}
