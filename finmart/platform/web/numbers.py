"""Numbers in addresses: those that a row can have."""

from werkzeug.routing import IntegerConverter, Map

#: The largest number of a row, in the smaller of the two databases' columns (PostgreSQL, integer).
LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """A whole number up to ``LARGEST``; a larger one names no page, and no database need be asked."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, signed: bool = False) -> None:
        super().__init__(url_map, fixed_digits=fixed_digits, max=LARGEST, signed=signed)
