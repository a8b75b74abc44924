"""Access of the endpoints of ``finmart.platform``."""

from tests.functional.access.rows import Row

ROWS: dict[str, Row] = {}
