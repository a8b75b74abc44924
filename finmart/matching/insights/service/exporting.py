"""The figures as a file to take away: one table a breakdown, small real numbers hidden as on the pages."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter

from finmart.matching.insights.service import figures
from finmart.matching.insights.types.figures import CountHead, Line, Question
from finmart.matching.insights.types.stages import OF_DEMANDS, OF_LEADS, Dimension, LeadStage, Stage
from finmart.matching.types.events import FiguresExported
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor

#: A dimension (None for the whole) with its lines.
Breakdown = tuple[Dimension | None, list[Line]]
#: (dimension, code) → its name in the reader's language.
Namer = Callable[[Dimension, str], str]
HEADS = (
    "counted_at",
    "as_of",
    "data",
    "since",
    "until",
    "of",
    "dimension",
    "code",
    "name",
    "figure",
    "value",
    "amount_yuan",
)
FEN = 100


@dataclass(frozen=True)
class Table:
    """All rows of one kind of case, every figure a row of its own."""

    name: str
    rows: tuple[tuple[str | int | float, ...], ...]


def tables(actor: Actor, question: Question, name_of: Namer) -> tuple[CountHead, list[Table]]:
    """Demands and applications, whole and along every dimension. Raises ``PermissionMissing`` or ``NotCounted``."""
    require(actor, Permission.REGION_FIGURES_EXPORT)
    head = figures.last_count(actor)
    demands: list[Breakdown] = [(None, [figures.funnel(actor, question)])]
    demands += [(one, figures.demands_by(actor, question, one)) for one in OF_DEMANDS]
    applications: list[Breakdown] = [(None, [figures.applications(actor, question)])]
    applications += [(one, figures.applications_by(actor, question, one)) for one in OF_LEADS]
    found = []
    for name, stages, breakdowns in (("demands", Stage, demands), ("applications", LeadStage, applications)):
        rows = [
            _row(head, question, name, dimension, line, stage.value, name_of)
            for dimension, lines in breakdowns
            for line in lines
            for stage in stages
        ]
        found.append(Table(name, tuple(rows)))
    record(actor, FiguresExported(target=head.public_id, cells=sum(len(table.rows) for table in found)))
    return head, found


def _row(
    head: CountHead, question: Question, of: str, dimension: Dimension | None, line: Line, stage: str, name_of: Namer
) -> tuple[str | int | float, ...]:
    figure = line.figures[stage]
    return (
        head.counted_at.isoformat(timespec="seconds"),
        head.as_of.isoformat(),
        "demonstration" if question.demonstration else "real",
        question.since.isoformat() if question.since else "",
        question.until.isoformat() if question.until else "",
        of,
        dimension.value if dimension else "whole",
        line.code,
        name_of(dimension, line.code) if dimension else "",
        stage,
        figure.shown if figure.few else figure.value,
        "" if figure.few else figure.amount / FEN,
    )


def as_csv(found: list[Table]) -> bytes:
    """CSV text of all tables under one head, with the byte order mark that spreadsheets need for Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    for table in found:
        writer.writerows(table.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(found: list[Table]) -> bytes:
    """A workbook with a sheet a table; no text is ever taken for a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for table in found:
            sheet = book.add_worksheet(table.name)
            sheet.write_row(0, 0, HEADS, bold)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(table.rows, start=1):
                sheet.write_row(number, 0, row)
    return out.getvalue()
