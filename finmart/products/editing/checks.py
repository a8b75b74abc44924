"""What is wrong with a filled-in sheet: every fault with its place and one sentence that says what to do."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import InvalidOperation
from functools import cache
from importlib.resources import files
from pathlib import Path

from finmart.platform.files.inspection.tables import UNSEEN
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_, Message
from finmart.platform.kernel.money import Term
from finmart.products import columns, labels
from finmart.products.editing import indexes
from finmart.products.editing.sheet import FEE, SHARED, Sheet
from finmart.products.particulars import cells as held
from finmart.products.particulars import rules
from finmart.products.particulars.kinds import columns as particular_columns
from finmart.products.particulars.kinds import specs
from finmart.products.particulars.spec import Kind, Spec
from finmart.reference import industries, lpr, regions
from finmart.reference.facts import fact
from finmart.reference.lpr import IndexTable

#: 10^12 yuan would be more than any product lends; above this somebody mistook the unit.
MOST_FEN = 100_000_000_000_00
#: The highest yearly rate that courts uphold for financial institutions' loans (法发〔2017〕22号, no. 2): 24 %.
MOST_RATE = 240_000
#: A single fee is a share of the amount.
MOST_FEE = 1_000_000
MOST_DAYS = 600 * 30
MOST_COUNT = 1_000_000
MOST_WORDS = 60
#: Longest texts by cell; 300 characters for a clause in words.
LENGTHS: Mapping[str, int] = {"name_zh": 60, "name_en": 160, "policy_program": 120, "risk_sharing": 300}
LONGEST = 300
PERIODS = ("year", "once", "month", "day", "deposit")
#: Those that are due, or begin to be, when the loan is paid out.
AT_ONCE = frozenset(PERIODS) - {"day"}
_BETWEEN = re.compile(r"[\s\u200b-\u200d\ufeff]+")


@dataclass(frozen=True)
class Fault:
    """One thing to put right; ``place`` is ``name_zh``, ``ways-0-rate_min_pct``, ``fees-1-per`` or ``words``."""

    place: str
    message: Message


@cache
def forbidden_words() -> tuple[str, ...]:
    """Promises and borrowed authority that no product may speak (广告法 4, 9, 25, 28)."""
    path = Path(str(files("finmart.products"))) / "data" / "forbidden_words.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(row["word"] for row in csv.DictReader(file))


def forbidden_in(text: str) -> str:
    """The first forbidden word in ``text``, spaces and wide letters notwithstanding; empty when there is none."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    return next((word for word in forbidden_words() if word in plain), "")


def _of_choices(key: str) -> frozenset[str]:
    return frozenset(choice.code for choice in fact(key).choices)


def _is_repayment(word: str) -> bool:
    return columns.repayment(word) in labels.REPAYMENT_MODES or word in labels.REPAYMENT_MODES


#: cell → whether it may hold a code
_KNOWN: Mapping[str, Callable[[str], bool]] = {
    "product_type": labels.PRODUCT_TYPES.__contains__,
    "rate_kind": ("interest", "fee").__contains__,
    "online_level": labels.ONLINE_LEVELS.__contains__,
    "repayment_modes": _is_repayment,
    "guarantee_modes": labels.GUARANTEE_MODES.__contains__,
    "target_subjects": labels.SUBJECT_KINDS.__contains__,
    "region_codes": lambda code: regions.find(code) is not None,
    "tax_grades": lambda code: code in _of_choices("tax_grade"),
    "industries_include": lambda code: industries.find(code) is not None,
    "industries_exclude": lambda code: industries.find(code) is not None,
    "qualifications_any": lambda code: code in _of_choices("qualifications"),
}
_COUNTS: Mapping[str, int] = {"decision_days": 365, "min_years_established": 100, "min_employees": MOST_COUNT}
_AMOUNTS = ("min_annual_tax_wan", "min_annual_revenue_wan")


def _number(place: str, cell: str, read: Callable[[str], int | None], most: int, least: int = 0) -> Iterator[Fault]:
    """The faults of a cell that must hold a number from ``least`` to ``most``."""
    try:
        value = read(cell)
    except BadInput as error:
        yield Fault(place, error.message)
        return
    except (ValueError, InvalidOperation):
        yield Fault(place, Message(N_("“{text}”不是一个整数，请只填数字。"), {"text": cell[:40]}))
        return
    if value is not None and not least <= value <= most:
        yield Fault(place, Message(N_("“{text}”超出了可以填写的范围，请核对单位。"), {"text": cell[:40]}))


def _length(place: str, text: str, most: int) -> Iterator[Fault]:
    if UNSEEN.search(text):
        yield Fault(place, Message(N_("文字里有看不见的控制字符，请重新输入。")))
        return
    if len(text.strip()) > most:
        yield Fault(place, Message(N_("文字太长，请控制在 {most} 个字以内。"), {"most": most}))
    word = forbidden_in(text)
    if word:
        yield Fault(place, Message(N_("广告法不允许使用“{word}”这样的说法，请改为客观的说明。"), {"word": word}))


def _codes(place: str, name: str, cell: str) -> Iterator[Fault]:
    unknown = [code for code in columns.codes(cell) if not _KNOWN[name](code)]
    if unknown:
        text = "、".join(unknown)[:80]
        yield Fault(place, Message(N_("不认识“{text}”，请从可选的内容中选择。"), {"text": text}))


def _shared(cells: Mapping[str, str]) -> Iterator[Fault]:
    for name in ("name_zh", "product_type"):
        if not cells[name].strip():
            yield Fault(name, Message(N_("请填写这一项。")))
    for name in SHARED:
        if name in _KNOWN:
            yield from _codes(name, name, cells[name])
        elif name in _COUNTS:
            yield from _number(name, cells[name], columns.count, _COUNTS[name])
        elif name in _AMOUNTS:
            yield from _number(name, cells[name], columns.money, MOST_FEN)
        else:
            yield from _length(name, cells[name], LENGTHS.get(name, LONGEST))


def _days(cell: str) -> int | None:
    term: Term | None = columns.term(cell)
    return None if term is None else term.in_days


#: lower cell, upper cell, how a cell is read, least, most, what to say when they are the wrong way round
_RANGES = (
    (
        *("amount_min_wan", "amount_max_wan", columns.money, 1, MOST_FEN),
        N_("最低额度不能高于最高额度，请核对。"),
    ),
    ("term_min_months", "term_max_months", _days, 1, MOST_DAYS, N_("最短期限不能长于最长期限，请核对。")),
    (
        *("rate_min_pct", "rate_max_pct", columns.rate, 0, MOST_RATE),
        N_("最低利率或费率不能高于最高的，请核对。"),
    ),
)


def _way(prefix: str, way: Mapping[str, str], table: IndexTable, *, is_fee: bool) -> Iterator[Fault]:
    for low, high, read, least, most, sentence in _RANGES:
        ends = (low, high)
        found = [fault for name in ends for fault in _number(prefix + name, way[name], read, most, least)]
        yield from found
        lower, upper = (None, None) if found else (read(way[low]), read(way[high]))
        if lower is not None and upper is not None and lower > upper:
            yield Fault(prefix + low, Message(sentence))
    for name, message in indexes.problems(way, table, is_fee=is_fee, most=MOST_RATE):
        yield Fault(prefix + name, message)
    yield from _codes(prefix + "guarantee_modes", "guarantee_modes", way["guarantee_modes"])


def _fee(prefix: str, fee: Mapping[str, str]) -> Iterator[Fault]:
    for name in ("label_zh", "text_zh"):
        yield from _length(prefix + name, fee[name], LONGEST)
    if not fee["label_zh"].strip():
        if fee["rate_pct"].strip() or fee["text_zh"].strip():
            yield Fault(prefix + "label_zh", Message(N_("请写明这项费用的名称；不再收取就把这一行全部清空。")))
        return
    yield from _number(prefix + "rate_pct", fee["rate_pct"], columns.rate, MOST_FEE)
    if fee["per"] not in PERIODS:
        yield Fault(prefix + "per", Message(N_("请选择这项费用怎样收取。")))
    if not fee["rate_pct"].strip() and not fee["text_zh"].strip():
        yield Fault(prefix + "rate_pct", Message(N_("请填写费率，或用文字说明怎样收取。")))


def _taken_at_once(fees: tuple[Mapping[str, str], ...]) -> Iterator[Fault]:
    """The fault of fees, each of which could stand, that leave nothing of the amount on the day it is paid out."""
    total = 0
    for place, fee in enumerate(fees):
        if fee["label_zh"].strip() and fee["per"] in AT_ONCE:
            total += columns.rate(fee["rate_pct"]) or 0
            if total >= MOST_FEE:
                message = N_("放款时要收的费用和保证金加起来不能达到贷款金额的100%，请核对单位。")
                yield Fault(f"fees-{place}-rate_pct", Message(message))
                return


def _fees(fees: tuple[Mapping[str, str], ...]) -> Iterator[Fault]:
    found = [fault for place, fee in enumerate(fees) for fault in _fee(f"fees-{place}-", fee)]
    yield from found or _taken_at_once(fees)


def _words(texts: tuple[str, ...]) -> Iterator[Fault]:
    if len(texts) > MOST_WORDS:
        yield Fault("words", Message(N_("文字条件太多，请控制在 {most} 条以内。"), {"most": MOST_WORDS}))
        return
    for text in texts:
        yield from _length("words", text, LONGEST)


def cell_faults(spec: Spec, cell: str) -> Iterator[Fault]:
    """The faults of one cell that only products of a type have."""
    try:
        held.read(spec, cell)
    except BadInput as error:
        yield Fault(spec.column, error.message)
        return
    if spec.kind in (Kind.TEXT, Kind.LIST):
        yield from _length(spec.column, cell, held.LONGEST_CELL)


def _particulars(sheet: Sheet) -> Iterator[Fault]:
    kind = sheet.cells["product_type"]
    own = specs(kind)
    found = [fault for spec in own.values() for fault in cell_faults(spec, sheet.particulars.get(spec.column, ""))]
    yield from found
    if not found:
        values = held.values_of(own.values(), sheet.particulars)
        for name, message in rules.problems(values, priced=_is_fee_priced(sheet)):
            yield Fault(own[name].column, message)
    known = particular_columns()
    for column, cell in sheet.particulars.items():
        if cell.strip() and known[column][0] != kind:
            of_type = labels.PRODUCT_TYPES[known[column][0]].zh
            yield Fault(column, Message(N_("这一项只用于“{type}”类产品，请清空或更改产品类型。"), {"type": of_type}))


def _is_fee_priced(sheet: Sheet) -> bool:
    """Whether the price of some way is a fee's rate already."""
    prices = (way[name].strip() for way in sheet.ways for name in ("rate_min_pct", "rate_max_pct"))
    return sheet.cells["rate_kind"] == "fee" and any(prices)


def faults_of(sheet: Sheet, table: IndexTable | None = None) -> tuple[Fault, ...]:
    """Everything that keeps ``sheet`` from being a product, in the order of the form.

    ``table`` holds the indexes that rates may follow; without one, those that come with the project.
    """
    quotes = table or lpr.published()
    is_fee = sheet.cells["rate_kind"] == "fee"
    found = [*_shared(sheet.cells)]
    for place, way in enumerate(sheet.ways):
        found += _way(f"ways-{place}-", way, quotes, is_fee=is_fee)
    found += _fees(tuple({name: fee.get(name, "") for name in FEE} for fee in sheet.fees))
    return (*found, *_particulars(sheet), *_words(sheet.words))
