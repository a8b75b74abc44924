"""The access table: every endpoint of the house, who may call it, and calls that show it working."""

from tests.functional.access import (
    of_claims,
    of_credit,
    of_desk,
    of_leads,
    of_matching,
    of_messages,
    of_platform,
    of_products,
    of_prospects,
    of_security,
    of_web,
)
from tests.functional.access.rows import Row

ACCESS: dict[str, Row] = {
    **of_platform.ROWS,
    **of_desk.ROWS,
    **of_claims.ROWS,
    **of_web.ROWS,
    **of_products.ROWS,
    **of_prospects.ROWS,
    **of_credit.ROWS,
    **of_matching.ROWS,
    **of_leads.ROWS,
    **of_messages.ROWS,
    **of_security.ROWS,
}
