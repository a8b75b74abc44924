"""Access of the endpoints of ``finmart.credit``."""

from tests.functional.access.rows import Row

ROWS: dict[str, Row] = {}
