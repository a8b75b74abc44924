"""From trimmed cells to types: a fast path for the common spellings, an exact slow one for the odd cells."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from finmart.credit.datasets.contract import Column, Kind
from finmart.platform.kernel.money import FEN_PER_YUAN, MAX_FEN

#: Amounts in yuan as systems write them; thousands separators and exponents go the slow way.
PLAIN_MONEY = r"^[+-]?\d{1,13}(\.\d{1,2})?$"
PLAIN_COUNT = r"^\d{1,12}$"
#: Nothing that is registered or invoiced here is older; a year of two digits would land in antiquity.
OLDEST_DAY = date(1900, 1, 1)
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S")
_GROUPED = (",", "，")


def _money(cell: pl.Expr) -> pl.Expr:
    plain = pl.when(cell.str.contains(PLAIN_MONEY)).then(cell)
    return (plain.cast(pl.Decimal(20, 2), strict=False) * FEN_PER_YUAN).cast(pl.Int64)


def _date(cell: pl.Expr) -> pl.Expr:
    day = cell.str.to_date("%Y/%m/%d", strict=False)
    return pl.when(day >= OLDEST_DAY).then(day)


def _choice(cell: pl.Expr, choices: Mapping[str, str]) -> pl.Expr:
    chain: Any = pl
    for text, code in choices.items():
        chain = chain.when(cell == text).then(pl.lit(code))
    typed: pl.Expr = chain.otherwise(None)
    return typed


def _codes(cell: pl.Expr) -> pl.Expr:
    parts = cell.str.replace_all("；", ";", literal=True).str.split(";")
    return parts.list.eval(pl.element().str.strip_chars()).list.unique().list.sort().list.join(";").str.strip_chars(";")


def typed(column: Column) -> pl.Expr:
    """The fast path of a column as an expression over the cells; null where it does not understand a cell."""
    cell = pl.col(column.name)
    match column.kind:
        case Kind.MONEY:
            return _money(cell)
        case Kind.DATE:
            return _date(cell)
        case Kind.COUNT:
            return pl.when(cell.str.contains(PLAIN_COUNT)).then(cell).cast(pl.Int64, strict=False)
        case Kind.CHOICE:
            return _choice(cell, column.choices).alias(column.name)
        case Kind.CODES:
            return _codes(cell)
        case _:
            return cell


def exact_fen(text: str) -> int | None:
    """An amount in yuan of any spelling a number may have, in 分; None when it is none or has parts of a 分."""
    for comma in _GROUPED:
        text = text.replace(comma, "") if _is_grouped(text, comma) else text
    try:
        fen = Decimal(text) * FEN_PER_YUAN
    except InvalidOperation:
        return None
    if not fen.is_finite() or abs(fen) > MAX_FEN or fen != fen.to_integral_value():
        return None
    return int(fen)


def _is_grouped(text: str, comma: str) -> bool:
    whole = text.lstrip("+-").split(".")[0].split(comma)
    first, rest = whole[0], whole[1:]
    return bool(rest) and 1 <= len(first) <= 3 and first.isdigit() and all(p.isdigit() and len(p) == 3 for p in rest)


def any_date(text: str) -> date | None:
    """A day in one of the spellings of ``DATE_FORMATS``; None otherwise."""
    for form in DATE_FORMATS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007  # A legal date has no zone.
        except ValueError:
            continue
        return day if day >= OLDEST_DAY else None
    return None


#: kind → the slow path of one cell
SLOW: Mapping[Kind, tuple[Callable[[str], Any], pl.DataType]] = {
    Kind.MONEY: (exact_fen, pl.Int64()),
    Kind.DATE: (any_date, pl.Date()),
}


def understood(column: Column, cells: pl.Series, found: pl.Series) -> pl.Series:
    """``found`` with the odd cells filled in where the slow path understands them, each distinct cell once."""
    if column.kind not in SLOW or found.null_count() == cells.null_count():
        return found
    slow, dtype = SLOW[column.kind]
    odd = cells.filter(found.is_null() & cells.is_not_null()).unique().sort()
    values = pl.Series([slow(text) for text in odd.to_list()], dtype=dtype)
    frame = pl.DataFrame({"cell": cells, "found": found, "row": pl.int_range(len(cells), eager=True)})
    known = pl.DataFrame({"cell": odd, "value": values})
    joined = frame.join(known, on="cell", how="left", maintain_order="left")
    return joined.select(pl.coalesce("found", "value")).to_series().alias(column.name)
