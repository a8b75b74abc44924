"""Reading three CSV files as one table: interactions, firms, products (docs/learning.md)."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from finmart.matching.learning.types import Column, Events, Level, Side, Table, TableRefused
from finmart.platform.kernel.messages import N_

#: What a column may be called, the first name first; letters' case and blanks around it do not matter.
NAMES: Mapping[str, tuple[str, ...]] = {
    "firm": ("firm", "firm_id", "enterprise", "enterprise_id", "company", "company_id", "customer_id", "user_id", "id"),
    "product": ("product", "product_id", "product_code", "item", "item_id", "id", "code"),
    "date": ("date", "day", "on", "timestamp", "time", "decided_on", "applied_on", "event_date"),
    "outcome": ("outcome", "result", "decision", "status", "label", "approved"),
}
#: Words for what became of a pair; anything else is refused unless the caller names it.
WORDS: Mapping[str, Level] = {
    **dict.fromkeys(("shown", "impression", "viewed", "view", "opened", "open", "clicked", "click"), Level.TOUCHED),
    **dict.fromkeys(("applied", "apply", "pending", "withdrawn", "expired", "ignored", "展示", "查看"), Level.TOUCHED),
    **dict.fromkeys(("打开", "申请", "待定", "撤回", "过期"), Level.TOUCHED),
    **dict.fromkeys(("0", "no", "n", "false", "declined", "decline", "rejected", "reject"), Level.DECLINED),
    **dict.fromkeys(("refused", "denied", "failed", "拒绝", "未通过", "不通过", "否"), Level.DECLINED),
    **dict.fromkeys(("1", "yes", "y", "true", "approved", "approve", "accepted", "accept", "granted"), Level.OBTAINED),
    **dict.fromkeys(("obtained", "funded", "signed", "success", "converted", "purchased", "bought"), Level.OBTAINED),
    **dict.fromkeys(("通过", "批准", "已批准", "放款", "已放款", "成功", "是"), Level.OBTAINED),
}
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y-%m", "%Y.%m.%d")


@dataclass(frozen=True)
class Files:
    """Where the table stands, and words of its own for an outcome."""

    interactions: Path
    firms: Path
    products: Path
    obtained: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()

    @property
    def words(self) -> dict[str, Level]:
        """Every outcome that is understood, in lower case; the caller's own words win."""
        own = {**dict.fromkeys(self.declined, Level.DECLINED), **dict.fromkeys(self.obtained, Level.OBTAINED)}
        return {**WORDS, **{word.strip().lower(): level for word, level in own.items()}}


@dataclass(frozen=True)
class Sheet:
    """A CSV file as it stands: its name, its head, its rows."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def place(self, role: str) -> int:
        """Where the column of a role stands. Raises ``TableRefused``."""
        lowered = [title.lower() for title in self.head]
        for name in NAMES[role]:
            if name in lowered:
                return lowered.index(name)
        raise TableRefused(
            N_("{file}缺少列“{column}”（也可以叫{others}）。"),
            file=self.name,
            column=role,
            others="、".join(NAMES[role][1:]),
        )


def read_table(files: Files) -> Table:
    """The table of three files. Raises ``TableRefused`` with one sentence for what cannot be used."""
    firms, firm_notes = _side(_sheet(files.firms), "firm")
    products, product_notes = _side(_sheet(files.products), "product")
    sheet = _sheet(files.interactions)
    places = {role: sheet.place(role) for role in ("firm", "product", "date", "outcome")}
    rows, notes = _parsed(sheet, places, files.words)
    firms, products = _with_unknown(firms, (row[0] for row in rows)), _with_unknown(products, (row[1] for row in rows))
    return Table(firms, products, _events(rows, firms, products), (*firm_notes, *product_notes, *notes))


def _sheet(path: Path) -> Sheet:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [tuple(cell.strip() for cell in row) for row in csv.reader(stream) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableRefused(N_("{file}不是UTF-8编码的CSV文件。"), file=path.name) from error
    if not rows:
        raise TableRefused(N_("{file}是空的，至少要有一行列名。"), file=path.name)
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            raise TableRefused(
                N_("{file}第{row}行有{found}格，列名有{wanted}个。"),
                file=path.name,
                row=number,
                found=len(row),
                wanted=len(rows[0]),
            )
    return Sheet(path.name, rows[0], tuple(rows[1:]))


def _side(sheet: Sheet, role: str) -> tuple[Side, tuple[str, ...]]:
    """Firms or products with their features; the same row twice counts once, different rows of one key are refused."""
    place = sheet.place(role)
    found: dict[str, tuple[str, ...]] = {}
    repeated = 0
    for number, row in enumerate(sheet.rows, start=2):
        if not row[place]:
            raise TableRefused(N_("{file}第{row}行没有写“{column}”。"), file=sheet.name, row=number, column=role)
        if found.setdefault(row[place], row) is not row:
            if found[row[place]] != row:
                raise TableRefused(
                    N_("{file}第{row}行的{key}前面已经出现过，内容不同，每个只能有一行。"),
                    file=sheet.name,
                    row=number,
                    key=row[place],
                )
            repeated += 1
    columns = tuple(
        Column(title, tuple(row[at] for row in found.values())) for at, title in enumerate(sheet.head) if at != place
    )
    notes = (f"{sheet.name}: {repeated} repeated rows were counted once",) if repeated else ()
    return Side(tuple(found), columns), notes


#: A row as it is understood: firm, product, day, level.
Row = tuple[str, str, int, Level]


def _parsed(sheet: Sheet, places: Mapping[str, int], words: Mapping[str, Level]) -> tuple[list[Row], tuple[str, ...]]:
    found: dict[tuple[str, str, int, Level], int] = {}
    days: dict[str, int] = {}
    for number, row in enumerate(sheet.rows, start=2):
        firm, product, text, word = (row[places[role]] for role in ("firm", "product", "date", "outcome"))
        if not firm or not product:
            raise TableRefused(N_("{file}第{row}行没有写企业或产品。"), file=sheet.name, row=number)
        if text not in days:
            days[text] = _day(text, sheet.name, number)
        key = (firm, product, days[text], _level(word, words, sheet.name, number))
        _refuse_contradiction(key, found, sheet.name, number)
        found[key] = found.get(key, 0) + 1
    repeated = sum(found.values()) - len(found)
    notes = (f"{sheet.name}: {repeated} repeated rows were counted once",) if repeated else ()
    return list(found), notes


def _refuse_contradiction(key: Row, found: Mapping[Row, int], name: str, number: int) -> None:
    firm, product, day, level = key
    other = {Level.OBTAINED: Level.DECLINED, Level.DECLINED: Level.OBTAINED}.get(level)
    if other is not None and (firm, product, day, other) in found:
        raise TableRefused(
            N_("{file}第{row}行与前面的行重复：企业{firm}和产品{product}同一天既成功又被拒，请只留一行。"),
            file=name,
            row=number,
            firm=firm,
            product=product,
        )


def _day(text: str, name: str, number: int) -> int:
    for form in FORMS:
        try:
            return datetime.strptime(text, form).date().toordinal()  # noqa: DTZ007 - a legal day has no zone.
        except ValueError:
            continue
    try:
        return date.fromisoformat(text[:10]).toordinal() if text[10:11] in {"T", " "} else _no_day(text, name, number)
    except ValueError:
        return _no_day(text, name, number)


def _no_day(text: str, name: str, number: int) -> int:
    raise TableRefused(
        N_("{file}第{row}行的日期“{text}”看不懂，请写成2026-03-31这样。"), file=name, row=number, text=text
    )


def _level(word: str, words: Mapping[str, Level], name: str, number: int) -> Level:
    lowered = word.lower()
    known = words.get(lowered) if lowered in words else words.get(lowered.removesuffix(".0"))
    if known is None:
        raise TableRefused(
            N_(
                "{file}第{row}行的结果“{word}”不认识；请用approved、declined、applied等，或用--obtained、--declined说明。"
            ),
            file=name,
            row=number,
            word=word,
        )
    return known


def _with_unknown(side: Side, keys: Iterable[str]) -> Side:
    """The side with those that only the interactions name: nothing is known of them but what happened."""
    known = set(side.keys)
    more = tuple(dict.fromkeys(key for key in keys if key not in known))
    if not more:
        return side
    columns = tuple(Column(column.name, (*column.values, *("" for _one in more))) for column in side.columns)
    return Side((*side.keys, *more), columns)


def _events(rows: Sequence[Row], firms: Side, products: Side) -> Events:
    at_firm = {key: place for place, key in enumerate(firms.keys)}
    at_product = {key: place for place, key in enumerate(products.keys)}
    # One order for equal tables: their rows may come in any.
    cells = sorted((day, at_firm[firm], at_product[product], int(level)) for firm, product, day, level in rows)
    table = np.array(cells, dtype=np.int64).reshape(-1, 4)
    return Events(firm=table[:, 1], product=table[:, 2], day=table[:, 0], level=table[:, 3])
