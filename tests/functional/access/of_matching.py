"""Access of the endpoints of ``finmart.matching``."""

from tests.functional.access.rows import Row

ROWS: dict[str, Row] = {}
