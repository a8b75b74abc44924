"""Values as the cells of a form or a file, and back: blank is not stated, whatever the field."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_
from finmart.platform.kernel.money import Money, Rate
from finmart.products.particulars.spec import (
    LONGEST,
    LONGEST_ENTRY,
    MOST_ENTRIES,
    NUMBERS,
    SEVERAL,
    Kind,
    Spec,
    Stated,
    Words,
)

SEPARATOR = ";"
#: A flag's cells.
YES, NO = "yes", "no"
FLAGS: Mapping[str, Words] = {YES: Words("是", "Yes"), NO: Words("否", "No")}
_FEN_PER_YUAN = 100
#: No cell with words in it is longer.
LONGEST_CELL = MOST_ENTRIES * (LONGEST_ENTRY + len(SEPARATOR))


class CellRefused(BadInput):
    """What stands in a cell is no value of its field; the sentence says what to do."""


def _whole(cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise CellRefused(N_("“{text}”不是一个整数，请只填数字。"), text=cell[:40]) from None


_NUMBER: Mapping[Kind, Callable[[str], int]] = {
    Kind.RATE: lambda cell: Rate.from_percent(cell).ppm,
    Kind.SHARE: lambda cell: Rate.from_percent(cell).ppm,
    Kind.MONEY: lambda cell: Money.from_wan(cell).fen,
    Kind.YUAN: lambda cell: Money.from_yuan(cell).fen,
    Kind.COUNT: _whole,
    Kind.DAYS: _whole,
    Kind.YEARS: _whole,
}


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split(SEPARATOR) if part.strip()))


def read(spec: Spec, cell: str) -> Any:
    """The value of ``cell``; None when blank. Raises ``BadInput`` with one sentence."""
    text = cell.strip()
    if not text:
        return None
    value: Any = text
    if spec.kind in NUMBERS:
        value = _NUMBER[spec.kind](text)
    elif spec.kind is Kind.FLAG:
        if text not in FLAGS:
            raise CellRefused(N_("不认识“{text}”，请从可选的内容中选择。"), text=text[:40])
        value = text == YES
    elif spec.kind in SEVERAL:
        value = _parts(text)
    check(spec, value)
    return value


def check(spec: Spec, value: Any) -> None:
    """Raise ``CellRefused`` unless ``value`` is within the bounds of its field."""
    if spec.kind in NUMBERS and not 0 <= value <= spec.most:
        raise CellRefused(N_("“{text}”超出了可以填写的范围，请核对单位。"), text=plain(spec, value)[:40])
    if spec.kind in (Kind.CHOICE, Kind.CHOICES):
        unknown = [code for code in _several(spec, value) if code not in spec.choices]
        if unknown:
            raise CellRefused(N_("不认识“{text}”，请从可选的内容中选择。"), text="、".join(unknown)[:80])
    if spec.kind is Kind.TEXT and len(value) > LONGEST:
        raise CellRefused(N_("文字太长，请控制在 {most} 个字以内。"), most=LONGEST)
    if spec.kind is Kind.LIST and (len(value) > MOST_ENTRIES or any(len(part) > LONGEST_ENTRY for part in value)):
        raise CellRefused(N_("最多填 {entries} 项，每项不超过 {most} 个字。"), entries=MOST_ENTRIES, most=LONGEST_ENTRY)


def _several(spec: Spec, value: Any) -> tuple[str, ...]:
    return value if spec.kind in SEVERAL else (value,)


def plain(spec: Spec, value: Any) -> str:
    """A value as its cell; blank when not stated."""
    if value is None:
        return ""
    if spec.kind in (Kind.RATE, Kind.SHARE):
        return f"{Rate(value).percent.normalize():f}"
    if spec.kind is Kind.MONEY:
        return f"{Money(value).wan.normalize():f}"
    if spec.kind is Kind.YUAN:
        yuan, fen = divmod(value, _FEN_PER_YUAN)
        return f"{yuan}.{fen:02d}" if fen else str(yuan)
    if spec.kind is Kind.FLAG:
        return YES if value else NO
    return SEPARATOR.join(value) if spec.kind in SEVERAL else str(value)


def cells_of(held: Stated | None, specs: Iterable[Spec]) -> dict[str, str]:
    """column → cell of everything that ``held`` could state."""
    return {spec.column: plain(spec, getattr(held, spec.name, None)) for spec in specs}


def values_of(specs: Iterable[Spec], cells: Mapping[str, str]) -> dict[str, Any]:
    """name → value of what the ``cells`` state; they must be free of faults."""
    read_all = {spec.name: read(spec, cells.get(spec.column, "")) for spec in specs}
    return {name: value for name, value in read_all.items() if value is not None}
