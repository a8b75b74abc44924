"""A file of products: every row becomes a draft, or none does. Nothing in a file is ever published."""

from collections import Counter

from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.dictionaries.service import loan_prime_rates
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.messages import N_, Message
from finmart.products.drafts import repository
from finmart.products.drafts.service.writing import FILE, add_product, own_institution, standing, start_from_file
from finmart.products.drafts.types import OPEN, FileRefused, PlannedRow, ProductState, VersionState
from finmart.products.editing.checks import Fault, faults_of
from finmart.products.editing.sheet import Sheet
from finmart.products.editing.table import DraftFile, DraftRow, over, read_drafts
from finmart.products.models import Product

CODE = "product_code"


def _code_fault(row: DraftRow, known: dict[str, Product], counts: Counter[str]) -> Message | None:
    """What is wrong with the product that a row speaks of."""
    if not row.code:
        return None
    product = known.get(row.code)
    if product is None:
        return Message(N_("本机构没有这个产品代码；新产品请把这一格留空。"))
    if counts[row.code] > 1:
        return Message(N_("同一个产品在文件里出现了多次，请只留一行。"))
    if product.state == ProductState.WITHDRAWN:
        return Message(N_("这个产品已经下架，不能再修改。"))
    versions = repository.versions_of([product.id])
    if any(VersionState(version.state) in OPEN for version in versions):
        return Message(N_("这个产品已经有一份修改中的草稿，请在那份草稿上继续。"))
    current = repository.current_version(product.id)
    if current is None:
        return Message(N_("这个产品还没有发布过，请在页面上继续填写。"))
    if len(current.document["variants"]) > 1:
        return Message(N_("这个产品有几种办法，一行写不下，请在页面上修改。"))
    return None


def _plan(rows: tuple[DraftRow, ...], known: dict[str, Product]) -> list[Sheet]:
    """The whole sheet of each row. Raises ``FileRefused`` with every fault of every row."""
    counts = Counter(row.code for row in rows)
    found: list[tuple[int, Fault]] = []
    sheets = []
    table = loan_prime_rates()
    for row in rows:
        wrong = _code_fault(row, known, counts)
        sheet = row.sheet if wrong is not None or not row.code else over(standing(known[row.code]), row)
        found += [(row.number, Fault(CODE, wrong))] if wrong is not None else []
        found += [(row.number, fault) for fault in faults_of(sheet, table)]
        sheets.append(sheet)
    if found:
        raise FileRefused(tuple(found))
    return sheets


def _read(actor: Actor, content: bytes) -> tuple[DraftFile, dict[str, Product]]:
    require(actor, Permission.OWN_PRODUCTS_WRITE)
    organisation_id = own_institution(actor)
    found = read_drafts(content)
    codes = (row.code for row in found.rows if row.code)
    return found, repository.codes_known(codes, organisation_id=organisation_id)


def check_file(actor: Actor, content: bytes) -> list[PlannedRow]:
    """What ``submit_file`` would make of a file; nothing is written. Raises what that raises."""
    found, known = _read(actor, content)
    sheets = _plan(found.rows, known)
    return [
        PlannedRow(row.number, row.code, sheet.cells["name_zh"]) for row, sheet in zip(found.rows, sheets, strict=True)
    ]


def faulty_rows(actor: Actor, content: bytes) -> tuple[DraftFile, tuple[tuple[int, Fault], ...]]:
    """The file as it was sent, and every fault by the number of its row; none when all rows can be used.

    Raises ``PermissionMissing`` and ``FileOfDraftsRefused``.
    """
    found, known = _read(actor, content)
    try:
        _plan(found.rows, known)
    except FileRefused as error:
        return found, error.faults
    return found, ()


def submit_file(actor: Actor, content: bytes) -> list[str]:
    """Make a draft of every row of a CSV file or workbook; returns the products' codes in the order of the rows.

    A row without a code is a new product; a row with one lays its cells over what is published. Raises
    ``PermissionMissing``, ``FileOfDraftsRefused`` (the file as a whole) or ``FileRefused`` (some rows).
    """
    found, known = _read(actor, content)
    return [
        start_from_file(actor, known[row.code], sheet) if row.code else add_product(actor, sheet, source=FILE)
        for row, sheet in zip(found.rows, _plan(found.rows, known), strict=True)
    ]
