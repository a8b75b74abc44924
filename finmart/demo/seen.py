"""What an applicant of the city saw of its result, noted as a page that is read notes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from finmart.matching.engine.rows import Row
from finmart.matching.exposure import service as exposure
from finmart.matching.service.runs import opened_rows
from finmart.platform.kernel.actor import Actor

#: So many products of a result are read: two pages.
READ = 20


@dataclass(frozen=True)
class Seen:
    """What an applicant saw of its result: the run's public id, and the products at its head."""

    run: str
    rows: tuple[Row, ...]

    def opened(self, owner: Actor, code: str) -> None:
        """The applicant opened a product's page from the result, if it stood there."""
        if any(row.code == code for row in self.rows):
            exposure.note_opened(owner, self.run, code)


def read_result(run: str) -> Seen:
    """An applicant reads the head of its result."""
    rows = opened_rows(run, most=READ)
    exposure.note_shown(run, rows)
    return Seen(run, rows)


#: Subject number → what its applicant saw; those who had asked before are not among them.
SeenBy = Mapping[int, Seen]
