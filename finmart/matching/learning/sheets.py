"""CSV files from elsewhere as sheets: whatever their coding, separator, line ends, names and order of columns."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from finmart.matching.learning.types import TableRefused
from finmart.platform.kernel.messages import N_

_FIRM = ("firm", "firm_id", "enterprise", "enterprise_id", "company", "company_id", "customer", "customer_id", "client")
_FIRM_TOO = ("client_id", "user", "user_id", "borrower", "borrower_id", "applicant", "applicant_id", "credit_code")
_FIRM_CHINESE = ("企业", "企业编号", "企业id", "企业代码", "统一社会信用代码", "客户", "客户编号", "客户号")
_PRODUCT = ("product", "product_id", "product_code", "item", "item_id", "产品", "产品编号", "产品id", "产品代码")
_DATE = ("date", "day", "on", "timestamp", "time", "datetime", "decided_on", "decided_at", "applied_on", "applied_at")
_DATE_TOO = ("event_date", "event_time", "application_date", "decision_date", "created_at", "日期", "时间", "申请日期")
_OUTCOME = ("outcome", "result", "decision", "status", "label", "approved", "结果", "审批结果", "状态", "是否通过")
#: What a column may be called, the first name first; letters' case and blanks around it do not matter.
NAMES: Mapping[str, tuple[str, ...]] = {
    "firm": (*_FIRM, *_FIRM_TOO, *_FIRM_CHINESE),
    "product": _PRODUCT,
    "date": (*_DATE, *_DATE_TOO, "审批日期", "决定日期"),
    "outcome": _OUTCOME,
}
#: In the file that describes firms or products, these name the one described; among interactions they name the row.
OWN_NAMES = ("id", "code", "编号", "代码")
CODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = (",", "\t", ";")
#: So many names of a role are told in a sentence.
TOLD = 8


@dataclass(frozen=True)
class Sheet:
    """A CSV file as it stands: its name, its head, and its rows with the line on which each ends."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def numbered(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each row with its line in the file."""
        return zip(self.lines, self.rows, strict=True)

    def place(self, role: str, own: Mapping[str, str], *, described: bool = False) -> int:
        """Where the column of a role stands: the one that ``own`` names, else the first known name.

        ``described``: this file describes firms or products, so that a mere ``id`` means one of them. Raises
        ``TableRefused``.
        """
        lowered = [title.lower() for title in self.head]
        if role in own:
            wanted: tuple[str, ...] = (own[role].strip().lower(),)
        else:
            wanted = (*NAMES[role], *(OWN_NAMES if described else ()))
        for name in wanted:
            if name in lowered:
                return lowered.index(name)
        if role in own and not described:
            raise TableRefused(
                N_("{file}没有列“{given}”，它的列是{columns}；请改正--column。"),
                file=self.name,
                given=own[role],
                columns=self._columns(),
            )
        if role in own:  # The interactions may call the same thing otherwise than the file that describes it.
            return self.place(role, {}, described=True)
        raise TableRefused(
            N_(
                "{file}缺少列“{column}”（也可以叫{others}等），它的列是{columns}；"
                "请改列名，或用--column {column}=列名指明。"
            ),
            file=self.name,
            column=role,
            others="、".join(wanted[1:TOLD]),
            columns=self._columns(),
        )

    def _columns(self) -> str:
        return "、".join(title[:40] or "?" for title in self.head[: 2 * TOLD])


def read_sheet(path: Path) -> Sheet:
    """A CSV file. Raises ``TableRefused`` for what is none."""
    text = _text(path)
    separator = _separator(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        found = [(reader.line_num, tuple(map(str.strip, row))) for row in reader]
    except csv.Error as error:
        raise TableRefused(
            N_("{file}不是完整的CSV文件，请从表格软件另存为CSV（UTF-8）后再试。"), file=path.name
        ) from error
    filled = [(line, row) for line, row in found if any(row)]
    if not filled:
        raise TableRefused(N_("{file}是空的，至少要有一行列名。"), file=path.name)
    (_line, head), *rest = filled
    for line, row in rest:
        if len(row) != len(head):
            raise TableRefused(
                N_("{file}第{row}行有{found}格，列名有{wanted}个；请补齐这一行，或给含有逗号的格加上引号。"),
                file=path.name,
                row=line,
                found=len(row),
                wanted=len(head),
            )
    return Sheet(path.name, head, tuple(row for _line, row in rest), tuple(line for line, _row in rest))


def _text(path: Path) -> str:
    content = path.read_bytes()
    for coding in CODINGS:
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        # Workbooks and UTF-16 hold zero bytes, which no text does.
        if "\0" not in text:
            return text
    raise TableRefused(N_("{file}不是UTF-8或GB18030编码的CSV文件，请另存为CSV（UTF-8）后再试。"), file=path.name)


def _separator(text: str) -> str:
    """What separates the column names: the comma where there is one."""
    head = text.lstrip().partition("\n")[0]
    return next((one for one in SEPARATORS if one in head), ",")
