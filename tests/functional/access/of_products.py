"""Access of the endpoints of ``finmart.products``."""

from tests.functional.access.rows import PUBLIC, Call, Row, first, row

OWN_PRODUCT = first("SELECT code FROM product WHERE organisation_id = :organisation ORDER BY code LIMIT 1")

ROWS: dict[str, Row] = {
    "products.shelf": row(
        PUBLIC,
        Call(query={"q": "税贷"}),
        Call(role="applicant_owner", query={"place": "360100", "sort": "lowest_interest"}),
        Call(role="official"),
        Call(role="operator"),
    ),
    "products.show": row(PUBLIC, Call(values={"code": "ccb_yunshuidai"})),
    "products.cost": row(
        PUBLIC,
        Call(values={"code": "ccb_yunshuidai"}, query={"amount": "50", "term": "12", "method": "revolving"}, htmx=True),
    ),
    "products.institutions": row(PUBLIC, Call()),
    "products.institution": row(PUBLIC, Call(values={"code": "jjb"})),
    "products.own": row("own:products:read", Call(role="institution_admin"), Call(role="institution_clerk")),
    "products.confirm": row(
        "own:products:confirm", Call(role="institution_admin", method="POST", values={"code": OWN_PRODUCT})
    ),
}
