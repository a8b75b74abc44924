"""The figures as a file to take away: one table a breakdown, small real numbers hidden as on the pages."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from finmart.matching.insights.service import figures, scope
from finmart.matching.insights.types.figures import CountHead, Figure, Line, Question
from finmart.matching.insights.types.stages import DIMENSION_WORDS, LEAD_STAGE_TEXTS, STAGE_TEXTS, Dimension, Meaning
from finmart.matching.types.events import FiguresExported
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.files.inspection import sheets
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import local
from finmart.platform.kernel.messages import N_

#: A dimension (None for the whole) with its lines.
Breakdown = tuple[Dimension | None, Sequence[Line]]
#: (dimension, code) → its name in the reader's language.
Namer = Callable[[Dimension, str], str]
#: A message of the catalogue with its values → its text in the reader's language.
Wording = Callable[..., str]
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
    "figure_name",
    "value",
    "amount_yuan",
)
HEAD_WORDS: Mapping[str, str] = {
    "counted_at": N_("统计时间"),
    "as_of": N_("数据截至"),
    "data": N_("数据"),
    "since": N_("发布日期从"),
    "until": N_("发布日期到"),
    "of": N_("统计对象"),
    "dimension": N_("分组"),
    "code": N_("代码"),
    "name": N_("名称"),
    "figure": N_("指标代码"),
    "figure_name": N_("指标"),
    "value": N_("笔数"),
    "amount_yuan": N_("金额（元）"),
}
KIND_WORDS: Mapping[str, str] = {"demands": N_("融资需求"), "applications": N_("收到的申请")}
#: Column → its codes in words, for the workbook.
CODE_WORDS: Mapping[str, Mapping[str, str]] = {
    "data": {"demonstration": N_("演示数据"), "real": N_("真实数据")},
    "of": KIND_WORDS,
    "dimension": {"whole": N_("合计"), **DIMENSION_WORDS},
}
HIDDEN_WORDS = N_("标“*”的数字不写出：真实数据中少于 %(least)s 的，以及能由它推算出前者的。")
FEN = 100


@dataclass(frozen=True)
class Table:
    """All rows of one kind of case, every figure a row of its own; ``texts`` say what each figure counts."""

    name: str
    texts: Mapping[str, Meaning]
    rows: tuple[tuple[str | int | float, ...], ...]


def tables(actor: Actor, question: Question, name_of: Namer, word: Wording) -> tuple[CountHead, list[Table]]:
    """Demands and applications, whole and along every dimension. Raises ``PermissionMissing`` or ``NotCounted``."""
    require(actor, Permission.REGION_FIGURES_EXPORT)
    head = figures.last_count(actor)
    found = []
    demands, applications = figures.demands(actor, question), figures.applications(actor, question)
    kinds = (("demands", STAGE_TEXTS, demands), ("applications", LEAD_STAGE_TEXTS, applications))
    for name, texts, book in kinds:
        breakdowns: list[Breakdown] = [(None, [book.whole]), *book.by.items()]
        rows = [
            _row(head, question, name, dimension, line, stage, name_of) + _shown(line.figures[stage], word(text.name))
            for dimension, lines in breakdowns
            for line in lines
            for stage, text in texts.items()
        ]
        found.append(Table(name, texts, tuple(rows)))
    record(actor, FiguresExported(target=head.public_id, cells=sum(len(table.rows) for table in found)))
    return head, found


def _row(
    head: CountHead, question: Question, of: str, dimension: Dimension | None, line: Line, stage: str, name_of: Namer
) -> tuple[str | int | float, ...]:
    return (
        local(head.counted_at).isoformat(timespec="seconds"),
        head.as_of.isoformat(),
        "demonstration" if question.demonstration else "real",
        question.since.isoformat() if question.since else "",
        question.until.isoformat() if question.until else "",
        of,
        dimension.value if dimension else "whole",
        line.code,
        name_of(dimension, line.code) if dimension else "",
        str(stage),
    )


def _shown(figure: Figure, name: str) -> tuple[str | int | float, ...]:
    return name, figure.shown if figure.few else figure.value, "" if figure.few else figure.amount / FEN


def as_csv(found: list[Table]) -> bytes:
    """CSV of all tables under one head. Names are the institutions' own words: none of them is taken for a formula."""
    return sheets.as_csv(HEADS, (row for table in found for row in table.rows))


def as_xlsx(found: list[Table], word: Wording) -> bytes:
    """A workbook with a sheet a table and one of what the figures count; no text is ever taken for a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for table in found:
            sheet = book.add_worksheet(word(KIND_WORDS[table.name]))
            sheet.write_row(0, 0, [word(HEAD_WORDS[head]) for head in HEADS], bold)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(table.rows, start=1):
                sheet.write_row(number, 0, _in_words(row, word))
            sheet.autofit()
        sheet = book.add_worksheet(word(N_("口径说明")))
        for number, row in enumerate(_about(found, word)):
            sheet.write_row(number, 0, row)
        sheet.autofit()
    return out.getvalue()


def _in_words(row: tuple[str | int | float, ...], word: Wording) -> list[str | int | float]:
    """A row with the codes that people do not know in words."""
    known = [CODE_WORDS.get(head, {}).get(str(cell)) for head, cell in zip(HEADS, row, strict=True)]
    return [cell if words is None else word(words) for cell, words in zip(row, known, strict=True)]


def _about(found: list[Table], word: Wording) -> list[tuple[str, ...]]:
    """What hidden figures are, and what each figure counts."""
    texts = [(word(KIND_WORDS[table.name]), stage, text) for table in found for stage, text in table.texts.items()]
    meanings = [(of, str(stage), word(text.name), word(text.basis)) for of, stage, text in texts]
    return [(word(HIDDEN_WORDS, least=scope.fewest()),), *meanings]
