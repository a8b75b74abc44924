"""Access of the endpoints of ``finmart.products``."""

from tests.functional.access.rows import Row

ROWS: dict[str, Row] = {}
