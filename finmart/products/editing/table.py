"""A file of drafts: the catalogue's own columns, one product a row, each row checked before anything is written."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_
from finmart.products.clauses import REMARKS
from finmart.products.columns import CASE_RATE_CLAUSE, FEE_RATE_CLAUSE, clauses_in_words
from finmart.products.editing.sheet import SHARED, WAY, Sheet, sheet_of
from finmart.products.types import PublishedProduct

#: What a row may say of a product. The rest of the catalogue's columns speaks of where the catalogue has it from;
#: in a file from the institution itself it is not asked for and, where it stands there, not used.
NAMES = ("product_code", *(name for name in SHARED if name != "rate_kind"), *WAY, "other_conditions_zh")
UNUSED = ("institution_code", "source", "stated_fields", "evidence_tier", "recorded_on")
REQUIRED = ("name_zh", "product_type")
MOST_ROWS = 300
MOST_BYTES = 2 * 1024 * 1024


class FileOfDraftsRefused(BadInput):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class DraftRow:
    """One row: where it stands in the file (the header is row 1), which product it speaks of, and its sheet.

    ``columns`` are those of the file: about the others the row says nothing, not even that they are blank.
    """

    number: int
    code: str
    sheet: Sheet
    columns: frozenset[str]


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise FileOfDraftsRefused(N_("文件超过 2 MB，请分成几个文件上传。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileOfDraftsRefused(N_("无法读出文件里的文字，请另存为 UTF-8 编码的 CSV 后再上传。"))


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
    )


def _rows(text: str) -> Iterator[DraftRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader, [])]
    _check_header(header)
    for number, values in enumerate(reader, start=2):
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(header):
            raise FileOfDraftsRefused(
                N_("第 {row} 行有 {found} 列，表头有 {wanted} 列，请补齐或去掉多余的逗号。"),
                row=number,
                found=len(values),
                wanted=len(header),
            )
        row = dict(zip(header, values, strict=True))
        yield DraftRow(number, row.get("product_code", "").strip(), _sheet(row), frozenset(header))


def read_drafts(content: bytes) -> tuple[DraftRow, ...]:
    """The rows of a CSV file (UTF-8 or GB 18030). Raises ``FileOfDraftsRefused`` with one sentence."""
    try:
        rows = tuple(_rows(_text(content)))
    except csv.Error:
        raise FileOfDraftsRefused(N_("这不是一个完整的 CSV 文件，请从表格软件另存为 CSV 后再上传。")) from None
    if not rows:
        raise FileOfDraftsRefused(N_("文件里没有产品，请在表头下面每行填写一个产品。"))
    if len(rows) > MOST_ROWS:
        raise FileOfDraftsRefused(N_("一个文件最多 {most} 个产品，请分成几个文件上传。"), most=MOST_ROWS)
    return rows


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
    placed = {note.text_zh for note in product.notes}
    placed |= {clause.text_zh for variant in product.variants for clause in variant.clauses}
    words = tuple(text for text in said.words if text not in placed)
    return Sheet(cells, (way,), stands.fees, words if "other_conditions_zh" in row.columns else stands.words)


def template() -> str:
    """An empty file with the header, for whoever fills it in."""
    return "\ufeff" + ",".join(NAMES) + "\r\n"
