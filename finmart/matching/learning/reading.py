"""Reading three CSV files as one table: interactions, firms, products (docs/learning.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from finmart.matching.learning.cells import WORDS, day_of, level_of
from finmart.matching.learning.sheets import NAMES, Sheet, read_sheet
from finmart.matching.learning.types import Column, Events, Level, Side, Table, TableRefused
from finmart.platform.kernel.messages import N_


@dataclass(frozen=True)
class Files:
    """Where the table stands, and words of its own for an outcome and for columns."""

    interactions: Path
    firms: Path
    products: Path
    obtained: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    #: Role (firm, product, date, outcome) → what the files call its column, where it is none of the known names.
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, Level]:
        """Every outcome that is understood, in lower case; the caller's own words win."""
        own = {**dict.fromkeys(self.declined, Level.DECLINED), **dict.fromkeys(self.obtained, Level.OBTAINED)}
        return {**WORDS, **{word.strip().lower(): level for word, level in own.items()}}


def read_table(files: Files) -> Table:
    """The table of three files. Raises ``TableRefused`` with one sentence for what cannot be used."""
    _refuse_both(files)
    firms, firm_notes = _side(read_sheet(files.firms), "firm", files.columns)
    products, product_notes = _side(read_sheet(files.products), "product", files.columns)
    rows, notes = _parsed(read_sheet(files.interactions), files)
    firms, more_firms = _with_unknown(firms, (row[0] for row in rows))
    products, more_products = _with_unknown(products, (row[1] for row in rows))
    unknown = [
        f"{path.name}: {more} that only {files.interactions.name} names are taken along without features"
        for path, more in ((files.firms, more_firms), (files.products, more_products))
        if more
    ]
    every = (*firm_notes, *product_notes, *notes, *unknown)
    return Table(firms, products, _events(rows, firms, products), every)


def _refuse_both(files: Files) -> None:
    """Raise ``TableRefused`` for a word that is said to mean success and refusal."""
    obtained, declined = ({word.strip().lower() for word in words} for words in (files.obtained, files.declined))
    if both := sorted(obtained & declined):
        raise TableRefused(N_("“{word}”不能既算成功又算拒绝，请改正--obtained或--declined。"), word=both[0])


def _side(sheet: Sheet, role: str, own: Mapping[str, str]) -> tuple[Side, tuple[str, ...]]:
    """Firms or products with their features; the same row twice counts once, different rows of one key are refused."""
    place = sheet.place(role, own, described=True)
    found: dict[str, tuple[str, ...]] = {}
    repeated = 0
    for line, row in sheet.numbered():
        if not row[place]:
            raise TableRefused(
                N_("{file}第{row}行没有写“{column}”，请补上或删去这一行。"), file=sheet.name, row=line, column=role
            )
        if found.setdefault(row[place], row) is not row:
            if found[row[place]] != row:
                raise TableRefused(
                    N_("{file}第{row}行的{key}前面已经出现过，内容不同，每个只能有一行。"),
                    file=sheet.name,
                    row=line,
                    key=row[place],
                )
            repeated += 1
    columns = tuple(
        Column(title, tuple(row[at] for row in found.values())) for at, title in enumerate(sheet.head) if at != place
    )
    return Side(tuple(found), columns), _repeated(sheet, repeated)


def _repeated(sheet: Sheet, times: int) -> tuple[str, ...]:
    return (f"{sheet.name}: {times} repeated rows were counted once",) if times else ()


#: A row as it is understood: firm, product, day, level.
Row = tuple[str, str, int, Level]


def _parsed(sheet: Sheet, files: Files) -> tuple[list[Row], tuple[str, ...]]:
    """The different rows as they are understood, and sentences about what was set right."""
    places = [sheet.place(role, files.columns) for role in NAMES]
    if len(set(places)) < len(places):
        twice = next(place for place in places if places.count(place) > 1)
        raise TableRefused(
            N_("{file}的列“{column}”被用了两次，请改正--column，每一项各用一列。"),
            file=sheet.name,
            column=sheet.head[twice],
        )
    words, found, silent = files.words, dict[Row, None](), 0
    for line, row in sheet.numbered():
        firm, product, text, word = (row[place] for place in places)
        if not firm or not product:
            raise TableRefused(N_("{file}第{row}行没有写企业或产品，请补上或删去这一行。"), file=sheet.name, row=line)
        day, level = day_of(text), level_of(word, words)
        if day is None:
            raise _no_day(sheet.name, line, text)
        if level is None:
            raise _no_level(sheet.name, line, word)
        silent += not word
        found[firm, product, day, level] = None
    notes = list(_repeated(sheet, len(sheet.rows) - len(found)))
    if silent:
        notes.append(f"{sheet.name}: {silent} rows without an outcome count as shown, neither success nor refusal")
    both = _contradictions(found)
    if both:
        notes.append(f"{sheet.name}: {both} pairs have a success and a refusal on the same day; both count")
    return list(found), tuple(notes)


def _contradictions(found: Iterable[Row]) -> int:
    good = {row[:3] for row in found if row[3] == Level.OBTAINED}
    return sum(row[3] == Level.DECLINED and row[:3] in good for row in found)


def _no_day(name: str, line: int, text: str) -> TableRefused:
    if not text:
        return TableRefused(N_("{file}第{row}行没有写日期，请补上或删去这一行。"), file=name, row=line)
    return TableRefused(
        N_("{file}第{row}行的日期“{text}”看不懂，请写成2026-03-31这样。"), file=name, row=line, text=text[:40]
    )


def _no_level(name: str, line: int, word: str) -> TableRefused:
    return TableRefused(
        N_("{file}第{row}行的结果“{word}”不认识；请用approved、declined、applied等，或用--obtained、--declined说明。"),
        file=name,
        row=line,
        word=word[:40],
    )


def _with_unknown(side: Side, keys: Iterable[str]) -> tuple[Side, int]:
    """The side with those that only the interactions name: nothing is known of them but what happened."""
    known = set(side.keys)
    # One order for equal tables: their rows may come in any.
    more = sorted({key for key in keys if key not in known})
    columns = tuple(Column(column.name, (*column.values, *("" for _one in more))) for column in side.columns)
    return Side((*side.keys, *more), columns), len(more)


def _events(rows: Sequence[Row], firms: Side, products: Side) -> Events:
    at_firm = {key: place for place, key in enumerate(firms.keys)}
    at_product = {key: place for place, key in enumerate(products.keys)}
    # One order for equal tables: their rows may come in any.
    cells = sorted((day, at_firm[firm], at_product[product], int(level)) for firm, product, day, level in rows)
    table = np.array(cells, dtype=np.int64).reshape(-1, 4)
    return Events(firm=table[:, 1], product=table[:, 2], day=table[:, 0], level=table[:, 3])
