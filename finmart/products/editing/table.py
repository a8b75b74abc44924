"""A file of drafts: the catalogue's own columns, one product a row, each row checked before anything is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from finmart.platform.files.inspection.tables import name_in, raw_rows
from finmart.platform.files.types.errors import TableRefused
from finmart.platform.kernel.messages import N_
from finmart.products.clauses import REMARKS
from finmart.products.clauses import SEPARATOR as JOINED
from finmart.products.columns import CASE_RATE_CLAUSE, FEE_RATE_CLAUSE, clauses_in_words
from finmart.products.editing.indexes import INDEXES
from finmart.products.editing.sheet import INDEXED, SEPARATOR, SHARED, WAY, Sheet, sheet_of
from finmart.products.labels import (
    GUARANTEE_MODES,
    ONLINE_LEVELS,
    PRODUCT_TYPES,
    REPAYMENT_MODES,
    SUBJECT_KINDS,
    Labels,
)
from finmart.products.particulars.cells import FLAGS
from finmart.products.particulars.kinds import columns as particular_columns
from finmart.products.particulars.spec import Kind, Spec
from finmart.products.types import PublishedProduct
from finmart.reference.facts import fact
from finmart.reference.repayment import Method

#: What a row may say of a product. The rest of the catalogue's columns speaks of where the catalogue has it from;
#: in a file from the institution itself it is not asked for and, where it stands there, not used.
#: Columns that only products of some types have.
PARTICULARS = particular_columns()
NAMES = (
    *("product_code", *(name for name in SHARED if name != "rate_kind"), *WAY, "other_conditions_zh"),
    *PARTICULARS,
)
UNUSED = ("institution_code", "source", "stated_fields", "evidence_tier", "recorded_on")
REQUIRED = ("name_zh", "product_type")
MOST_ROWS = 300


def _labelled(table: Labels) -> dict[str, tuple[str, str]]:
    return {code: (label.zh, label.en) for code, label in table.items()}


def _of_fact(key: str) -> dict[str, tuple[str, str]]:
    return {choice.code: (choice.label_zh, choice.label_en) for choice in fact(key).choices}


def _offered(spec: Spec) -> Callable[[], dict[str, tuple[str, str]]]:
    return lambda: dict(FLAGS if spec.kind is Kind.FLAG else spec.choices)


#: column → its codes with their words, in the order in which they are offered
WORDS_OF: Mapping[str, Callable[[], dict[str, tuple[str, str]]]] = {
    "product_type": lambda: _labelled(PRODUCT_TYPES),
    "online_level": lambda: _labelled(ONLINE_LEVELS),
    "guarantee_modes": lambda: _labelled(GUARANTEE_MODES),
    "repayment_modes": lambda: {m.value: _labelled(REPAYMENT_MODES)[m.value] for m in Method},
    "rate_index": lambda: dict(INDEXES),
    "target_subjects": lambda: _labelled(SUBJECT_KINDS),
    "tax_grades": lambda: _of_fact("tax_grade"),
    "qualifications_any": lambda: _of_fact("qualifications"),
    **{
        column: _offered(spec)
        for column, (_type, spec) in PARTICULARS.items()
        if spec.choices or spec.kind is Kind.FLAG
    },
}


class FileOfDraftsRefused(TableRefused):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class DraftRow:
    """One row: where it stands in the file (the header is row 1), which product it speaks of, and its sheet.

    ``columns`` are those of the file: about the others the row says nothing, not even that they are blank. ``values``
    are its cells as they were sent.
    """

    number: int
    code: str
    sheet: Sheet
    columns: frozenset[str]
    values: tuple[str, ...]


@dataclass(frozen=True)
class DraftFile:
    """A file as it was sent: its head, and its rows."""

    head: tuple[str, ...]
    rows: tuple[DraftRow, ...]


def _check_header(header: list[str]) -> None:
    unknown = [name for name in header if name not in (*NAMES, *UNUSED)]
    if unknown:
        names = "、".join(name[:40] or "?" for name in unknown[:10])
        raise FileOfDraftsRefused(N_("不认识这些列：{names}。请使用模板里的列名。"), names=names)
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise FileOfDraftsRefused(N_("缺少这些列：{names}。请使用模板里的列名。"), names="、".join(missing))
    if len(set(header)) != len(header):
        raise FileOfDraftsRefused(N_("表头里有重复的列名，请每列只保留一个。"))


def _sheet(row: Mapping[str, str]) -> Sheet:
    words = clauses_in_words({"other_conditions_zh": row.get("other_conditions_zh", "")})
    cells = {name: row.get(name, "").strip() for name in (*SHARED, *WAY)}
    if CASE_RATE_CLAUSE in words:
        # The figures of one case are no offer.
        cells |= {"rate_min_pct": "", "rate_max_pct": ""}
    kind = "fee" if FEE_RATE_CLAUSE in words else "interest"
    return Sheet(
        cells={**{name: cells[name] for name in SHARED}, "rate_kind": kind},
        ways=({name: cells[name] for name in WAY},),
        fees=(),
        words=tuple(text for text in words if text not in REMARKS),
        particulars={column: row[column].strip() for column in PARTICULARS if column in row},
    )


def _codes(column: str, cell: str) -> str:
    """The codes that a cell of ``column`` means: as they are, in brackets behind their words, or as words alone."""
    known = WORDS_OF.get(column)
    if known is None:
        return cell
    by_word = {word: code for code, words in known().items() for word in words}
    parts = (part.strip() for part in cell.replace("；", SEPARATOR).split(SEPARATOR))
    return SEPARATOR.join(by_word.get(part) or name_in(part) for part in parts if part)


def _draft(number: int, values: list[str], header: list[str]) -> DraftRow:
    if len(values) != len(header):
        raise FileOfDraftsRefused(
            N_("第 {row} 行有 {found} 列，表头有 {wanted} 列，请补齐或去掉多余的逗号。"),
            row=number,
            found=len(values),
            wanted=len(header),
        )
    row = {name: _codes(name, value) for name, value in zip(header, values, strict=True)}
    return DraftRow(number, row.get("product_code", "").strip(), _sheet(row), frozenset(header), tuple(values))


def read_drafts(content: bytes) -> DraftFile:
    """The rows of a CSV file (UTF-8 or GB 18030) or of a workbook's first sheet.

    Raises ``TableRefused`` or another error of ``files.inspection``, each with one sentence.
    """
    raw = raw_rows(content, most_rows=MOST_ROWS + 1, most_columns=len(NAMES) + len(UNUSED))
    head = raw[0] if raw else []
    header = [name_in(title) for title in head]
    _check_header(header)
    filled = [(number, values) for number, values in enumerate(raw[1:], start=2) if any(map(str.strip, values))]
    if not filled:
        raise FileOfDraftsRefused(N_("文件里没有产品，请在表头下面每行填写一个产品。"))
    if len(filled) > MOST_ROWS:
        raise FileOfDraftsRefused(N_("一个文件最多 {most} 个产品，请分成几个文件上传。"), most=MOST_ROWS)
    return DraftFile(tuple(head), tuple(_draft(number, values, header) for number, values in filled))


def over(product: PublishedProduct, row: DraftRow) -> Sheet:
    """The sheet of ``product`` with what ``row`` says; what its file has no column for stays.

    A clause that the product has encoded or noted already is not repeated as a condition in words.
    """
    stands = sheet_of(product)
    said = row.sheet
    cells = {name: said.cells[name] if name in row.columns else stands.cells[name] for name in SHARED}
    if said.cells["rate_kind"] == "fee":
        cells["rate_kind"] = "fee"
    way = {name: (said.ways if name in row.columns else stands.ways)[0][name] for name in WAY}
    if _is_priced(said.ways[0]) and not row.columns & frozenset(INDEXED):
        # A file without columns for an index states a rate of its own, which takes the index's place.
        way |= dict.fromkeys(INDEXED, "")
    placed = {note.text_zh for note in product.notes}
    for clause in (clause for variant in product.variants for clause in variant.clauses):
        # One condition may say several clauses, whose texts then stand in a row.
        placed |= {clause.text_zh, *clause.text_zh.split(JOINED)}
    words = tuple(text for text in said.words if text not in placed)
    words = words if "other_conditions_zh" in row.columns else stands.words
    return Sheet(cells, (way,), stands.fees, words, _particulars(stands, said, cells["product_type"]))


def _is_priced(way: Mapping[str, str]) -> bool:
    return bool(way["rate_min_pct"] or way["rate_max_pct"])


def _particulars(stands: Sheet, said: Sheet, product_type: str) -> dict[str, str]:
    """What stands, unless the product becomes one of another type, and over it what the row's columns say."""
    kept = stands.particulars if product_type == stands.cells["product_type"] else {}
    # A blank cell in another type's column says nothing at all.
    stated = {name: cell for name, cell in said.particulars.items() if cell or PARTICULARS[name][0] == product_type}
    return {**kept, **stated}


def rows_of(code: str, product: PublishedProduct) -> list[tuple[str, ...]]:
    """``product`` as rows of ``NAMES``, one a way; a single one reads back as it was."""
    sheet = sheet_of(product)
    shared = {
        **dict.fromkeys(PARTICULARS, ""),
        **sheet.cells,
        **sheet.particulars,
        "product_code": code,
        "other_conditions_zh": SEPARATOR.join(sheet.words),
    }
    if sheet.cells["rate_kind"] == "fee":
        shared["other_conditions_zh"] = SEPARATOR.join((*sheet.words, FEE_RATE_CLAUSE))
    return [tuple(str({**shared, **way}[name]) for name in NAMES) for way in sheet.ways]
